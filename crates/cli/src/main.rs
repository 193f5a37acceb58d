//! `yinxin`: make, use, inspect and verify electronic seals from the command line.

mod args;
mod command;
mod document_password;
mod error_words;
mod failure;
mod files;
mod fonts;
mod keys;
mod output;
mod progress;
mod status;
mod time;
mod trust;
mod tsa_client;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = args::Cli::parse();
    let out = output::Output::new(cli.lang.into(), cli.json);
    match command::run(cli, &out) {
        Ok(code) => ExitCode::from(code),
        Err(e) => {
            out.failure(&e);
            ExitCode::from(failure::EXIT_COULD_NOT_RUN)
        }
    }
}
