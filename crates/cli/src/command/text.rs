//! `yinxin text`: the text of a document with its places, and where words stand.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use yinxin_ofd::Rect;
use yinxin_render::Options;

use super::render::{notes_value, open, say_notes};
use super::sign::keyword::WhichArg;
use super::sign::read_pages;
use crate::document_password::DocumentPasswordArgs;
use crate::failure::Outcome;
use crate::fonts::FontArgs;
use crate::output::Output;

/// Arguments of `text`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / examples:
  yinxin text in.ofd --page 1-3
  yinxin text in.ofd --find 甲方（盖章） --hit last --json
  yinxin text in.pdf --find 甲方（盖章）
退出码 / exit code: --find 没有找到时为 1 / 1 where --find finds nothing.")]
pub struct TextArgs {
    /// 要读取的 OFD 或 PDF 文件 / the OFD or PDF document
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 哪些页：页码从 1 起，如 1 或 1,3-5 或 all / which pages: numbers from 1, such as 1 or 1,3-5 or all
    #[arg(long, value_name = "PAGES", default_value = "all")]
    pub page: String,
    /// OFD 文件包中的第几个文档，从 1 起 / which document of an OFD package, from 1
    #[arg(long, value_name = "N", default_value = "1", value_parser = clap::value_parser!(u16).range(1..))]
    pub document: u16,
    /// 只列出该词所在之处：不分全角半角，不计空格，可跨文字对象与跨行 / only the places of this word: full and half width alike, spaces not counted, over text objects and lines
    #[arg(long, value_name = "WORD")]
    pub find: Option<String>,
    /// 所找的词取哪几处 / which of the places
    #[arg(long, value_name = "WHICH", default_value = "every", requires = "find")]
    pub hit: WhichArg,
    /// Fonts: they decide how wide the ink of characters is whose font is not embedded.
    #[command(flatten)]
    pub fonts: FontArgs,
    /// Password of an encrypted PDF.
    #[command(flatten)]
    pub document_password: DocumentPasswordArgs,
}

/// Prints text, or places.
pub fn run(args: &TextArgs, out: &Output) -> Outcome {
    let mut options = Options::new(args.fonts.load()?);
    options.body = usize::from(args.document.saturating_sub(1));
    options.seals = false;
    options.images = false;
    let password = args.document_password.read()?;
    let mut pages = open(&args.file, options, password.as_deref())?;
    let wanted = read_pages(&args.page)?;
    let wanted = super::sign::keyword::numbers(&wanted, pages.count());
    match &args.find {
        Some(word) => {
            let hits = super::sign::keyword::hits(&mut pages, &wanted, word, args.hit)?;
            let mut values = Vec::new();
            for (page, hit) in &hits {
                let areas: Vec<Value> = hit.areas.iter().map(four).collect();
                out.say(format!(
                    "{} {}: {}",
                    out.pick("页", "page"),
                    page.saturating_add(1),
                    hit.areas.iter().map(Rect::to_string).collect::<Vec<_>>().join("; ")
                ));
                values.push(json!({ "page": page.saturating_add(1), "text": hit.text, "areas": areas }));
            }
            if hits.is_empty() {
                out.note(out.pick("没有找到", "not found"));
            }
            out.value(&Value::Array(values));
            Ok(if hits.is_empty() { 1 } else { 0 })
        }
        None => {
            let mut values = Vec::new();
            for number in wanted {
                let page = pages.page(number)?;
                say_notes(page.notes(), out);
                out.say(page.text().plain());
                values.push(json!({
                    "page": number.saturating_add(1),
                    "width_mm": page.size_mm().0,
                    "height_mm": page.size_mm().1,
                    "lines": page.text().lines().iter().map(yinxin_seal::report::to_value).collect::<Vec<_>>(),
                    "notes": notes_value(page.notes()),
                }));
            }
            out.value(&Value::Array(values));
            Ok(0)
        }
    }
}

fn four(area: &Rect) -> Value {
    let rounded = [area.x, area.y, area.width, area.height].map(|mm| (mm * 1000.0).round() / 1000.0);
    json!(rounded)
}
