//! `yinxin doctor`: whether everything a server needs is well (自检).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use serde_json::json;
use yinxin_server::config::{Config, Role};
use yinxin_server::outbound::check_relay;
use yinxin_server::security::master_file;
use yinxin_server::start::{MasterState, master_state, open_bare};

/// Arguments of `doctor`.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 还要询问运行中的服务（/readyz）/ also ask a running server
    #[arg(long)]
    online: bool,
}

/// One finding.
struct Finding {
    part: &'static str,
    ok: bool,
    words: String,
}

/// A runtime for a command that only asks.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::new("RUNTIME", e.to_string()))
}

/// Checks part after part; exit code 0 when all are well, 1 otherwise.
pub fn run(args: &DoctorArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, Vec::new())?;
    let runtime = runtime()?;
    let mut findings =
        vec![Finding {
            part: "config", ok: true, words: "配置有效 / the configuration is valid".to_owned()
        }];
    findings.push(key(&config));
    if config.runs(Role::Registry) {
        findings.extend(runtime.block_on(database(&config)));
    } else if config.runs(Role::Maker) {
        findings.push(registry(&config));
    }
    if config.runs(Role::Registry) {
        findings.extend(runtime.block_on(relay(&config)));
        findings.extend(config.signer.url.as_deref().map(signer));
    }
    if args.online {
        findings.push(online(&config));
    }
    for finding in &findings {
        let mark = if finding.ok { "✓" } else { "✗" };
        out.say(format!("{mark} {:<10} {}", finding.part, finding.words));
    }
    let list: Vec<_> =
        findings.iter().map(|f| json!({ "part": f.part, "ok": f.ok, "detail": f.words })).collect();
    out.value(&json!({ "findings": list }));
    Ok(u8::from(findings.iter().any(|f| !f.ok)))
}

fn key(config: &Config) -> Finding {
    let path = &config.security.master_key_file;
    match master_file::load(path) {
        Ok(_) => Finding { part: "key", ok: true, words: format!("{}", path.display()) },
        Err(error) => Finding { part: "key", ok: false, words: format!("{error} [{}]", error.code()) },
    }
}

async fn database(config: &Config) -> Vec<Finding> {
    let fault = |words: String| vec![Finding { part: "database", ok: false, words }];
    let store = match open_bare(config).await {
        Ok(store) => store,
        Err(error) => return fault(format!("{error} [{}]", error.code())),
    };
    let mut findings = match store.ready().await {
        Ok(()) => vec![Finding { part: "database", ok: true, words: format!("{:?}", store.engine()) }],
        Err(error) => return fault(format!("{error} [{}]", error.code())),
    };
    let clock = match store.read().await {
        Ok(mut access) => access.latest_time().await,
        Err(error) => Err(error),
    };
    let now = yinxin_server::start::machine_time();
    findings.push(match clock {
        Ok(latest) if latest <= now => Finding { part: "clock", ok: true, words: now.to_string() },
        Ok(latest) => Finding {
            part: "clock",
            ok: false,
            words: format!("系统时钟早于已记录的时间 {latest} / the clock stands before recorded times"),
        },
        Err(error) => Finding { part: "clock", ok: false, words: error.to_string() },
    });
    findings.push(match master_state(config, &store).await {
        Ok(state) => key_ring(&state),
        Err(error) => Finding { part: "key ring", ok: false, words: format!("{error} [{}]", error.code()) },
    });
    findings.push(match store.check_statements().await {
        Ok(refused) if refused.is_empty() => {
            Finding { part: "statements", ok: true, words: "全部可用 / all can be prepared".to_owned() }
        }
        Ok(refused) => Finding { part: "statements", ok: false, words: format!("{refused:?}") },
        Err(error) => Finding { part: "statements", ok: false, words: error.to_string() },
    });
    store.close().await;
    findings
}

/// Whether the relay of mails answers and takes the user, where mails are sent.
async fn relay(config: &Config) -> Option<Finding> {
    let host = config.mail.host.clone().unwrap_or_default();
    Some(match check_relay(&config.mail).await? {
        Ok(()) => Finding { part: "mail", ok: true, words: host },
        Err(fault) => Finding {
            part: "mail",
            ok: false,
            words: format!("邮件中继 {host} 不可用 / the relay {host} cannot be used [{fault}]"),
        },
    })
}

/// Of a workshop apart: whether its registry answers.
fn registry(config: &Config) -> Finding {
    let url = format!("{}/healthz", config.workshop.registry_url.clone().unwrap_or_default());
    match ureq::get(&url).call() {
        Ok(_) => Finding { part: "registry", ok: true, words: url },
        Err(error) => Finding { part: "registry", ok: false, words: format!("{url}: {error}") },
    }
}

/// Of a registry whose seals have their keys elsewhere: whether the key process is ready.
fn signer(url: &str) -> Finding {
    let url = format!("{url}/readyz");
    match ureq::get(&url).call() {
        Ok(_) => Finding { part: "signer", ok: true, words: url },
        Err(error) => Finding { part: "signer", ok: false, words: format!("{url}: {error}") },
    }
}

fn key_ring(state: &MasterState) -> Finding {
    let (ok, words) = match state {
        MasterState::Sound { keys, former } if former.is_empty() => {
            (true, format!("{keys} 个数据密钥 / {keys} data keys"))
        }
        MasterState::Sound { keys, former } => {
            let files: Vec<_> = former.iter().map(|file| file.display().to_string()).collect();
            let files = files.join("、");
            (
                true,
                format!(
                    "{keys} 个数据密钥；原主密钥仍在 {files}，不再需要旧备份时请销毁 / {keys} data keys; destroy the former master key once no backup needs it"
                ),
            )
        }
        MasterState::Unfinished => (
            false,
            "更换主密钥未完成，请再次运行 yinxin keys rewrap / a change of the master key was broken off: run yinxin keys rewrap again"
                .to_owned(),
        ),
        MasterState::NoRing => (true, "尚未首次启动 / not started yet".to_owned()),
    };
    Finding { part: "key ring", ok, words }
}

fn online(config: &Config) -> Finding {
    let url = format!("http://{}/readyz", config.listen);
    match ureq::get(&url).call() {
        Ok(_) => Finding { part: "server", ok: true, words: url },
        Err(error) => Finding { part: "server", ok: false, words: format!("{url}: {error}") },
    }
}
