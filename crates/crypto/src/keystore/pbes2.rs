//! Password-based encryption PBES2 with PBKDF2, RFC 8018.

use const_oid::ObjectIdentifier;
use zeroize::Zeroizing;

use super::KeystoreError;
use crate::asn1::{self, Reader};
use crate::rand_core::CryptoRng;
use crate::{cbc_mode, oids, sm4};

/// Most rounds of password hashing one file may cost, over all its parts together.
const MAX_ROUNDS: u64 = 10_000_000;
/// Longest salt read, in bytes.
const MAX_SALT: usize = 1024;

/// What password hashing a file may still cost; hostile files ask for billions of rounds.
pub(crate) struct Budget(u64);

impl Budget {
    pub fn new() -> Self {
        Self(MAX_ROUNDS)
    }

    pub fn spend(&mut self, rounds: u32, blocks: usize) -> Result<(), KeystoreError> {
        let blocks = u64::try_from(blocks).unwrap_or(u64::MAX);
        let asked = u64::from(rounds).saturating_mul(blocks);
        self.0 = self.0.checked_sub(asked).ok_or(KeystoreError::TooManyIterations { asked })?;
        Ok(())
    }
}

/// Pseudo-random functions of PBKDF2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Prf {
    Sm3,
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Prf {
    fn from_oid(oid: ObjectIdentifier) -> Result<Self, KeystoreError> {
        match oid {
            oids::HMAC_SM3 => Ok(Self::Sm3),
            oids::HMAC_SHA1 => Ok(Self::Sha1),
            oids::HMAC_SHA256 => Ok(Self::Sha256),
            oids::HMAC_SHA384 => Ok(Self::Sha384),
            oids::HMAC_SHA512 => Ok(Self::Sha512),
            oid => Err(KeystoreError::Unsupported { what: "PBKDF2 function", oid }),
        }
    }

    fn output_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sm3 | Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    pub fn derive(self, password: &[u8], salt: &[u8], rounds: u32, key_len: usize) -> Zeroizing<Vec<u8>> {
        use pbkdf2::pbkdf2_hmac;
        let mut key = Zeroizing::new(vec![0; key_len]);
        match self {
            Self::Sm3 => pbkdf2_hmac::<::sm3::Sm3>(password, salt, rounds, &mut key),
            Self::Sha1 => pbkdf2_hmac::<sha1::Sha1>(password, salt, rounds, &mut key),
            Self::Sha256 => pbkdf2_hmac::<sha2::Sha256>(password, salt, rounds, &mut key),
            Self::Sha384 => pbkdf2_hmac::<sha2::Sha384>(password, salt, rounds, &mut key),
            Self::Sha512 => pbkdf2_hmac::<sha2::Sha512>(password, salt, rounds, &mut key),
        }
        key
    }
}

/// Ciphers of PBES2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cipher {
    Sm4,
    Aes128,
    Aes192,
    Aes256,
    TripleDes,
}

impl Cipher {
    fn from_oid(oid: ObjectIdentifier) -> Result<Self, KeystoreError> {
        match oid {
            oids::SM4_CBC => Ok(Self::Sm4),
            oids::AES128_CBC => Ok(Self::Aes128),
            oids::AES192_CBC => Ok(Self::Aes192),
            oids::AES256_CBC => Ok(Self::Aes256),
            oids::DES_EDE3_CBC => Ok(Self::TripleDes),
            oid => Err(KeystoreError::Unsupported { what: "cipher", oid }),
        }
    }

    fn key_len(self) -> usize {
        match self {
            Self::Sm4 | Self::Aes128 => 16,
            Self::Aes192 | Self::TripleDes => 24,
            Self::Aes256 => 32,
        }
    }

    fn decrypt(self, key: &[u8], iv: &[u8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match self {
            Self::Sm4 => cbc_mode::decrypt::<::sm4::Sm4>(key, iv, ciphertext),
            Self::Aes128 => cbc_mode::decrypt::<aes::Aes128>(key, iv, ciphertext),
            Self::Aes192 => cbc_mode::decrypt::<aes::Aes192>(key, iv, ciphertext),
            Self::Aes256 => cbc_mode::decrypt::<aes::Aes256>(key, iv, ciphertext),
            Self::TripleDes => cbc_mode::decrypt::<des::TdesEde3>(key, iv, ciphertext),
        }
    }
}

/// Decrypts by the parameters of an `AlgorithmIdentifier` whose OID was PBES2; `parameters` stands behind it.
pub(crate) fn decrypt(
    mut parameters: Reader<'_>,
    password: &[u8],
    ciphertext: &[u8],
    budget: &mut Budget,
) -> Result<Zeroizing<Vec<u8>>, KeystoreError> {
    let mut fields = parameters.sequence("PBES2-params SEQUENCE expected")?;
    parameters.finish("bytes after PBES2-params")?;
    let mut derivation = fields.sequence("keyDerivationFunc SEQUENCE expected")?;
    let mut encryption = fields.sequence("encryptionScheme SEQUENCE expected")?;
    fields.finish("more fields than PBES2-params has")?;

    let cipher = Cipher::from_oid(encryption.oid("cipher OBJECT IDENTIFIER expected")?)?;
    let iv = encryption.octets("initialization vector expected")?;
    encryption.finish("bytes after the initialization vector")?;

    let oid = derivation.oid("key derivation OBJECT IDENTIFIER expected")?;
    if oid != oids::PBKDF2 {
        return Err(KeystoreError::Unsupported { what: "key derivation", oid });
    }
    let Pbkdf2 { salt, rounds, prf } = read_pbkdf2(derivation, cipher.key_len())?;
    budget.spend(rounds, cipher.key_len().div_ceil(prf.output_len()))?;
    let key = prf.derive(password, salt, rounds, cipher.key_len());
    cipher.decrypt(&key, iv, ciphertext).ok_or(KeystoreError::WrongPassword)
}

struct Pbkdf2<'a> {
    salt: &'a [u8],
    rounds: u32,
    prf: Prf,
}

fn read_pbkdf2(mut derivation: Reader<'_>, key_len: usize) -> Result<Pbkdf2<'_>, KeystoreError> {
    let mut fields = derivation.sequence("PBKDF2-params SEQUENCE expected")?;
    derivation.finish("bytes after PBKDF2-params")?;
    let long_salt = fields.error("salt is longer than 1024 bytes");
    let salt = fields.octets("salt OCTET STRING expected")?;
    if salt.len() > MAX_SALT {
        return Err(long_salt.into());
    }
    let no_rounds = fields.error("iterationCount is 0 or above 32 bits");
    let rounds = fields.small(no_rounds.what)?;
    if rounds == 0 {
        return Err(no_rounds.into());
    }
    if fields.peek() == Some(asn1::INTEGER) {
        let wrong = fields.error("keyLength does not fit the cipher");
        if usize::try_from(fields.small("keyLength expected")?) != Ok(key_len) {
            return Err(wrong.into());
        }
    }
    let mut prf = Prf::Sha1;
    if !fields.is_empty() {
        let mut identifier = fields.sequence("prf AlgorithmIdentifier expected")?;
        prf = Prf::from_oid(identifier.oid("prf OBJECT IDENTIFIER expected")?)?;
    }
    fields.finish("more fields than PBKDF2-params has")?;
    Ok(Pbkdf2 { salt, rounds, prf })
}

/// Encrypts with PBKDF2-HMAC-SM3 and SM4-CBC; gives the whole `EncryptedPrivateKeyInfo`.
pub(crate) fn encrypt_sm(plaintext: &[u8], password: &[u8], rng: &mut dyn CryptoRng, rounds: u32) -> Vec<u8> {
    let mut salt = [0; 16];
    let mut iv = [0; 16];
    rng.fill_bytes(&mut salt);
    rng.fill_bytes(&mut iv);
    let mut key = Zeroizing::new([0; sm4::KEY_LEN]);
    pbkdf2::pbkdf2_hmac::<::sm3::Sm3>(password, &salt, rounds, &mut *key);
    let ciphertext = sm4::cbc_encrypt(&key, &iv, plaintext);

    use asn1::{NULL, OCTET_STRING, SEQUENCE, group, oid, tlv, unsigned};
    let prf = group(SEQUENCE, &[&oid(&oids::HMAC_SM3), &tlv(NULL, &[])]);
    let pbkdf2_params = group(SEQUENCE, &[&tlv(OCTET_STRING, &salt), &unsigned(&rounds.to_be_bytes()), &prf]);
    let derivation = group(SEQUENCE, &[&oid(&oids::PBKDF2), &pbkdf2_params]);
    let encryption = group(SEQUENCE, &[&oid(&oids::SM4_CBC), &tlv(OCTET_STRING, &iv)]);
    let parameters = group(SEQUENCE, &[&derivation, &encryption]);
    let algorithm = group(SEQUENCE, &[&oid(&oids::PBES2), &parameters]);
    group(SEQUENCE, &[&algorithm, &tlv(OCTET_STRING, &ciphertext)])
}
