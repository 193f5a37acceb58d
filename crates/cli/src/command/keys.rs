//! `yinxin keys`: the master key (主密钥).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::{Args, Subcommand};
use serde_json::json;
use yinxin_server::start::rewrap;

/// Verbs of `keys`.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// 更换主密钥：生成新主密钥，以其重新加密全部数据密钥，替换密钥文件 / make a new master key, wrap every data key under it, replace its file
    Rewrap(RewrapArgs),
}

/// Arguments of `keys rewrap`.
#[derive(Debug, Args)]
pub struct RewrapArgs {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs the verb.
pub fn run(command: &KeysCommand, out: &Output) -> Outcome {
    let KeysCommand::Rewrap(args) = command;
    let config = args.config.load(out, Vec::new())?;
    let runtime = super::doctor::runtime()?;
    let done = runtime.block_on(rewrap(&config)).map_err(|e| Failure::new(e.code(), e.to_string()))?;
    let (file, former) = (config.security.master_key_file.display(), done.former.display());
    out.value(&json!({
        "keys": done.keys, "master": done.master, "file": file.to_string(), "former": former.to_string(),
    }));
    out.say(out.pick(
        &format!("{} 个数据密钥已由新主密钥 {} 加密：{file}", done.keys, done.master),
        &format!("{} data keys are wrapped by the new master key {}: {file}", done.keys, done.master),
    ));
    out.say(out.pick(
        &format!("原主密钥保存在 {former}：把新文件复制到每个节点并另行备份；不再需要旧备份时销毁它"),
        &format!("the former one is {former}: copy the new file to every node and back it up; destroy the former once no backup needs it"),
    ));
    Ok(0)
}
