//! `yinxin completions`.

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use serde_json::json;

use crate::args::Cli;
use crate::failure::Outcome;
use crate::output::Output;

/// Arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "示例 / example: yinxin completions bash > /etc/bash_completion.d/yinxin")]
pub struct CompletionsArgs {
    /// 命令行解释器 / the shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Prints the script.
pub fn run(args: &CompletionsArgs, out: &Output) -> Outcome {
    let mut script = Vec::new();
    generate(args.shell, &mut Cli::command(), "yinxin", &mut script);
    let script = String::from_utf8_lossy(&script);
    out.say(script.trim_end());
    out.value(&json!({ "shell": args.shell.to_string(), "script": script }));
    Ok(0)
}
