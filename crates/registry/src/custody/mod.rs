//! Custody (印章保管): who keeps a seal, with which password it is activated, who may use it, and what about its use is strange.

pub mod activation;
pub mod grant;
pub mod keeping;
pub mod signal;
