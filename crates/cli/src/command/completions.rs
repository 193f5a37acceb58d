//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct CompletionsArgs {}
/// placeholder
pub fn run(_args: &CompletionsArgs, _out: &Output) -> Outcome { Ok(0) }
