//! Signing a PDF: prepare, sign anywhere, embed.

use std::io::{Read, Seek, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use yinxin_crypto::{SignatureAlgorithm, SigningKey, Sm2Signature};
use yinxin_formats::cms::{Attribute, Family, PreparedSignedData, SignedDataBuilder};
use yinxin_formats::der::{Limits, ParseError};
use yinxin_formats::oids;
use yinxin_formats::ses::{Seal, SesSignature, TbsBuilder, assemble_signature};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::Rect;
use yinxin_ofd::sign::{Mode, lay_out};
use yinxin_pdf::Document;
use yinxin_pdf::sign::{Picture, Prepared, Stamp, SubFilter};

use super::ofd::{fit_seal, from_base64, to_base64};
use super::unsigned::{Unsigned, own_key};
use super::{SignDocumentError, SignRequest, TimestampSource, signature_file, stamped};
use crate::picture::in_pdf;
use crate::trust::{Remembered, TrustFacts};
use yinxin_render::ArtNote;

/// A signature on a PDF without its value. May be stored as JSON, carried to a key elsewhere and taken up again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparedPdf {
    /// Layout of this file.
    pub format: u32,
    /// `PDF`: tells it from what is prepared for an OFD.
    pub document_format: String,
    /// The document's part.
    pub document: Prepared,
    /// Whether the value is an SES_Signature; SignedData otherwise.
    pub sealed: bool,
    /// Whether SignedData has the identifiers of GB/T 35275.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gbt35275: bool,
    /// The exact bytes to sign.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub to_sign: Vec<u8>,
    /// The signer's certificate, DER.
    #[serde(serialize_with = "to_base64", deserialize_with = "from_base64")]
    pub signer: Vec<u8>,
    /// Moment of signing, RFC 3339.
    pub time: String,
}

/// Number of the layout of [`PreparedPdf`] written here.
const FORMAT: u32 = 1;
/// Bytes left for value, algorithm identifiers and a timestamp with its certificates.
const ROOM: usize = 12 << 10;
/// What the digest in an SES_Signature was made over.
pub(super) const PROPERTY: &str = "ByteRange";

/// Checks seal and signer, works out the new revision and what to sign. Nothing is changed.
///
/// # Errors
/// A seal or signer that is not fit; documents and places that [`yinxin_pdf::sign::prepare`] refuses; what OFD has and PDF
/// has not: whole mode, several documents, a signature that another one builds on.
pub fn prepare_pdf<R: Read + Seek>(
    document: &mut Document<R>,
    request: &SignRequest,
    facts: &TrustFacts,
) -> Result<PreparedPdf, SignDocumentError> {
    only_for_ofd(request)?;
    let seal = fit_seal(request, facts)?;
    if request.gbt35275 && seal.is_some() {
        return Err(SignDocumentError::NotInPdf("带印章的 GB/T 35275 签名数据 / GB/T 35275 with a seal"));
    }
    let ask = yinxin_pdf::sign::SignRequest {
        sub_filter: if seal.is_some() { SubFilter::Seal } else { SubFilter::Cades },
        picture: picture(seal.as_ref(), request)?,
        stamps: stamps(document, request)?,
        field: request.field.clone(),
        certificate: request.signer.raw().to_vec(),
        time: (request.show_time || seal.is_none()).then_some(request.time),
        signer: seal.as_ref().map_or_else(|| request.signer.subject.to_string(), |s| s.property.name.clone()),
        reserve: room(seal.as_ref(), request),
        certify: request.certify,
    };
    let document = yinxin_pdf::sign::prepare(document, &ask)?;
    let to_sign = match &seal {
        Some(seal) => TbsBuilder {
            version: seal.version,
            seal: seal.raw().to_vec(),
            time: request.time,
            data_hash: document.data_hash.to_vec(),
            property_info: PROPERTY.to_owned(),
            extensions: request.extensions.clone(),
        }
        .build()?,
        None => signed_data(&document, (&request.signer, request.gbt35275), None)?.signed_bytes().to_vec(),
    };
    Ok(PreparedPdf {
        format: FORMAT,
        document_format: "PDF".to_owned(),
        document,
        sealed: seal.is_some(),
        gbt35275: request.gbt35275,
        to_sign,
        signer: request.signer.raw().to_vec(),
        time: request.time.to_string(),
    })
}

fn only_for_ofd(request: &SignRequest) -> Result<(), SignDocumentError> {
    if request.mode == Mode::Whole {
        return Err(SignDocumentError::NotInPdf("整体签章 / whole mode"));
    }
    if request.body != 0 {
        return Err(SignDocumentError::NotInPdf("第二个文档 / a second document"));
    }
    if request.relative_to.is_some() {
        return Err(SignDocumentError::NotInPdf("建立在另一签章之上 / building on another signature"));
    }
    Ok(())
}

/// Nothing is decoded where nothing is shown.
fn picture(seal: Option<&Seal>, request: &SignRequest) -> Result<Option<Picture>, SignDocumentError> {
    let shown = !request.placements.is_empty() || request.field.is_some();
    match seal.filter(|_| shown) {
        Some(seal) => Ok(Some(in_pdf(&seal.picture)?.picture)),
        None if request.placements.is_empty() => Ok(None),
        None => Err(yinxin_ofd::sign::SignError::StampWithoutSeal.into()),
    }
}

/// What a PDF shows otherwise than the seal's picture has it: pixels in the place of paths, letters left out. Empty where
/// it is shown as it is.
///
/// # Errors
/// A picture that cannot be shown at all.
pub fn shown_otherwise(seal: &Seal) -> Result<Vec<ArtNote>, SignDocumentError> {
    Ok(in_pdf(&seal.picture)?.notes)
}

fn stamps<R: Read + Seek>(
    document: &mut Document<R>,
    request: &SignRequest,
) -> Result<Vec<Stamp>, SignDocumentError> {
    if request.placements.is_empty() {
        return Ok(Vec::new());
    }
    let sizes: Vec<(f64, f64)> = document
        .pages()
        .map_err(yinxin_pdf::sign::SignError::from)?
        .iter()
        .map(yinxin_pdf::Page::size_mm)
        .collect();
    let mut paper = |at: usize| {
        let (width, height) = sizes.get(at).copied().unwrap_or_default();
        Ok(Rect::new(0.0, 0.0, width, height))
    };
    let laid = lay_out(&request.placements, sizes.len(), &mut paper)?;
    Ok(laid
        .into_iter()
        .map(|l| Stamp {
            page: l.page,
            x: l.boundary.x,
            y: l.boundary.y,
            width: l.boundary.width,
            height: l.boundary.height,
            clip: l.clip.map(|c| [c.x, c.y, c.width, c.height]),
        })
        .collect())
}

fn room(seal: Option<&Seal>, request: &SignRequest) -> usize {
    let extensions: usize = request.extensions.iter().map(|e| e.value.len().saturating_add(64)).sum();
    seal.map_or(0, |s| s.raw().len())
        .saturating_add(request.signer.raw().len())
        .saturating_add(extensions)
        .saturating_add(ROOM)
}

impl PreparedPdf {
    /// Reads a prepared signature back from JSON; `None` where it was prepared for another kind of document.
    ///
    /// # Errors
    /// [`SignDocumentError::Prepared`] where it is malformed.
    pub fn from_json(bytes: &[u8]) -> Result<Option<Self>, SignDocumentError> {
        #[derive(Deserialize)]
        struct Head {
            #[serde(default)]
            document_format: String,
            format: u32,
        }
        let bad = SignDocumentError::Prepared;
        let head: Head = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
        if head.document_format != "PDF" {
            return Ok(None);
        }
        if head.format != FORMAT {
            return Err(bad(format!("layout {} is not known", head.format)));
        }
        serde_json::from_slice(bytes).map(Some).map_err(|e| bad(e.to_string()))
    }

    /// e = SM3(Z ‖ M), for devices that sign a digest; user id `1234567812345678`.
    ///
    /// # Errors
    /// [`SignDocumentError::Prepared`] where the certificate inside cannot be used.
    pub fn digest(&self) -> Result<[u8; 32], SignDocumentError> {
        self.unsigned().digest()
    }

    /// The signature value for the document from a signature made elsewhere (DER or r‖s), verified first.
    ///
    /// # Errors
    /// [`SignDocumentError::WrongSignature`]; [`SignDocumentError::Timestamp`].
    pub fn complete(
        &self,
        signature: &[u8],
        timestamp: Option<&dyn TimestampSource>,
    ) -> Result<Vec<u8>, SignDocumentError> {
        self.assemble(&self.unsigned().checked(signature, &Remembered::default())?, timestamp)
    }

    /// Whether an SES_Signature made elsewhere, by a service that was given only the digest
    /// [`data_hash`](yinxin_pdf::sign::Prepared::data_hash), is the value of this signature and good now: with the seal that was
    /// prepared, by a signer the seal lists.
    ///
    /// # Errors
    /// [`SignDocumentError::Refused`] with the code of the check that failed; [`SignDocumentError::NotInPdf`] where no seal was
    /// prepared; where the field asks for a timestamp and the value has none.
    pub fn accept(&self, value: &[u8], facts: &TrustFacts, now: Timestamp) -> Result<(), SignDocumentError> {
        if !self.sealed {
            return Err(SignDocumentError::NotInPdf("没有印章的签章数据 / an SES_Signature without a seal"));
        }
        let malformed = |e: ParseError| SignDocumentError::Prepared(e.to_string());
        let algorithm = SignatureAlgorithm::Sm2Sm3.oid();
        // The seal is read out of what was prepared as out of any signature: with some value in its place.
        let any =
            Sm2Signature::from_raw64(&[1; 64]).map_err(|e| SignDocumentError::Prepared(e.to_string()))?;
        let own = assemble_signature(&self.to_sign, &self.signer, &algorithm, &any.to_der(), None)?;
        let own = SesSignature::parse(&own, &Limits::default()).map_err(malformed)?;
        signature_file::accept(
            value,
            (&self.document.data_hash, PROPERTY, Some(own.seal_raw())),
            facts,
            now,
        )?;
        let given = SesSignature::parse(value, &Limits::default()).map_err(malformed)?;
        Ok(self.document.suits(given.timestamp.is_some())?)
    }

    /// Writes the signed document: the old bytes as they are and the new revision behind them. `value` comes from
    /// [`PreparedPdf::complete`].
    ///
    /// # Errors
    /// As [`Prepared::embed`]; after an error the output is to be thrown away.
    pub fn embed<R: Read + Seek, W: Write>(
        &self,
        input: R,
        value: &[u8],
        out: W,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<u64, SignDocumentError> {
        Ok(self.document.embed(input, value, out, progress)?)
    }

    fn unsigned(&self) -> Unsigned<'_> {
        Unsigned { to_sign: &self.to_sign, signer: &self.signer }
    }

    fn assemble(
        &self,
        value: &[u8],
        timestamp: Option<&dyn TimestampSource>,
    ) -> Result<Vec<u8>, SignDocumentError> {
        self.document.suits(timestamp.is_some())?;
        let token = timestamp.map(|t| stamped(t, value)).transpose().map_err(SignDocumentError::Timestamp)?;
        if !self.sealed {
            let signer = self.unsigned().certificate()?;
            let signed = signed_data(&self.document, (&signer, self.gbt35275), token.as_deref())?;
            return Ok(signed.assemble(value));
        }
        let algorithm = SignatureAlgorithm::Sm2Sm3.oid();
        Ok(assemble_signature(&self.to_sign, &self.signer, &algorithm, value, token.as_deref())?)
    }
}

/// Signs with a key at hand and writes the signed document. The key verifies its signature before it leaves. `input` must not
/// change meanwhile.
///
/// # Errors
/// As [`prepare_pdf`]; [`SignDocumentError::KeyMismatch`]; errors of the key, of the timestamp and of writing.
pub fn sign_pdf<R: Read + Seek, W: Write>(
    mut input: R,
    request: &SignRequest,
    key: &dyn SigningKey,
    facts: &TrustFacts,
    timestamp: Option<&dyn TimestampSource>,
    out: W,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<u64, SignDocumentError> {
    own_key(request, key)?;
    let password = request.document_password.as_deref();
    let opened = Document::open_with(&mut input, &yinxin_pdf::Limits::default(), password);
    let mut document = opened.map_err(yinxin_pdf::sign::SignError::from)?;
    let prepared = prepare_pdf(&mut document, request, facts)?;
    let signature = key.sign(&prepared.to_sign)?;
    let value = prepared.assemble(&signature, timestamp)?;
    Ok(prepared.document.embed_unchecked(input, &value, out, progress)?)
}

/// SignedData over the range, detached, with the signer's certificate among the signed attributes. The time stands in the
/// signature dictionary, which the range covers (PAdES: no signingTime attribute).
fn signed_data(
    document: &Prepared,
    (signer, gbt35275): (&Certificate, bool),
    token: Option<&[u8]>,
) -> Result<PreparedSignedData, SignDocumentError> {
    let family = if gbt35275 { Family::Gbt35275 } else { Family::Rfc5652 };
    let mut builder = SignedDataBuilder::detached_digest(family, &document.data_hash)
        .certificate(signer.raw())
        .signing_certificate();
    if let Some(token) = token {
        builder = builder.unsigned_attribute(Attribute::new(oids::ATTR_TIMESTAMP_TOKEN, token.to_vec()));
    }
    builder.prepare(signer, SignatureAlgorithm::Sm2Sm3).map_err(|e| SignDocumentError::Cms(e.to_string()))
}
