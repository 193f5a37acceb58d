//! `yinxin imprint import`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinxin_imprint::{ImportSpec, MAX_DPI, MIN_DPI, import};

use super::RulesArgs;
use crate::failure::Outcome;
use crate::files;
use crate::output::Output;

/// Arguments of `imprint import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// 扫描件或照片：PNG、JPEG、BMP 或 SVG / scan or photo: PNG, JPEG, BMP or SVG
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Rules.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// 直径、长轴或宽，毫米；默认按扫描分辨率，没有时按规则 / diameter, long axis or width, mm; by the scan's resolution, else by the rules
    #[arg(long, value_name = "MM")]
    pub mm: Option<f64>,
    /// 短轴或高，毫米 / short axis or height, mm
    #[arg(long, value_name = "MM")]
    pub height_mm: Option<f64>,
    /// 印模的分辨率 / resolution of the imprint
    #[arg(long, default_value = "600", value_parser = clap::value_parser!(u32).range(i64::from(MIN_DPI)..=i64::from(MAX_DPI)))]
    pub dpi: u32,
    /// 印色，#RRGGBB / ink, #RRGGBB
    #[arg(long, default_value = "#E60012", value_name = "COLOR")]
    pub color: String,
    /// 把每一步的图像写入这个已有的文件夹 / write a picture of each step into this existing folder
    #[arg(long, value_name = "DIR")]
    pub steps: Option<PathBuf>,
    /// 写出的 PNG / the PNG to write
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Imports.
pub fn run(args: &ImportArgs, out: &Output) -> Outcome {
    let (kind, rank) = args.rules.kind_and_rank()?;
    let spec = ImportSpec {
        kind,
        rank,
        size_mm: args.mm,
        height_mm: args.height_mm,
        dpi: args.dpi,
        color: args.color.parse()?,
    };
    let rules = args.rules.load()?;
    let imported = import(&files::read(&args.file)?, &spec, &rules)?;
    let mut steps = Vec::new();
    if let Some(folder) = &args.steps {
        for (number, step) in imported.steps.iter().enumerate() {
            let path = folder.join(format!("{}-{}.png", number.saturating_add(1), step.name));
            files::write(&path, &step.png.0)?;
            steps.push(path.to_string_lossy().into_owned());
        }
    }
    files::write(&args.output, &imported.png.0)?;
    let (width, height) = imported.size_mm;
    out.say(format!(
        "{} {} ({width}×{height} mm, {} dpi; {} {:.0} dpi, {} {}°)",
        out.pick("已写出", "written:"),
        args.output.display(),
        args.dpi,
        out.pick("原图", "source"),
        imported.found_dpi,
        out.pick("原图倾斜", "turned by"),
        imported.turned_degrees,
    ));
    out.value(&json!({
        "output": args.output.to_string_lossy(),
        "width_mm": width,
        "height_mm": height,
        "dpi": args.dpi,
        "found_dpi": imported.found_dpi.round(),
        "turned_degrees": imported.turned_degrees,
        "steps": steps,
    }));
    Ok(0)
}
