//! `yinxin migrate`: brings the database to the schema of this program (数据库结构升级).

use super::serve::ConfigArgs;
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use serde_json::json;
use yinxin_server::start::{StartError, open_bare};
use yinxin_store::Schema;

/// Arguments of `migrate`.
#[derive(Debug, Args)]
pub struct MigrateArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// 只看不改 / only tell what waits
    #[arg(long)]
    status: bool,
}

/// Migrates, or tells what waits: exit code 0 when nothing does, 1 when something does.
pub fn run(args: &MigrateArgs, out: &Output) -> Outcome {
    let config = args.config.load(out, Vec::new())?;
    let runtime = super::doctor::runtime()?;
    let work = async {
        let store = open_bare(&config).await?;
        let before = store.schema().await?;
        let after = if args.status { before.clone() } else { store.migrate().await? };
        store.close().await;
        Ok::<(Schema, Schema), StartError>((before, after))
    };
    let (before, after) = runtime.block_on(work).map_err(|e| Failure::new(e.code(), e.to_string()))?;
    out.value(&json!({
        "before": before.version, "version": after.version, "known": after.known,
        "pending": after.pending, "altered": after.altered,
    }));
    out.say(out.pick(
        &format!("数据库结构版本 {}（本程序 {}）", after.version, after.known),
        &format!("schema {} (this program: {})", after.version, after.known),
    ));
    for name in &after.pending {
        out.say(format!("  {} {name}", out.pick("待执行", "waits")));
    }
    Ok(u8::from(!after.pending.is_empty()))
}
