//! `yinxin render`: a page as a picture.

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use yinxin_ofd::Rect;
use yinxin_render::{MAX_DPI, MIN_DPI, Mark, Note, Options, Page, Paged};
use yinxin_seal::report::{Lang, verdict_word};
use yinxin_seal::{Report, Verdict};

use super::verify::JudgingArgs;
use crate::error_words;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::fonts::FontArgs;
use crate::output::Output;

/// Arguments of `render`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / examples:
  yinxin render in.ofd -o page.png --dpi 150
  yinxin render in.ofd --page 2 -o page.svg --seals off
  yinxin render in.pdf --page 3 -o page.png
  yinxin render in.ofd -o marked.png --marked --trust roots/")]
pub struct RenderArgs {
    /// 要绘制的 OFD 或 PDF 文件 / the OFD or PDF document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 写出的文件，.png 或 .svg / the file to write, .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// 第几页，从 1 起 / which page, from 1
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u32).range(1..))]
    pub page: u32,
    /// OFD 文件包中的第几个文档，从 1 起 / which document of an OFD package, from 1
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..))]
    pub document: u16,
    /// PNG 的分辨率 / resolution of PNG
    #[arg(long, default_value = "150", value_parser = clap::value_parser!(u32).range(i64::from(MIN_DPI)..=i64::from(MAX_DPI)))]
    pub dpi: u32,
    /// 是否绘制印章 / whether seals are drawn
    #[arg(long, value_enum, default_value = "on")]
    pub seals: Switch,
    /// 验证签章，按结论给每个印章加框并着色：有效为绿，无效为红，无法判定为橙 / verify, and frame each seal in the color of its verdict: valid green, invalid red, indeterminate orange
    #[arg(long)]
    pub marked: bool,
    /// Fonts.
    #[command(flatten)]
    pub fonts: FontArgs,
    /// What verdicts rely on.
    #[command(flatten)]
    pub judging: JudgingArgs,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// 是 / yes
    On,
    /// 否 / no
    Off,
}

/// Opens a document of either kind whose pages are wanted; a PDF may need a password.
pub fn open(path: &Path, options: Options, password: Option<&str>) -> Result<Paged<File>, Failure> {
    Paged::open_with(files::open(path)?, options, &yinxin_ofd::Limits::default(), password)
        .map_err(|e| Failure::new(e.code(), format!("{}: {e}", path.display())))
}

/// Draws one page.
pub fn run(args: &RenderArgs, out: &Output) -> Outcome {
    let extension = args.output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    if !matches!(extension.as_str(), "png" | "svg") {
        let say = format!("“{extension}”：扩展名应为 .png 或 .svg / the file name must end in .png or .svg");
        return Err(Failure::new("RENDER_EXTENSION", say));
    }
    let mut options = Options::new(args.fonts.load()?);
    options.body = usize::from(args.document.saturating_sub(1));
    options.seals = args.seals == Switch::On;
    let (limits, fonts) = (options.limits.clone(), options.fonts.clone());
    let password = args.judging.document_password.read()?;
    let mut pages = open(&args.file, options, password.as_deref())?;
    let number = usize::try_from(args.page).unwrap_or(usize::MAX);
    let mut page = pages.page(number.saturating_sub(1))?;
    let mut marks = Vec::new();
    if args.marked {
        let (facts, options) = args.judging.load(out)?;
        let report = yinxin_seal::verify(files::open(&args.file)?, &facts, &options);
        marks = marks_of(&report, number, out.lang);
        page = page.marked(&marks, &fonts);
    }
    let mut notes: Vec<Note> = page.notes().to_vec();
    let mut pixels = None;
    let bytes = if extension == "png" {
        let picture = page.draw(args.dpi, &limits)?;
        notes.extend_from_slice(&picture.notes);
        pixels = Some((picture.width, picture.height));
        picture.to_png()?
    } else {
        page.to_svg().into_bytes()
    };
    files::write(&args.output, &bytes)?;
    say(args, &page, &notes, pixels, out);
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": bytes.len(),
        "page": number,
        "pages": pages.count(),
        "width_mm": page.size_mm().0,
        "height_mm": page.size_mm().1,
        "width_px": pixels.map(|p| p.0),
        "height_px": pixels.map(|p| p.1),
        "marks": marks.len(),
        "notes": notes_value(&notes),
    }));
    Ok(0)
}

fn say(args: &RenderArgs, page: &Page, notes: &[Note], pixels: Option<(u32, u32)>, out: &Output) {
    let (width, height) = page.size_mm();
    let size = pixels.map(|(w, h)| format!(", {w}×{h} px, {} dpi", args.dpi)).unwrap_or_default();
    let name = args.output.display();
    out.say(format!("{} {name} ({width}×{height} mm{size})", out.pick("已写出", "written:")));
    say_notes(notes, out);
}

/// What the picture or text does not show, on standard error.
pub fn say_notes(notes: &[Note], out: &Output) {
    for note in notes {
        let chinese = error_words::chinese(note.code).filter(|_| out.lang == Lang::Zh);
        let words = chinese.map_or_else(|| note.detail.clone(), |zh| format!("{zh}：{}", note.detail));
        let times = if note.count > 1 { format!(" ×{}", note.count) } else { String::new() };
        out.note(format!("{}{words}{times} [{}]", out.pick("提醒：", "note: "), note.code));
    }
}

/// The same for programs.
pub fn notes_value(notes: &[Note]) -> Value {
    Value::Array(notes.iter().map(yinxin_seal::report::to_value).collect())
}

/// A frame for each stamp on the page, in the color of its signature's verdict.
pub fn marks_of(report: &Report, page: usize, lang: Lang) -> Vec<Mark> {
    let mut marks = Vec::new();
    for signature in &report.signatures {
        let color = match signature.verdict {
            Verdict::Valid => [0x1a, 0x7f, 0x37],
            Verdict::Invalid => [0xc6, 0x28, 0x28],
            Verdict::Indeterminate | Verdict::Unsigned => [0xb2, 0x6a, 0x00],
        };
        let name = signature.seal.as_ref().map_or("", |seal| seal.name.as_str());
        let label = format!("{} {name}", verdict_word(signature.verdict, lang));
        for stamp in signature.stamps.iter().filter(|stamp| stamp.page == page) {
            let Some(area) = Rect::parse(&stamp.boundary) else { continue };
            let clip = stamp.clip.as_deref().and_then(Rect::parse);
            let area = clip.map_or(area, |c| Rect::new(area.x + c.x, area.y + c.y, c.width, c.height));
            marks.push(Mark { area, color, label: label.clone() });
        }
    }
    marks
}
