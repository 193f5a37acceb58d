//! Fields written into seals and signatures, each checked before it is encoded.

use const_oid::ObjectIdentifier;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::der::{Ctx, Limits, Reader, Tag, write};

use super::bounds::{MAX_CERTS, MAX_EXTENSIONS, MAX_PICTURE_BYTES, MAX_PICTURE_MM, MAX_TEXT_BYTES};
use super::picture::{PictureFormat, SealPicture};
use super::{CertDigest, CertList, SesExtension, SesWriteError, sm2_value, value};

type Written = Result<Vec<u8>, SesWriteError>;

/// IA5String of printing ASCII characters.
pub(super) fn ia5(text: &str, field: &'static str) -> Written {
    check_text(text, field)?;
    if !text.is_ascii() {
        return Err(SesWriteError::Text { field, reason: "only ASCII characters can stand here" });
    }
    Ok(write::ia5(text))
}

/// UTF8String.
pub(super) fn utf8(text: &str, field: &'static str) -> Written {
    check_text(text, field)?;
    Ok(write::utf8(text))
}

fn check_text(text: &str, field: &'static str) -> Result<(), SesWriteError> {
    let reason = if text.trim().is_empty() {
        "the text is empty"
    } else if text.len() > MAX_TEXT_BYTES {
        "the text is too long"
    } else if text.chars().any(char::is_control) {
        "control characters cannot stand here"
    } else {
        return Ok(());
    };
    Err(SesWriteError::Text { field, reason })
}

/// GeneralizedTime to the second; fractions are cut off.
pub(super) fn time(t: Timestamp, field: &'static str) -> Written {
    if !(1..=9999).contains(&TimeZone::UTC.to_datetime(t).year()) {
        return Err(SesWriteError::Time { field, reason: "the year must lie between 1 and 9999" });
    }
    Ok(write::generalized_time(t))
}

/// `certListType` and `certList`.
pub(super) fn cert_list(list: &CertList) -> Result<[Vec<u8>; 2], SesWriteError> {
    if list.is_empty() {
        return Err(SesWriteError::CertList("at least one signer must be listed"));
    }
    if list.len() > MAX_CERTS {
        return Err(SesWriteError::CertList("too many entries"));
    }
    let entries: Vec<Vec<u8>> = match list {
        CertList::Certificates(certs) => {
            if !certs.iter().all(|c| is_one_sequence(c)) {
                return Err(SesWriteError::CertList("an entry is no DER certificate"));
            }
            certs.iter().map(|c| write::octets(c)).collect()
        }
        CertList::Digests(digests) => digests.iter().map(digest).collect::<Result<_, _>>()?,
    };
    let number = write::small(list.type_number());
    Ok([number, write::tlv(Tag::SEQUENCE, &entries.concat())])
}

fn digest(d: &CertDigest) -> Written {
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b);
    if d.algorithm.is_empty() || !d.algorithm.bytes().all(printable) {
        return Err(SesWriteError::CertList("the digest's algorithm must be a name of PrintableString"));
    }
    if d.value.is_empty() || d.value.len() > 64 {
        return Err(SesWriteError::CertList("a digest has 1 to 64 bytes"));
    }
    Ok(write::sequence(&[&write::printable(&d.algorithm), &write::octets(&d.value)]))
}

/// SES_ESPictrueInfo.
pub(super) fn picture(p: &SealPicture) -> Written {
    let format = match PictureFormat::from_name(&p.kind) {
        Some(PictureFormat::Ofd) | None => {
            return Err(SesWriteError::Picture("the type must be GIF, BMP, JPG, PNG or SVG"));
        }
        Some(f) => f,
    };
    if p.kind.bytes().any(|b| b.is_ascii_lowercase()) {
        return Err(SesWriteError::Picture("the type is written in capital letters"));
    }
    if PictureFormat::sniff(&p.data) != Some(format) {
        return Err(SesWriteError::Picture("the bytes are not of the type that is named"));
    }
    if p.data.len() > MAX_PICTURE_BYTES {
        return Err(SesWriteError::Picture("the file is larger than 8 MiB"));
    }
    if ![p.width_mm, p.height_mm].iter().all(|mm| (1..=MAX_PICTURE_MM).contains(mm)) {
        return Err(SesWriteError::Picture("width and height must lie between 1 and 10000 mm"));
    }
    Ok(write::sequence(&[
        &write::ia5(&p.kind),
        &write::octets(&p.data),
        &write::small(p.width_mm),
        &write::small(p.height_mm),
    ]))
}

/// ExtensionDatas as a plain SEQUENCE OF, or nothing where the list is empty.
pub(super) fn extensions(list: &[SesExtension]) -> Result<Option<Vec<u8>>, SesWriteError> {
    if list.is_empty() {
        return Ok(None);
    }
    if list.len() > MAX_EXTENSIONS {
        return Err(SesWriteError::Extension("too many entries"));
    }
    let mut content = Vec::new();
    for (i, e) in list.iter().enumerate() {
        if list.iter().take(i).any(|x| x.oid == e.oid) {
            return Err(SesWriteError::Extension("an identifier stands twice"));
        }
        // DER leaves a DEFAULT value out.
        let critical = if e.critical { write::boolean(true) } else { Vec::new() };
        content.extend(write::sequence(&[&write::oid(&e.oid), &critical, &write::octets(&e.value)]));
    }
    Ok(Some(write::tlv(Tag::SEQUENCE, &content)))
}

/// A certificate in an OCTET STRING.
pub(super) fn certificate(der: &[u8], field: &'static str) -> Written {
    if !is_one_sequence(der) {
        return Err(SesWriteError::Part { field, reason: "one DER certificate was expected" });
    }
    Ok(write::octets(der))
}

/// The signature value as BIT STRING; an SM2 value must be strict DER.
pub(super) fn signature(bytes: &[u8], alg: &ObjectIdentifier) -> Written {
    let field = "signature value";
    if bytes.is_empty() {
        return Err(SesWriteError::Part { field, reason: "the value is empty" });
    }
    if *alg == value::SM2_WITH_SM3 {
        let (_, _, deviation) =
            sm2_value::split(bytes).map_err(|error| SesWriteError::Unreadable { field, error })?;
        if let Some(d) = deviation {
            return Err(SesWriteError::Deviates { field, code: d.code });
        }
    }
    Ok(write::bits(bytes))
}

/// `timeStamp [0] EXPLICIT BIT STRING`, or nothing.
pub(super) fn timestamp(token: Option<&[u8]>) -> Written {
    match token {
        None => Ok(Vec::new()),
        Some(t) if is_one_sequence(t) => Ok(write::explicit(0, &write::bits(t))),
        Some(_) => Err(SesWriteError::Part { field: "timeStamp", reason: "one DER token was expected" }),
    }
}

fn is_one_sequence(der: &[u8]) -> bool {
    let ctx = Ctx::new(&Limits::default());
    let Ok(mut r) = Reader::new(der, &ctx) else { return false };
    r.expect(Tag::SEQUENCE, "part").is_ok_and(|n| !n.content.is_empty()) && r.is_empty()
}
