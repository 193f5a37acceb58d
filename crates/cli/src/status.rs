//! Status of seals from files: answers and lists of a status service.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_server::status::verify;

use crate::failure::Failure;
use crate::output::Output;
use crate::{files, trust};

/// What a status service said.
#[derive(Debug, Clone, Args, Default)]
pub struct StatusArgs {
    /// 状态服务对印章的签名应答，可多次给出；过期的不采用 / a signed answer of the status service; may be repeated; one that has run out is not used
    #[arg(long, value_name = "FILE", requires = "status_signer")]
    pub status_answer: Vec<PathBuf>,
    /// 状态服务的签名列表，可多次给出；过期的不采用 / a signed list of the status service; may be repeated; one that has run out is not used
    #[arg(long, value_name = "FILE", requires = "status_signer")]
    pub status_list: Vec<PathBuf>,
    /// 状态服务的签名证书，可多次给出；其证书链须通往信任锚 / certificate with which the status service signs; may be repeated; its chain must lead to an anchor
    #[arg(long, value_name = "FILE")]
    pub status_signer: Vec<PathBuf>,
}

impl StatusArgs {
    /// Adds what the files say of seals. Every signature must hold.
    pub fn load(&self, facts: &mut TrustFacts, at: Timestamp, out: &Output) -> Result<(), Failure> {
        let mut signers: Vec<Certificate> = Vec::new();
        for path in &self.status_signer {
            signers.push(trust::certificate(path)?);
        }
        for path in &self.status_answer {
            let found = verify::answer(&files::read(path)?, &signers, facts, at);
            let answer = found.map_err(|e| Failure::new(e.code(), format!("{}: {e}", path.display())))?;
            if answer.seal.is_none() {
                let word = out.pick("状态服务不知道该印章", "the status service does not know the seal");
                out.note(format!("{}: {word}: {}", path.display(), answer.code));
            } else if at >= answer.next_update {
                facts.stale_statuses.push((answer.code, answer.next_update));
            } else {
                facts.statuses.extend(verify::facts_of(&answer.code, &answer.timeline));
            }
        }
        for path in &self.status_list {
            let found = verify::list(&files::read(path)?, &signers, facts, at);
            let list = found.map_err(|e| Failure::new(e.code(), format!("{}: {e}", path.display())))?;
            let stale = at >= list.next_update;
            for entry in list.entries {
                if stale {
                    facts.stale_statuses.push((entry.code, list.next_update));
                } else {
                    facts.statuses.extend(verify::facts_of(&entry.code, &entry.timeline));
                }
            }
            if stale {
                let word = out.pick("状态列表已过期，未采用", "the list has run out and was not used");
                out.note(format!("{}: {word}: {}", path.display(), list.next_update));
            }
        }
        Ok(())
    }
}
