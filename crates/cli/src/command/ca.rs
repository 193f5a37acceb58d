//! placeholder
use clap::Subcommand;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Subcommand)]
pub enum CaCommand { /// x
X }
/// placeholder
pub fn run(_args: &CaCommand, _out: &Output) -> Outcome { Ok(0) }
