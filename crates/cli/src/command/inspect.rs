//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct InspectArgs {}
/// placeholder
pub fn run(_args: &InspectArgs, _out: &Output) -> Outcome { Ok(0) }
