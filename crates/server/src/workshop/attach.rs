//! A workshop gets its identity: a key and certificate for the seals of a maker, a key for its requests.

use super::host::{Host, HostError};
use super::state::State;
use crate::making::authority::{CertificateKind, CertificateProfile, CertificateRequest, SubjectFields};
use crate::making::keys::{KeyId, SealKeys as _};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use jiff::{SignedDuration, Timestamp};
use yinxin_formats::csr::CsrBuilder;
use yinxin_formats::pem;
use yinxin_registry::ids::ClientId;
use yinxin_registry::maker::Maker;

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
/// [`HostError`].
pub fn new_identity(host: &Host, maker: &Maker, now: Timestamp) -> Result<NewIdentity, HostError> {
    let mut rng = UnwrapErr(SysRng);
    let (maker_key, client_key) = (KeyId::new(&mut rng), KeyId::new(&mut rng));
    let key = host.keys.make(&maker_key, &mut rng)?;
    let subject = SubjectFields {
        organization: maker.name.clone(),
        credit_code: Some(maker.credit_code.to_string()),
        common_name: maker.name.clone(),
    };
    let csr =
        CsrBuilder::new(subject.to_name(None)).sign(&*key).map_err(|e| HostError::Request(e.to_string()))?;
    let from = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = from.saturating_add(SignedDuration::from_hours(24 * 365 * YEARS)).unwrap_or(from);
    let profile =
        CertificateProfile { kind: CertificateKind::Maker, subject, not_before: from, not_after: until };
    let request = CertificateRequest { reference: maker_key.as_str(), csr: &csr, profile };
    let issued = host.authority.issue(&request, now, &mut rng)?;
    let client = ClientId::new(now, &mut rng);
    let public = host.keys.make(&client_key, &mut rng)?.public_key().spki_der();
    let certificates =
        std::iter::once(&issued.leaf).chain(&issued.chain).map(|c| hex::encode(c.raw())).collect();
    Ok(NewIdentity {
        certificate: issued.leaf.raw().to_vec(),
        client_public_key: pem::encode("PUBLIC KEY", &public),
        state: State {
            maker: maker.id.to_string(),
            maker_key: maker_key.as_str().to_owned(),
            certificates,
            client: client.to_string(),
            client_key: client_key.as_str().to_owned(),
        },
        client,
    })
}
