//! Passwords of people (口令): how they are kept, and which are good enough (GB/T 22239 level 3, 8.1.4.1; XA-25).

mod hasher;
mod policy;
mod strength;

pub use hasher::{HashCost, PasswordCheck, PasswordError, PasswordHasher};
pub use policy::{PasswordPolicy, PasswordRefused};
