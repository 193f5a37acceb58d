//! `yinxin imprint draw`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{run, tool};

fn draw(dir: &std::path::Path, args: &[&str]) -> support::Ran {
    support::yinxin().current_dir(dir).args(["imprint", "draw", "--json"]).args(args).output().unwrap().into()
}

#[test]
fn draws_png_and_svg_to_exact_size() {
    let dir = tempfile::tempdir().unwrap();
    let name = ["--kind", "official", "--name", "示例市示例科技有限公司", "--code", "1101050012345"];
    let png =
        draw(dir.path(), &[&name[..], &["--mm", "42", "--dpi", "300", "-o", "a.png"]].concat()).ok().json();
    assert_eq!((png["width_mm"].as_f64(), png["width_px"].as_u64()), (Some(42.0), Some(496)));
    assert!(std::fs::read(dir.path().join("a.png")).unwrap().starts_with(b"\x89PNG"));
    draw(dir.path(), &[&name[..], &["-o", "a.svg"]].concat()).ok();
    tool("xmllint", &["--noout", "a.svg"], dir.path());
    let personal =
        ["--kind", "personal", "--name", "张三", "--style", "cut", "--suffix", "fill", "-o", "p.png"];
    assert_eq!(draw(dir.path(), &personal).ok().json()["height_mm"].as_f64(), Some(18.0));
}

#[test]
fn refuses_what_cannot_be_drawn_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let code = |args: &[&str]| draw(dir.path(), args).error_code();
    assert_eq!(code(&["--kind", "official", "--name", "示例", "-o", "a.gif"]), "IMPRINT_EXTENSION");
    assert_eq!(
        code(&["--kind", "official", "--name", "示例公司", "--mm", "90", "-o", "a.png"]),
        "IMPRINT_SIZE_OUT_OF_RANGE"
    );
    assert_eq!(
        code(&["--kind", "official", "--name", "示例公司", "--font", "/dev/null", "-o", "a.png"]),
        "IMPRINT_BAD_FONT"
    );
    assert_eq!(run(&["imprint", "draw", "--kind", "oval", "--name", "x", "-o", "a.png"]).code, 2);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
