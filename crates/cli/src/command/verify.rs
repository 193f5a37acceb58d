//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct VerifyArgs {}
/// placeholder
pub fn run(_args: &VerifyArgs, _out: &Output) -> Outcome { Ok(0) }
