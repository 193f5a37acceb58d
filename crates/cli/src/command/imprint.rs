//! placeholder
use clap::Subcommand;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Subcommand)]
pub enum ImprintCommand { /// x
X }
/// placeholder
pub fn run(_args: &ImprintCommand, _out: &Output) -> Outcome { Ok(0) }
