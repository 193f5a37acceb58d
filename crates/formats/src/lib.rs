//! Bytes to types and back for the ASN.1 standards of electronic seals.

pub mod cms;
pub mod crl;
pub mod csr;
pub mod der;
pub mod inspect;
pub mod ocsp;
pub mod oids;
pub mod pem;
pub mod ses;
pub mod tsp;
pub mod x509;
