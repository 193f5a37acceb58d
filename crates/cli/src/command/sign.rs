//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct SignArgs {}
/// placeholder
pub fn run(_args: &SignArgs, _out: &Output) -> Outcome { Ok(0) }
