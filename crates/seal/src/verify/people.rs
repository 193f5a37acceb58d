//! How seals and certificates are told to people.

use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, SesVersion};
use yinxin_formats::x509::Certificate;

use crate::report::SealSummary;

/// The word for a version in reports.
pub(super) fn version_word(v: SesVersion) -> &'static str {
    match v {
        SesVersion::V1 => "SESv1",
        SesVersion::V4 => "SESv4",
        SesVersion::V5 => "SESv5",
    }
}

/// What a seal says of itself.
pub(super) fn seal_summary(seal: &Seal, limits: &Limits) -> SealSummary {
    let p = &seal.property;
    SealSummary {
        id: seal.es_id.clone(),
        name: p.name.clone(),
        version: version_word(seal.version).to_owned(),
        valid_from: p.valid_start.to_string(),
        valid_to: p.valid_end.to_string(),
        created: p.create_date.to_string(),
        picture_type: seal.picture.kind.clone(),
        width_mm: seal.picture.width_mm,
        height_mm: seal.picture.height_mm,
        maker: Certificate::parse(&seal.maker_cert, limits)
            .map_or_else(|_| "?".to_owned(), |c| c.subject.to_string()),
    }
}

/// Serial number in hexadecimal.
pub(super) fn serial(cert: &Certificate) -> String {
    hex::encode_upper(cert.serial.as_bytes())
}
