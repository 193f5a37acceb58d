//! placeholder
use clap::Subcommand;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Subcommand)]
pub enum SealCommand { /// x
X }
/// placeholder
pub fn run(_args: &SealCommand, _out: &Output) -> Outcome { Ok(0) }
