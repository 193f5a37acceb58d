//! Area profiles (地区配置): the rules of an area as data.

pub mod kind;

pub use kind::{ApplicantKind, SealClass, SealKind, UnknownKind};
