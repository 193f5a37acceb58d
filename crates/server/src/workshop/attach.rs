//! A workshop gets its identity: a key and certificate for the seals of a maker, a key for its requests.

use super::host::{Host, HostError};
use super::state::State;
use crate::api::csr::read_chain_pem;
use crate::making::authority::{
    CertificateKind, CertificateProfile, CertificateRequest, Expected, IssuedCertificate, SubjectFields,
    check_certificate,
};
use crate::making::dto::WorkshopFactsDto;
use crate::making::keys::{KeyId, SealKeys as _};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::{SignedDuration, Timestamp};
use yinxin_formats::csr::CsrBuilder;
use yinxin_formats::pem;
use yinxin_registry::ids::ClientId;
use yinxin_registry::maker::Maker;
use yinxin_seal::TrustFacts;

/// Years a maker's certificate is valid.
const YEARS: i64 = 5;

/// What the registry has to know of a new identity.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// Certificate that seals are signed with, DER.
    pub certificate: Vec<u8>,
    /// Client of the API.
    pub client: ClientId,
    /// Public key of the client, PEM.
    pub client_public_key: String,
    /// To be kept by the workshop once the registry has it.
    pub state: State,
}

/// Makes keys on the shelf and has the maker's certified. Blocks.
///
/// # Errors
/// [`HostError`]; `AUTHORITY_PENDING` where the authority is outside: see [`maker_request`].
pub fn new_identity(host: &Host, maker: &Maker, now: Timestamp) -> Result<NewIdentity, HostError> {
    let maker_key = KeyId::new(&mut UnwrapErr(SysRng));
    let issued = maker_certificate(host, &maker_key, &maker.name, maker.credit_code.as_str(), now)?;
    identity(host, maker, &maker_key, &issued, now)
}

/// The certification request (PKCS#10, PEM) for the maker's key, to be signed by an authority outside. Each call gives one for the same
/// key. Blocks.
///
/// # Errors
/// [`HostError`].
pub fn maker_request(host: &Host, maker: &str, name: &str, credit_code: &str) -> Result<String, HostError> {
    let csr = signed_request(host, &host.waiting_key(maker)?, &maker_subject(name, credit_code))?;
    Ok(pem::encode("CERTIFICATE REQUEST", &csr))
}

/// The same identity with a certificate that was issued outside for [`maker_request`]. Blocks.
///
/// # Errors
/// [`HostError::Certificate`] where it does not fit.
pub fn imported_identity(
    host: &Host,
    maker: &Maker,
    chain: &str,
    trust: &TrustFacts,
    now: Timestamp,
) -> Result<NewIdentity, HostError> {
    let key = host.waiting_key(maker.id.as_str())?;
    let issued = imported(host, &key, &maker.name, maker.credit_code.as_str(), chain, trust, now)?;
    identity(host, maker, &key, &issued, now)
}

fn identity(
    host: &Host,
    maker: &Maker,
    maker_key: &KeyId,
    issued: &IssuedCertificate,
    now: Timestamp,
) -> Result<NewIdentity, HostError> {
    let mut rng = UnwrapErr(SysRng);
    let client = ClientId::new(now, &mut rng);
    let client_key = KeyId::new(&mut rng);
    let public = host.keys.make(&client_key, &mut rng)?.public_key().spki_der();
    Ok(NewIdentity {
        certificate: issued.leaf.raw().to_vec(),
        client_public_key: pem::encode("PUBLIC KEY", &public),
        state: State {
            maker: maker.id.to_string(),
            maker_key: maker_key.as_str().to_owned(),
            certificates: in_state(issued),
            client: Some(client.to_string()),
            client_key: Some(client_key.as_str().to_owned()),
            next: None,
            retired: Vec::new(),
        },
        client,
    })
}

/// A certificate for the key on the shelf, checked as that of a seal is.
pub(super) fn imported(
    host: &Host,
    key: &KeyId,
    name: &str,
    credit_code: &str,
    chain: &str,
    trust: &TrustFacts,
    now: Timestamp,
) -> Result<IssuedCertificate, HostError> {
    let signer = host.keys.make(key, &mut UnwrapErr(SysRng))?;
    let issued = read_chain_pem(chain)?;
    let expected = Expected { key: signer.public_key(), organization: name, credit_code: Some(credit_code) };
    check_certificate(&issued, expected, trust, now)?;
    Ok(issued)
}

pub(super) fn maker_subject(name: &str, credit_code: &str) -> SubjectFields {
    SubjectFields {
        organization: name.to_owned(),
        credit_code: Some(credit_code.to_owned()),
        common_name: name.to_owned(),
    }
}

/// The request of a key, which is made if it is not there.
pub(super) fn signed_request(
    host: &Host,
    key: &KeyId,
    subject: &SubjectFields,
) -> Result<Vec<u8>, HostError> {
    let signer = host.keys.make(key, &mut UnwrapErr(SysRng))?;
    let csr = CsrBuilder::new(subject.to_name(None)).sign(&*signer);
    csr.map_err(|e| HostError::Request(e.to_string()))
}

/// The identity of a workshop apart: key and certificate, made where they are not there yet. Nothing is made twice, wherever an earlier
/// attempt stopped. `chain` is what came from an authority outside, if anything did. Blocks.
///
/// # Errors
/// [`HostError::OtherMaker`] where the folder belongs to another maker; `AUTHORITY_PENDING` while the certificate is being issued;
/// [`HostError::Certificate`] where what came does not fit.
pub(super) fn own_identity(
    host: &Host,
    facts: &WorkshopFactsDto,
    chain: Option<&str>,
    trust: &TrustFacts,
    now: Timestamp,
) -> Result<(), HostError> {
    match host.state() {
        Some(state) if state.maker == facts.maker => return Ok(()),
        Some(state) => return Err(HostError::OtherMaker(state.maker)),
        None => {}
    }
    // Its identifier is written down first: the next attempt goes on with this key.
    let key = host.waiting_key(&facts.maker)?;
    let issued = match chain {
        Some(chain) => imported(host, &key, &facts.name, &facts.credit_code, chain, trust, now)?,
        None => maker_certificate(host, &key, &facts.name, &facts.credit_code, now)?,
    };
    host.take_up(State {
        maker: facts.maker.clone(),
        maker_key: key.as_str().to_owned(),
        certificates: in_state(&issued),
        client: None,
        client_key: None,
        next: None,
        retired: Vec::new(),
    })
}

/// The certificate of a maker's key, which is made if it is not there. The key's name is the reference.
fn maker_certificate(
    host: &Host,
    key: &KeyId,
    name: &str,
    credit_code: &str,
    now: Timestamp,
) -> Result<IssuedCertificate, HostError> {
    certified(host, key, key.as_str(), (name, credit_code), now)
}

pub(super) fn certified(
    host: &Host,
    key: &KeyId,
    reference: &str,
    (name, credit_code): (&str, &str),
    now: Timestamp,
) -> Result<IssuedCertificate, HostError> {
    let subject = maker_subject(name, credit_code);
    let csr = signed_request(host, key, &subject)?;
    let from = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = from.saturating_add(SignedDuration::from_hours(24 * 365 * YEARS)).unwrap_or(from);
    // Not longer than who issues it.
    let ends = host.authority.describe().chain.into_iter().map(|issuer| issuer.not_after).min();
    let not_after = ends.map_or(until, |end| end.min(until));
    let profile = CertificateProfile { kind: CertificateKind::Maker, subject, not_before: from, not_after };
    // The reference makes the authority give the same certificate should this be asked twice.
    let request = CertificateRequest { reference, csr: &csr, profile };
    Ok(host.authority.issue(&request, now, &mut UnwrapErr(SysRng))?)
}

pub(super) fn in_state(issued: &IssuedCertificate) -> Vec<String> {
    std::iter::once(&issued.leaf).chain(&issued.chain).map(|c| hex::encode(c.raw())).collect()
}
