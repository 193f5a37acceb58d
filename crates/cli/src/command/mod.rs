//! One file per verb.

pub mod audit;
pub mod authority;
pub mod backup;
pub mod ca;
pub mod completions;
pub mod config;
pub mod demo;
pub mod doctor;
pub mod extend;
pub mod extract;
pub mod imprint;
pub mod inspect;
pub mod keys;
pub mod maker;
pub mod man;
pub mod migrate;
pub mod render;
pub mod restore;
pub mod seal;
pub mod serve;
pub mod sign;
pub mod text;
pub mod tsa;
pub mod verify;

use crate::args::{Cli, Command};
use crate::failure::Outcome;
use crate::output::Output;

/// Runs the chosen verb.
pub fn run(cli: Cli, out: &Output) -> Outcome {
    match cli.command {
        Command::Verify(a) => verify::run(&a, out),
        Command::Sign(a) => sign::run(&a, out),
        Command::Seal(a) => seal::run(&a, out),
        Command::Extend(a) => extend::run(&a, out),
        Command::Render(a) => render::run(&a, out),
        Command::Text(a) => text::run(&a, out),
        Command::Inspect(a) => inspect::run(&a, out),
        Command::Extract(a) => extract::run(&a, out),
        Command::Imprint(a) => imprint::run(&a, out),
        Command::Ca(a) => ca::run(&a, out),
        Command::Tsa(a) => tsa::run(&a, out),
        Command::Demo(a) => demo::run(&a, out),
        Command::Serve(a) => serve::run(&a, out),
        Command::Migrate(a) => migrate::run(&a, out),
        Command::Doctor(a) => doctor::run(&a, out),
        Command::Config(a) => config::run(&a, out),
        Command::Backup(a) => backup::run(&a, out),
        Command::Restore(a) => restore::run(&a, out),
        Command::Audit(a) => audit::run(&a, out),
        Command::Authority(a) => authority::run(&a, out),
        Command::Maker(a) => maker::run(&a, out),
        Command::Keys(a) => keys::run(&a, out),
        Command::Completions(a) => completions::run(&a, out),
        Command::Man(a) => man::run(&a, out),
    }
}
