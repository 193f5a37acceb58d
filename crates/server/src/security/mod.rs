//! What guards the registry (GB/T 22239 level 3, GB/T 39786 level 3): who is asking, what he may not see, and which keys keep it so.
//!
//! Values in, values out: moments and random numbers are handed in and nothing here knows a database or a request. Only
//! [`master_file`] touches a file, and only [`password::PasswordHasher`] and [`rate_limit::RateLimiter`] keep something in memory.
//!
//! * Who: [`password`], [`one_time`], [`totp`], [`challenge`] (SM2 certificates), [`request_signature`] (programs).
//! * For how long and how often: [`session`], [`csrf`], [`lockout`], [`rate_limit`].
//! * Keys and personal data: [`master_key`], [`master_file`], [`keyring`], [`vault`], [`redact`], [`secret`].

pub mod challenge;
pub mod csrf;
pub mod keyring;
pub mod lockout;
pub mod master_file;
pub mod master_key;
pub mod one_time;
pub mod password;
pub mod rate_limit;
pub mod redact;
pub mod request_signature;
pub mod secret;
pub mod session;
pub mod totp;
pub mod vault;

pub use secret::Secret;
