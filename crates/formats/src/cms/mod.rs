//! SignedData (签名数据) of GB/T 35275 and RFC 5652.

mod attributes;
mod builder;
mod signed_data;
mod signer_info;
mod verify;

pub use attributes::{Attribute, EssCertId, SignedAttributes};
pub use builder::{PreparedSignedData, SignedDataBuilder};
pub use signed_data::{Family, SignedData};
pub use signer_info::{SignerId, SignerInfo};
pub use verify::CmsError;

pub(crate) use attributes::read_attributes;
