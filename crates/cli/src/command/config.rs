//! `yinxin config check`: the configuration as it takes effect, each value with its origin (配置检查).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::{Args, Subcommand};
use yinxin_server::config;

/// Verbs of `config`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// 检查并显示生效的配置及其来源 / check and show the configuration in effect and where it comes from
    Check(CheckArgs),
    /// 配置文件的 JSON Schema / JSON schema of the configuration file
    Schema,
}

/// Arguments of `config check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs the verb.
pub fn run(command: &ConfigCommand, out: &Output) -> Outcome {
    match command {
        ConfigCommand::Check(args) => {
            let report = config::check(&args.config.sources(Vec::new()))
                .map_err(|e| Failure::new(e.code(), e.to_string()))?;
            out.value(&serde_json::to_value(&report).map_err(|e| Failure::new("INTERNAL", e.to_string()))?);
            out.say(report.to_string());
        }
        ConfigCommand::Schema => {
            let schema = config::schema();
            out.value(&schema);
            out.say(serde_json::to_string_pretty(&schema).unwrap_or_default());
        }
    }
    Ok(0)
}
