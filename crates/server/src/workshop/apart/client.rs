//! Who the workshop is to the registry: its client of the API, by the configuration.

use super::super::host::signed_headers;
use crate::app::clock::Source;
use crate::config::WorkshopConfig;
use crate::making::transport::{OutgoingRequest, RequestSigner};
use crate::security::Secret;
use crate::security::request_signature::RequestSigner as Signing;
use crate::start::StartError;
use std::sync::Arc;
use yinxin_crypto::SoftwareKey;
use yinxin_crypto::keystore::read_private_key;

enum ClientKey {
    Sm2(Box<SoftwareKey>),
    HmacSm3(Secret),
}

/// Signs requests as the client that is configured.
///
/// # Errors
/// The key file or the secret cannot be had.
pub(super) fn signer(
    config: &WorkshopConfig,
    clock: Arc<dyn Source>,
) -> Result<Arc<dyn RequestSigner>, StartError> {
    let key = match &config.client_secret {
        Some(secret) => ClientKey::HmacSm3(secret.read()?),
        None => ClientKey::Sm2(Box::new(key_file(config)?)),
    };
    let client = config.client_id.clone().unwrap_or_default();
    Ok(Arc::new(move |request: &OutgoingRequest| {
        let signing = match &key {
            ClientKey::Sm2(key) => Signing::Sm2(&**key),
            ClientKey::HmacSm3(secret) => Signing::HmacSm3(secret),
        };
        signed_headers(request, &client, &signing, clock.now())
    }))
}

fn key_file(config: &WorkshopConfig) -> Result<SoftwareKey, StartError> {
    let path = config.client_key_file.display().to_string();
    let bytes = std::fs::read(&config.client_key_file)
        .map(zeroize::Zeroizing::new)
        .map_err(|source| StartError::File { path: path.clone(), source })?;
    read_private_key(&bytes, None).map_err(|e| {
        StartError::other(
            "workshop.client_key_file",
            format!("{path} 不是可用的 SM2 私钥（{}）", e.code()),
            format!("{path} holds no SM2 private key that can be used ({})", e.code()),
        )
    })
}
