//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct DemoArgs {}
/// placeholder
pub fn run(_args: &DemoArgs, _out: &Output) -> Outcome { Ok(0) }
