//! Reading and writing of DER, tolerant of the BER seen in the wild.
//!
//! Reading never re-encodes: every [`Node`] is a slice of the received bytes with its absolute position, so that a
//! signature is always verified over what was received. What strict DER would refuse but real software writes (long
//! lengths, indefinite lengths, constructed strings) is read and named as a [`Deviation`].

mod limits;
mod reader;
mod time;
pub mod write;

pub use limits::{Ctx, Deviation, Limits, ParseError, ParseErrorKind};
pub use reader::{Node, Reader, Tag};
pub use time::{format_generalized, format_generalized_fraction, format_utc, parse_generalized, parse_utc};
