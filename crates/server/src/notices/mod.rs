//! Notices: who is concerned, in which words, and that he is told: in the application always, by mail where he has an address.

mod people;
mod tell;
mod thing;

pub(crate) use people::upward;
pub use people::{Audience, people};
pub use tell::{MAIL_JOB, tell};
pub use thing::Thing;
