//! `yinxin imprint draw`, `import`, `check`, `compare`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::path::Path;

use support::{run, tool};

const NAME: [&str; 4] = ["--kind", "official", "--name", "示例市示例科技有限公司"];

fn imprint(dir: &Path, verb: &str, args: &[&str]) -> support::Ran {
    support::yinxin().current_dir(dir).args(["imprint", verb, "--json"]).args(args).output().unwrap().into()
}

fn draw(dir: &Path, args: &[&str]) -> support::Ran {
    imprint(dir, "draw", args)
}

#[test]
fn draws_png_and_svg_to_exact_size() {
    let dir = tempfile::tempdir().unwrap();
    let name = ["--kind", "official", "--name", "示例市示例科技有限公司", "--code", "1101050012345"];
    let png =
        draw(dir.path(), &[&name[..], &["--mm", "42", "--dpi", "300", "-o", "a.png"]].concat()).ok().json();
    assert_eq!((png["width_mm"].as_f64(), png["width_px"].as_u64()), (Some(42.0), Some(496)));
    assert!(png["rule"]["source"].as_str().unwrap().contains("国发〔1999〕25号"));
    assert!(std::fs::read(dir.path().join("a.png")).unwrap().starts_with(b"\x89PNG"));
    draw(dir.path(), &[&name[..], &["-o", "a.svg"]].concat()).ok();
    tool("xmllint", &["--noout", "a.svg"], dir.path());
    draw(dir.path(), &[&name[..], &["-o", "a.ofd"]].concat()).ok();
    tool("unzip", &["-tq", "a.ofd"], dir.path());
    let personal =
        ["--kind", "personal", "--name", "张三", "--style", "cut", "--suffix", "fill", "-o", "p.png"];
    assert_eq!(draw(dir.path(), &personal).ok().json()["height_mm"].as_f64(), Some(18.0));
}

#[test]
fn draws_every_kind_with_its_own_options() {
    let dir = tempfile::tempdir().unwrap();
    let emblem =
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>"#;
    std::fs::write(dir.path().join("e.svg"), emblem).unwrap();
    let cases: [(&[&str], f64); 6] = [
        (&["--kind", "official", "--rank", "province-ministry", "--emblem", "e.svg"], 50.0),
        (
            &[
                "--kind",
                "business",
                "--purpose",
                "业务专用章",
                "--second",
                "一部",
                "--number",
                "2",
                "--double-ring",
            ],
            40.0,
        ),
        (&["--kind", "invoice", "--tax-number", "91110105MA01234567"], 30.0),
        (&["--kind", "customs"], 40.0),
        (&["--kind", "cancellation", "--center", "star"], 38.0),
        (&["--kind", "finance", "--color", "#C00000", "--border-mm", "1"], 38.0),
    ];
    for (args, height) in cases {
        let all = [args, &["--name", "示例市示例科技有限公司", "-o", "k.png"]].concat();
        assert_eq!(draw(dir.path(), &all).ok().json()["height_mm"].as_f64(), Some(height), "{args:?}");
    }
    let oblong = ["--kind", "personal", "--name", "王小明", "--mm", "24", "--height-mm", "10", "-o", "p.svg"];
    assert_eq!(draw(dir.path(), &oblong).ok().json()["height_mm"].as_f64(), Some(10.0));
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
    assert_eq!(
        code(&["--kind", "official", "--name", "示例𠮷", "-o", "a.png"]),
        "IMPRINT_MISSING_CHARACTERS"
    );
    assert_eq!(code(&["--kind", "invoice", "--name", "示例公司", "-o", "a.png"]), "IMPRINT_OPTION_MISSING");
    assert_eq!(run(&["imprint", "draw", "--kind", "oval", "--name", "x", "-o", "a.png"]).code, 2);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn an_area_s_rules_decide_and_their_faults_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let rules = "area = '示例市'\n[[rule]]\nkind = 'official'\nwidth_mm = { min = 41, usual = 41, max = 41 }\nsource = '示例市规定'\n";
    std::fs::write(dir.path().join("area.toml"), rules).unwrap();
    let drawn = draw(dir.path(), &[&NAME[..], &["--rules", "area.toml", "-o", "a.png"]].concat()).ok().json();
    assert_eq!((drawn["width_mm"].as_f64(), drawn["rule"]["area"].as_str()), (Some(41.0), Some("示例市")));
    std::fs::write(dir.path().join("bad.toml"), rules.replace("width_mm", "breadth")).unwrap();
    let refused = draw(dir.path(), &[&NAME[..], &["--rules", "bad.toml", "-o", "b.png"]].concat());
    assert_eq!(refused.error_code(), "IMPRINT_RULES_FORM");
    assert!(refused.out.contains("breadth") && refused.out.contains("bad.toml"), "{}", refused.out);
    let checked =
        imprint(dir.path(), "check", &["a.png", "--kind", "official", "--rules", "area.toml"]).ok().json();
    assert_eq!(checked["outcome"], "pass");
}

#[test]
fn checks_with_a_code_for_each_rule_and_exits_by_the_outcome() {
    let dir = tempfile::tempdir().unwrap();
    draw(dir.path(), &[&NAME[..], &["-o", "a.png"]].concat()).ok();
    let good = imprint(dir.path(), "check", &["a.png", "--kind", "official"]).ok().json();
    assert_eq!(good["outcome"], "pass");
    let rim =
        good["findings"].as_array().unwrap().iter().find(|f| f["code"] == "IMPRINT_CHECK_RIM_WIDTH").unwrap();
    assert_eq!((rim["outcome"].as_str(), rim["allowed"].as_str()), (Some("pass"), Some("0.5–2 mm")));
    let bad = imprint(dir.path(), "check", &["a.png", "--kind", "official", "--size", "47"]);
    assert_eq!((bad.code, bad.json()["outcome"].as_str()), (1, Some("fail")));
    let mut command = support::yinxin();
    command.current_dir(dir.path()).args(["imprint", "check", "a.png", "--kind", "invoice"]);
    let text = support::Ran::from(command.output().unwrap());
    assert_eq!(text.code, 1);
    assert!(text.out.contains("不符") && text.out.contains("结论：不符合规则"), "{}", text.out);
    std::fs::write(dir.path().join("x.png"), b"\x89PNG\r\n\x1a\n").unwrap();
    let broken = imprint(dir.path(), "check", &["x.png", "--kind", "official"]);
    assert_eq!(broken.error_code(), "IMPRINT_PICTURE_BROKEN");
}

#[test]
fn compares_with_the_filed_imprint_and_writes_the_difference() {
    let dir = tempfile::tempdir().unwrap();
    draw(dir.path(), &[&NAME[..], &["-o", "filed.png"]].concat()).ok();
    draw(dir.path(), &[&NAME[..], &["--dpi", "300", "-o", "same.png"]].concat()).ok();
    draw(dir.path(), &["--kind", "official", "--name", "示例市样品科技有限公司", "-o", "other.png"]).ok();
    let same = imprint(dir.path(), "compare", &["filed.png", "same.png"]).ok().json();
    assert!(same["same"] == true && same["score"].as_f64().unwrap() > 0.99, "{same}");
    let other = imprint(dir.path(), "compare", &["filed.png", "other.png", "--difference", "d.png"]);
    assert_eq!((other.code, other.json()["same"].as_bool()), (1, Some(false)));
    assert!(std::fs::read(dir.path().join("d.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn imports_a_picture_and_shows_every_step() {
    let dir = tempfile::tempdir().unwrap();
    draw(dir.path(), &[&NAME[..], &["-o", "a.svg"]].concat()).ok();
    // Another program makes a flat picture of it on white, larger than the seal.
    tool("rsvg-convert", &["-b", "white", "-d", "300", "-p", "300", "-o", "scan.png", "a.svg"], dir.path());
    std::fs::create_dir(dir.path().join("steps")).unwrap();
    let args = ["scan.png", "--kind", "official", "--mm", "40", "--steps", "steps", "-o", "made.png"];
    let made = imprint(dir.path(), "import", &args).ok().json();
    assert_eq!(made["steps"].as_array().unwrap().len(), 5);
    assert_eq!(std::fs::read_dir(dir.path().join("steps")).unwrap().count(), 5);
    imprint(dir.path(), "check", &["made.png", "--kind", "official"]).ok();
    draw(dir.path(), &[&NAME[..], &["-o", "filed.png"]].concat()).ok();
    imprint(dir.path(), "compare", &["filed.png", "made.png"]).ok();
    let refused = imprint(dir.path(), "import", &["scan.png", "--kind", "invoice", "-o", "no.png"]);
    assert_eq!(refused.error_code(), "IMPRINT_RATIO_DIFFERS");
    assert!(!dir.path().join("no.png").exists());
}
