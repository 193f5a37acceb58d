//! `yinxin demo`: the whole story on real files and in a running registry, each claim of it checked.

mod cast;
mod claims;
mod documents;
mod ending;
mod forge;
mod overview;
mod pages;
mod registry;
mod revocation;
mod sealing;
mod seals;
mod stage;
mod tamper;
mod tampering;
mod trial;
mod zip;

use std::path::PathBuf;

use clap::Args;

use crate::failure::{EXIT_COULD_NOT_RUN, Outcome};
use crate::output::Output;
use stage::Stage;

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// 生成文件的目录；不存在、为空或由本命令建立 / folder for what is made: new, empty, or made by this command before
    #[arg(long, default_value = "yinxin-demo", value_name = "DIR")]
    out: PathBuf,
    /// 讲完即退出，最后一行输出 JSON 摘要；否则登记系统继续运行到 Ctrl-C / end after the story and print a JSON summary as the last
    /// line; otherwise the registry goes on until Ctrl-C
    #[arg(long)]
    once: bool,
}

/// Tells the story. Exit code 2 if any verdict is not as told.
pub fn run(args: &DemoArgs, out: &Output) -> Outcome {
    let stage = Stage::open(&args.out, *out)?;
    stage.opening();
    let mut cast = cast::assemble(&stage)?;
    let seals = seals::make(&stage, &cast)?;
    let papers = documents::write(&stage)?;
    let sealed = sealing::seal(&stage, &cast, &seals, &papers)?;
    let mut trial = trial::Trial::new(&stage, &cast)?;
    claims::sealed(&stage, &mut trial)?;
    tampering::tell(&stage, &mut trial, &cast, &seals, &sealed, &papers)?;
    revocation::tell(&stage, &mut trial, &mut cast, &seals, &papers)?;
    pages::draw(&stage, &trial)?;
    overview::write(&stage, &trial)?;
    let mut registry = registry::tell(&stage)?;
    registry.keep(&stage)?;
    let as_told = trial.as_told() && registry.as_told;
    let summary = ending::summary(&stage, &trial, &registry.facts);
    ending::tell(&stage, &trial, registry.as_told);
    if args.once {
        registry.stop(&stage)?;
        Output::new(out.lang, true).value(&summary);
    } else {
        out.value(&summary);
        registry.go_on(&stage)?;
    }
    Ok(if as_told { 0 } else { EXIT_COULD_NOT_RUN })
}
