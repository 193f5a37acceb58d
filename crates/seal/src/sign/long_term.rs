//! What verifies a sealed PDF in later years: validation data (LT) and document timestamps (LTA), ETSI EN 319 142-1.

use std::io::{Read, Seek, SeekFrom, Write};

use jiff::Timestamp;
use yinxin_formats::cms::SignedData;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_pdf::sign::{Evidence, SignRequest as Ask, SubFilter, add_validation, prepare};
use yinxin_pdf::{Document, Signature};

use super::{SignDocumentError, TimestampSource, stamped_digest};
use crate::involved::{self, Involved};
use crate::report::text;
use crate::trust::{Evaluator, Policy, TrustFacts};

/// How long a sealed PDF can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LongTerm {
    /// It carries certificates and revocation data (LT).
    Data,
    /// The same, and a document timestamp over them (LTA).
    Archive,
}

/// How to extend.
#[derive(Debug, Clone)]
pub struct Extend {
    /// How far.
    pub level: LongTerm,
    /// The moment to judge at.
    pub now: Timestamp,
    /// Password of an encrypted document.
    pub password: Option<String>,
}

/// What was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extended {
    /// Whether validation data were; not where the document held all of it.
    pub data: bool,
    /// Whether a document timestamp was.
    pub timestamp: bool,
    /// Bytes of the document now.
    pub bytes: u64,
}

/// Bytes left for a token with its certificates.
const ROOM: usize = 12 << 10;

/// Appends validation data for every signature of a PDF, and a document timestamp where asked for, in place. The facts must
/// lead every certificate to an anchor and tell that it was not revoked: nothing is called long-term that is not.
///
/// After an error the file may have been appended to: it is a copy, to be thrown away.
///
/// # Errors
/// [`SignDocumentError::Refused`] with `SIGN_LT_INCOMPLETE` naming what is missing, or `SIGN_LT_UNSIGNED`; a document that
/// cannot be appended to; errors of the timestamp and of writing.
pub fn extend_pdf<F: Read + Write + Seek>(
    mut file: F,
    how: &Extend,
    facts: &TrustFacts,
    timestamp: Option<&dyn TimestampSource>,
) -> Result<Extended, SignDocumentError> {
    let mut done = Extended { data: false, timestamp: false, bytes: 0 };
    let password = how.password.as_deref();
    let mut document = open(&mut file, password)?;
    let signatures = document.signatures().map_err(yinxin_pdf::sign::SignError::from)?;
    if signatures.is_empty() {
        return Err(refused("SIGN_LT_UNSIGNED", "文档没有签名", "the document holds no signature"));
    }
    let evidence = signatures.iter().map(|s| evidence(s, facts, how.now)).collect::<Result<Vec<_>, _>>()?;
    if let Some(tail) = add_validation(&mut document, &evidence)? {
        drop(document);
        append(&mut file, &tail)?;
        done.data = true;
    }
    if how.level == LongTerm::Archive {
        let source = timestamp.ok_or_else(|| {
            SignDocumentError::Timestamp("没有给出时间戳服务 / no timestamp service was given".to_owned())
        })?;
        let ask = Ask {
            sub_filter: SubFilter::Timestamp,
            picture: None,
            stamps: Vec::new(),
            time: None,
            signer: String::new(),
            reserve: ROOM,
            field: None,
            certificate: Vec::new(),
            certify: None,
        };
        let prepared = prepare(&mut open(&mut file, password)?, &ask)?;
        let token = stamped_digest(source, &prepared.data_hash).map_err(SignDocumentError::Timestamp)?;
        append(&mut file, &prepared.filled(&token)?)?;
        done.timestamp = true;
    }
    done.bytes = file.seek(SeekFrom::End(0)).map_err(write_error)?;
    Ok(done)
}

fn open<F: Read + Seek>(file: F, password: Option<&str>) -> Result<Document<F>, SignDocumentError> {
    let opened = Document::open_with(file, &yinxin_pdf::Limits::default(), password);
    Ok(opened.map_err(yinxin_pdf::sign::SignError::from)?)
}

fn append<F: Write + Seek>(file: &mut F, tail: &[u8]) -> Result<(), SignDocumentError> {
    file.seek(SeekFrom::End(0)).map_err(write_error)?;
    file.write_all(tail).map_err(write_error)?;
    file.flush().map_err(write_error)
}

fn write_error(e: std::io::Error) -> SignDocumentError {
    yinxin_pdf::sign::SignError::from(e).into()
}

fn refused(code: &'static str, zh: &str, en: &str) -> SignDocumentError {
    SignDocumentError::Refused { code, detail: text(zh, en) }
}

/// What verifies one signature, complete.
fn evidence(
    signature: &Signature,
    facts: &TrustFacts,
    now: Timestamp,
) -> Result<Evidence, SignDocumentError> {
    let limits = Limits::default();
    let all = people(signature, facts, &limits).ok_or_else(|| {
        refused(
            "SIGN_LT_INCOMPLETE",
            &format!("签名“{}”的值无法读取", signature.field),
            &format!("the value of signature \"{}\" cannot be read", signature.field),
        )
    })?;
    let found = involved::collect(&all, facts);
    let evaluator = Evaluator::new(facts, now, Policy::Default);
    // By its timestamps it is older than now.
    let used = all.iter().filter_map(|i| i.moment).max().unwrap_or(now);
    involved::covered(&all, facts, &evaluator, used).map_err(|missing| {
        refused(
            "SIGN_LT_INCOMPLETE",
            &format!("签名“{}”缺少验证资料，请用 --trust、--crl、--ocsp 给出：{missing}", signature.field),
            &format!("validation data are missing for signature \"{}\": {missing}", signature.field),
        )
    })?;
    Ok(Evidence {
        contents: signature.contents.clone(),
        certificates: found.certificates.iter().map(|c| c.raw().to_vec()).collect(),
        crls: found.crls.iter().map(|c| c.raw().to_vec()).collect(),
        ocsp: found.ocsp.iter().map(|o| o.raw().to_vec()).collect(),
    })
}

fn people(signature: &Signature, facts: &TrustFacts, limits: &Limits) -> Option<Vec<Involved>> {
    let value = crate::verify::exact_value(&signature.contents)?;
    if let Ok(cms) = SignedData::parse(&value, limits) {
        return Some(involved::of_signed_data(&cms, facts, limits));
    }
    let sig = SesSignature::parse(&value, limits).ok()?;
    Some(involved::of_ses(&sig, facts, limits))
}
