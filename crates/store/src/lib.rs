//! The only SQL of the registry: SQLite and PostgreSQL behind one type.
//!
//! * [`Store`] opens, migrates and hands out access: [`Store::read`] gives an [`Access`] that reads, [`Store::begin`] a [`Tx`] that
//!   writes and keeps nothing until [`Tx::commit`].
//! * Every function is written once, with one SQL text for both engines; [`Store::check_statements`] prepares them all.
//! * Rows that carry rights or a status have a MAC under [`RowKeys`], checked whenever they are read.
//! * Errors say what to do: [`StoreError::retry_after`].

mod access;
mod audit;
mod audit_list;
mod brought;
mod challenge;
mod clock;
mod constraint;
mod content;
mod counter;
mod error;
mod figures;
mod idempotency;
mod job;
mod joined;
mod key_ring;
mod keys;
mod lane;
mod list;
mod load;
mod migrate;
mod months;
mod nonce;
mod options;
mod overview;
mod postgres;
mod prune;
mod record;
mod records;
mod script;
mod session;
mod setting;
mod shape;
mod snapshot;
mod sqlite;
mod statement;
mod status;
mod store;
mod sweep;
mod time;
mod value;
mod writing;

pub use access::{Access, Tx};
pub use audit::SealedTree;
pub use audit_list::{AuditFilter, AuditPage};
pub use brought::{Asked, Brought, CodeFound};
pub use challenge::Challenge;
pub use constraint::Constraint;
pub use error::{MigrationFault, Outage, StoreError};
pub use figures::Figure;
pub use idempotency::KeptAnswer;
pub use job::{Job, JobState, NewJob};
pub use joined::Submission;
pub use key_ring::WrappedKey;
pub use keys::RowKeys;
pub use list::{ListFilter, Listed, Page};
pub use load::Loading;
pub use migrate::{KnownMigration, Schema, known_migrations};
pub use months::MonthFigure;
pub use options::StoreOptions;
pub use overview::{Bounded, Waiting};
pub use record::{Record, Versioned};
pub use records::account::Authenticated;
pub use records::notice::{NoticeFilter, NoticePage};
pub use records::peer::ReliedOn;
pub use records::use_record::UseFilter;
pub use records::verification::VerificationFilter;
pub use session::SessionRow;
pub use shape::{Kind, TableShape};
pub use snapshot::Snapshot;
pub use statement::Statement;
pub use status::{StatusChange, StatusEntry};
pub use store::{EngineKind, PoolState, Store};
pub use sweep::{Rewrite, Sweep, TABLES};

/// Every SQL statement of the product.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    [
        audit::ALL,
        audit_list::ALL,
        challenge::ALL,
        clock::ALL,
        content::ALL,
        counter::ALL,
        figures::ALL,
        months::ALL,
        idempotency::ALL,
        job::ALL,
        joined::ALL,
        key_ring::ALL,
        load::ALL,
        nonce::ALL,
        overview::ALL,
        prune::ALL,
        records::account::ALL,
        records::activation::ALL,
        records::application::ALL,
        records::area::ALL,
        records::block::ALL,
        records::change::ALL,
        records::client::ALL,
        records::copy::ALL,
        records::delivery::ALL,
        records::designation::ALL,
        records::disposal::ALL,
        records::dossier::ALL,
        records::drill::ALL,
        records::exchange_delivery::ALL,
        records::exchange_received::ALL,
        records::flow::ALL,
        records::foreign_seal::ALL,
        records::keeping::ALL,
        records::maker::ALL,
        records::notice::ALL,
        records::peer::ALL,
        records::peer_list::ALL,
        records::place_templates::ALL,
        records::profile::ALL,
        records::reconciliation::ALL,
        records::retention_rule::ALL,
        records::seal::ALL,
        records::standing::ALL,
        records::supervision::ALL,
        records::ticket::ALL,
        records::unit::ALL,
        records::use_grant::ALL,
        records::use_item::ALL,
        records::use_record::ALL,
        records::use_request::ALL,
        records::use_rules::ALL,
        records::verification::ALL,
        records::webhook::ALL,
        session::ALL,
        setting::ALL,
        snapshot::ALL,
        status::ALL,
    ]
    .into_iter()
    .flatten()
    .copied()
}
