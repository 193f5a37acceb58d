//! The digest of the approval inside what is signed.

use yinxin_crypto::ObjectIdentifier;
use yinxin_formats::ses::SesExtension;

use super::GateFault;

/// Extension of TBS_Sign that carries the SM3 of the record of approval, 32 bytes. The arc is that of examples
/// (RFC 5612): the project has no registered one, and readers that do not know the extension pass over it.
pub const APPROVAL_OID: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.38540.1");

/// The extension for a digest given in hex.
///
/// # Errors
/// [`GateFault::Approval`] when it is no SM3 digest.
pub fn approval_extension(digest: &str) -> Result<SesExtension, GateFault> {
    let value = hex::decode(digest).ok().filter(|bytes| bytes.len() == 32).ok_or(GateFault::Approval)?;
    Ok(SesExtension { oid: APPROVAL_OID, critical: false, value })
}

/// The digest among extensions, in hex; `None` when there is none.
///
/// # Errors
/// [`GateFault::Approval`] when it stands there twice or is no SM3 digest.
pub fn approval_of(extensions: &[SesExtension]) -> Result<Option<String>, GateFault> {
    let mut found = extensions.iter().filter(|e| e.oid == APPROVAL_OID);
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(one), None) if one.value.len() == 32 => Ok(Some(hex::encode(&one.value))),
        _ => Err(GateFault::Approval),
    }
}
