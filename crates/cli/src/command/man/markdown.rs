//! The whole help as one Markdown page.

use clap::Command;

/// Columns of the text: the help must not depend on the terminal it is made at.
const WIDTH: usize = 100;

/// Help of every command, each under its own heading.
pub fn render(root: &Command) -> String {
    let mut out = String::from(
        "# yinxin\n\n由 `yinxin man --markdown` 生成，请勿手改。 / Made by `yinxin man --markdown`; do not edit.\n",
    );
    for (name, command) in super::all(root, "yinxin") {
        let words = name.replace('-', " ");
        let help = command.clone().term_width(WIDTH).render_long_help().to_string();
        out.push_str(&format!("\n## {words}\n\n```text\n{}\n```\n", tidy(&help)));
    }
    out
}

/// Without spaces at the ends of lines, which editors and linters remove.
fn tidy(help: &str) -> String {
    help.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}
