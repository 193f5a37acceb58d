//! `yinxin verify`.

mod report_file;

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use yinxin_seal::report::Report;
use yinxin_seal::{Policy, TrustFacts, Verdict, VerifyOptions};

use crate::document_password::DocumentPasswordArgs;
use crate::failure::{EXIT_COULD_NOT_RUN, Failure, Outcome};
use crate::output::Output;
use crate::status::StatusArgs;
use crate::trust::TrustArgs;
use crate::{files, progress, time};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "退出码 / exit code: 0 全部有效 all valid; 1 有无效 any invalid; 3 有无法判定 any indeterminate; \
                        4 有未签章 any unsigned; 2 无法执行 could not run. 同时出现时依次以 2、1、3、4、0 为准 / the worst wins: 2, 1, 3, 4, 0."
)]
pub struct VerifyArgs {
    /// 要验证的 OFD 文件 / OFD documents to verify
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What to rely on.
    #[command(flatten)]
    pub judging: JudgingArgs,
    /// 另写一份 HTML 报告；文件多于一个时须为已有的文件夹，每个文件一份 / also write an HTML report; for several files an existing folder, which gets one report for each
    #[arg(long, value_name = "OUT")]
    pub report: Option<PathBuf>,
    /// 列出全部检查，包括已通过的 / list every check, the passed ones too
    #[arg(long)]
    pub all: bool,
}

/// What verifying anything needs.
#[derive(Debug, Args)]
pub struct JudgingArgs {
    /// Trust.
    #[command(flatten)]
    pub trust: TrustArgs,
    /// Status.
    #[command(flatten)]
    pub status: StatusArgs,
    /// 以该时刻判断（RFC 3339），默认为现在 / judge at this moment (RFC 3339); now if not given
    #[arg(long, value_name = "RFC3339")]
    pub at: Option<String>,
    /// 缺少吊销信息时：default 提醒，strict 判为无法判定 / missing revocation data: default warns, strict makes it indeterminate
    #[arg(long, value_enum, default_value = "default")]
    pub policy: PolicyArg,
    /// Password of encrypted PDFs.
    #[command(flatten)]
    pub document_password: DocumentPasswordArgs,
}

/// How strictly missing facts are taken.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum PolicyArg {
    /// 缺少吊销信息时提醒 / missing revocation data is a warning
    Default,
    /// 缺少吊销信息时无法判定 / missing revocation data is decisive
    Strict,
}

impl JudgingArgs {
    /// Facts and options.
    pub fn load(&self, out: &Output) -> Result<(TrustFacts, VerifyOptions), Failure> {
        let at = self.at.as_deref().map_or_else(|| Ok(time::now()), time::parse)?;
        let mut options = VerifyOptions::at(at);
        options.policy = match self.policy {
            PolicyArg::Default => Policy::Default,
            PolicyArg::Strict => Policy::Strict,
        };
        options.pdf_password = self.document_password.read()?;
        let mut facts = self.trust.load(out)?;
        self.status.load(&mut facts, at, out)?;
        Ok((facts, options))
    }
}

/// Verifies each file and says why.
pub fn run(args: &VerifyArgs, out: &Output) -> Outcome {
    let (facts, options) = args.judging.load(out)?;
    let mut reports = args.report.as_deref().map(|p| report_file::Target::new(p, &args.files)).transpose()?;
    let mut worst = 0;
    let mut values = Vec::new();
    for path in &args.files {
        let name = path.to_string_lossy();
        let result = one(path, &facts, &options).and_then(|report| {
            if let Some(target) = &mut reports {
                target.write(path, &report.to_html(&name, out.lang))?;
            }
            Ok(report)
        });
        let (code, value) = match result {
            Ok(report) => {
                if args.files.len() > 1 {
                    out.say(format!("== {name}"));
                }
                out.say(report.to_text(out.lang, args.all));
                (exit_code(report.verdict), report.to_json(&name, out.lang))
            }
            Err(f) => {
                out.note(out.sentence(&f));
                (EXIT_COULD_NOT_RUN, broken(&name, &f, out))
            }
        };
        worst = worse(worst, code);
        values.push(value);
    }
    out.value(&Value::Array(values));
    Ok(worst)
}

fn one(path: &Path, facts: &TrustFacts, options: &VerifyOptions) -> Result<Report, Failure> {
    let file = files::open(path)?;
    let input = progress::Watched::new(file);
    Ok(yinxin_seal::verify(input, facts, options))
}

/// The object for a file that could not be opened, or whose report could not be written.
pub fn broken(name: &str, f: &Failure, out: &Output) -> Value {
    json!({ "file": name, "error": { "code": f.code, "detail": f.detail_in(out.lang) } })
}

/// The exit code of a verdict.
pub fn exit_code(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Valid => 0,
        Verdict::Invalid => 1,
        Verdict::Indeterminate => 3,
        Verdict::Unsigned => 4,
    }
}

/// The worse of two exit codes: 2, 1, 3, 4, 0.
pub fn worse(a: u8, b: u8) -> u8 {
    let rank = |code: u8| [2, 1, 3, 4, 0].iter().position(|c| *c == code);
    if rank(a) <= rank(b) { a } else { b }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_exit_code_wins_in_the_order_promised() {
        let order = [2, 1, 3, 4, 0];
        for (i, a) in order.iter().enumerate() {
            for b in &order[i..] {
                assert_eq!((worse(*a, *b), worse(*b, *a)), (*a, *a));
            }
        }
    }
}
