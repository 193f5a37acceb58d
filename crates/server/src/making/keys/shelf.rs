//! Software keys in a folder, each in an encrypted file.
//!
//! The secret handed in is stretched once (argon2id, salt in `shelf.json`) to a master; every key has a password of its own
//! derived from master and identifier (HMAC-SM3), under which it lies as encrypted PKCS#8. A file under another name does
//! not open, and opening a key costs no stretching.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use yinxin_crypto::keystore::{KeystoreError, Password, decrypt_pkcs8, encrypt_pkcs8};
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_crypto::{KeyAlgorithm, KeyProvider, ProviderError, SigningKey, SoftwareKey, hmac_sm3};
use zeroize::Zeroizing;

use super::super::durable;
use super::{KeyId, KeyStoreError, SealKeys};

const FORMAT: u32 = 1;
/// The passwords of single keys have 256 bits of their own; PKCS#8 allows no fewer rounds.
const ROUNDS: u32 = 1000;
/// Largest file of the shelf, bytes.
const MAX_FILE: u64 = 64 << 10;
const EXTENSION: &str = "p8";

/// The software key store.
pub struct KeyShelf {
    folder: PathBuf,
    master: Zeroizing<[u8; 32]>,
}

/// What `shelf.json` holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    format: u32,
    salt: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    check: String,
}

impl KeyShelf {
    /// Opens the shelf in `folder` with its secret, making it at first use.
    ///
    /// # Errors
    /// [`KeyStoreError::WrongSecret`] where the shelf was made with another, and see there.
    pub fn open(folder: &Path, secret: &Password, rng: &mut dyn CryptoRng) -> Result<Self, KeyStoreError> {
        durable::private_folder(folder)?;
        durable::sweep(folder)?;
        let path = folder.join("shelf.json");
        if !path.exists() {
            let settings = Settings::new(secret, rng)?;
            let bytes = serde_json::to_vec_pretty(&settings).map_err(std::io::Error::other)?;
            // Where another process was first, its settings count.
            durable::create(&path, &bytes, rng)?;
        }
        let bytes = durable::read(&path, MAX_FILE)?;
        let settings: Settings =
            serde_json::from_slice(&bytes).map_err(|e| KeyStoreError::Damaged(format!("shelf.json: {e}")))?;
        let master = settings.master(secret)?;
        let stated = hex::decode(&settings.check).unwrap_or_default();
        if !bool::from(stated.ct_eq(&hmac_sm3(&*master, b"yinxin key shelf check"))) {
            return Err(KeyStoreError::WrongSecret);
        }
        Ok(Self { folder: folder.to_owned(), master })
    }

    /// Removes what a crash left of files never finished, at least an hour old.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn sweep_unfinished(&self) -> std::io::Result<()> {
        durable::sweep(&self.folder)
    }

    fn path(&self, id: &KeyId) -> PathBuf {
        self.folder.join(format!("{id}.{EXTENSION}"))
    }

    fn password(&self, id: &KeyId) -> Zeroizing<String> {
        let info = Zeroizing::new(format!("yinxin key shelf key {id}"));
        let derived = Zeroizing::new(hmac_sm3(&*self.master, info.as_bytes()));
        Zeroizing::new(hex::encode(derived.as_slice()))
    }

    fn load(&self, id: &KeyId) -> Result<SoftwareKey, KeyStoreError> {
        let der = match durable::read(&self.path(id), MAX_FILE) {
            Ok(der) => der,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(KeyStoreError::Unknown(id.clone()));
            }
            Err(e) => return Err(e.into()),
        };
        let key = decrypt_pkcs8(&der, self.password(id).as_bytes()).map_err(|e| damaged(id, &e))?;
        Ok(key.with_label(id.as_str()))
    }
}

impl Settings {
    fn new(secret: &Password, rng: &mut dyn CryptoRng) -> Result<Self, KeyStoreError> {
        let mut salt = [0u8; 16];
        rng.fill_bytes(&mut salt);
        let mut settings = Self {
            format: FORMAT,
            salt: hex::encode(salt),
            memory_kib: Params::DEFAULT_M_COST,
            passes: Params::DEFAULT_T_COST,
            lanes: Params::DEFAULT_P_COST,
            check: String::new(),
        };
        let master = settings.master(secret)?;
        settings.check = hex::encode(hmac_sm3(&*master, b"yinxin key shelf check"));
        Ok(settings)
    }

    fn master(&self, secret: &Password) -> Result<Zeroizing<[u8; 32]>, KeyStoreError> {
        let damaged = |what: &str| KeyStoreError::Damaged(format!("shelf.json: {what}"));
        if self.format != FORMAT {
            return Err(damaged("format"));
        }
        if secret.is_empty() {
            return Err(KeyStoreError::WrongSecret);
        }
        // Whoever can write the file must not be able to make opening it endless.
        if self.memory_kib > 1 << 20 || self.passes > 64 || self.lanes > 16 {
            return Err(damaged("cost"));
        }
        let salt = hex::decode(&self.salt).map_err(|_| damaged("salt"))?;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32));
        let params = params.map_err(|e| damaged(&e.to_string()))?;
        let mut master = Zeroizing::new([0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret.as_bytes(), &salt, &mut *master)
            .map_err(|e| damaged(&e.to_string()))?;
        Ok(master)
    }
}

impl SealKeys for KeyShelf {
    fn make(&self, id: &KeyId, rng: &mut dyn CryptoRng) -> Result<Box<dyn SigningKey>, KeyStoreError> {
        match self.load(id) {
            Err(KeyStoreError::Unknown(_)) => {}
            found => return found.map(|key| Box::new(key) as Box<dyn SigningKey>),
        }
        let key = SoftwareKey::generate(rng);
        let der =
            encrypt_pkcs8(&key, self.password(id).as_bytes(), rng, ROUNDS).map_err(|e| damaged(id, &e))?;
        durable::create(&self.path(id), &der, rng)?;
        // Read back: it is on the disk and opens, or it is not used. Where two made it at once, both get the first one's.
        self.open(id)
    }

    fn open(&self, id: &KeyId) -> Result<Box<dyn SigningKey>, KeyStoreError> {
        Ok(Box::new(self.load(id)?))
    }

    fn destroy(&self, id: &KeyId) -> Result<(), KeyStoreError> {
        match durable::destroy(&self.path(id)) {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(KeyStoreError::Unknown(id.clone())),
            other => Ok(other?),
        }
    }

    fn list(&self) -> Result<Vec<KeyId>, KeyStoreError> {
        let mut out = Vec::new();
        for entry in std::fs::read_dir(&self.folder)? {
            let path = entry?.path();
            if path.extension().is_some_and(|e| e == EXTENSION)
                && let Some(id) = path.file_stem().and_then(|s| s.to_str()).and_then(|s| KeyId::parse(s).ok())
            {
                out.push(id);
            }
        }
        out.sort();
        Ok(out)
    }
}

impl KeyProvider for KeyShelf {
    fn name(&self) -> &str {
        "software"
    }

    fn generate(
        &self,
        algorithm: KeyAlgorithm,
        rng: &mut dyn CryptoRng,
    ) -> Result<Box<dyn SigningKey>, ProviderError> {
        let provider = || self.name().to_owned();
        if algorithm != KeyAlgorithm::Sm2 {
            return Err(ProviderError::Unsupported { provider: provider(), what: "keys other than SM2" });
        }
        self.make(&KeyId::new(rng), rng)
            .map_err(|e| ProviderError::Failed { provider: provider(), reason: e.to_string() })
    }
}

impl std::fmt::Debug for KeyShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyShelf").field("folder", &self.folder).finish_non_exhaustive()
    }
}

fn damaged(id: &KeyId, error: &KeystoreError) -> KeyStoreError {
    KeyStoreError::Damaged(format!("{id}: {}", error.code()))
}
