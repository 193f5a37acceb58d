//! The authority's certificate is renewed for the same key, or its key rotated: a certificate is asked for, and takes the place of the
//! one in use once it is here. Certificates before stay known.

use super::kept::{Identity, Next, damaged, failed, forget_next, in_hex, keep_next_key, new_key, turn_key};
use super::{StartError, load, subject_of};
use crate::app::App;
use crate::making::authority::{
    CertificateAuthority as _, CertificateKind, CertificateProfile, CertificateRequest, IssuedCertificate,
    Level, TestAuthority,
};
use crate::security::Secret;
use crate::security::vault::Vault;
use getrandom::SysRng;
use getrandom::rand_core::{Rng as _, UnwrapErr};
use jiff::{SignedDuration, Timestamp};
use yinxin_crypto::SigningKey;
use yinxin_crypto::keystore::Password;
use yinxin_formats::csr::CsrBuilder;
use yinxin_store::Tx;

/// Held by the one who changes the authority's certificates.
const LOCK: &str = "authority/renewal";
/// Years a certificate of the test authority is valid, where that one is.
const YEARS: i64 = 9;

/// A request with the key it is for, before it is kept.
pub(crate) struct Asked {
    /// The request.
    pub(crate) next: Next,
    /// File of the new key, encrypted; none for the key in use.
    pem: Option<Secret>,
}

/// Asks for a certificate: for a new key, or for the one in use. A test authority issues it at once. Blocks.
///
/// # Errors
/// The key or the test authority fails.
pub(crate) fn ask(
    name: &str,
    current: &dyn SigningKey,
    new: bool,
    password: &Password,
    test: Option<&TestAuthority>,
    now: Timestamp,
) -> Result<Asked, StartError> {
    let mut rng = UnwrapErr(SysRng);
    let subject = subject_of(name);
    let builder = CsrBuilder::new(subject.to_name(None));
    let (csr, pem) = match new {
        true => {
            let (key, pem) = new_key(password)?;
            (builder.sign(&key), Some(pem))
        }
        false => (builder.sign(current), None),
    };
    let csr = csr.map_err(|error| failed(&error))?;
    let reference = format!("authority-{:016x}", rng.next_u64());
    let mut next =
        Next { certificates: Vec::new(), csr: hex::encode(&csr), new_key: new, asked_at: now, reference };
    if let Some(test) = test {
        next.certificates = in_hex(&issue(test, &next.reference, &csr, name, now)?);
    }
    Ok(Asked { next, pem })
}

/// The test authority certifies the authority, for nine years or as long as it may.
pub(super) fn issue(
    test: &TestAuthority,
    reference: &str,
    csr: &[u8],
    name: &str,
    now: Timestamp,
) -> Result<IssuedCertificate, StartError> {
    let from = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = from.saturating_add(SignedDuration::from_hours(24 * 365 * YEARS)).unwrap_or(from);
    let not_after = until.min(test.certificate(Level::Issuing).not_after);
    let profile = CertificateProfile {
        kind: CertificateKind::Authority,
        subject: subject_of(name),
        not_before: from,
        not_after,
    };
    let request = CertificateRequest { reference, csr, profile };
    Ok(test.issue(&request, now, &mut UnwrapErr(SysRng))?)
}

/// Keeps a request, in place of one that was waiting.
///
/// # Errors
/// Problems of the database.
pub(crate) async fn keep(
    tx: &mut Tx,
    vault: &Vault,
    asked: &Asked,
    now: Timestamp,
) -> Result<(), StartError> {
    tx.next_number(LOCK).await?;
    keep_next_key(tx, vault, asked.pem.as_ref(), now).await?;
    asked.next.save(tx, now).await
}

/// A certificate that was issued for a request, checked by the caller, takes the place of the one in use. False where the request
/// waits no more.
///
/// # Errors
/// Problems of the database; a damaged setting.
pub(crate) async fn turn(
    tx: &mut Tx,
    vault: &Vault,
    next: &Next,
    issued: &IssuedCertificate,
    now: Timestamp,
) -> Result<bool, StartError> {
    tx.next_number(LOCK).await?;
    if Next::load(tx).await?.as_ref() != Some(next) {
        return Ok(false);
    }
    let mut identity = Identity::load(tx).await?.ok_or_else(damaged)?;
    identity.replace(issued, now);
    identity.save(tx, now).await?;
    if next.new_key {
        turn_key(tx, vault, now).await?;
    }
    forget_next(tx, now).await?;
    Ok(true)
}

/// Takes over what another node, or a command, has put in place of the certificate in use; whether there was anything.
///
/// # Errors
/// Problems of the database; a damaged setting.
pub async fn renew_authority(app: &App) -> Result<bool, StartError> {
    let identity = Identity::load(&mut app.store.read().await?).await?.ok_or_else(damaged)?;
    let signing = app.authority.signing();
    if identity.current()?.leaf == signing.certificate && identity.former()?.len() == signing.former.len() {
        return Ok(false);
    }
    let vault = app.vault();
    let now = app.now().unwrap_or_else(|_| app.clock.highest());
    let password = super::password(&app.store, &vault, now).await?;
    let (_, signing) = load(&app.store, &vault, &password).await?;
    tracing::info!(sm3 = hex::encode(signing.certificate.sm3()), "another certificate of the authority");
    app.authority.set_signing(signing);
    Ok(true)
}
