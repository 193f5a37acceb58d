//! One file for each kind of record: its columns, its lists and what it is found by.

pub(crate) mod account;
pub(crate) mod application;
pub(crate) mod area;
pub(crate) mod block;
pub(crate) mod change;
pub(crate) mod client;
pub(crate) mod designation;
pub(crate) mod maker;
pub(crate) mod profile;
pub(crate) mod seal;
pub(crate) mod unit;
