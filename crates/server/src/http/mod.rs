//! The frame of the API: what every endpoint shares before and after its handler.

pub mod problem;

pub use problem::{Checked, Code, Faults, FieldError, Problem, checked};
