//! The password derivation of PKCS#12, RFC 7292 appendix B, and the old encryption built on it.

use sm3::digest::{Digest, FixedOutputReset, block_api::BlockSizeUser};
use zeroize::Zeroizing;

use crate::asn1::Reader;
use crate::cbc_mode;
use crate::keystore::KeystoreError;
use crate::keystore::pbes2::Budget;

/// What derived bytes are for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Key = 1,
    Iv = 2,
    Mac = 3,
}

/// The password as a BMPString with its two terminating zero octets (B.1).
pub(super) fn bmp(password: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let text = core::str::from_utf8(password)
        .map_err(|_| KeystoreError::BadPassword { what: "PKCS#12 needs UTF-8 text" })?;
    let mut out = Zeroizing::new(Vec::with_capacity(password.len().saturating_mul(2).saturating_add(2)));
    for unit in text.encode_utf16() {
        out.extend_from_slice(&unit.to_be_bytes());
    }
    out.extend_from_slice(&[0, 0]);
    Ok(out)
}

/// Derives `len` bytes with digest `D` (B.2).
pub(super) fn derive<D: Digest + BlockSizeUser + FixedOutputReset>(
    purpose: Purpose,
    password: &[u8],
    salt: &[u8],
    rounds: u32,
    len: usize,
) -> Zeroizing<Vec<u8>> {
    let block = D::block_size();
    let mut input = Zeroizing::new(stretch(salt, block));
    input.extend_from_slice(&Zeroizing::new(stretch(password, block)));
    let diversifier = vec![purpose as u8; block];
    let mut out = Zeroizing::new(Vec::with_capacity(len));
    while out.len() < len {
        let mut digest = D::new();
        Digest::update(&mut digest, &diversifier);
        Digest::update(&mut digest, &*input);
        let mut hash = Digest::finalize_reset(&mut digest);
        for _ in 1..rounds {
            Digest::update(&mut digest, &hash);
            hash = Digest::finalize_reset(&mut digest);
        }
        let wanted = len.saturating_sub(out.len());
        out.extend(hash.iter().take(wanted));
        let addend: Vec<u8> = hash.iter().copied().cycle().take(block).collect();
        for part in input.chunks_mut(block) {
            add_plus_one(part, &addend);
        }
    }
    out
}

/// `bytes` repeated up to the next multiple of the block; nothing stays nothing.
fn stretch(bytes: &[u8], block: usize) -> Vec<u8> {
    let length = bytes.len().div_ceil(block).saturating_mul(block);
    bytes.iter().copied().cycle().take(length).collect()
}

/// part = part + addend + 1, big-endian, carry out dropped.
fn add_plus_one(part: &mut [u8], addend: &[u8]) {
    let mut carry = 1u16;
    for (digit, more) in part.iter_mut().zip(addend).rev() {
        let sum = u16::from(*digit) + u16::from(*more) + carry;
        let [high, low] = sum.to_be_bytes();
        *digit = low;
        carry = u16::from(high);
    }
}

/// `PKCS12PbeParams ::= SEQUENCE { salt OCTET STRING, iterations INTEGER }`.
fn read_params(mut parameters: Reader<'_>) -> Result<(&[u8], u32), KeystoreError> {
    let mut fields = parameters.sequence("PBE parameters SEQUENCE expected")?;
    parameters.finish("bytes after PBE parameters")?;
    let bad = fields.error("salt is longer than 1024 bytes");
    let salt = fields.octets("salt OCTET STRING expected")?;
    if salt.len() > 1024 {
        return Err(bad.into());
    }
    let bad = fields.error("iterations is 0 or above 32 bits");
    let rounds = fields.small(bad.what)?;
    fields.finish("more fields than PBE parameters have")?;
    if rounds == 0 { Err(bad.into()) } else { Ok((salt, rounds)) }
}

/// Decrypts pbeWithSHAAnd3-KeyTripleDES-CBC (appendix C), still common in old files.
pub(crate) fn decrypt_old(
    parameters: Reader<'_>,
    password: &[u8],
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let (salt, rounds) = read_params(parameters)?;
    // Two hash outputs of 20 bytes for the key, one for the initialization vector.
    budget.spend(rounds, 3)?;
    let password = bmp(password)?;
    let key = derive::<sha1::Sha1>(Purpose::Key, &password, salt, rounds, 24);
    let iv = derive::<sha1::Sha1>(Purpose::Iv, &password, salt, rounds, 8);
    cbc_mode::decrypt::<des::TdesEde3>(&key, &iv, ciphertext).ok_or(KeystoreError::WrongPassword)
}
