//! A seal in daily use as clients meet it: custody, rights, approval, sealing, the register. On both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod activation;
mod arrange;
mod backup;
mod copies;
mod custody;
mod digests;
mod elsewhere;
mod filters;
mod flows;
mod landing;
mod package;
mod pdfs;
mod retention;
mod rights;
mod stage;
mod standings;
#[path = "../support/mod.rs"]
mod support;
mod timestamps;
mod uses;
