//! Making of seals (印章制作): a workshop with its own keys, its own log and its own certificate authority, apart from the registry.
//!
//! The workshop knows the registry only through [`transport::RegistryPort`]; the registry knows a made seal only through
//! [`accept::check_made`], which believes nothing the workshop says.

pub mod dto;
