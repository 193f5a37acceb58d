//! The domain of a seal registry (电子印章登记管理): who may do what, what state a seal is in and what may happen next, and what
//! must be kept for proof. Pure: no input or output; time and randomness are handed in.

pub mod account;
pub mod approval;
pub mod area;
pub mod audit;
pub mod block;
pub mod client;
pub mod correction;
pub mod credit_code;
pub mod custody;
pub mod drill;
pub mod exchange;
pub mod ids;
pub mod lifecycle;
pub mod maker;
pub mod notice;
pub mod permission;
mod place;
pub mod profile;
pub mod protected;
pub mod resident_id;
pub mod retention;
pub mod role;
pub mod supervision;
pub mod text;
pub mod unit;
pub mod usage;
pub mod use_rules;
pub mod verification;
pub mod webhook;

pub use protected::Protected;
