//! `docs/api-examples.md` runs as it stands: every block of shell, in order, against the real service.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

use std::path::Path;
use std::process::Command;
use yinxin_testkit::process::Service;

/// The blocks fenced as `sh`.
fn blocks(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("\n```sh\n") {
        let (block, next) = after.split_once("\n```").expect("a fence is closed");
        found.push(block.to_owned());
        rest = next;
    }
    found
}

/// One script: what stops it is told with the number of its block.
fn script(blocks: &[String]) -> String {
    let mut script =
        "set -Eeuo pipefail\ntrap 'echo \"block $BLOCK, line: $BASH_COMMAND\" >&2' ERR\n".to_owned();
    for (number, block) in blocks.iter().enumerate() {
        script.push_str(&format!("BLOCK={}\n{block}\n", number + 1));
    }
    script
}

#[test]
fn every_command_of_the_page_works_in_order() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/api-examples.md");
    let blocks = blocks(&std::fs::read_to_string(path).unwrap());
    assert!(blocks.len() >= 15, "{} blocks", blocks.len());
    let service =
        Service::new(env!("CARGO_BIN_EXE_yinxin")).set("area.code", "610100").set("area.name", "示例市");
    let running = service.start();
    let line = running.line_with("  security ");
    let one_time = line.split_whitespace().last().unwrap();
    let folder = service.folder().join("examples");
    std::fs::create_dir(&folder).unwrap();
    let output = Command::new("bash")
        .args(["-c", &script(&blocks)])
        .current_dir(&folder)
        .env("BASE", service.url())
        .env("ONE_TIME", one_time)
        .env("NO_PROXY", "*")
        .output()
        .unwrap();
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let last = std::fs::read_to_string(folder.join("refused.json")).unwrap_or_default();
    assert!(output.status.success(), "{said}\n{told}\n{last}");
    for wanted in ["/credit_code CREDIT_CODE_CHECK", "/legal_representative/id_number RESIDENT_ID_CHECK"] {
        assert!(said.contains(wanted), "{wanted} in:\n{said}");
    }
    assert!(said.lines().last().unwrap().starts_with("批准 · approved: 610100"), "{said}");
    // What the page left is what it says: the certificate is the one the registry signed.
    assert!(std::fs::metadata(folder.join("approval.p7b")).unwrap().len() > 500);
}

#[test]
fn a_block_that_fails_stops_the_page() {
    let blocks = blocks("\n```sh\ntrue\n```\n\n```sh\nfalse\n```\n\n```sh\necho never\n```\n");
    assert_eq!(blocks, ["true", "false", "echo never"]);
    let output = Command::new("bash").args(["-c", &script(&blocks)]).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("block 2"));
}
