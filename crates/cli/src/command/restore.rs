//! `yinxin restore`: restores backups into an empty place and proves what is there then (恢复).

use super::backup::{OpeningArgs, failure};
use crate::failure::{Failure, Outcome};
use crate::output::Output;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use yinxin_server::app::clock::System;
use yinxin_server::backup::{Proof, Wanted, restore};
use yinxin_server::config::{Sources, load};

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// 备份目录；增量备份连同之前的各次，次序不限 / folders: an incremental backup with those before it
    #[arg(long, required = true, num_args = 1.., value_name = "FOLDER")]
    from: Vec<PathBuf>,
    /// 数据目录，须不存在或为空 / data folder: not there yet, or empty
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    /// 数据库地址，须为空库；不给则按配置 / an empty database; the configuration's where not given
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// 配置文件 / configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    opening: OpeningArgs,
}

/// Restores: exit code 0 when everything is proved, 1 when something is not.
pub fn run(args: &RestoreArgs, out: &Output) -> Outcome {
    let mut flags = vec![("data_dir".to_owned(), args.into.display().to_string())];
    if let Some(database) = &args.database {
        flags.push(("database.url".to_owned(), database.clone()));
    }
    let loaded = load(&Sources::of_process(args.config.clone(), flags));
    let loaded = loaded.map_err(|e| Failure::new(e.code(), e.to_string()))?;
    for (zh, en) in &loaded.warnings {
        out.note(out.pick(zh, en));
    }
    let Some(unlock) = args.opening.unlock()? else {
        let detail = "请用 --password-file 给出备份口令，或用 --key 给出收件方私钥 / give the password with --password-file or the recipient's key with --key";
        return Err(Failure::new("PASSWORD_NEEDED", detail));
    };
    let wanted = Wanted { folders: args.from.clone(), unlock, signers: args.opening.signers()? };
    let runtime = super::doctor::runtime()?;
    let proof =
        runtime.block_on(restore(loaded.config, Box::new(System), &wanted)).map_err(|e| failure(&e))?;
    say(&proof, out);
    Ok(u8::from(!proof.holds()))
}

fn say(proof: &Proof, out: &Output) {
    out.value(&json!({ "holds": proof.holds(), "proof": proof }));
    out.say(out.pick(
        &format!("恢复证明：备份 {}，时刻 {}，清单 SM3 {}", proof.backup, proof.taken_at, proof.manifest),
        &format!(
            "proof of the restore: backup {}, of {}, manifest SM3 {}",
            proof.backup, proof.taken_at, proof.manifest
        ),
    ));
    for finding in &proof.findings {
        let mark = if finding.holds { "✓" } else { "✗" };
        out.say(format!("{mark} {:<12} {}", finding.part, out.pick(&finding.zh, &finding.en)));
    }
    out.say(match proof.holds() {
        true => out.pick("恢复完成，可以启动服务", "restored: the service may be started"),
        false => out.pick(
            "证明不成立：此处已标记为不可用，服务不会在此启动",
            "the proof does not hold: the place is marked, and no service starts on it",
        ),
    });
}
