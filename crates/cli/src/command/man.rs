//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct ManArgs {}
/// placeholder
pub fn run(_args: &ManArgs, _out: &Output) -> Outcome { Ok(0) }
