//! The permission for one signature (用印令牌): bound to seal, key, document, places, approval and end, good once.
//!
//! The registry signs the [`Claims`]; whoever holds the key checks them by itself before it signs, in a process of its own.

use crate::ids::{SealId, TokenId, UseItemId, UseRequestId};
use crate::lifecycle::Refused;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Seconds a token is good for at most.
pub const LONGEST_SECONDS: i64 = 900;
/// Seconds the clocks of registry and key holder may differ.
pub const SKEW_SECONDS: i64 = 30;
/// What the claims begin with, so that a signature over them is a signature over nothing else.
pub const DOMAIN: &str = "yinxin.use-token.v1\n";
/// What a sheet begins with.
pub const SHEET: &str = "yinxin.use-tokens.v1\n";
/// Tokens of a sheet at most.
pub const MOST_ON_SHEET: usize = 64;
/// Characters of a line of a sheet: a digest, hex, and the end of the line.
const LINE: usize = 65;

/// What a token says. All digests are SM3, hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// Key; good once.
    pub id: TokenId,
    /// Request.
    pub request: UseRequestId,
    /// Document of it.
    pub item: UseItemId,
    /// Seal.
    pub seal: SealId,
    /// Digest of the seal's data.
    pub seal_digest: String,
    /// Digest of the key's public half.
    pub key_digest: String,
    /// Digest of the document as it was approved.
    pub document: String,
    /// Digest of the document's line of the manifest: document and places.
    pub line: String,
    /// Digest that the seal's signature will carry as that of the document.
    pub data_hash: String,
    /// Digest of the record of approval, which the signature carries too.
    pub approval: String,
    /// Given out.
    pub issued_at: Timestamp,
    /// Good until, exclusive.
    pub until: Timestamp,
}

/// What is about to be signed, as the key holder reads it from the bytes to be signed.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Digest of the seal's data inside.
    pub seal_digest: &'a str,
    /// Digest of the public half of the key asked.
    pub key_digest: &'a str,
    /// Digest of the document inside.
    pub data_hash: &'a str,
    /// Digest of the record of approval inside; none when it carries none.
    pub approval: Option<&'a str>,
}

/// Many tokens under one signature (令牌单): the SM3 of the canonical claims of each, hex, a line each.
pub fn sheet<'a>(tokens: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut text = SHEET.to_owned();
    for claims in tokens {
        text.push_str(&hex::encode(yinxin_crypto::sm3(claims)));
        text.push('\n');
    }
    text.into_bytes()
}

/// Whether a sheet is one, and has these claims on it.
pub fn on_sheet(sheet: &[u8], claims: &[u8]) -> bool {
    let Some(lines) = sheet.strip_prefix(SHEET.as_bytes()) else { return false };
    let wanted = hex::encode(yinxin_crypto::sm3(claims));
    let (lines, rest) = lines.as_chunks::<LINE>();
    rest.is_empty()
        && lines.len() <= MOST_ON_SHEET
        && lines.iter().all(|line| line.last() == Some(&b'\n'))
        && lines.iter().any(|line| line.strip_suffix(b"\n") == Some(wanted.as_bytes()))
}

impl Claims {
    /// The bytes that are signed.
    pub fn canonical(&self) -> Vec<u8> {
        // Field order of a struct is fixed, and maps do not occur: the same claims give the same bytes.
        let mut bytes = DOMAIN.as_bytes().to_vec();
        bytes.extend(serde_json::to_vec(self).unwrap_or_default());
        bytes
    }

    /// Reads claims back from the bytes that were signed; only the one canonical form is taken.
    ///
    /// # Errors
    /// `TOKEN_FORM`.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refused> {
        let fault = || Refused::rule("TOKEN_FORM", "用印令牌格式不正确", "this is no token");
        let json = bytes.strip_prefix(DOMAIN.as_bytes()).ok_or_else(fault)?;
        let claims: Claims = serde_json::from_slice(json).map_err(|_| fault())?;
        match claims.canonical() == bytes {
            true => Ok(claims),
            false => Err(fault()),
        }
    }

    /// Whether the claims allow this signature now. The signature over them, and that they were not used, are looked at by the caller.
    ///
    /// # Errors
    /// `TOKEN_NOT_YET`, `TOKEN_OVER`, `TOKEN_LONG`, `TOKEN_KEY`, `TOKEN_SEAL`, `TOKEN_DOCUMENT`, `TOKEN_APPROVAL`.
    pub fn allow(&self, asked: &Asked<'_>, now: Timestamp) -> Result<(), Refused> {
        let skew = SignedDuration::from_secs(SKEW_SECONDS);
        if now.checked_add(skew).unwrap_or(now) < self.issued_at {
            return Err(Refused::rule(
                "TOKEN_NOT_YET",
                "用印令牌尚未生效，请核对时钟",
                "the token is of the future: check the clocks",
            ));
        }
        if now >= self.until {
            return Err(Refused::rule("TOKEN_OVER", "用印令牌已过期", "the token is over"));
        }
        if self.until.duration_since(self.issued_at) > SignedDuration::from_secs(LONGEST_SECONDS) {
            return Err(Refused::rule("TOKEN_LONG", "用印令牌有效期过长", "the token is good for too long"));
        }
        if self.key_digest != asked.key_digest {
            return Err(Refused::rule("TOKEN_KEY", "用印令牌不属于该密钥", "the token is for another key"));
        }
        if self.seal_digest != asked.seal_digest {
            return Err(Refused::rule("TOKEN_SEAL", "用印令牌不属于该印章", "the token is for another seal"));
        }
        if self.data_hash != asked.data_hash {
            return Err(Refused::rule(
                "TOKEN_DOCUMENT",
                "待签内容不是所批准的文件或者位置",
                "what is to be signed is not the document approved, or not at its places",
            ));
        }
        if asked.approval != Some(self.approval.as_str()) {
            return Err(Refused::rule(
                "TOKEN_APPROVAL",
                "待签内容未载明该审批记录",
                "what is to be signed does not carry the approval",
            ));
        }
        Ok(())
    }
}
