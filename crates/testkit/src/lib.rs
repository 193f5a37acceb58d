//! Fixtures for tests: a small PKI, a fixed clock and generator, forgers of seals, signatures and packages that can be
//! told to lie, the vector collection under `vectors/`, runners of other software, a PostgreSQL, and the service as a
//! process with a client for it.
//!
//! The forgers write bytes by themselves, so that an attack is never made by the code it is meant to defeat.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test kit: what fails here fails the test that uses it"
)]

pub mod clock;
pub mod folder;
pub mod http;
pub mod ofd;
pub mod oracle;
pub mod pdf;
pub mod pki;
pub mod port;
pub mod postgres;
pub mod process;
pub mod revocation;
pub mod rng;
pub mod seal;
pub mod signature;
pub mod signed_data;
pub mod timestamp;
pub mod value;
pub mod vectors;
pub mod zip;

pub use pki::{CertSpec, Identity, Pki};
