//! One file for each kind of record: its columns, its lists and what it is found by.

pub(crate) mod account;
pub(crate) mod activation;
pub(crate) mod application;
pub(crate) mod area;
pub(crate) mod block;
pub(crate) mod change;
pub(crate) mod client;
pub(crate) mod copy;
pub(crate) mod delivery;
pub(crate) mod designation;
pub(crate) mod flow;
pub(crate) mod keeping;
pub(crate) mod maker;
pub(crate) mod notice;
pub(crate) mod profile;
pub(crate) mod seal;
pub(crate) mod standing;
pub(crate) mod supervision;
pub(crate) mod unit;
pub(crate) mod use_grant;
pub(crate) mod use_item;
pub(crate) mod use_record;
pub(crate) mod use_request;
pub(crate) mod verification;
pub(crate) mod webhook;
