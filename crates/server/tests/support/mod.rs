//! The whole server in one process, as its clients meet it: on SQLite and on PostgreSQL, with a clock that tests move.
//!
//! ```ignore
//! mod support;
//! use support::{Role, for_each_engine};
//!
//! #[test]
//! fn a_reviewer_sees_his_area() {
//!     for_each_engine(async |server| {
//!         let reviewer = server.account(Role::IssuingReviewer, Some(support::CITY)).await;
//!         reviewer.get("/areas").await.ok();
//!     });
//! }
//! ```

#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

mod answer;
mod client;
mod people;
mod running;
pub mod sample;
pub mod scene;

pub use answer::Answer;
pub use client::Client;
pub use people::Login;
pub use running::{Engine, Server, for_each_engine, for_each_engine_with, on_sqlite, on_sqlite_with};
pub use yinxin_registry::role::Role;

/// Path of the area the server is run for: 示例市.
pub const CITY: &str = "/100000/610000/610100/";
