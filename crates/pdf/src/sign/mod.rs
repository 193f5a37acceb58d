//! Appending a signature: prepare → a value made anywhere → embed. The old bytes stay as they are.

mod appearance;
mod error;
mod field;
mod frame;
mod picture;
mod prepare;
mod prepared;
mod revision;
mod seed;
mod validation;

pub use error::SignError;
pub use field::IntoField;
pub use picture::{MAX_PIXELS, Picture};
pub use prepare::{SignRequest, Stamp, SubFilter, prepare};
pub use prepared::Prepared;
pub use validation::{Evidence, add_validation};
