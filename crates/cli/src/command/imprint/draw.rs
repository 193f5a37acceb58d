//! `yinxin imprint draw`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinxin_imprint::{Center, Font, ImprintSpec, MAX_DPI, MIN_DPI, Style, Suffix, draw_by};

use super::RulesArgs;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Arguments of `imprint draw`.
#[derive(Debug, Args)]
pub struct DrawArgs {
    /// Rules.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// 名称：圆章、椭圆章沿上弧，个人名章为 2 至 4 字 / name: along the upper arc; 2 to 4 characters for a person
    #[arg(long)]
    pub name: String,
    /// 用途，写在中央下方；业务专用章必填 / purpose line below the center; a business seal needs it
    #[arg(long)]
    pub purpose: Option<String>,
    /// 用途下方的第二行 / second line below the purpose
    #[arg(long)]
    pub second: Option<String>,
    /// 同类印章的编号，写作 (1) / number among several seals of one kind, written (1)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=999))]
    pub number: Option<u32>,
    /// 圆章的编码，沿下弧 / code of a round seal, along the lower arc
    #[arg(long)]
    pub code: Option<String>,
    /// 椭圆章中央的纳税人识别号；发票专用章必填 / taxpayer's number in the middle of an oval seal; an invoice seal needs it
    #[arg(long, value_name = "NUMBER")]
    pub tax_number: Option<String>,
    /// 直径、长轴或宽，毫米；默认按规则 / diameter, long axis or width, mm; by the rules if not given
    #[arg(long, value_name = "MM")]
    pub mm: Option<f64>,
    /// 短轴或高，毫米；个人名章默认与宽相同 / short axis or height, mm
    #[arg(long, value_name = "MM")]
    pub height_mm: Option<f64>,
    /// 边宽，毫米；默认按规则 / width of the rim, mm; by the rules if not given
    #[arg(long, value_name = "MM")]
    pub border_mm: Option<f64>,
    /// 圆章中央：star 五角星，emblem 徽记，none 空白；默认按规则 / center of a round seal: star, emblem or none; by the rules if not given
    #[arg(long, value_parser = ["star", "emblem", "none"])]
    pub center: Option<String>,
    /// 徽记的 SVG 文件，须为单色填充的图形 / SVG of the emblem, filled shapes of one color
    #[arg(long, value_name = "FILE")]
    pub emblem: Option<PathBuf>,
    /// 双环：外框内加一道细环 / a thin second ring inside the rim
    #[arg(long)]
    pub double_ring: bool,
    /// 个人名章：raised 阳文，cut 阴文 / personal seal: raised or cut
    #[arg(long, default_value = "raised", value_parser = ["raised", "cut"])]
    pub style: String,
    /// 个人名章名后加字：none 不加，fill 补足四字（之印、印），yin 加“印”，zhi-yin 加“之印” / personal seal: what follows the name
    #[arg(long, default_value = "none", value_parser = ["none", "fill", "yin", "zhi-yin"])]
    pub suffix: String,
    /// 印色，#RRGGBB / ink, #RRGGBB
    #[arg(long, default_value = "#E60012", value_name = "COLOR")]
    pub color: String,
    /// PNG 的分辨率 / resolution of PNG
    #[arg(long, default_value = "600", value_parser = clap::value_parser!(u32).range(i64::from(MIN_DPI)..=i64::from(MAX_DPI)))]
    pub dpi: u32,
    /// 字体文件（TrueType、OpenType）；默认用自带的宋体 / font file (TrueType, OpenType); the built-in Song face if not given
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// 字体集（TTC）中的第几个，从 0 起 / which face of a font collection, from 0
    #[arg(long, value_name = "N", default_value = "0", requires = "font")]
    pub font_index: u32,
    /// 写出的文件，.png、.svg 或 .ofd / the file to write, .png, .svg or .ofd
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Draws.
pub fn run(args: &DrawArgs, out: &Output) -> Outcome {
    let spec = spec(args)?;
    let rules = args.rules.load()?;
    let font = match &args.font {
        Some(path) => Font::from_bytes(files::read(path)?, args.font_index)?,
        None => Font::builtin(),
    };
    let extension = args.output.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let drawing = draw_by(&rules, &spec, &font)?;
    let (width, height) = drawing.size_mm();
    let (bytes, pixels) = match extension.as_str() {
        "png" => (drawing.to_png(args.dpi)?, Some(drawing.size_px(args.dpi)?)),
        "svg" => (drawing.to_svg().into_bytes(), None),
        "ofd" => {
            let (page, last) = drawing.to_ofd_page();
            (yinxin_ofd::one_page(&page, drawing.size_mm(), last), None)
        }
        other => {
            let say = format!(
                "“{other}”：扩展名应为 .png、.svg 或 .ofd / the file name must end in .png, .svg or .ofd"
            );
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
    let rule = rules.find(spec.kind, spec.rank);
    if let Some(rule) = rule {
        out.say(format!("{} {}", out.pick("规则依据：", "by the rule:"), rule.source));
    }
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "bytes": bytes.len(),
        "width_mm": width,
        "height_mm": height,
        "width_px": pixels.map(|p| p.0),
        "height_px": pixels.map(|p| p.1),
        "rule": rule.map(|r| json!({ "source": r.source, "basis": r.basis, "area": r.area })),
    }));
    Ok(0)
}

fn spec(args: &DrawArgs) -> Result<ImprintSpec, Failure> {
    let (kind, rank) = args.rules.kind_and_rank()?;
    let mut spec = ImprintSpec::new(kind, &args.name)
        .with_rank(rank)
        .with_style(args.style.parse::<Style>()?)
        .with_suffix(args.suffix.parse::<Suffix>()?);
    spec.purpose = args.purpose.clone().or(spec.purpose);
    spec.second = args.second.clone();
    spec.number = args.number;
    spec.code = args.code.clone();
    spec.tax_number = args.tax_number.clone();
    spec.size_mm = args.mm;
    spec.height_mm = args.height_mm;
    spec.border_mm = args.border_mm;
    spec.center = args.center.as_deref().map(str::parse::<Center>).transpose()?;
    spec.inner_ring = args.double_ring;
    spec.color = args.color.parse()?;
    if let Some(path) = &args.emblem {
        let svg = String::from_utf8(files::read(path)?).map_err(|_| {
            Failure::new("IMPRINT_BAD_EMBLEM", format!("{}: 不是 UTF-8 文本 / not UTF-8", path.display()))
        })?;
        spec = spec.with_emblem(svg);
    }
    Ok(spec)
}
