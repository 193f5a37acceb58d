//! X.509 certificates (数字证书) and the names, extensions and algorithms they share with lists and tokens.

mod build_error;
mod builder;
mod certificate;
mod constraints;
mod extension;
mod general_name;
mod locations;
mod name;
mod pss;
mod serial;
mod signature;

pub use build_error::BuildError;
pub use builder::{CertificateBuilder, extensions, key_id};
pub use certificate::Certificate;
pub use constraints::{AuthorityKeyId, BasicConstraints, KeyUsage, NameConstraints, PolicyConstraints};
pub use extension::Extension;
pub use general_name::GeneralName;
pub use locations::{AuthorityInfoAccess, DistributionPoint, ReasonFlags};
pub use name::{Name, NameAttribute};
pub use serial::Serial;
pub use signature::{AlgorithmIdentifier, SignatureError};

pub(crate) use builder::check_unique;
pub(crate) use certificate::range_of;
pub(crate) use constraints::{authority_key_id, flags_of, octet_string};
pub(crate) use extension::{
    encode_all as encode_extensions, read_all as read_extensions, read_entries as read_extension_entries,
};
pub(crate) use locations::{point_name, reason_flags};
pub(crate) use signature::{
    digest_identifier, read_public_key, sign_structure, signature_algorithm, signature_identifier,
};
