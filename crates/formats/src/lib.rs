//! Bytes to types and back for the ASN.1 standards of electronic seals.

pub mod cms;
pub mod crl;
pub mod der;
pub mod oids;
pub mod ses;
pub mod tsp;
pub mod x509;
