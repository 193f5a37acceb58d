//! `yinxin serve`: the registry as a service (登记服务).

use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;
use yinxin_server::app::clock::System;
use yinxin_server::config::{Config, Role, Sources, load};
use yinxin_server::security::Secret;
use yinxin_server::signing::apart::{Signer, bind_signer};
use yinxin_server::start::{StartError, bind, prepare_showing};
use yinxin_server::telemetry;
use yinxin_server::workshop::{Apart, bind_workshop};

/// What threads at work have to end, once everything else has.
const LEFT: Duration = Duration::from_secs(2);

/// Where the configuration comes from, for every command that needs one.
#[derive(Debug, Clone, Args)]
pub struct ConfigArgs {
    /// 配置文件；未给出时找 ./yinxin.toml 与 /etc/yinxin/yinxin.toml / configuration file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 数据目录 / folder of the data
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
}

impl ConfigArgs {
    /// The sources these flags name.
    pub fn sources(&self, mut flags: Vec<(String, String)>) -> Sources {
        if let Some(folder) = &self.data_dir {
            flags.push(("data_dir".to_owned(), folder.display().to_string()));
        }
        Sources::of_process(self.config.clone(), flags)
    }

    /// The configuration.
    ///
    /// # Errors
    /// Every fault found, each with its origin.
    pub fn load(&self, out: &Output, flags: Vec<(String, String)>) -> Result<Config, Failure> {
        let loaded = load(&self.sources(flags)).map_err(|e| Failure::new(e.code(), e.to_string()))?;
        for (zh, en) in &loaded.warnings {
            out.note(out.pick(zh, en));
        }
        Ok(loaded.config)
    }
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 监听地址；端口 0 表示任选 / address to listen at; port 0 takes any
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// 本进程承担的角色，逗号分隔：registry、maker，或者 signer / roles of this process
    #[arg(long, value_name = "ROLES")]
    roles: Option<String>,
}

/// Serves until SIGINT or SIGTERM.
pub fn run(args: &ServeArgs, out: &Output) -> Outcome {
    let mut flags = Vec::new();
    if let Some(listen) = &args.listen {
        flags.push(("listen".to_owned(), listen.clone()));
    }
    if let Some(roles) = &args.roles {
        flags.push(("roles".to_owned(), roles.clone()));
    }
    let config = args.config.load(out, flags)?;
    telemetry::init(&config.log).map_err(|e| Failure::new(e.code(), e.to_string()))?;
    telemetry::metrics::Metrics::install().map_err(|e| Failure::new(e.code(), e.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::new("RUNTIME", e.to_string()))?;
    let served = runtime.block_on(serve(config, out));
    // A thread that computes for nobody is not waited for.
    runtime.shutdown_timeout(LEFT);
    served.map_err(|e| Failure::new(e.code(), e.to_string()))?;
    Ok(0)
}

async fn serve(config: Config, out: &Output) -> Result<(), StartError> {
    if config.runs(Role::Signer) {
        return serve_signer(config, out).await;
    }
    if !config.runs(Role::Registry) {
        return serve_workshop(config, out).await;
    }
    // Ready to be stopped before anything is opened: a signal during the start must not leave half of it.
    let stop = stop_signal();
    let shown = *out;
    let prepared = prepare_showing(config, Box::new(System), move |first| announce(first, &shown)).await?;
    let bound = bind(prepared).await?;
    let address = bound.address();
    out.value(&json!({ "listening": format!("http://{address}") }));
    out.say(out.pick(
        &format!("印信登记服务已启动：http://{address}"),
        &format!("Yinxin registry at http://{address}"),
    ));
    tracing::info!(%address, "listening");
    bound.serve(stop).await
}

/// The workshop alone: it listens for probes only.
async fn serve_workshop(config: Config, out: &Output) -> Result<(), StartError> {
    let stop = stop_signal();
    let bound = bind_workshop(Apart::open(config, Box::new(System))?).await?;
    let address = bound.address();
    out.value(&json!({ "listening": format!("http://{address}") }));
    out.say(out.pick(
        &format!("印信制作服务已启动，探针地址 http://{address}/readyz"),
        &format!("Yinxin maker, probes at http://{address}/readyz"),
    ));
    tracing::info!(%address, "the maker runs");
    bound.serve(stop).await
}

/// The key process: gate and keys alone.
async fn serve_signer(config: Config, out: &Output) -> Result<(), StartError> {
    let stop = stop_signal();
    let bound = bind_signer(Signer::open(config, Box::new(System))?).await?;
    let address = bound.address();
    out.value(&json!({ "listening": format!("http://{address}") }));
    out.say(out.pick(
        &format!("印信密钥进程已启动：http://{address}"),
        &format!("Yinxin key process at http://{address}"),
    ));
    tracing::info!(%address, "the key process listens");
    bound.serve(stop).await;
    Ok(())
}

/// The one-time passwords of the first start: on the terminal, once, never in the log. They are out before the accounts are kept.
fn announce(first: &[(String, Secret)], out: &Output) -> std::io::Result<()> {
    let accounts: Vec<_> =
        first.iter().map(|(login, secret)| json!({ "login": login, "password": secret.reveal() })).collect();
    let mut text = out
        .pick(
            "首次启动：建立三名管理员。以下一次性口令只显示这一次，服务启动成功后生效；请分别交给三个人，登录后即须修改口令并绑定第二因子。",
            "First start: three administrators are made. These one-time passwords are shown once and count once the service is up; hand them to three persons.",
        )
        .to_owned();
    for (login, secret) in first {
        text.push_str(&format!("\n  {login:<12} {}", secret.reveal()));
    }
    out.must(&text, &json!({ "first_administrators": accounts }))
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
