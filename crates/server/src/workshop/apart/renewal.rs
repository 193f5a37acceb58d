//! A workshop apart has its maker's certificate renewed while it works: three months before the end by itself, else when its operator wishes.
//! The new certificate lies beside the one in use until the registry has it on record.

use super::{Apart, Hold, write};
use crate::config::Config;
use crate::making::dto::WorkshopFactsDto;
use crate::start::StartError;
use crate::workshop::Renewed;
use crate::workshop::host::{HostError, replace_file};
use jiff::{SignedDuration, Timestamp};
use std::sync::PoisonError;
use yinxin_seal::TrustFacts;

/// What an operator wishes, in the data folder: a word in a file, gone once it was read.
const WISH_FILE: &str = "maker-renewal";
const SAME_KEY: &str = "same-key";
const NEW_KEY: &str = "new-key";
/// Files of the request that an authority outside is to sign, and of what it issued.
const REQUEST_FILE: &str = "maker-next.csr";
const ANSWER_FILE: &str = "maker-next-issued.pem";
/// A certificate is renewed so long before its end without being asked.
const AHEAD: SignedDuration = SignedDuration::from_hours(24 * 90);

/// Leaves word for the workshop in this data folder, which may be running, that its certificate is to be renewed.
///
/// # Errors
/// The file cannot be written.
pub fn ask_for_renewal(config: &Config, new_key: bool) -> Result<(), StartError> {
    let path = config.data_dir.join(WISH_FILE);
    let word = if new_key { NEW_KEY } else { SAME_KEY };
    replace_file(&path, word.as_bytes())
        .map_err(|source| StartError::File { path: path.display().to_string(), source })
}

impl Apart {
    /// One look at the renewal. What is wrong with a certificate from outside keeps nobody from work with the one in use.
    pub(super) fn renewal(
        &self,
        facts: &WorkshopFactsDto,
        trust: &TrustFacts,
        now: Timestamp,
    ) -> Result<(), Hold> {
        let named = (facts.name.as_str(), facts.credit_code.as_str());
        let [wish, request, answer] =
            [WISH_FILE, REQUEST_FILE, ANSWER_FILE].map(|name| self.config.data_dir.join(name));
        if self.host.settle(facts)? {
            // What was for the certificate now in use must not be taken for the one after it.
            let _ = std::fs::remove_file(&request);
            let _ = std::fs::remove_file(&answer);
            self.told(None);
        }
        let wished = std::fs::read_to_string(&wish).ok();
        let known = self.host.state().and_then(|state| state.next);
        let ends = self.host.certificate()?.map(|certificate| certificate.not_after);
        let soon = ends.is_some_and(|end| end.duration_since(now) < AHEAD);
        if wished.is_some() || (known.is_none() && soon) {
            let new_key = wished.as_deref().map(str::trim) == Some(NEW_KEY);
            if let Renewed::Waiting(text) = self.host.renew(named, new_key, now)? {
                write(&request, &text)?;
            }
            let _ = std::fs::remove_file(&wish);
        }
        let Some(next) = self.host.state().and_then(|state| state.next) else { return Ok(()) };
        if next.certificates.is_empty() {
            match std::fs::read_to_string(&answer).ok() {
                None => self.told(Some(format!("AUTHORITY_PENDING {}", request.display()))),
                Some(chain) => match self.host.renewed(named, &chain, trust, now) {
                    Ok(_) => {}
                    Err(HostError::Certificate(fault)) => {
                        self.told(Some(format!("{} {fault}", fault.code())))
                    }
                    Err(error) => return Err(error.into()),
                },
            }
        }
        if let Some(next) = self.host.next_certificate()? {
            let sm3 = hex::encode(next.sm3());
            self.told(Some(format!("MAKER_CERTIFICATE_NOT_REGISTERED {sm3}")));
        }
        Ok(())
    }

    /// Says in the log what the renewal waits for, once.
    fn told(&self, now: Option<String>) {
        let mut before = self.renewing.lock().unwrap_or_else(PoisonError::into_inner);
        if *before != now {
            if let Some(waits) = &now {
                tracing::warn!(waits, "the maker's next certificate");
            }
            *before = now;
        }
    }
}
