//! placeholder
use clap::Args;
use crate::failure::Outcome;
use crate::output::Output;
/// placeholder
#[derive(Debug, Args)]
pub struct TsaArgs {}
/// placeholder
pub fn run(_args: &TsaArgs, _out: &Output) -> Outcome { Ok(0) }
