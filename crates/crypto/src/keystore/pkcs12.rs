//! PKCS#12 files, RFC 7292: reading keys and certificates.

mod ber;
mod kdf;
mod read;

pub use read::{Pkcs12, read_pkcs12};

pub(crate) use kdf::decrypt_old;

/// Whether the bytes begin as a PFX: a SEQUENCE, definite or not, whose first field is INTEGER 3.
pub(crate) fn looks_like(bytes: &[u8]) -> bool {
    let body = match bytes {
        [0x30, 0x80, rest @ ..] => rest,
        [0x30, 0x81, _, rest @ ..] => rest,
        [0x30, 0x82, _, _, rest @ ..] => rest,
        [0x30, 0x83, _, _, _, rest @ ..] => rest,
        [0x30, 0x84, _, _, _, _, rest @ ..] => rest,
        [0x30, _, rest @ ..] => rest,
        _ => return false,
    };
    body.starts_with(&[2, 1, 3])
}
