//! The tables.

pub mod codes;
mod connections;
mod directory;
mod making;
mod people;
mod rules;
mod standings;
mod watch;

use super::book::Book;

/// Every book.
pub const ALL: &[&Book] = &[
    &directory::UNITS,
    &people::ACCOUNTS,
    &making::MAKING,
    &directory::MAKERS,
    &directory::BLOCKS,
    &watch::TICKETS,
    &watch::ENTRIES,
    &watch::DRILLS,
    &watch::USE_RULES,
    &rules::AREAS,
    &rules::PROFILES,
    &rules::DESIGNATIONS,
    &rules::FLOWS,
    &standings::STANDINGS,
    &connections::CLIENTS,
    &connections::WEBHOOKS,
    &connections::PEERS,
    &connections::AUTHORITY,
    &connections::KEYS,
    &connections::FAILED_MAILS,
];
