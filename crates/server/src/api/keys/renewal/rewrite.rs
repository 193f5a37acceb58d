//! Personal data and secrets in the bodies of rows, put under the keys in use.

use crate::api::people::{EMAIL, ID_NUMBER, PHONE};
use crate::api::sessions::TOTP_FIELD;
use crate::api::webhooks::SECRET_FIELD as HOOK_SECRET;
use crate::auth::SECRET_FIELD;
use crate::security::redact::Mask;
use crate::security::vault::{Place, Vault, VaultError};
use crate::start::SECRET_SETTINGS;
use jiff::Timestamp;
use rand_core::CryptoRng;
use serde::Deserialize as _;
use serde_json::Value;
use yinxin_registry::Protected;
use yinxin_store::{StoreError, Sweep, Tx};

/// Whether rows of a table hold anything encrypted or indexed.
pub(super) fn concerns(table: &str) -> bool {
    matches!(table, "unit" | "application" | "block" | "account" | "client" | "webhook")
}

/// Rewrites what a row holds; whether anything was under an older key.
pub(super) fn body(
    vault: &Vault,
    rng: &mut dyn CryptoRng,
    table: &str,
    id: &str,
    body: &mut Value,
) -> Result<bool, VaultError> {
    match table {
        "account" => {
            let totp = secret(vault, rng, Place::new(TOTP_FIELD, id), body.pointer_mut("/credentials/totp"))?;
            Ok(people(vault, rng, id, body)? || totp)
        }
        "webhook" => secret(vault, rng, Place::new(HOOK_SECRET, id), body.pointer_mut("/secret/cipher")),
        "client" => secret(vault, rng, Place::new(SECRET_FIELD, id), body.pointer_mut("/key/secret")),
        "block" => block(vault, rng, id, body),
        // What a statement of truth covers stays to the byte: the statement and the certificate of approval name its digest. Look-ups
        // ask under every index key.
        "application" if !body.get("truth").is_none_or(Value::is_null) => Ok(false),
        _ => people(vault, rng, id, body),
    }
}

/// A cipher text alone.
fn secret(
    vault: &Vault,
    rng: &mut dyn CryptoRng,
    place: Place<'_>,
    found: Option<&mut Value>,
) -> Result<bool, VaultError> {
    let Some(Value::String(cipher)) = found else { return Ok(false) };
    match vault.reencrypt(place, cipher, rng)? {
        Some(new) => {
            *cipher = new;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// An entry of the list of blocked agents has its parts side by side. One from before the number was kept has nothing to make a new
/// index of: it is looked for under every index key there is.
fn block(vault: &Vault, rng: &mut dyn CryptoRng, id: &str, body: &mut Value) -> Result<bool, VaultError> {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(cipher), index) = (text("cipher"), text("index")) else { return Ok(false) };
    let old = Protected { masked: String::new(), cipher, index };
    let Some(new) = vault.reprotect(Place::new(ID_NUMBER, id), &old, Mask::IdNumber, rng)? else {
        return Ok(false);
    };
    if let Some(entry) = body.as_object_mut() {
        entry.insert("cipher".to_owned(), new.cipher.into());
        entry.insert("index".to_owned(), new.index.into());
    }
    Ok(true)
}

/// Every person in a body, wherever he stands.
fn people(vault: &Vault, rng: &mut dyn CryptoRng, id: &str, value: &mut Value) -> Result<bool, VaultError> {
    let mut changed = false;
    match value {
        Value::Array(items) => {
            for item in items {
                changed |= people(vault, rng, id, item)?;
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                let kind = match name.as_str() {
                    "id_number" => Some((ID_NUMBER, Mask::IdNumber)),
                    "phone" => Some((PHONE, Mask::Phone)),
                    "email" => Some((EMAIL, Mask::Email)),
                    _ => None,
                };
                let held = kind.and_then(|kind| Some((kind, protected(member)?)));
                let Some(((field, mask), old)) = held else {
                    changed |= people(vault, rng, id, member)?;
                    continue;
                };
                if let Some(new) = vault.reprotect(Place::new(field, id), &old, mask, rng)? {
                    *member = serde_json::to_value(new).map_err(|_| VaultError::Format)?;
                    changed = true;
                }
            }
        }
        _ => {}
    }
    Ok(changed)
}

fn protected(value: &Value) -> Option<Protected> {
    Protected::deserialize(value).ok()
}

/// Settings whose value is a cipher text.
pub(super) async fn settings(
    tx: &mut Tx,
    vault: &Vault,
    rng: &mut (dyn CryptoRng + Send),
    now: Timestamp,
) -> Result<Sweep, StoreError> {
    let mut sweep = Sweep::default();
    for name in SECRET_SETTINGS {
        // An empty one is a secret that is gone.
        let Some(cipher) = tx.setting(name).await?.filter(|cipher| !cipher.is_empty()) else { continue };
        sweep.rows += 1;
        match vault.reencrypt(Place::new("setting.value", name), &cipher, rng) {
            Ok(Some(new)) => {
                tx.set_setting(name, &new, now).await?;
                sweep.older += 1;
            }
            Ok(None) => {}
            Err(_) => sweep.broken.push((*name).to_owned()),
        }
    }
    Ok(sweep)
}
