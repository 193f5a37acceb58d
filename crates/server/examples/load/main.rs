//! Load on running services, from a process of its own, and the databases for it.
//!
//! ```text
//! load --url http://127.0.0.1:8080 --paths paths.txt …   steady load on one service (steady.rs)
//! load seed --data FOLDER --seals 1000000 …               fills a new registry (seed.rs)
//! load compare --small FOLDER --large FOLDER …            asks two services in turn, as ratios (compare.rs)
//! load start --data FOLDER --program yinxin …             from the start of the program to ready (ready.rs)
//! load pages --data FOLDER --program yinxin …             the console's pages, role by role (pages.rs)
//! load status --data FOLDER --program yinxin …            status answers beside a bare handler's (status.rs)
//! ```
//! Each prints JSON. Only addresses of this machine are taken.
#![allow(clippy::print_stdout, reason = "its output is its result")]
#![allow(
    clippy::indexing_slicing,
    reason = "what is missing in JSON reads as null, and no service depends on this program"
)]

mod compare;
mod http;
mod options;
mod pages;
mod ready;
mod seed;
mod service;
mod status;
mod steady;

use std::process::ExitCode;

const USAGE: &str = "usage: load --url http://HOST:PORT --paths FILE [--connections N] [--seconds N] [--warm-up N] \
                     [--header 'Name: value']…\n       \
                     load seed --data FOLDER [--database URL] [--seals N]\n       \
                     load compare --small FOLDER --large FOLDER --program FILE [--rounds N] [--only CLASS]\n       \
                     load start --data FOLDER --program FILE [--starts N]\n       \
                     load pages --data FOLDER --program FILE [--rounds N]\n       \
                     load status --data FOLDER --program FILE [--rounds N] [--seconds N] [--connections N]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.split_first() {
        Some((first, rest)) if first == "seed" => seed::run(rest),
        Some((first, rest)) if first == "compare" => compare::run(rest),
        Some((first, rest)) if first == "start" => ready::run(rest),
        Some((first, rest)) if first == "pages" => pages::run(rest),
        Some((first, rest)) if first == "status" => status::run(rest),
        Some((first, rest)) if first == "bare" => status::bare(rest),
        _ => steady::run(&arguments),
    };
    match outcome {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("load: {why}\n{USAGE}");
            ExitCode::FAILURE
        }
    }
}
