//! `yinxin seal`: make, inspect and verify seals.

mod look;
mod make;
mod picture;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::verify::{JudgingArgs, broken, exit_code, worse};
use crate::failure::{EXIT_COULD_NOT_RUN, Outcome};
use crate::files;
use crate::output::Output;

/// What to do with a seal.
#[derive(Debug, Subcommand)]
pub enum SealCommand {
    /// 制章：由制章人签名，生成电子印章 / make a seal, signed by its maker
    Make(Box<make::MakeArgs>),
    /// 查看印章：概要与带偏移的结构树 / look inside a seal: summary and annotated tree
    Inspect(look::LookArgs),
    /// 验证印章 / verify seals
    Verify(SealVerifyArgs),
}

/// Arguments of `seal verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "退出码 / exit code: 0 有效 valid; 1 无效 invalid; 3 无法判定 indeterminate; 2 无法执行 could not run."
)]
pub struct SealVerifyArgs {
    /// 印章文件 / seals
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to rely on.
    #[command(flatten)]
    pub judging: JudgingArgs,
    /// 列出全部检查，包括已通过的 / list every check, the passed ones too
    #[arg(long)]
    pub all: bool,
}

/// Makes, inspects or verifies.
pub fn run(args: &SealCommand, out: &Output) -> Outcome {
    match args {
        SealCommand::Make(a) => make::run(a, out),
        SealCommand::Inspect(a) => look::run(a, out),
        SealCommand::Verify(a) => verify(a, out),
    }
}

fn verify(args: &SealVerifyArgs, out: &Output) -> Outcome {
    let (facts, options) = args.judging.load(out)?;
    let mut worst = 0;
    let mut values = Vec::new();
    for path in &args.files {
        let name = path.to_string_lossy();
        let code = match files::read(path) {
            Ok(bytes) => {
                let report = yinxin_seal::verify_seal(&bytes, &facts, &options);
                if args.files.len() > 1 {
                    out.say(format!("== {name}"));
                }
                out.say(report.to_text(out.lang, args.all));
                values.push(report.to_json(&name, out.lang));
                exit_code(report.verdict)
            }
            Err(f) => {
                out.note(out.sentence(&f));
                values.push(broken(&name, &f, out));
                EXIT_COULD_NOT_RUN
            }
        };
        worst = worse(worst, code);
    }
    out.value(&Value::Array(values));
    Ok(worst)
}
