//! The test CA in a folder: a root and an issuing CA with SM2 keys, made at first use.
//!
//! ```text
//! <folder>/keys/                   a key shelf
//!          root.cer  issuing.cer   certificates, DER
//!          authority.json          which key is whose
//!          issued.jsonl            what was issued and revoked
//! ```

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_crypto::keystore::Password;
use yinxin_crypto::rand_core::CryptoRng;
use yinxin_crypto::{PublicKey, SigningKey};
use yinxin_formats::crl::{Crl, CrlBuilder, RevocationReason};
use yinxin_formats::csr::Csr;
use yinxin_formats::der::Limits;
use yinxin_formats::x509::{Certificate, extensions, key_id};
use yinxin_seal::TrustFacts;

use super::super::durable;
use super::super::keys::{KeyId, KeyShelf, KeyStoreError, SealKeys};
use super::index::Index;
use super::test_names::{authority_certificate, authority_name, days, end_certificate, new_serial};
use super::{
    AuthorityDescription, AuthorityError, CertificateAuthority, CertificateKind, CertificateRequest,
    IssuedCertificate,
};

/// Largest file of the folder besides the journal, bytes.
const MAX_FILE: u64 = 64 << 10;
const SETTINGS: &str = "authority.json";
const FORMAT: u32 = 1;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The self-signed root.
    Root,
    /// The CA that issues.
    Issuing,
}

impl Level {
    /// Both, the root first.
    pub const BOTH: [Self; 2] = [Self::Root, Self::Issuing];

    fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
        }
    }
}

struct Member {
    certificate: Certificate,
    key: Box<dyn SigningKey>,
}

/// What `authority.json` holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    format: u32,
    root_key: KeyId,
    issuing_key: KeyId,
}

/// The test authority. One process at a time holds its folder.
pub struct TestAuthority {
    name: String,
    root: Member,
    issuing: Member,
    index: Mutex<Index>,
    seal_days: Option<u32>,
}

impl TestAuthority {
    /// Opens the authority in `folder`, making it at first use with new keys under `password`.
    ///
    /// # Errors
    /// [`AuthorityError::Store`] for a wrong password or damaged files, `JOURNAL_BUSY` where another process has it open.
    pub fn open(
        folder: &Path,
        name: &str,
        password: &Password,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, AuthorityError> {
        let settings_path = folder.join(SETTINGS);
        if !settings_path.exists() {
            create(folder, name, password, now, rng)?;
        }
        let damaged = |what: &dyn std::fmt::Display| AuthorityError::Store(format!("{SETTINGS}: {what}"));
        let bytes = durable::read(&settings_path, MAX_FILE).map_err(|e| damaged(&e))?;
        let settings: Settings = serde_json::from_slice(&bytes).map_err(|e| damaged(&e))?;
        if settings.format != FORMAT {
            return Err(damaged(&"format"));
        }
        let index = Index::open(&folder.join("issued.jsonl"))?;
        let keys = KeyShelf::open(&folder.join("keys"), password, rng).map_err(store)?;
        let root = load(folder, Level::Root, &keys, &settings.root_key)?;
        let issuing = load(folder, Level::Issuing, &keys, &settings.issuing_key)?;
        if issuing.certificate.verify_signature(root.key.public_key()).is_err() {
            return Err(AuthorityError::Store("issuing.cer: not issued by root.cer".to_owned()));
        }
        Ok(Self { name: name.to_owned(), root, issuing, index: Mutex::new(index), seal_days: None })
    }

    /// The same, issuing certificates of seals for at most so many days.
    #[must_use]
    pub fn with_seal_days(mut self, days: u32) -> Self {
        self.seal_days = Some(days);
        self
    }

    /// Certificate of a level.
    pub fn certificate(&self, level: Level) -> &Certificate {
        &self.member(level).certificate
    }

    /// Number of certificates issued so far, revoked ones included.
    pub fn issued_count(&self) -> usize {
        self.index().count()
    }

    /// Fresh revocation lists of root and issuing CA, DER, under the next number.
    ///
    /// # Errors
    /// See [`AuthorityError`].
    pub fn revocation_lists(&self, now: Timestamp, days_valid: u16) -> Result<Vec<Vec<u8>>, AuthorityError> {
        let mut index = self.index();
        let number = index.next_list(now)?;
        let (next, revoked) = (days(now, i64::from(days_valid)), index.revoked());
        let mut lists = Vec::new();
        for level in Level::BOTH {
            let member = self.member(level);
            let builder = CrlBuilder::new(member.certificate.subject.clone(), now, Some(next), number)
                .extension(extensions::authority_key_id(&key_id(member.key.public_key())));
            let builder = if level == Level::Issuing { builder.revoke_all(&revoked) } else { builder };
            lists.push(builder.sign(&*member.key).map_err(|e| AuthorityError::Unavailable(e.to_string()))?);
        }
        Ok(lists)
    }

    /// What a verifier of its certificates relies on: root, issuing CA and fresh lists.
    ///
    /// # Errors
    /// See [`AuthorityError`].
    pub fn trust(&self, now: Timestamp, days_valid: u16) -> Result<TrustFacts, AuthorityError> {
        let mut facts = TrustFacts::default();
        Level::BOTH.iter().for_each(|l| facts.add_certificate(self.certificate(*l).clone()));
        for der in self.revocation_lists(now, days_valid)? {
            let list = Crl::parse(&der, &Limits::default());
            facts.crls.push(list.map_err(|e| AuthorityError::Unavailable(e.to_string()))?);
        }
        Ok(facts)
    }

    fn member(&self, level: Level) -> &Member {
        match level {
            Level::Root => &self.root,
            Level::Issuing => &self.issuing,
        }
    }

    /// A panic elsewhere leaves the index as the journal says: every change is recorded first.
    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, der: &[u8]) -> Result<IssuedCertificate, AuthorityError> {
        let leaf = parse(der)?;
        Ok(IssuedCertificate {
            leaf,
            chain: vec![self.issuing.certificate.clone(), self.root.certificate.clone()],
        })
    }
}

impl CertificateAuthority for TestAuthority {
    fn issue(
        &self,
        request: &CertificateRequest<'_>,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<IssuedCertificate, AuthorityError> {
        let key = requested_key(request.csr)?;
        let mut index = self.index();
        if let Some(der) = index.issued(request.reference) {
            let before = self.answer(der)?;
            let same = before.leaf.public_key().is_ok_and(|k| k == key);
            return if same { Ok(before) } else { Err(AuthorityError::ReferenceUsed) };
        }
        let (mut profile, ours) = (request.profile.clone(), &self.issuing.certificate);
        profile.subject.check()?;
        if let (CertificateKind::Seal, Some(limit)) = (profile.kind, self.seal_days) {
            profile.not_after = profile.not_after.min(days(now, i64::from(limit)));
        }
        let within = profile.not_before >= ours.not_before && profile.not_after <= ours.not_after;
        if !within || profile.not_after <= profile.not_before {
            return Err(AuthorityError::Validity);
        }
        let mut serial = new_serial(rng);
        while index.knows(&serial.to_string()) {
            serial = new_serial(rng);
        }
        let der = end_certificate(&profile, &key, &ours.subject, &*self.issuing.key, serial.clone())
            .map_err(|e| AuthorityError::Unavailable(e.to_string()))?;
        // Recorded before anybody has it: a certificate nobody knows of could not be revoked.
        index.issue(request.reference, &serial, profile.kind.word(), &der, now)?;
        self.answer(&der)
    }

    fn revoke(&self, serial: &str, reason: RevocationReason, at: Timestamp) -> Result<(), AuthorityError> {
        let known = self.index().revoke(&serial.to_ascii_uppercase(), reason, at)?;
        if known { Ok(()) } else { Err(AuthorityError::UnknownSerial) }
    }

    fn describe(&self) -> AuthorityDescription {
        AuthorityDescription {
            name: format!("{}（测试证书机构 test CA）", self.name),
            issuer: self.issuing.certificate.subject.to_string(),
            test: true,
            chain: vec![self.issuing.certificate.clone(), self.root.certificate.clone()],
        }
    }
}

impl std::fmt::Debug for TestAuthority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestAuthority").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The key of a request that is signed by it.
fn requested_key(csr: &[u8]) -> Result<PublicKey, AuthorityError> {
    let request = Csr::parse(csr, &Limits::default()).map_err(|e| AuthorityError::Request(e.to_string()))?;
    request.verify().map_err(|e| AuthorityError::Request(e.to_string()))?;
    match request.public_key() {
        Ok(key @ PublicKey::Sm2(_)) => Ok(key),
        Ok(_) => Err(AuthorityError::Request("not an SM2 key".to_owned())),
        Err(e) => Err(AuthorityError::Request(e.to_string())),
    }
}

/// Makes the whole folder beside its place and moves it there: a crash leaves either nothing or all of it.
fn create(
    folder: &Path,
    name: &str,
    password: &Password,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<(), AuthorityError> {
    let wrong = |e: std::io::Error| AuthorityError::Store(format!("{}: {e}", folder.display()));
    let staged = staging(folder, rng);
    let keys = KeyShelf::open(&staged.join("keys"), password, rng).map_err(store)?;
    let settings = Settings { format: FORMAT, root_key: KeyId::new(rng), issuing_key: KeyId::new(rng) };
    let root = keys.make(&settings.root_key, rng).map_err(store)?;
    let issuing = keys.make(&settings.issuing_key, rng).map_err(store)?;
    let root_name = authority_name(name, "测试根 TEST ROOT");
    let issuing_name = authority_name(name, "测试签发机构 TEST CA");
    let root_cert = authority_certificate((&root_name, &root_name), &*root, &*root, 1, now, rng);
    let issuing_cert = authority_certificate((&root_name, &issuing_name), &*issuing, &*root, 0, now, rng);
    for (level, cert) in [(Level::Root, root_cert), (Level::Issuing, issuing_cert)] {
        let cert = cert.map_err(|e| AuthorityError::Store(e.to_string()))?;
        durable::create(&staged.join(format!("{}.cer", level.word())), &cert, rng).map_err(wrong)?;
    }
    let json = serde_json::to_vec_pretty(&settings).map_err(|e| wrong(e.into()))?;
    durable::create(&staged.join(SETTINGS), &json, rng).map_err(wrong)?;
    // An empty folder in its place is replaced; one with content is not.
    std::fs::rename(&staged, folder).map_err(wrong)?;
    durable::sync_folder(folder).map_err(wrong)
}

fn staging(folder: &Path, rng: &mut dyn CryptoRng) -> PathBuf {
    let mut tail = [0u8; 8];
    rng.fill_bytes(&mut tail);
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.partial", hex::encode(tail)));
    folder.with_file_name(name)
}

fn load(folder: &Path, level: Level, keys: &KeyShelf, id: &KeyId) -> Result<Member, AuthorityError> {
    let file = format!("{}.cer", level.word());
    let der = durable::read(&folder.join(&file), MAX_FILE);
    let certificate = parse(&der.map_err(|e| AuthorityError::Store(format!("{file}: {e}")))?)?;
    let key = keys.open(id).map_err(store)?;
    if certificate.public_key().ok().as_ref() != Some(key.public_key()) {
        return Err(AuthorityError::Store(format!("{file}: not the certificate of its key")));
    }
    Ok(Member { certificate, key })
}

fn store(e: KeyStoreError) -> AuthorityError {
    AuthorityError::Store(e.to_string())
}

fn parse(der: &[u8]) -> Result<Certificate, AuthorityError> {
    Certificate::parse(der, &Limits::default()).map_err(|e| AuthorityError::Store(e.to_string()))
}
