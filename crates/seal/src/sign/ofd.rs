//! Signing an OFD: prepare, sign anywhere, embed.

use std::io::{Read, Seek, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use yinxin_crypto::{SignatureAlgorithm, SigningKey};
use yinxin_formats::cms::{Attribute, Family, SignedDataBuilder};
use yinxin_formats::der::Limits;
use yinxin_formats::oids;
use yinxin_formats::ses::{Seal, SesExtension, SesVersion, TbsBuilder, assemble_signature};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::Package;
use yinxin_ofd::sign::{Mode, Placement, Prepared, SealKind};

use super::unsigned::{Unsigned, own_key};
use super::{SignDocumentError, TimestampSource, fitness, stamped};
use crate::trust::{Remembered, TrustFacts};

/// With which seal, or without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A seal (DER of SESeal): the signature is an SES_Signature of the seal's version.
    Seal(Vec<u8>),
    /// No seal: SignedData of GB/T 35275.
    Sign,
}

/// What to sign and how.
#[derive(Debug, Clone)]
pub struct SignRequest {
    /// With which seal, or without one.
    pub what: What,
    /// The signer's signature certificate.
    pub signer: Certificate,
    /// The moment of signing.
    pub time: Timestamp,
    /// Where the seal's picture stands.
    pub placements: Vec<Placement>,
    /// Whether further signatures may follow.
    pub mode: Mode,
    /// Which document of the package, from 0.
    pub body: usize,
    /// ID of the signature this one builds on, if any.
    pub relative_to: Option<String>,
    /// Whether the document displays `time`. Not where a service signs later, at a time of its own.
    pub show_time: bool,
    /// PDF: password of an encrypted document, a user's or its owner's.
    pub document_password: Option<String>,
    /// PDF without a seal: SignedData with the identifiers of GB/T 35275 in the place of those of RFC 5652. In an OFD it always has them.
    pub gbt35275: bool,
    /// PDF: certifies the document (认证签名), and what may change afterwards.
    pub certify: Option<yinxin_pdf::Level>,
    /// PDF: the empty signature field that takes the signature, and how large the seal's picture is shown in it.
    pub field: Option<yinxin_pdf::sign::IntoField>,
    /// Extension data (自定义数据) of a signature with a seal; covered by the signature.
    pub extensions: Vec<SesExtension>,
}

impl SignRequest {
    /// A request with the usual values: first document, continue mode, no placement and no extension yet.
    pub fn new(what: What, signer: Certificate, time: Timestamp) -> Self {
        Self {
            what,
            signer,
            time,
            placements: Vec::new(),
            mode: Mode::Continue,
            body: 0,
            relative_to: None,
            show_time: true,
            document_password: None,
            gbt35275: false,
            certify: None,
            field: None,
            extensions: Vec::new(),
        }
    }

    /// Adds a placement.
    #[must_use]
    pub fn place(mut self, p: Placement) -> Self {
        self.placements.push(p);
        self
    }
}

/// A signature without its value. May be stored as JSON, carried to a key elsewhere and taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedSignature {
    /// Layout of this file.
    pub format: u32,
    /// The document's part.
    pub document: Prepared,
    /// The exact bytes to sign.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub to_sign: Vec<u8>,
    /// The signer's certificate, DER.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub signer: Vec<u8>,
    /// Moment of signing, RFC 3339.
    pub time: String,
}

/// Number of the layout of [`PreparedSignature`] written here.
const FORMAT: u32 = 1;

/// Checks seal and signer, hashes what is to be protected and works out what to sign. Nothing is changed.
pub fn prepare_ofd<R: Read + Seek>(
    package: &mut Package<R>,
    request: &SignRequest,
    facts: &TrustFacts,
) -> Result<PreparedSignature, SignDocumentError> {
    if request.certify.is_some() {
        return Err(SignDocumentError::NotInOfd("认证签名 / a certification"));
    }
    if request.field.is_some() {
        return Err(SignDocumentError::NotInOfd("签名域 / a signature field"));
    }
    let seal = fit_seal(request, facts)?;
    let kind = match &request.what {
        What::Seal(der) => SealKind::Seal(der.clone()),
        What::Sign => SealKind::Sign,
    };
    let mut ask = yinxin_ofd::sign::SignRequest::new(kind, request.time);
    ask.body = request.body;
    ask.placements = request.placements.clone();
    ask.mode = request.mode;
    ask.show_time = request.show_time;
    ask.met = facts.remembered.met().clone();
    ask.relative_to = request.relative_to.clone();
    let document = yinxin_ofd::sign::prepare(package, &ask)?;
    prepared(document, seal.as_ref(), request)
}

/// The seal asked for, fit for use now together with its signer.
pub(super) fn fit_seal(request: &SignRequest, facts: &TrustFacts) -> Result<Option<Seal>, SignDocumentError> {
    let seal = match &request.what {
        What::Seal(der) => Some(Seal::parse(der, &Limits::default()).map_err(SignDocumentError::Seal)?),
        What::Sign => None,
    };
    if seal.as_ref().is_some_and(|s| s.version == SesVersion::V1) {
        return Err(SignDocumentError::SealVersion);
    }
    fitness::check(seal.as_ref(), &request.signer, facts, request.time)?;
    Ok(seal)
}

/// With the bytes to sign.
pub(super) fn prepared(
    document: Prepared,
    seal: Option<&Seal>,
    request: &SignRequest,
) -> Result<PreparedSignature, SignDocumentError> {
    let to_sign = match seal {
        Some(seal) => TbsBuilder {
            version: seal.version,
            seal: seal.raw().to_vec(),
            time: request.time,
            data_hash: document.data_hash.to_vec(),
            property_info: document.property_info().to_owned(),
            extensions: request.extensions.clone(),
        }
        .build()?,
        None => signed_data(&document, &request.signer, request.time, None)?.signed_bytes().to_vec(),
    };
    Ok(PreparedSignature {
        format: FORMAT,
        document,
        to_sign,
        signer: request.signer.raw().to_vec(),
        time: request.time.to_string(),
    })
}

impl PreparedSignature {
    /// Reads a prepared signature back from JSON.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SignDocumentError> {
        let bad = SignDocumentError::Prepared;
        let p: Self = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        if p.format != FORMAT {
            return Err(bad(format!("layout {} is not known", p.format)));
        }
        Ok(p)
    }

    /// e = SM3(Z ‖ M), for devices that sign a digest; user id `1234567812345678`.
    pub fn digest(&self) -> Result<[u8; 32], SignDocumentError> {
        self.unsigned().digest()
    }

    /// The signature value for the document from a signature made elsewhere (DER or r‖s), verified first.
    pub fn complete(
        &self,
        signature: &[u8],
        timestamp: Option<&dyn TimestampSource>,
    ) -> Result<Vec<u8>, SignDocumentError> {
        self.complete_with(signature, timestamp, &Remembered::default())
    }

    /// The same where the document is verified next, by facts with the same memory: there this signature need not be computed once more.
    pub fn complete_with(
        &self,
        signature: &[u8],
        timestamp: Option<&dyn TimestampSource>,
        remembered: &Remembered,
    ) -> Result<Vec<u8>, SignDocumentError> {
        self.assemble(&self.unsigned().checked(signature, remembered)?, timestamp)
    }

    /// Writes the signed document. `value` comes from [`PreparedSignature::complete`]; every part is hashed again to be
    /// sure that the document is the one prepared.
    pub fn embed<R: Read + Seek, W: Write>(
        &self,
        package: &mut Package<R>,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignDocumentError> {
        Ok(self.document.embed(package, value, out, progress)?)
    }

    fn unsigned(&self) -> Unsigned<'_> {
        Unsigned { to_sign: &self.to_sign, signer: &self.signer }
    }

    fn assemble(
        &self,
        value: &[u8],
        timestamp: Option<&dyn TimestampSource>,
    ) -> Result<Vec<u8>, SignDocumentError> {
        let token = timestamp.map(|t| stamped(t, value)).transpose().map_err(SignDocumentError::Timestamp)?;
        let Some(_) = self.document.seal_bytes() else {
            let cert = self.unsigned().certificate()?;
            let time = self.time.parse().map_err(|e| SignDocumentError::Prepared(format!("time: {e}")))?;
            let data = signed_data(&self.document, &cert, time, token.as_deref())?;
            return Ok(data.assemble(value));
        };
        let algorithm = SignatureAlgorithm::Sm2Sm3.oid();
        Ok(assemble_signature(&self.to_sign, &self.signer, &algorithm, value, token.as_deref())?)
    }
}

/// Signs with a key at hand and writes the signed document. The key verifies its signature before it leaves.
pub fn sign_ofd<R: Read + Seek, W: Write>(
    package: &mut Package<R>,
    request: &SignRequest,
    key: &dyn SigningKey,
    facts: &TrustFacts,
    timestamp: Option<&dyn TimestampSource>,
    out: W,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, SignDocumentError> {
    own_key(request, key)?;
    let prepared = prepare_ofd(package, request, facts)?;
    let signature = key.sign(&prepared.to_sign)?;
    let value = prepared.assemble(&signature, timestamp)?;
    // Nobody else had the package since it was hashed.
    Ok(prepared.document.embed_unchecked(package, &value, out, progress)?)
}

/// SignedData over Signature.xml, detached, with signing time and the signer's certificate among the signed attributes.
fn signed_data(
    document: &Prepared,
    signer: &Certificate,
    time: Timestamp,
    token: Option<&[u8]>,
) -> Result<yinxin_formats::cms::PreparedSignedData, SignDocumentError> {
    let mut builder = SignedDataBuilder::detached(Family::Gbt35275, document.signature_xml())
        .certificate(signer.raw())
        .signing_time(time)
        .signing_certificate();
    if let Some(token) = token {
        builder = builder.unsigned_attribute(Attribute::new(oids::ATTR_TIMESTAMP_TOKEN, token.to_vec()));
    }
    builder.prepare(signer, SignatureAlgorithm::Sm2Sm3).map_err(|e| SignDocumentError::Cms(e.to_string()))
}

pub(super) fn to_base64<S: Serializer>(bytes: &[u8], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&STANDARD.encode(bytes))
}

pub(super) fn from_base64<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<u8>, D::Error> {
    STANDARD.decode(String::deserialize(d)?).map_err(de::Error::custom)
}
