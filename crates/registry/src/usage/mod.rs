//! Use of seals (用印): the request, what is approved about it, the permission for one signature, and the register of every try.

pub mod code;
pub mod copy;
pub mod document;
pub mod permit;
pub mod record;
pub mod request;
pub mod templates;
pub mod token;
