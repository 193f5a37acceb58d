//! What the test authority issued and revoked: a journal on disk, an index in memory.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_formats::crl::{RevocationReason, Revoked};
use yinxin_formats::x509::Serial;

use super::super::journal::{Journal, JournalError};

/// One line of the journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
enum Entry {
    Issued { reference: String, serial: String, kind: String, at: Timestamp, certificate: String },
    Revoked { serial: String, reason: u64, at: Timestamp },
    Listed { number: u64, at: Timestamp },
}

/// The record.
#[derive(Debug)]
pub(super) struct Index {
    journal: Journal,
    /// Reference to serial and certificate.
    by_reference: BTreeMap<String, Vec<u8>>,
    /// Serials issued; the value says when and why it was revoked.
    serials: BTreeMap<String, Option<(Timestamp, u64)>>,
    crl_number: u64,
}

impl Index {
    pub(super) fn open(path: &Path) -> Result<Self, JournalError> {
        let (journal, entries) = Journal::open::<Entry>(path)?;
        let mut index =
            Self { journal, by_reference: BTreeMap::new(), serials: BTreeMap::new(), crl_number: 0 };
        for (line, entry) in entries.into_iter().enumerate() {
            index.take(entry).ok_or(JournalError::Damaged { line: line + 1 })?;
        }
        Ok(index)
    }

    fn take(&mut self, entry: Entry) -> Option<()> {
        match entry {
            Entry::Issued { reference, serial, certificate, .. } => {
                self.by_reference.insert(reference, STANDARD.decode(certificate).ok()?);
                self.serials.insert(serial, None);
            }
            Entry::Revoked { serial, reason, at } => {
                self.serials.insert(serial, Some((at, reason)));
            }
            Entry::Listed { number, .. } => self.crl_number = number,
        }
        Some(())
    }

    fn record(&mut self, entry: Entry) -> Result<(), JournalError> {
        self.journal.append(&entry)?;
        // What was just written can be read.
        let _ = self.take(entry);
        Ok(())
    }

    /// The certificate issued under a reference.
    pub(super) fn issued(&self, reference: &str) -> Option<&[u8]> {
        self.by_reference.get(reference).map(Vec::as_slice)
    }

    pub(super) fn knows(&self, serial: &str) -> bool {
        self.serials.contains_key(serial)
    }

    pub(super) fn count(&self) -> usize {
        self.serials.len()
    }

    pub(super) fn issue(
        &mut self,
        reference: &str,
        serial: &Serial,
        kind: &str,
        der: &[u8],
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.record(Entry::Issued {
            reference: reference.to_owned(),
            serial: serial.to_string(),
            kind: kind.to_owned(),
            at,
            certificate: STANDARD.encode(der),
        })
    }

    /// Gives false where there is no such serial.
    pub(super) fn revoke(
        &mut self,
        serial: &str,
        reason: RevocationReason,
        at: Timestamp,
    ) -> Result<bool, JournalError> {
        match self.serials.get(serial) {
            None => Ok(false),
            Some(Some(_)) => Ok(true),
            Some(None) => {
                let entry = Entry::Revoked { serial: serial.to_owned(), reason: reason.number(), at };
                self.record(entry).map(|()| true)
            }
        }
    }

    /// The number of the next list, recorded before it is used.
    pub(super) fn next_list(&mut self, at: Timestamp) -> Result<u64, JournalError> {
        let number = self.crl_number.saturating_add(1);
        self.record(Entry::Listed { number, at })?;
        Ok(number)
    }

    pub(super) fn revoked(&self) -> Vec<Revoked> {
        let entry = |(serial, revoked): (&String, &Option<(Timestamp, u64)>)| {
            let (date, reason) = (*revoked)?;
            Some(Revoked {
                serial: Serial::from_unsigned(&hex::decode(serial).ok()?),
                date,
                reason: RevocationReason::from_number(reason),
                invalidity_date: None,
                certificate_issuer: Vec::new(),
                unknown_critical: Vec::new(),
                at: 0,
            })
        };
        self.serials.iter().filter_map(entry).collect()
    }
}
