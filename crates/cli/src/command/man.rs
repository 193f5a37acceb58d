//! `yinxin man`: man pages, and the manual of the command as Markdown.

mod markdown;

use std::path::PathBuf;

use clap::{Args, Command, CommandFactory};
use serde_json::json;

use crate::args::Cli;
use crate::failure::{Failure, Outcome};
use crate::files;
use crate::output::Output;

/// Arguments of `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// 把每个命令的手册页写入该文件夹；不给则只把总页写到标准输出 / write a page for every command to this folder; the top page to standard output if not given
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// All help as Markdown: how docs/generated/cli.md is made.
    #[arg(long, hide = true, conflicts_with = "out")]
    pub markdown: bool,
}

/// Writes or prints.
pub fn run(args: &ManArgs, out: &Output) -> Outcome {
    let mut root = Cli::command();
    root.build();
    if args.markdown {
        let text = markdown::render(&root);
        out.say(text.trim_end());
        out.value(&json!({ "markdown": text }));
        return Ok(0);
    }
    let Some(folder) = &args.out else {
        let page = page(&root, "yinxin")?;
        out.say(page.trim_end());
        out.value(&json!({ "page": page }));
        return Ok(0);
    };
    let wrong = |e: std::io::Error| Failure::new("FILE_WRITE", format!("{}: {e}", folder.display()));
    std::fs::create_dir_all(folder).map_err(wrong)?;
    let mut written = Vec::new();
    for (name, command) in all(&root, "yinxin") {
        let target = folder.join(format!("{name}.1"));
        files::write(&target, page(command, &name)?.as_bytes())?;
        out.say(target.to_string_lossy());
        written.push(target.to_string_lossy().into_owned());
    }
    out.value(&json!({ "output": written }));
    Ok(0)
}

/// A command and everything below it that help shows, named as man pages are: `yinxin-seal-make`.
fn all<'a>(command: &'a Command, name: &str) -> Vec<(String, &'a Command)> {
    let mut out = vec![(name.to_owned(), command)];
    for sub in command.get_subcommands().filter(|c| !c.is_hide_set() && c.get_name() != "help") {
        out.extend(all(sub, &format!("{name}-{}", sub.get_name())));
    }
    out
}

fn page(command: &Command, name: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    // The page's name is the command's display name: `yinxin-seal-make`.
    let command = command.clone().display_name(name.to_owned());
    clap_mangen::Man::new(command)
        .render(&mut bytes)
        .map_err(|e| Failure::new("MAN_RENDER", e.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
