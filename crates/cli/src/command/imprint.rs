//! `yinxin imprint`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;
use yinxin_imprint::{Font, ImprintSpec, Kind, MAX_DPI, MIN_DPI, Style, Suffix, draw};

use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// What to do with imprints.
#[derive(Debug, Subcommand)]
pub enum ImprintCommand {
    /// 按规格画印模，按扩展名写出 PNG 或 SVG / draw an imprint to exact size; PNG or SVG by extension
    Draw(DrawArgs),
}

/// Arguments of `imprint draw`.
#[derive(Debug, Args)]
pub struct DrawArgs {
    /// 种类：official 法定名称章、finance 财务专用章、contract 合同专用章、personal 个人名章 / kind: official, finance, contract, personal
    #[arg(long, value_parser = ["official", "finance", "contract", "personal"])]
    pub kind: String,
    /// 名称：圆章沿上弧，个人名章为 2 至 4 字 / name: along the arc of a round seal; 2 to 4 characters for a person
    #[arg(long)]
    pub name: String,
    /// 圆章的用途，写在五角星下方 / purpose line of a round seal, below the star
    #[arg(long)]
    pub purpose: Option<String>,
    /// 圆章的编码，沿下弧 / code of a round seal, along the lower arc
    #[arg(long)]
    pub code: Option<String>,
    /// 直径或边长，毫米；默认随种类 / diameter or side, mm; by kind if not given
    #[arg(long, value_name = "MM")]
    pub mm: Option<f64>,
    /// 个人名章：raised 阳文，cut 阴文 / personal seal: raised or cut
    #[arg(long, default_value = "raised", value_parser = ["raised", "cut"])]
    pub style: String,
    /// 个人名章名后加字：none 不加，fill 补足四字（之印、印） / personal seal: what follows the name, none or fill to four characters
    #[arg(long, default_value = "none", value_parser = ["none", "fill"])]
    pub suffix: String,
    /// 圆章不画五角星 / no star in a round seal
    #[arg(long)]
    pub no_star: bool,
    /// PNG 的分辨率 / resolution of PNG
    #[arg(long, default_value = "600", value_parser = clap::value_parser!(u32).range(i64::from(MIN_DPI)..=i64::from(MAX_DPI)))]
    pub dpi: u32,
    /// 字体文件（TrueType、OpenType）；默认用自带的宋体 / font file (TrueType, OpenType); the built-in Song face if not given
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// 字体集（TTC）中的第几个，从 0 起 / which face of a font collection, from 0
    #[arg(long, value_name = "N", default_value = "0", requires = "font")]
    pub font_index: u32,
    /// 写出的文件，.png 或 .svg / the file to write, .png or .svg
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Draws.
pub fn run(args: &ImprintCommand, out: &Output) -> Outcome {
    let ImprintCommand::Draw(args) = args;
    let spec = spec(args)?;
    let font = match &args.font {
        Some(path) => Font::from_bytes(files::read(path)?, args.font_index)?,
        None => Font::builtin(),
    };
    let extension = args.output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let drawing = draw(&spec, &font)?;
    let (width, height) = drawing.size_mm();
    let (bytes, pixels) = match extension.as_str() {
        "png" => (drawing.to_png(args.dpi)?, Some(drawing.size_px(args.dpi)?)),
        "svg" => (drawing.to_svg().into_bytes(), None),
        other => {
            let say = format!("“{other}”：扩展名应为 .png 或 .svg / the file name must end in .png or .svg");
            return Err(Failure::new("IMPRINT_EXTENSION", say));
        }
    };
    files::write(&args.output, &bytes)?;
    let size = pixels.map(|(w, h)| format!(", {w}×{h} px, {} dpi", args.dpi)).unwrap_or_default();
    out.say(format!(
        "{} {} ({width}×{height} mm{size})",
        out.pick("已写出", "written:"),
        args.output.display()
    ));
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": bytes.len(),
        "width_mm": width,
        "height_mm": height,
        "width_px": pixels.map(|p| p.0),
        "height_px": pixels.map(|p| p.1),
    }));
    Ok(0)
}

fn spec(args: &DrawArgs) -> Result<ImprintSpec, Failure> {
    let mut spec = ImprintSpec::new(args.kind.parse::<Kind>()?, &args.name)
        .with_style(args.style.parse::<Style>()?)
        .with_suffix(args.suffix.parse::<Suffix>()?);
    spec.purpose = args.purpose.clone().or(spec.purpose);
    spec.code = args.code.clone();
    spec.size_mm = args.mm;
    spec.star = !args.no_star;
    Ok(spec)
}
