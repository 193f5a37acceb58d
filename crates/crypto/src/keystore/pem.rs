//! PEM files with private keys, RFC 7468.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::{KeystoreError, decrypt_pkcs8, pkcs8, sec1};
use crate::asn1::Reader;
use crate::{SoftwareKey, oids};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// Blocks looked at before giving up.
const MAX_BLOCKS: usize = 64;

struct Block<'a> {
    label: &'a str,
    der: Zeroizing<Vec<u8>>,
}

/// Whether the bytes hold at least one PEM block.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    bytes.windows(BEGIN.len()).any(|window| window == BEGIN.as_bytes())
}

/// The first private key of the file.
pub(crate) fn read_private_key(bytes: &[u8], password: Option<&[u8]>) -> Result<SoftwareKey, KeystoreError> {
    // Text around the blocks may be in any encoding (certificate names in GBK are met); the blocks are ASCII.
    let text = Zeroizing::new(String::from_utf8_lossy(bytes).into_owned());
    let mut curve = None;
    for block in blocks(&text)? {
        match block.label {
            "EC PARAMETERS" => curve = named_curve(&block.der),
            // OpenSSL labels SM2 keys in SEC 1 form this way.
            "SM2 PRIVATE KEY" => return sec1::parse(&block.der, Some(oids::CURVE_SM2)),
            "EC PRIVATE KEY" => return sec1::parse(&block.der, curve),
            "PRIVATE KEY" => return pkcs8::parse(&block.der),
            "ENCRYPTED PRIVATE KEY" => {
                return decrypt_pkcs8(&block.der, password.ok_or(KeystoreError::PasswordNeeded)?);
            }
            _ => {}
        }
    }
    Err(KeystoreError::NoPrivateKey)
}

fn named_curve(der: &[u8]) -> Option<ObjectIdentifier> {
    Reader::new(der).oid("namedCurve expected").ok()
}

fn blocks(text: &str) -> Result<Vec<Block<'_>>, KeystoreError> {
    let mut found = Vec::new();
    let mut open: Option<(&str, Zeroizing<String>)> = None;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        let fail = |what| KeystoreError::Pem { line: number.saturating_add(1), what };
        if let Some(label) = line.strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(DASHES)) {
            if open.is_some() {
                return Err(fail("a block begins inside another"));
            }
            // Reserved in full at once, so that growing leaves no copies of secrets behind.
            open = Some((label, Zeroizing::new(String::with_capacity(text.len()))));
        } else if let Some(label) = line.strip_prefix(END).and_then(|rest| rest.strip_suffix(DASHES)) {
            let (begun, body) = open.take().ok_or_else(|| fail("a block ends that never began"))?;
            if begun != label {
                return Err(fail("the END line names another label than the BEGIN line"));
            }
            let der = STANDARD.decode(body.as_bytes()).map_err(|_| fail("the block is not base64"))?;
            found.push(Block { label, der: Zeroizing::new(der) });
            if found.len() > MAX_BLOCKS {
                return Err(fail("too many blocks"));
            }
        } else if let Some((_, body)) = &mut open {
            if line.contains(':') {
                return Err(fail(
                    "old-style encryption with headers is not supported: convert by `openssl pkcs8 -topk8`",
                ));
            }
            body.push_str(line);
        }
    }
    if open.is_some() {
        return Err(KeystoreError::Pem { line: text.lines().count(), what: "the last block has no end" });
    }
    Ok(found)
}
