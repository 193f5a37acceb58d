//! `yinxin verify`: exit codes, JSON, reports, trust.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{World, interop, run};

fn verify_foreign(files: &[&str], more: &[&str]) -> Option<support::Ran> {
    let dir = interop()?;
    let root = dir.join("pki/root.cer").to_str().unwrap().to_owned();
    let paths: Vec<String> = files.iter().map(|f| dir.join(f).to_str().unwrap().to_owned()).collect();
    let mut args = vec!["verify", "--trust", &root, "--at", "2026-11-22T00:00:00Z"];
    args.extend(paths.iter().map(String::as_str));
    args.extend(more);
    Some(run(&args))
}

const VALID: &str = "clean/gbt-p1.ofd";
const INVALID: &str = "tampered/gbt-page-deleted.ofd";

fn first(expected: &str) -> Option<String> {
    let table = std::fs::read_to_string(interop()?.join("expected.tsv")).unwrap();
    let row = table.lines().find(|l| l.split('\t').nth(3) == Some(expected)).unwrap().to_owned();
    row.split('\t').next().map(str::to_owned)
}

#[test]
fn interop_exit_codes_follow_the_verdict_and_the_worst_wins() {
    let Some(unsigned) = first("UNSIGNED") else { return };
    let unknown = first("VALID_ARITH").unwrap();
    let code = |files: &[&str]| verify_foreign(files, &[]).unwrap().code;
    assert_eq!(code(&[VALID]), 0);
    assert_eq!(code(&[INVALID]), 1);
    assert_eq!(code(&[&unknown]), 3);
    assert_eq!(code(&[&unsigned]), 4);
    assert_eq!(code(&["no-such-file.ofd"]), 2);
    assert_eq!(code(&[VALID, &unsigned]), 4);
    assert_eq!(code(&[VALID, &unsigned, &unknown]), 3);
    assert_eq!(code(&[&unknown, INVALID, &unsigned]), 1);
    assert_eq!(code(&[INVALID, "no-such-file.ofd", VALID]), 2);
}

#[test]
fn interop_every_row_of_the_collection_exits_as_expected() {
    let Some(dir) = interop() else { return };
    let table = std::fs::read_to_string(dir.join("expected.tsv")).unwrap();
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split('\t').collect();
        let ran = verify_foreign(&[cells[0]], &["--json"]).unwrap();
        let report = &ran.json()[0];
        let fits = match cells[3] {
            "VALID" => ran.code == 0,
            "INVALID" => ran.code == 1,
            "UNSIGNED" => ran.code == 4,
            "VALID_ARITH" => ran.code == 3,
            "VALID_WARN" => {
                let others = report["warnings"].as_array().unwrap().iter();
                ran.code == 3 || ran.code == 0 && others.clone().any(|w| w["code"] != "NO_REVOCATION_DATA")
            }
            _ => ran.code != 2,
        };
        assert!(fits, "{row}: exit {} {report}", ran.code);
        assert_eq!(report["signatures"].as_array().unwrap().len().to_string(), cells[1], "{row}");
    }
}

#[test]
fn interop_json_is_one_array_with_an_object_for_each_file() {
    let Some(ran) = verify_foreign(&["clean/multi-v1-v4.ofd", "absent.ofd"], &["--json"]) else { return };
    let value = ran.json();
    let report = &value[0];
    assert_eq!(value.as_array().unwrap().len(), 2);
    assert!(report["file"].as_str().unwrap().ends_with("clean/multi-v1-v4.ofd"));
    assert_eq!(report["verdict"], "valid");
    assert!(report["warnings"][0]["code"].is_string() && report["warnings"][0]["detail"].is_string());
    let signature = &report["signatures"][0];
    for member in ["verdict", "format", "signer", "signing_time"] {
        assert!(signature[member].is_string(), "{member}: {signature}");
    }
    for member in ["id", "name", "version"] {
        assert!(signature["seal"][member].is_string(), "{member}: {signature}");
    }
    for member in ["code", "clause", "outcome", "detail"] {
        assert!(signature["checks"][0][member].is_string(), "{member}: {signature}");
    }
    assert_eq!(value[1]["error"]["code"], "FILE_READ");
    assert!(ran.err.contains("absent.ofd"), "diagnostics go to standard error: {}", ran.err);
}

#[test]
fn interop_same_input_trust_and_time_give_the_same_bytes() {
    let Some(a) = verify_foreign(&[VALID, INVALID], &["--json"]) else { return };
    let b = verify_foreign(&[VALID, INVALID], &["--json"]).unwrap();
    assert_eq!(a.out, b.out);
}

#[test]
fn missing_revocation_data_warns_and_decides_under_strict() {
    let world = World::with_seal();
    world.sign("out.ofd", &["--page", "1", "--x", "20", "--y", "20"]).ok();
    let ran = world.run(&["verify", "out.ofd", "--trust", "trust", "--json"]).ok();
    assert_eq!(ran.json()[0]["warnings"][0]["code"], "NO_REVOCATION_DATA");
    assert_eq!(world.run(&["verify", "out.ofd", "--trust", "trust", "--policy", "strict"]).code, 3);
    assert_eq!(world.run(&["verify", "out.ofd"]).code, 3, "without trust nothing is valid");
    assert_eq!(world.run(&["verify", "in.ofd", "--trust", "trust"]).code, 4);
}

#[test]
fn answers_on_status_satisfy_strict_or_name_the_revoked() {
    let world = World::with_seal();
    world.sign("out.ofd", &["--page", "1", "--x", "20", "--y", "20"]).ok();
    world.ocsp("good.ors", None);
    world.ocsp("revoked.ors", Some("owner"));
    let with = |answers: &str| {
        world.run(&[
            "verify", "out.ofd", "--trust", "trust", "--ocsp", answers, "--policy", "strict", "--json",
        ])
    };
    with("good.ors").ok();
    let ran = with("revoked.ors");
    assert_eq!(ran.code, 1, "{}", ran.out);
    let report = ran.json();
    let failed: Vec<_> = report[0]["signatures"][0]["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["outcome"] == "fail")
        .map(|c| c["code"].as_str().unwrap())
        .collect();
    assert_eq!(failed, ["SIGNER_REVOKED_THEN"]);
}

#[test]
fn rejects_trust_that_holds_no_certificate() {
    let world = World::new();
    std::fs::create_dir(world.path("empty")).unwrap();
    world.put("empty/note.txt", b"nothing here");
    let code = |args: &[&str]| world.run(args).error_code();
    assert_eq!(code(&["verify", "in.ofd", "--json", "--trust", "empty"]), "TRUST_EMPTY");
    assert_eq!(code(&["verify", "in.ofd", "--json", "--trust", "absent"]), "TRUST_READ");
    assert_eq!(code(&["verify", "in.ofd", "--json", "--trust", "pw"]), "DER_VALUE");
    assert_eq!(code(&["verify", "in.ofd", "--json", "--crl", "owner.cer"]), "CRL_MISSING");
    assert_eq!(code(&["verify", "in.ofd", "--json", "--at", "tomorrow"]), "TIME_FORMAT");
}

#[test]
fn html_reports_go_to_the_file_or_folder_named_and_never_over_an_input() {
    let world = World::new();
    world.run(&["verify", "in.ofd", "--report", "r.html"]);
    assert!(world.get("r.html").starts_with(b"<!DOCTYPE html>"));
    world.put("second.ofd", &world.get("in.ofd"));
    let ran = world.run(&["verify", "in.ofd", "second.ofd", "--report", "r2.html", "--json"]);
    assert_eq!(ran.error_code(), "REPORT_NEEDS_FOLDER");
    std::fs::create_dir(world.path("reports")).unwrap();
    world.run(&["verify", "in.ofd", "second.ofd", "in.ofd", "--report", "reports"]);
    let mut names: Vec<String> = std::fs::read_dir(world.path("reports"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["in.ofd-2.html", "in.ofd.html", "second.ofd.html"]);
    let before = world.get("in.ofd");
    let ran = world.run(&["verify", "in.ofd", "--report", "./in.ofd", "--json"]);
    assert_eq!((ran.code, ran.json()[0]["error"]["code"].as_str()), (2, Some("REPORT_IS_INPUT")));
    assert_eq!(world.get("in.ofd"), before);
}

#[test]
fn the_report_speaks_the_language_asked_for() {
    let world = World::new();
    let says = |args: &[&str], word: &str| {
        let out = world.run(args).out;
        assert!(out.contains(word), "{word}: {out}");
    };
    says(&["verify", "in.ofd"], "未签章");
    says(&["verify", "in.ofd", "--lang", "en"], "unsigned");
}

#[test]
fn hostile_files_give_a_verdict_or_an_error_never_a_crash() {
    let world = World::with_seal();
    world.sign("out.ofd", &["--page", "all", "--x", "20", "--y", "20"]).ok();
    let good = world.get("out.ofd");
    for cut in [0, 1, 4, 100, good.len() / 2, good.len() - 1] {
        world.put("bad.ofd", &good[..cut]);
        let ran = world.run(&["verify", "bad.ofd", "--trust", "trust", "--json"]);
        assert!([1, 3].contains(&ran.code), "cut at {cut}: {} {}", ran.code, ran.err);
        assert_eq!(ran.json().as_array().unwrap().len(), 1);
    }
    world.put("a.pdf", b"%PDF-1.7\n");
    assert_eq!(world.run(&["verify", "a.pdf"]).code, 1);
    assert_eq!(world.run(&["verify", "trust"]).code, 2, "a folder is no document");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let world = World::new();
    let mut child = support::yinxin()
        .current_dir(world.dir.path())
        .args(["inspect", "in.ofd"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), out.stderr.len()), (Some(0), 0));
}
