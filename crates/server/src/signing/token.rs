//! The registry signs a token (用印令牌) for one signature.

use jiff::{SignedDuration, Timestamp};
use yinxin_registry::ids::TokenId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::usage::document::UseItem;
use yinxin_registry::usage::request::UseRequest;
use yinxin_registry::usage::token::{Claims, MOST_ON_SHEET, sheet};

use super::piece::Prepared;
use super::transport::SignAsk;
use crate::app::App;

/// Minutes a token is good for.
const MINUTES: i64 = 5;

/// A document that is ready to be signed.
#[derive(Debug)]
pub struct Ready<'a> {
    /// Seal.
    pub seal: &'a Seal,
    /// Request.
    pub request: &'a UseRequest,
    /// Document of it, begun with this token.
    pub item: &'a UseItem,
    /// What was prepared of it.
    pub prepared: &'a Prepared,
}

/// The token with what it is for, still without the registry's signature: [`issue`].
///
/// # Errors
/// A stable code: the request has no approval, or the seal no key here.
pub fn draw(ready: &Ready<'_>, token: &TokenId, now: Timestamp) -> Result<SignAsk, &'static str> {
    let Ready { seal, request, item, prepared } = ready;
    let made = seal.made().ok_or("SEAL_NOT_MADE")?;
    let claims = Claims {
        id: token.clone(),
        request: request.id().clone(),
        item: item.id().clone(),
        seal: seal.id().clone(),
        seal_digest: made.digest.clone(),
        key_digest: made.key_digest.clone(),
        document: item.document().digest.clone(),
        line: item.document().line_digest(),
        data_hash: hex::encode(prepared.signature.data_hash()),
        approval: request.approval().ok_or("APPROVAL_MISSING")?.to_owned(),
        issued_at: now,
        until: now.checked_add(SignedDuration::from_mins(MINUTES)).unwrap_or(now),
    };
    Ok(SignAsk {
        claims: claims.canonical(),
        sheet: Vec::new(),
        signature: Vec::new(),
        key: made.key_id.clone().ok_or("KEY_ELSEWHERE")?,
        to_sign: prepared.signature.to_sign().to_vec(),
    })
}

/// The registry signs tokens, all of them at once. Verified before it leaves.
///
/// # Errors
/// `TOKEN_NOT_SIGNED`: the registry's key does not sign.
pub fn issue(app: &App, asks: &mut [SignAsk]) -> Result<(), &'static str> {
    for asks in asks.chunks_mut(MOST_ON_SHEET) {
        let sheet = sheet(asks.iter().map(|ask| ask.claims.as_slice()));
        let (signature, _) = app.authority.sign(&sheet).map_err(|error| {
            tracing::error!(error, "tokens could not be signed");
            "TOKEN_NOT_SIGNED"
        })?;
        for ask in asks {
            (ask.sheet, ask.signature) = (sheet.clone(), signature.clone());
        }
    }
    Ok(())
}
