//! `yinxin imprint compare`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinxin_imprint::{Bitmap, SAME_SCALE, SAME_SCORE, SAME_SPOT, compare};

use super::size;
use crate::failure::Outcome;
use crate::files;
use crate::output::Output;

/// Arguments of `imprint compare`.
#[derive(Debug, Args)]
#[command(
    after_help = "退出码 / exit code: 0 一致 the same; 1 不一致 not the same; 2 无法执行 could not run."
)]
pub struct CompareArgs {
    /// 备案的印模：PNG、JPEG、BMP 或 SVG / the filed imprint: PNG, JPEG, BMP or SVG
    #[arg(value_name = "FILED")]
    pub filed: PathBuf,
    /// 要比对的印模 / the imprint to compare
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// 备案图像的实际尺寸，毫米，如 42 或 40x30；默认按文件所写的分辨率 / physical size of the filed picture, mm
    #[arg(long, value_name = "MM", value_parser = size::parse)]
    pub filed_size: Option<(f64, f64)>,
    /// 要比对的图像的实际尺寸，毫米 / physical size of the other picture, mm
    #[arg(long, value_name = "MM", value_parser = size::parse)]
    pub size: Option<(f64, f64)>,
    /// 写出差异图（PNG）：灰为两者都有，红为仅备案有，蓝为仅另一张有 / write the difference: gray both, red only filed, blue only the other
    #[arg(long, value_name = "FILE")]
    pub difference: Option<PathBuf>,
}

/// Compares.
pub fn run(args: &CompareArgs, out: &Output) -> Outcome {
    let filed = Bitmap::decode(&files::read(&args.filed)?)?;
    let other = Bitmap::decode(&files::read(&args.file)?)?;
    let found = compare(&filed, &other, args.filed_size, args.size)?;
    if let Some(path) = &args.difference {
        files::write(path, &found.difference.0)?;
    }
    let verdict =
        if found.same { out.pick("一致", "the same") } else { out.pick("不一致", "not the same") };
    out.say(format!("{}{verdict}", out.pick("结论：", "outcome: ")));
    out.say(format!("{} {:.4}（≥ {SAME_SCORE}）", out.pick("相似度", "score"), found.score));
    out.say(format!(
        "{} {:.4}（≤ {SAME_SPOT}），{} {} mm, {} mm",
        out.pick("差异最大处", "worst spot"),
        found.worst_spot,
        out.pick("位于", "at"),
        found.worst_at_mm.0,
        found.worst_at_mm.1
    ));
    out.say(format!("{} {:.4}（1 ± {SAME_SCALE}）", out.pick("大小之比", "scale"), found.scale));
    out.say(format!("{} {:.2}°", out.pick("转角", "turned by"), found.turned_degrees));
    out.value(&json!({
        "same": found.same,
        "score": found.score,
        "worst_spot": found.worst_spot,
        "worst_at_mm": found.worst_at_mm,
        "turned_degrees": found.turned_degrees,
        "scale": found.scale,
        "thresholds": { "score": SAME_SCORE, "worst_spot": SAME_SPOT, "scale": SAME_SCALE },
    }));
    Ok(u8::from(!found.same))
}
