//! Proofs: what an authority certifies under its seal, as signed data that anybody can verify without this system.
//!
//! A proof is a SignedData of GB/T 35275 (SM2 with SM3) that holds its content: a [`Statement`] as canonical JSON. The
//! four [`ProofKind`]s are approval to make a seal (准予制作凭证), filing receipt (备案回执), cancellation certificate (缴销证明)
//! and suspension notice (停用通知). [`sign()`] makes one and verifies it before it leaves; [`verify()`] says what it states, or
//! with a [`ProofFault`] why it is not to be relied on. [`truth`] is the other direction: what an applicant signs.

mod canonical;
mod fault;
mod sign;
mod statement;
mod trust;
pub mod truth;
mod verify;

pub(crate) use canonical::sorted;
pub use canonical::{CanonicalError, from_canonical, to_canonical};
pub use fault::ProofFault;
pub use sign::{Proof, ProofSigner, SignProofError, sign};
pub use statement::{
    IssuingAuthority, OwningUnit, ProofKind, SealFacts, Statement, StatementError, Subjects,
};
pub use trust::{AuthorizedSigner, ProofTrust};
pub(crate) use verify::certificate_holds;
pub use verify::{Verified, verify};
