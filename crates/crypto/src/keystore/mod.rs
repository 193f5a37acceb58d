//! Key files: PKCS#8 plain and encrypted, SEC 1, PEM and PKCS#12.
//!
//! Written: PKCS#8 encrypted by PBES2 with PBKDF2-HMAC-SM3 and SM4-CBC. Read: the usual others too.

mod error;
mod password;
mod pbes2;
mod pem;
mod pkcs12;
mod pkcs8;
mod sec1;

pub use error::KeystoreError;
pub use password::Password;
pub use pkcs8::{DEFAULT_ITERATIONS, decrypt_pkcs8, encrypt_pkcs8, encrypt_pkcs8_pem};
pub use pkcs12::{Pkcs12, read_pkcs12};

pub(crate) use pkcs8::parse as parse_pkcs8;

use crate::SoftwareKey;

/// Largest key file looked at, in bytes.
pub const MAX_FILE: usize = 1 << 20;

/// Reads a private key from PEM (`PRIVATE KEY`, `ENCRYPTED PRIVATE KEY`, `EC PRIVATE KEY`, `SM2 PRIVATE KEY`, other blocks skipped),
/// or from DER (PKCS#8 plain or encrypted, SEC 1, PKCS#12).
///
/// # Errors
/// See [`KeystoreError`]; [`KeystoreError::PasswordNeeded`] if the file is encrypted and no password was given.
pub fn read_private_key(bytes: &[u8], password: Option<&[u8]>) -> Result<SoftwareKey, KeystoreError> {
    if bytes.len() > MAX_FILE {
        return Err(KeystoreError::TooLarge);
    }
    if pem::looks_like(bytes) {
        return pem::read_private_key(bytes, password);
    }
    match pkcs8::shape(bytes)? {
        pkcs8::Shape::Plain => pkcs8::parse(bytes),
        pkcs8::Shape::Sec1 => sec1::parse(bytes, None),
        pkcs8::Shape::Encrypted => decrypt_pkcs8(bytes, password.ok_or(KeystoreError::PasswordNeeded)?),
        pkcs8::Shape::Pkcs12 => {
            let content = read_pkcs12(bytes, password.ok_or(KeystoreError::PasswordNeeded)?)?;
            content.keys.into_iter().next().ok_or(KeystoreError::NoPrivateKey)
        }
    }
}
