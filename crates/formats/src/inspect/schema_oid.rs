//! What stands beside an OBJECT IDENTIFIER: values of extensions, attributes and contents.

use const_oid::ObjectIdentifier;

use super::schema::Field;
use super::schema_cms as cms;
use super::schema_extension as ext;
use super::schema_x509 as x509;
use crate::oids;

/// `[0]` or SET around extensions: the extensionRequest attribute.
static EXTENSION_LIST: Field = Field {
    tags: super::schema::SEQ,
    en: "Extensions",
    zh: "扩展列表",
    shape: super::schema::Shape::Each(&x509::EXTENSION),
};

/// The field that an identifier announces.
pub(super) fn announced(oid: &ObjectIdentifier) -> Option<&'static Field> {
    Some(match *oid {
        oids::EXT_KEY_USAGE => &ext::KEY_USAGE,
        oids::EXT_BASIC_CONSTRAINTS => &ext::BASIC_CONSTRAINTS,
        oids::EXT_EXTENDED_KEY_USAGE => &ext::EXTENDED_KEY_USAGE,
        oids::EXT_SUBJECT_KEY_ID => &ext::SUBJECT_KEY_ID,
        oids::EXT_AUTHORITY_KEY_ID => &ext::AUTHORITY_KEY_ID,
        oids::EXT_SUBJECT_ALT_NAME | oids::EXT_ISSUER_ALT_NAME | oids::EXT_CERTIFICATE_ISSUER => {
            &ext::GENERAL_NAMES
        }
        oids::EXT_CRL_DISTRIBUTION_POINTS => &ext::DISTRIBUTION_POINTS,
        oids::EXT_ISSUING_DISTRIBUTION_POINT => &ext::ISSUING_POINT,
        oids::EXT_AUTHORITY_INFO_ACCESS => &ext::INFO_ACCESS,
        oids::EXT_CERTIFICATE_POLICIES => &ext::POLICIES,
        oids::EXT_CRL_NUMBER | oids::EXT_DELTA_CRL => &ext::CRL_NUMBER,
        oids::EXT_REASON_CODE => &ext::REASON,
        oids::EXT_INVALIDITY_DATE => &ext::INVALIDITY,
        oids::GB_SIGNED_DATA | oids::SIGNED_DATA => &cms::SIGNED_DATA,
        oids::TST_INFO => &cms::TST_INFO,
        oids::ATTR_TIMESTAMP_TOKEN => &cms::CONTENT_INFO,
        oids::ATTR_CONTENT_TYPE => &cms::CONTENT_TYPE,
        oids::ATTR_MESSAGE_DIGEST => &cms::MESSAGE_DIGEST,
        oids::ATTR_SIGNING_TIME => &cms::SIGNING_TIME,
        oids::ATTR_SIGNING_CERTIFICATE | oids::ATTR_SIGNING_CERTIFICATE_V2 => &cms::SIGNING_CERTIFICATE,
        oids::ATTR_EXTENSION_REQUEST => &EXTENSION_LIST,
        oids::OCSP_BASIC => &cms::BASIC_OCSP,
        _ => return None,
    })
}
