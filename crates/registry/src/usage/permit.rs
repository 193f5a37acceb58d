//! Whether a seal may be used at this moment (用印放行): everything that must hold, looked at in one place, just before a token is given.

use crate::custody::keeping::Keeping;
use crate::lifecycle::Refused;
use crate::lifecycle::seal::{Seal, SealState};
use crate::usage::document::UseItem;
use crate::usage::request::{RequestState, UseRequest};
use jiff::Timestamp;

/// What is known at this moment.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Seal.
    pub seal: &'a Seal,
    /// Who keeps it.
    pub keeping: &'a Keeping,
    /// Request.
    pub request: &'a UseRequest,
    /// Document of it.
    pub item: &'a UseItem,
    /// SM3 of the bytes at hand, hex.
    pub bytes_digest: &'a str,
}

/// Allows one document to be sealed.
///
/// # Errors
/// The first thing that stands in the way: `SEAL_NOT_ACTIVE`, `SEAL_OVER`, `CERTIFICATE_OVER`, `SEAL_UNKEPT`, `SEAL_DIFFERS`,
/// `USE_EXCLUDED`, `APPROVAL_MISSING`, `APPROVAL_OVER`, `REQUEST_STATE`, `ITEM_DIFFERS`, `DOCUMENT_CHANGED`.
pub fn permit_use(facts: &Facts<'_>, now: Timestamp) -> Result<(), Refused> {
    let Facts { seal, keeping, request, item, bytes_digest } = *facts;
    if seal.state() != SealState::Active {
        return Err(Refused::rule(
            "SEAL_NOT_ACTIVE",
            "印章未处于有效状态，不得用印",
            "the seal is not in force",
        ));
    }
    if seal.made().is_none_or(|made| now < made.valid_from || now >= made.valid_until) {
        return Err(Refused::rule("SEAL_OVER", "印章不在有效期内", "outside the seal's time"));
    }
    if seal.made().is_none_or(|made| now >= made.certificate_until) {
        return Err(Refused::rule(
            "CERTIFICATE_OVER",
            "印章证书已过有效期",
            "the seal's certificate is over",
        ));
    }
    if request.seal() != seal.id() || keeping.seal() != seal.id() {
        return Err(Refused::rule("SEAL_DIFFERS", "申请的不是该印章", "the request is for another seal"));
    }
    if !keeping.is_kept() {
        return Err(Refused::rule("SEAL_UNKEPT", "印章无人保管，不得用印", "nobody keeps the seal"));
    }
    if seal.excluded_uses().iter().any(|use_| *use_ == request.asked().document_kind) {
        return Err(Refused::rule(
            "USE_EXCLUDED",
            "依法不得对该种文件使用电子印章",
            "a law excludes this kind of document",
        ));
    }
    if request.state() != RequestState::Signing {
        return Err(Refused::rule(
            "REQUEST_STATE",
            "该申请不在用印阶段",
            "the request is not being carried out",
        ));
    }
    request.is_good(now)?;
    if item.request() != request.id() {
        return Err(Refused::rule("ITEM_DIFFERS", "该文件不属于此申请", "the document is another request's"));
    }
    if item.document().digest != bytes_digest {
        return Err(Refused::rule(
            "DOCUMENT_CHANGED",
            "文件与所批准的不一致",
            "the document is not the one that was approved",
        ));
    }
    Ok(())
}
