//! The audit chain.

/// Where the chain stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {}
