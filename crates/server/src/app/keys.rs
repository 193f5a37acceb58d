//! The keys in use: from the ring in the database to those of rows, audit chain and personal data.

use super::App;
use crate::documents::DocumentKeys;
use crate::security::keyring::{KeyRing, KeyringError, Purpose, WrappedKey};
use crate::security::master_key::MasterKey;
use crate::security::vault::Vault;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, PoisonError, RwLock};
use yinxin_registry::audit::AuditKeys;
use yinxin_store::{Access, RowKeys, StoreError, Tx};
use zeroize::Zeroizing;

/// Where the turns of the audit key stand.
const TURNS: &str = "keys.audit.turns";

/// As the store keeps a key.
pub fn stored_form(record: &WrappedKey) -> yinxin_store::WrappedKey {
    yinxin_store::WrappedKey {
        label: record.purpose.as_str().to_owned(),
        number: record.number,
        wrapped: record.wrapped.clone(),
        wrapped_by: record.wrapped_by.clone(),
        created_at: record.created_at,
        retired_at: record.retired_at,
    }
}

/// As the ring knows keys of the store.
///
/// # Errors
/// [`KeyringError::UnknownPurpose`].
pub fn records_of(stored: &[yinxin_store::WrappedKey]) -> Result<Vec<WrappedKey>, KeyringError> {
    let record = |key: &yinxin_store::WrappedKey| {
        Ok(WrappedKey {
            purpose: Purpose::from_name(&key.label)
                .ok_or_else(|| KeyringError::UnknownPurpose(key.label.clone()))?,
            number: key.number,
            wrapped: key.wrapped.clone(),
            wrapped_by: key.wrapped_by.clone(),
            created_at: key.created_at,
            retired_at: key.retired_at,
        })
    };
    stored.iter().map(record).collect()
}

/// The ring that stored keys make, opened with the master key.
///
/// # Errors
/// [`KeyringError`].
pub fn ring_of(master: &MasterKey, stored: &[yinxin_store::WrappedKey]) -> Result<KeyRing, KeyringError> {
    KeyRing::open(&[master], &records_of(stored)?)
}

/// From which row on which key of the audit chain counts; the first counts from the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns(Vec<Turn>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    number: u32,
    from: u64,
}

impl Turns {
    /// Reads them.
    ///
    /// # Errors
    /// [`StoreError::Integrity`] when they were changed from outside; problems of the database.
    pub async fn load(access: &mut Access) -> Result<Self, StoreError> {
        let Some(text) = access.setting(TURNS).await? else { return Ok(Self::default()) };
        serde_json::from_str(&text)
            .map_err(|_| StoreError::Integrity { table: "setting", id: TURNS.to_owned() })
    }

    /// Adds the turn of a key and keeps them.
    ///
    /// # Errors
    /// Problems of the database.
    pub async fn add(
        mut self,
        tx: &mut Tx,
        number: u32,
        from: u64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.push(Turn { number, from });
        let text = serde_json::to_string(&self).map_err(|error| StoreError::Internal(Box::new(error)))?;
        tx.set_setting(TURNS, &text, now).await
    }

    /// Whether a key has had its turn.
    pub fn has(&self, number: u32) -> bool {
        self.0.iter().any(|turn| turn.number == number)
    }
}

/// Keys of the row MAC.
pub fn row_keys(ring: &KeyRing) -> RowKeys {
    let active = ring.active_number(Purpose::Row);
    let current = ring.keys(Purpose::Row).find(|(number, _)| *number == active);
    let keys = RowKeys::new(active, current.map(|(_, key)| key).unwrap_or_default());
    ring.keys(Purpose::Row)
        .filter(|(number, _)| *number != active)
        .fold(keys, |keys, (n, key)| keys.with_older(n, key))
}

/// Keys of the audit chain.
///
/// # Errors
/// [`KeyringError::Incomplete`] without the first one.
pub fn audit_keys(ring: &KeyRing, turns: &Turns) -> Result<AuditKeys, KeyringError> {
    let all = || {
        ring.keys(Purpose::Audit).filter_map(|(number, key)| Some((number, <&[u8; 32]>::try_from(key).ok()?)))
    };
    let first = all().find(|(number, _)| *number == 1);
    let (_, first) = first.ok_or(KeyringError::Incomplete(Purpose::Audit))?;
    let from = |number| turns.0.iter().find(|turn| turn.number == number).map(|turn| turn.from);
    Ok(all()
        .filter(|(number, _)| *number != 1)
        .fold(AuditKeys::new(first), |keys, (n, key)| keys.with(n, key, from(n))))
}

/// Keys of the documents at rest.
///
/// # Errors
/// [`KeyringError::Incomplete`] without a usable one.
pub fn document_keys(ring: &KeyRing) -> Result<DocumentKeys, KeyringError> {
    let fault = || KeyringError::Incomplete(Purpose::Document);
    let mut keys = ring.keys(Purpose::Document).map(|(number, key)| {
        <[u8; 16]>::try_from(key).map(|key| (number, Zeroizing::new(key))).map_err(|_| fault())
    });
    let (number, key) = keys.next().ok_or_else(fault)??;
    keys.try_fold(DocumentKeys::new(number, key), |all, next| next.map(|(number, key)| all.and(number, key)))
}

/// The keys of a running server; replaced as a whole.
pub struct Keys {
    vault: RwLock<Arc<Vault>>,
    audit: RwLock<Arc<(AuditKeys, Turns)>>,
}

impl Keys {
    /// Those of a ring as it is used now.
    ///
    /// # Errors
    /// As [`audit_keys`].
    pub fn new(ring: &KeyRing, turns: Turns, now: Timestamp) -> Result<Self, KeyringError> {
        let audit = audit_keys(ring, &turns)?;
        let vault = Vault::new(ring.settled(now));
        Ok(Self { vault: RwLock::new(Arc::new(vault)), audit: RwLock::new(Arc::new((audit, turns))) })
    }
}

impl App {
    /// Keys of personal data as they are now.
    pub fn vault(&self) -> Arc<Vault> {
        // A poisoned lock still holds a whole value: it is only ever replaced at once.
        Arc::clone(&self.keys.vault.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keys of the audit chain, and their turns, as they are now.
    pub fn audit_keys(&self) -> Arc<(AuditKeys, Turns)> {
        Arc::clone(&self.keys.audit.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts a ring in place, as it is used now.
    ///
    /// # Errors
    /// As [`audit_keys`]; then nothing is replaced.
    pub fn install(&self, ring: &KeyRing, turns: Turns, now: Timestamp) -> Result<(), KeyringError> {
        let audit = audit_keys(ring, &turns)?;
        let ring = ring.settled(now);
        let documents = document_keys(&ring)?;
        self.store.set_keys(row_keys(&ring));
        self.documents.set_keys(documents);
        *self.keys.audit.write().unwrap_or_else(PoisonError::into_inner) = Arc::new((audit, turns));
        *self.keys.vault.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Vault::new(ring));
        Ok(())
    }
}
