//! The registry's check of a made seal: everything that must hold before it counts as made. Nothing the workshop says is
//! believed; what can be computed is computed from the seal itself.

mod fault;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp, ToSpan};
use yinxin_crypto::{PublicKey, sm3};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertList, Seal, SesVersion};
use yinxin_registry::profile::SealKind;
use yinxin_seal::{Outcome, TrustFacts, Verdict, VerifyOptions, verify_seal};

use super::authority::{Expected, IssuedCertificate, check_certificate, read_chain};
use super::dto::{MadeDto, MadeKeyDto};
use super::imprint;

pub use fault::MadeFault;

/// Clocks may differ by this much.
const SKEW: SignedDuration = SignedDuration::from_mins(10);
/// Longest seal as base64, characters.
const MAX_SEAL: usize = 12 << 20;

/// Where the owner's key must live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedKey {
    /// In the workshop; any new key.
    Workshop,
    /// In the owner's device; the key of the request that came with the application.
    Elsewhere(Box<PublicKey>),
    /// Not known: no key is accepted.
    Unknown,
}

/// What the registry knows of the order.
#[derive(Debug, Clone)]
pub struct OrderFacts<'a> {
    /// Seal code.
    pub seal_code: &'a str,
    /// Name of the seal.
    pub seal_name: &'a str,
    /// Kind.
    pub kind: SealKind,
    /// Name of the unit.
    pub unit_name: &'a str,
    /// Credit code of the unit.
    pub credit_code: Option<&'a str>,
    /// Years approved.
    pub years: u32,
    /// Number of the approval certificate.
    pub approval: &'a str,
    /// When it was approved: the seal cannot be older.
    pub approved_at: Timestamp,
    /// SM3 of the picture approved; `None` where the maker was to draw it.
    pub imprint_digest: Option<[u8; 32]>,
    /// Width approved, tenths of a millimeter.
    pub width_tenth_mm: u32,
    /// Height approved, tenths of a millimeter.
    pub height_tenth_mm: u32,
    /// Registered certificates of the maker, DER: the one in use, and those before with the moment they were replaced.
    pub maker_certificates: Vec<(Vec<u8>, Option<Timestamp>)>,
    /// Where the key must live.
    pub key: ExpectedKey,
}

/// A made seal that holds, with what the registry keeps of it. Digests are SM3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedSeal {
    /// The seal, DER.
    pub der: Vec<u8>,
    /// Digest of the seal.
    pub digest: [u8; 32],
    /// Version of its format: 4 or 5.
    pub format_version: u32,
    /// Identifier inside the seal (esID).
    pub es_id: String,
    /// Name inside the seal.
    pub name: String,
    /// Moment of making inside the seal.
    pub created: Timestamp,
    /// First moment of the seal.
    pub valid_start: Timestamp,
    /// Last moment of the seal.
    pub valid_end: Timestamp,
    /// The owner's certificate, DER.
    pub certificate: Vec<u8>,
    /// Digest of the owner's certificate.
    pub certificate_digest: [u8; 32],
    /// Serial of the owner's certificate, lower-case hexadecimal.
    pub certificate_serial: String,
    /// Issuer of the owner's certificate.
    pub certificate_issuer: String,
    /// Subject of the owner's certificate.
    pub certificate_subject: String,
    /// First moment of the owner's certificate.
    pub not_before: Timestamp,
    /// Last moment of the owner's certificate.
    pub not_after: Timestamp,
    /// Digest of the owner's public key (SubjectPublicKeyInfo). One key serves one seal: the store keeps it unique.
    pub key_digest: [u8; 32],
    /// Whether the key lives in the owner's device.
    pub key_elsewhere: bool,
    /// The imprint's picture.
    pub picture: Vec<u8>,
    /// Format of the picture: `PNG`, …
    pub picture_format: String,
    /// Digest of the picture.
    pub imprint_digest: [u8; 32],
    /// Width in whole millimeters.
    pub width_mm: u64,
    /// Height in whole millimeters.
    pub height_mm: u64,
    /// Codes of what should be looked at: warnings of the verification, remarks on the picture.
    pub notes: Vec<String>,
}

/// Checks a made seal.
///
/// # Errors
/// Every fault found, in the order of the checks; never empty.
pub fn check_made(
    order: &OrderFacts<'_>,
    made: &MadeDto,
    trust: &TrustFacts,
    now: Timestamp,
) -> Result<AcceptedSeal, Vec<MadeFault>> {
    let (der, seal, issued) = read(made).map_err(|f| vec![f])?;
    let mut faults = Vec::new();
    let mut must = |holds: bool, fault: MadeFault| {
        if !holds {
            faults.push(fault);
        }
    };
    let p = &seal.property;
    let version = u32::try_from(seal.version.number()).unwrap_or_default();
    must(seal.version != SesVersion::V1 && version == made.format_version, MadeFault::Version);
    must(seal.es_id == order.seal_code, MadeFault::SealCode);
    must(p.name == order.seal_name, MadeFault::SealName);
    must(order.kind.type_code().parse() == Ok(p.seal_type), MadeFault::SealType);
    must(made.approval == order.approval, MadeFault::Approval);
    must(maker_holds(&seal, order), MadeFault::Maker);
    must(within(p.create_date, order.approved_at, now), MadeFault::Created);
    must(within(made.made_at, order.approved_at, now), MadeFault::Created);
    must(dates_hold(&seal, order, now), MadeFault::Validity);
    must(p.valid_end <= issued.leaf.not_after, MadeFault::OutlivesCertificate);
    must(p.valid_start >= issued.leaf.not_before, MadeFault::Validity);
    let owner = CertList::Certificates(vec![issued.leaf.raw().to_vec()]);
    must(p.certs == owner, MadeFault::Owner);

    let picture = &seal.picture;
    let digest = sm3(&picture.data);
    must(order.imprint_digest.is_none_or(|d| d == digest), MadeFault::ImprintDigest);
    must(made.imprint_digest == hex::encode(digest), MadeFault::ImprintDigest);
    let sides = [order.width_tenth_mm, order.height_tenth_mm].map(imprint::whole_mm);
    must([picture.width_mm, picture.height_mm] == sides, MadeFault::ImprintSize);
    let looked = imprint::check(picture.data.clone(), order.width_tenth_mm, order.height_tenth_mm);
    let mut notes: Vec<String> = match looked {
        Ok(checked) => checked.notes.iter().map(|n| (*n).to_owned()).collect(),
        Err(e) => {
            must(false, MadeFault::Imprint(e));
            Vec::new()
        }
    };
    match owner_key(order, made, &issued, &seal) {
        Err(fault) => must(false, fault),
        Ok(key) => {
            let (organization, credit_code) = (order.unit_name, order.credit_code);
            let expected = Expected { key: &key, organization, credit_code };
            if let Err(fault) = check_certificate(&issued, expected, trust, now) {
                must(false, MadeFault::Certificate(fault));
            }
        }
    }
    let report = verify_seal(&der, trust, &VerifyOptions::at(now));
    let codes = |bad: &[Outcome]| -> Vec<&str> {
        report.checks.iter().filter(|c| bad.contains(&c.outcome)).map(|c| c.code).collect()
    };
    let against = codes(&[Outcome::Fail, Outcome::Indeterminate]);
    must(report.verdict == Verdict::Valid, MadeFault::Verification(against.join(" ")));
    notes.extend(codes(&[Outcome::Warn]).into_iter().map(str::to_owned));
    if !faults.is_empty() {
        faults.dedup();
        return Err(faults);
    }
    Ok(accepted(der, seal, &issued, made, digest, notes))
}

/// Reads the parts; what cannot be read ends the check.
fn read(made: &MadeDto) -> Result<(Vec<u8>, Seal, IssuedCertificate), MadeFault> {
    if made.seal.len() > MAX_SEAL {
        return Err(MadeFault::Encoding("seal"));
    }
    let der = STANDARD.decode(&made.seal).map_err(|_| MadeFault::Encoding("seal"))?;
    let seal = Seal::parse(&der, &Limits::default()).map_err(|e| MadeFault::Unreadable(e.to_string()))?;
    if let Some(d) = seal.deviations.first() {
        return Err(MadeFault::Deviates(d.code));
    }
    if made.certificates.len() > 16 {
        return Err(MadeFault::Encoding("certificates"));
    }
    let ders: Result<Vec<Vec<u8>>, _> = made.certificates.iter().map(|c| STANDARD.decode(c)).collect();
    let ders = ders.map_err(|_| MadeFault::Encoding("certificates"))?;
    Ok((der, seal, read_chain(&ders).map_err(MadeFault::Certificate)?))
}

fn within(moment: Timestamp, from: Timestamp, to: Timestamp) -> bool {
    let early = from.saturating_sub(SKEW).unwrap_or(from);
    let late = to.saturating_add(SKEW).unwrap_or(to);
    (early..=late).contains(&moment)
}

/// Made under a certificate the maker had on record at that time.
fn maker_holds(seal: &Seal, order: &OrderFacts<'_>) -> bool {
    let found = order.maker_certificates.iter().find(|(certificate, _)| *certificate == seal.maker_cert);
    found.is_some_and(|(_, until)| {
        until.is_none_or(|until| seal.property.create_date <= until.saturating_add(SKEW).unwrap_or(until))
    })
}

/// Not before it was made, and no longer than approved.
fn dates_hold(seal: &Seal, order: &OrderFacts<'_>, now: Timestamp) -> bool {
    let p = &seal.property;
    let zone = jiff::tz::Offset::constant(8);
    let latest = zone.to_datetime(p.valid_start).checked_add(i64::from(order.years).years());
    let Some(latest) = latest.ok().and_then(|d| zone.to_timestamp(d).ok()) else { return false };
    p.valid_start >= p.create_date
        && within(p.valid_start, order.approved_at, now)
        && p.valid_end > p.valid_start
        && p.valid_end <= latest
}

/// The owner's key: where it was to be made, and not the maker's.
fn owner_key(
    order: &OrderFacts<'_>,
    made: &MadeDto,
    issued: &IssuedCertificate,
    seal: &Seal,
) -> Result<PublicKey, MadeFault> {
    let key = match issued.leaf.public_key() {
        Ok(key @ PublicKey::Sm2(_)) => key,
        _ => return Err(MadeFault::Key),
    };
    let limits = Limits::default();
    let maker = yinxin_formats::x509::Certificate::parse(&seal.maker_cert, &limits);
    if maker.ok().and_then(|c| c.public_key().ok()).is_some_and(|k| k == key) {
        return Err(MadeFault::Key);
    }
    match (&order.key, &made.key) {
        (ExpectedKey::Workshop, MadeKeyDto::Workshop { .. }) => Ok(key),
        (ExpectedKey::Elsewhere(expected), MadeKeyDto::Elsewhere) if **expected == key => Ok(key),
        _ => Err(MadeFault::Key),
    }
}

fn accepted(
    der: Vec<u8>,
    seal: Seal,
    issued: &IssuedCertificate,
    made: &MadeDto,
    imprint_digest: [u8; 32],
    notes: Vec<String>,
) -> AcceptedSeal {
    let leaf = &issued.leaf;
    AcceptedSeal {
        digest: sm3(&der),
        format_version: made.format_version,
        created: seal.property.create_date,
        valid_start: seal.property.valid_start,
        valid_end: seal.property.valid_end,
        certificate: leaf.raw().to_vec(),
        certificate_digest: leaf.sm3(),
        certificate_serial: leaf.serial.to_string().to_ascii_lowercase(),
        certificate_issuer: leaf.issuer.to_string(),
        certificate_subject: leaf.subject.to_string(),
        not_before: leaf.not_before,
        not_after: leaf.not_after,
        key_digest: sm3(leaf.spki_der()),
        key_elsewhere: made.key == MadeKeyDto::Elsewhere,
        imprint_digest,
        width_mm: seal.picture.width_mm,
        height_mm: seal.picture.height_mm,
        picture: seal.picture.data,
        picture_format: seal.picture.kind,
        es_id: seal.es_id,
        name: seal.property.name,
        notes,
        der,
    }
}
