//! Certificate revocation lists (证书撤销列表).

mod builder;
mod entry;
mod list;

pub use builder::CrlBuilder;
pub use entry::{Entries, RevocationReason, Revoked};
pub use list::{Crl, IssuingDistributionPoint};
