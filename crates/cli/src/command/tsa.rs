//! `yinxin tsa`: a small timestamp responder for tests (时间戳服务).

pub mod responder;
pub mod server;

use std::net::TcpListener;
use std::path::PathBuf;

use clap::Args;
use const_oid::ObjectIdentifier;
use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::keys::{self, PasswordArgs};
use crate::output::Output;
use crate::trust;
use responder::Responder;

/// Arguments of `tsa`.
#[derive(Debug, Args)]
pub struct TsaArgs {
    /// 监听地址；端口 0 表示任选 / address to listen at; port 0 takes any
    #[arg(long, default_value = "127.0.0.1:3161", value_name = "ADDRESS")]
    listen: String,
    /// 时间戳证书（扩展密钥用途仅为时间戳）/ certificate (extended key usage timeStamping alone)
    #[arg(long, value_name = "FILE")]
    cert: PathBuf,
    /// 私钥 / private key
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// 随证书一起放入时间戳的上级证书 / further certificates put into tokens beside the authority's
    #[arg(long, value_name = "FILE")]
    chain: Option<PathBuf>,
    /// 时间戳策略 / policy of the tokens
    #[arg(long, value_name = "OID", default_value = responder::TEST_POLICY)]
    policy: String,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Serves until stopped by SIGINT or SIGTERM.
pub fn run(args: &TsaArgs, out: &Output) -> Outcome {
    let policy = ObjectIdentifier::new(&args.policy).map_err(|e| {
        let detail = format!("--policy {}：不是对象标识符 / no object identifier: {e}", args.policy);
        Failure::new("OID_FORMAT", detail)
    })?;
    let certificate = trust::certificate(&args.cert)?;
    let chain = match &args.chain {
        Some(path) => trust::certificates(path)?,
        None => Vec::new(),
    };
    let key = keys::load(&args.key, &args.password)?;
    let responder = Responder::new(certificate, key, policy)?.with_chain(chain);
    let listen = &args.listen;
    let cannot =
        |e: std::io::Error| Failure::new("TSA_LISTEN", format!("{listen}：不能监听 / cannot listen: {e}"));
    let listener = TcpListener::bind(listen.as_str()).map_err(cannot)?;
    let address = listener.local_addr().map_err(cannot)?;
    let url = format!("http://{address}/");
    server::run_until_signal(responder, listener, || {
        out.value(&json!({ "url": url, "address": address.to_string() }));
        out.say(format!("{}{url}", out.pick("测试时间戳服务：", "test timestamp service: ")));
        out.say(out.pick("仅供测试。按 Ctrl+C 停止。", "For tests only. Ctrl+C stops it."));
    })?;
    Ok(0)
}
