//! What the test CA remembers: certificates issued and revoked, the number of the last list.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_formats::crl::{RevocationReason, Revoked};
use yinxin_formats::x509::Serial;

use super::Level;
use crate::failure::Failure;

/// Number of the layout.
const FORMAT: u32 = 1;

/// Content of `ca.json`.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Layout of this file.
    pub format: u32,
    /// Says that this is a test CA.
    pub note: String,
    /// Name given at the start.
    pub name: String,
    /// Number of the last revocation lists.
    pub crl_number: u64,
    /// Certificates issued, oldest first.
    pub issued: Vec<Issued>,
}

/// One certificate.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Serial, hexadecimal.
    pub serial: String,
    /// `ca` or `root`.
    pub issuer: String,
    /// Role, or `ca`.
    pub role: String,
    /// Subject.
    pub subject: String,
    /// First moment of validity, RFC 3339.
    pub not_before: String,
    /// Last moment of validity, RFC 3339.
    pub not_after: String,
    /// Revocation, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<Revocation>,
}

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    /// Moment, RFC 3339.
    pub date: String,
    /// Number of the reason (RFC 5280 §5.3.1).
    pub reason: u64,
}

impl State {
    /// The state of a new CA.
    pub fn new(name: &str) -> Self {
        let note = super::authority::MARK.to_owned();
        Self { format: FORMAT, note, name: name.to_owned(), crl_number: 0, issued: Vec::new() }
    }

    /// Reads `ca.json`.
    pub fn from_json(bytes: &[u8]) -> Result<Self, Failure> {
        let wrong = |why: String| Failure::new("CA_STATE", format!("ca.json：{why}"));
        let state: Self = serde_json::from_slice(bytes).map_err(|e| wrong(e.to_string()))?;
        if state.format == FORMAT {
            Ok(state)
        } else {
            Err(wrong(format!("格式 {} 不认识 / layout {} is not known", state.format, state.format)))
        }
    }

    /// As written to `ca.json`.
    pub fn to_json(&self) -> Result<Vec<u8>, Failure> {
        serde_json::to_vec_pretty(self).map_err(|e| Failure::new("CA_STATE", e.to_string()))
    }

    /// Whether a serial was used.
    pub fn knows(&self, serial: &str) -> bool {
        self.issued.iter().any(|i| i.serial == serial)
    }

    /// Marks a certificate as revoked.
    pub fn revoke(
        &mut self,
        serial: &str,
        date: Timestamp,
        reason: RevocationReason,
    ) -> Result<&Issued, Failure> {
        let Some(found) = self.issued.iter_mut().find(|i| i.serial == serial) else {
            let detail =
                format!("没有签发过序列号 {serial} 的证书 / no certificate {serial} was issued here");
            return Err(Failure::new("CA_UNKNOWN_SERIAL", detail));
        };
        if let Some(r) = &found.revoked {
            let detail = format!("证书 {serial} 已于 {} 吊销 / already revoked", r.date);
            return Err(Failure::new("CA_ALREADY_REVOKED", detail));
        }
        found.revoked = Some(Revocation { date: date.to_string(), reason: reason.number() });
        Ok(found)
    }

    /// The entries of one authority's list.
    pub fn revoked(&self, level: Level) -> Result<Vec<Revoked>, Failure> {
        let of_level = self.issued.iter().filter(|i| i.issuer == level.word());
        of_level.filter_map(|i| i.revoked.as_ref().map(|r| entry(&i.serial, r))).collect()
    }
}

/// A record that cannot be read is an error: left out, it would make a revoked certificate good again.
fn entry(serial: &str, revocation: &Revocation) -> Result<Revoked, Failure> {
    let wrong = |e: hex::FromHexError| Failure::new("CA_STATE", format!("ca.json：{serial}：{e}"));
    Ok(Revoked {
        serial: Serial::from_unsigned(&hex::decode(serial).map_err(wrong)?),
        date: crate::time::parse(&revocation.date)?,
        reason: RevocationReason::from_number(revocation.reason),
        invalidity_date: None,
        certificate_issuer: Vec::new(),
        unknown_critical: Vec::new(),
        at: 0,
    })
}
