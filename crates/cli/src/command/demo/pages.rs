//! Pictures: sealed pages with each seal framed in the color of its verdict.

use std::io::Cursor;

use yinxin_render::{Options, Paged};
use yinxin_seal::report::{Text, text};

use super::stage::Stage;
use super::trial::Trial;
use crate::command::render::marks_of;
use crate::failure::Failure;
use crate::files;
use crate::fonts::FontArgs;

/// Fine enough for a screen.
const DPI: u32 = 110;

/// One picture.
pub struct Picture {
    /// The document.
    pub file: &'static str,
    /// Which page, from 1.
    pub page: usize,
    /// Where the picture goes.
    pub picture: &'static str,
    /// What is seen.
    pub caption: Text,
}

/// The pictures of the story.
pub fn pictures() -> [Picture; 4] {
    [
        Picture {
            file: "sealed/notice-timestamped.ofd",
            page: 1,
            picture: "pages/notice.png",
            caption: text("通知，盖合同专用章，有时间戳", "the notice under the contract seal, timestamped"),
        },
        Picture {
            file: "sealed/contract-two-seals.ofd",
            page: 3,
            picture: "pages/contract.png",
            caption: text(
                "合同末页：两家单位的章和骑缝章",
                "the contract's last page: two seals, and one across the edges",
            ),
        },
        Picture {
            file: "sealed/statement-two-seals.pdf",
            page: 2,
            picture: "pages/statement.png",
            caption: text(
                "PDF 对账单：两家单位的章和骑缝章",
                "the statement, a PDF: two seals, and one across the edges",
            ),
        },
        Picture {
            file: "tampered/page-changed.ofd",
            page: 1,
            picture: "pages/changed.png",
            caption: text(
                "签章之后改了正文：看上去一样，章已无效",
                "text changed after sealing: it looks the same, the seal does not hold",
            ),
        },
    ]
}

/// Draws them.
pub fn draw(stage: &Stage, trial: &Trial) -> Result<(), Failure> {
    let fonts = FontArgs::default().load()?;
    for picture in pictures() {
        let Some(finding) = trial.findings.iter().find(|f| f.claim.file == picture.file) else { continue };
        let bytes = files::read(&stage.path(picture.file))?;
        let options = Options::new(fonts.clone());
        let limits = options.limits.clone();
        let mut pages = Paged::open(Cursor::new(bytes), options, &yinxin_ofd::Limits::default())?;
        let page = pages.page(picture.page.saturating_sub(1))?;
        let marks = marks_of(&finding.report, picture.page, stage.out.lang);
        stage.write(picture.picture, &page.marked(&marks, &fonts).draw(DPI, &limits)?.to_png()?)?;
    }
    stage.say(
        "\n  画出页面，每枚章按结论加框（绿：有效，红：无效，橙：无法判定）：",
        "\n  Pages drawn, each seal framed by its verdict (green: valid, red: invalid, orange: indeterminate):",
    );
    for picture in pictures() {
        stage.made(picture.picture, &picture.caption.zh, &picture.caption.en);
    }
    stage.try_it(&format!(
        "yinxin render {} --page 3 --marked --trust {} -o my-page.png",
        stage.show("sealed/contract-two-seals.ofd"),
        stage.show("trust"),
    ));
    Ok(())
}
