//! From a password to the key of a document.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::Access;
use super::cipher::{md5, mix, rc4, unwrap_key};

/// Fills short passwords up (ISO 32000-1 algorithm 2).
const PAD: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e,
    0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];

/// What the encryption dictionary gives.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    pub revision: i64,
    /// Bytes of the key.
    pub length: usize,
    pub owner: Vec<u8>,
    pub user: Vec<u8>,
    pub owner_key: Vec<u8>,
    pub user_key: Vec<u8>,
    /// `/Perms`: permissions, encrypted with the document's key.
    pub perms: Vec<u8>,
    pub permissions: i32,
    pub encrypt_metadata: bool,
    /// First part of the document's `/ID`.
    pub id: Vec<u8>,
}

impl Terms {
    /// The key, and whose password it was.
    pub(super) fn key(&self, password: &str) -> Option<(Vec<u8>, Access)> {
        if self.revision >= 5 {
            return self.key_of_five(password);
        }
        let password = narrow(password);
        if let Some(key) = self.user(&password) {
            // The same password may be the owner's too.
            let owner = self.recovered(&password).is_some_and(|p| self.user(&p).is_some());
            return Some((key, if owner { Access::Owner } else { Access::User }));
        }
        self.user(&self.recovered(&password)?).map(|key| (key, Access::Owner))
    }

    /// Algorithms 2, 4 and 5: the key, if this is the user's password.
    fn user(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mark: &[u8] = if self.revision >= 4 && !self.encrypt_metadata { &[0xff; 4] } else { b"" };
        let owner = self.owner.get(..32)?;
        let mut key = md5(&[&padded(password), owner, &self.permissions.to_le_bytes(), &self.id, mark]);
        if self.revision >= 3 {
            for _ in 0..50 {
                key = md5(&[key.get(..self.length)?]);
            }
        }
        let key = key.get(..self.length)?;
        let right = if self.revision == 2 {
            rc4(key, &PAD)? == self.user.get(..32)?
        } else {
            let mut check = md5(&[&PAD, &self.id]).to_vec();
            for i in 0..20 {
                check = rc4(&turned(key, i), &check)?;
            }
            check.as_slice() == self.user.get(..16)?
        };
        right.then(|| key.to_vec())
    }

    /// Algorithm 7: the user's password, if this is the owner's.
    fn recovered(&self, password: &[u8]) -> Option<Vec<u8>> {
        let mut key = md5(&[&padded(password)]);
        if self.revision >= 3 {
            for _ in 0..50 {
                key = md5(&[&key]);
            }
        }
        let key = key.get(..self.length)?;
        let mut out = self.owner.get(..32)?.to_vec();
        let rounds = if self.revision == 2 { 1 } else { 20 };
        for i in (0..rounds).rev() {
            out = rc4(&turned(key, i), &out)?;
        }
        Some(out)
    }

    /// ISO 32000-2 algorithm 2.A: the password as SASLprep (RFC 4013) has it, or as it was given, for writers that leave that out.
    fn key_of_five(&self, password: &str) -> Option<(Vec<u8>, Access)> {
        let prepared = stringprep::saslprep(password).ok().filter(|p| p != password);
        prepared
            .and_then(|p| self.key_of_bytes(p.as_bytes()))
            .or_else(|| self.key_of_bytes(password.as_bytes()))
    }

    fn key_of_bytes(&self, password: &[u8]) -> Option<(Vec<u8>, Access)> {
        let password = password.get(..127).unwrap_or(password);
        let user = self.user.get(..48)?;
        for (check, wrapped, beside, access) in [
            (&self.owner, &self.owner_key, user, Access::Owner),
            (&self.user, &self.user_key, &b""[..], Access::User),
        ] {
            let (hash, salts) = check.get(..48)?.split_at_checked(32)?;
            let (validation, of_key) = salts.split_at_checked(8)?;
            if self.hash(password, validation, beside)? == hash {
                let key = self.hash(password, of_key, beside)?;
                return Some((unwrap_key(&key, wrapped.get(..32)?)?, access));
            }
        }
        None
    }

    /// The permissions that the encrypted copy states, where it is one of these terms (ISO 32000-2 algorithm 13).
    pub(super) fn stated(&self, key: &[u8]) -> Option<i32> {
        let clear = unwrap_key(key, self.perms.get(..16)?)?;
        let metadata = if self.encrypt_metadata { b'T' } else { b'F' };
        let marked = clear.get(8) == Some(&metadata) && clear.get(9..12) == Some(b"adb");
        let stated = clear.first_chunk().map(|p| i32::from_le_bytes(*p));
        stated.filter(|_| marked)
    }

    /// Algorithm 2.B; revision 5 stops after the first digest.
    fn hash(&self, password: &[u8], salt: &[u8], beside: &[u8]) -> Option<Vec<u8>> {
        let mut key = Sha256::digest([password, salt, beside].concat()).to_vec();
        if self.revision == 5 {
            return Some(key);
        }
        let mut round = 0u32;
        loop {
            let once = [password, &key, beside].concat();
            let mixed = mix(key.get(..16)?, key.get(16..32)?, &once.repeat(64))?;
            let sum: u32 = mixed.iter().take(16).map(|b| u32::from(*b)).sum();
            key = match sum % 3 {
                0 => Sha256::digest(&mixed).to_vec(),
                1 => Sha384::digest(&mixed).to_vec(),
                _ => Sha512::digest(&mixed).to_vec(),
            };
            round = round.saturating_add(1);
            if round >= 64 && u32::from(*mixed.last()?) <= round.saturating_sub(32) {
                key.truncate(32);
                return Some(key);
            }
        }
    }
}

fn padded(password: &[u8]) -> Vec<u8> {
    password.iter().chain(&PAD).take(32).copied().collect()
}

fn turned(key: &[u8], round: u8) -> Vec<u8> {
    key.iter().map(|b| b ^ round).collect()
}

/// Old documents take passwords of one byte for each character; others are taken as they are encoded.
fn narrow(password: &str) -> Vec<u8> {
    let bytes: Result<Vec<u8>, _> = password.chars().map(|c| u8::try_from(u32::from(c))).collect();
    bytes.unwrap_or_else(|_| password.as_bytes().to_vec())
}
