//! `yinxin ca crl`.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::authority::{Pair, days_from};
use super::folder::Folder;
use super::state::State;
use super::{CaFolder, Level};
use crate::failure::{Failure, Outcome};
use crate::keys::PasswordArgs;
use crate::output::Output;
use crate::{files, time};

/// Arguments of `ca crl`.
#[derive(Debug, Args)]
pub struct CrlArgs {
    #[command(flatten)]
    folder: CaFolder,
    /// 有效天数 / days until the next list
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: i64,
    /// 写到 -o 的是哪一级的列表 / whose list goes to -o
    #[arg(long, value_enum, default_value = "ca")]
    issuer: Level,
    /// 另存一份（DER）/ write a copy here (DER)
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    password: PasswordArgs,
}

/// Issues both lists anew.
pub fn run(args: &CrlArgs, out: &Output) -> Outcome {
    let folder = Folder::open(&args.folder.folder)?;
    let mut state = folder.state()?;
    let root = folder.authority(Level::Root, &args.password)?;
    let ca = folder.authority(Level::Ca, &args.password)?;
    publish(&folder, &mut state, &Pair { root, ca }, time::now(), args.days)?;
    folder.save(&state)?;
    if let Some(path) = &args.output {
        files::write(path, &files::read(&folder.crl_path(args.issuer))?)?;
    }
    let (of_ca, of_root) = (state.revoked(Level::Ca)?.len(), state.revoked(Level::Root)?.len());
    let path = |level| folder.crl_path(level).display().to_string();
    let (ca_list, root_list) = (path(Level::Ca), path(Level::Root));
    out.say(format!(
        "{} {}：{ca_list}（{of_ca}），{root_list}（{of_root}）",
        out.pick("吊销列表第", "revocation lists no."),
        state.crl_number,
    ));
    out.value(&json!({
        "number": state.crl_number,
        "ca": { "crl": ca_list, "revoked": of_ca },
        "root": { "crl": root_list, "revoked": of_root },
        "output": args.output.as_ref().map(|p| p.display().to_string()),
    }));
    Ok(0)
}

/// Writes the lists of both authorities under the next number.
pub fn publish(
    folder: &Folder,
    state: &mut State,
    pair: &Pair,
    now: Timestamp,
    days: i64,
) -> Result<(), Failure> {
    let number = state.crl_number.saturating_add(1);
    let next = days_from(now, days)?;
    for (level, authority) in [(Level::Root, &pair.root), (Level::Ca, &pair.ca)] {
        let list = authority.list(&state.revoked(level)?, number, now, next)?;
        files::write(&folder.crl_path(level), &list)?;
    }
    state.crl_number = number;
    Ok(())
}
