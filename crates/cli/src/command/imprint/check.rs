//! `yinxin imprint check`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use yinxin_imprint::{Bitmap, Outcome as Found, check};

use super::{RulesArgs, size};
use crate::failure::Outcome;
use crate::files;
use crate::output::Output;

/// Arguments of `imprint check`.
#[derive(Debug, Args)]
#[command(
    after_help = "退出码 / exit code: 0 无不符 no rule broken; 1 有不符 a rule is broken; 2 无法执行 could not run."
)]
pub struct CheckArgs {
    /// 印模图像：PNG、JPEG、BMP 或 SVG / picture of the imprint: PNG, JPEG, BMP or SVG
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Rules.
    #[command(flatten)]
    pub rules: RulesArgs,
    /// 图像的实际尺寸，毫米，如 42 或 40x30；默认按文件所写的分辨率 / physical size of the picture, mm; by the file's own resolution if not given
    #[arg(long, value_name = "MM", value_parser = size::parse)]
    pub size: Option<(f64, f64)>,
}

/// Checks.
pub fn run(args: &CheckArgs, out: &Output) -> Outcome {
    let (kind, rank) = args.rules.kind_and_rank()?;
    let bitmap = Bitmap::decode(&files::read(&args.file)?)?;
    let checked = check(&bitmap, args.size, kind, rank, &args.rules.load()?)?;
    for finding in &checked.findings {
        let mark = match finding.outcome {
            Found::Pass => out.pick("通过", "pass"),
            Found::Warn => out.pick("提醒", "warn"),
            Found::Fail => out.pick("不符", "fail"),
        };
        let (zh, en) = finding.about();
        let about = out.pick(zh, en);
        let (measured, allowed) = (out.pick("实测", "measured"), out.pick("允许", "allowed"));
        out.say(format!(
            "{mark}  {about}：{measured} {}，{allowed} {} [{}]",
            finding.measured, finding.allowed, finding.code
        ));
    }
    let outcome = checked.outcome();
    out.say(match outcome {
        Found::Fail => out.pick("结论：不符合规则", "outcome: the rules are broken"),
        Found::Warn => out.pick("结论：符合规则，有提醒", "outcome: the rules are kept, with remarks"),
        Found::Pass => out.pick("结论：符合规则", "outcome: the rules are kept"),
    });
    out.say(format!("{} {}", out.pick("规则依据：", "by the rule:"), checked.source));
    out.value(&json!({
        "file": args.file.to_string_lossy(),
        "outcome": outcome,
        "source": checked.source,
        "findings": checked.findings,
    }));
    Ok(u8::from(outcome == Found::Fail))
}
