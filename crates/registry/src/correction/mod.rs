//! Supervision of units (用章单位监管): what the department in charge finds or orders there, what the unit answers, and what comes of it
//! (national measures, about articles 32 and 33; Xi'an measures, articles 37 and 38).

mod file;
mod opening;
pub mod ticket;

pub use crate::lifecycle::reasons::Breach;
pub use file::{Answer, MOST_FILES, TicketFile};
pub use opening::{MOST_BREACHES, MOST_SEALS, Opening};
pub use ticket::{SealsOrdered, Ticket, TicketEvent, TicketState};
