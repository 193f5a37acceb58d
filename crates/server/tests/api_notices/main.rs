//! Who is told what: notices to people, mails through a real SMTP server, events to a real receiver. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod events;
mod hearers;
mod mails;
mod notices;
mod outage;
mod reminders;
mod scope;
#[allow(dead_code, reason = "shared with api_use, which uses all of it")]
#[path = "../api_use/stage.rs"]
mod stage;
#[path = "../support/mod.rs"]
mod support;
