//! Certificate revocation lists (证书撤销列表).

mod entry;
mod list;

pub use entry::{Entries, RevocationReason, Revoked};
pub use list::{Crl, IssuingDistributionPoint};
