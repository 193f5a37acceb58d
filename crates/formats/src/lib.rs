//! Bytes to types and back for the ASN.1 standards of electronic seals.

pub mod der;
pub mod ses;
