//! Help, completions, man pages, the generated manual.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::path::Path;

use support::{run, tool};

/// Compares `docs/generated/cli.md` with the help; `UPDATE=1` writes it.
#[test]
fn the_manual_in_docs_is_that_of_this_command() {
    let made = run(&["man", "--markdown"]).ok().out;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/generated/cli.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "docs/generated/cli.md is out of date: UPDATE=1 cargo test -p yinxin-cli --test help"
    );
}

#[test]
fn every_flag_and_verb_is_explained_in_chinese_first() {
    let manual = run(&["man", "--markdown"]).ok().out;
    let chinese = |l: &str| l.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let lines: Vec<&str> = manual.lines().collect();
    for pair in lines.windows(2) {
        let flag = pair[0].trim_start();
        // Examples break lines before flags too; their lines are not followed by an explanation's indentation.
        let option = pair[1].is_empty() || pair[1].starts_with("          ");
        if pair[0].starts_with(' ')
            && flag.starts_with('-')
            && !flag.starts_with("- ")
            && option
            && !chinese(flag)
        {
            assert!(chinese(pair[1]), "not explained in Chinese: {flag}\n{}", pair[1]);
        }
    }
}

#[test]
fn completions_of_common_shells_are_printed() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(run(&["completions", shell]).ok().out.contains("yinxin"), "{shell}");
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("c"), run(&["completions", "bash"]).out).unwrap();
    tool("bash", &["-n", "c"], dir.path());
}

#[test]
fn a_man_page_is_written_for_every_verb() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("man1");
    let ran = run(&["man", "--out", out.to_str().unwrap(), "--json"]).ok();
    let written = ran.json()["output"].as_array().unwrap().len();
    assert!(written > 15, "{written}");
    for name in ["yinxin", "yinxin-verify", "yinxin-seal-make", "yinxin-imprint-draw", "yinxin-ca-issue"] {
        let page = std::fs::read_to_string(out.join(format!("{name}.1"))).unwrap();
        assert!(page.contains(".TH") && page.contains(&name.replace('-', "\\-")), "{name}: {page}");
    }
    assert!(run(&["man"]).ok().out.contains(".TH yinxin"));
}

#[test]
fn wrong_arguments_exit_with_2() {
    for args in [&[][..], &["nonsense"], &["verify"], &["verify", "--policy", "lax", "x"], &["sign", "a.ofd"]]
    {
        assert_eq!(run(args).code, 2, "{args:?}");
    }
    assert!(run(&["--version"]).ok().out.starts_with("yinxin 0."));
    assert!(run(&["seal", "make", "-h"]).ok().out.contains("--version"));
}
