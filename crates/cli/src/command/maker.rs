//! `yinxin maker`: the workshop in a process of its own (制作系统).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::{Args, Subcommand};
use serde_json::json;
use yinxin_server::workshop::ask_for_renewal;

/// Verbs of `maker`.
#[derive(Debug, Subcommand)]
pub enum MakerCommand {
    /// 让制作系统申请新的制章人证书；制作不中断，新证书登记后启用 / have the maker's certificate renewed; making goes on, the new one counts once registered
    Renew(RenewArgs),
}

/// Arguments of `maker renew`.
#[derive(Debug, Args)]
pub struct RenewArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 同时更换密钥 / for a new key
    #[arg(long)]
    new_key: bool,
}

/// Runs the verb.
pub fn run(command: &MakerCommand, out: &Output) -> Outcome {
    let MakerCommand::Renew(args) = command;
    let config = args.config.load(out, vec![("roles".to_owned(), "maker".to_owned())])?;
    ask_for_renewal(&config, args.new_key).map_err(|e| Failure::new(e.code(), e.to_string()))?;
    let file = config.data_dir.join("maker.pem").display().to_string();
    out.value(&json!({ "new_key": args.new_key, "certificate": file }));
    out.say(out.pick(
        &format!("已通知制作系统。新证书将写入 {file}，请交主管部门登记；使用外部证书机构时，请先将 maker-next.csr 交其签发，证书存为 maker-next-issued.pem。"),
        &format!("The maker was told. The new certificate will be in {file}: have it registered. With a CA outside, have maker-next.csr signed first and put the certificate at maker-next-issued.pem."),
    ));
    Ok(0)
}
