//! X.509 certificates (数字证书) and the names, extensions and algorithms they share with lists and tokens.

mod certificate;
mod constraints;
mod extension;
mod general_name;
mod name;
mod serial;
mod signature;

pub use certificate::Certificate;
pub use constraints::{
    AuthorityInfoAccess, AuthorityKeyId, BasicConstraints, DistributionPoint, KeyUsage, NameConstraints,
    PolicyConstraints, ReasonFlags,
};
pub use extension::Extension;
pub use general_name::GeneralName;
pub use name::{Name, NameAttribute};
pub use serial::Serial;
pub use signature::{AlgorithmIdentifier, SignatureError};

pub(crate) use certificate::{note_time_form, range_of};
pub(crate) use constraints::{authority_key_id, flags, octet_string, point_name, reason_flags, small};
pub(crate) use extension::{
    encode_all as encode_extensions, read_all as read_extensions, read_entries as read_extension_entries,
};
pub(crate) use signature::{digest_identifier, read_public_key, signature_algorithm};
