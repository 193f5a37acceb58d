//! `yinxin demo`: the story ends well, and everything it promised is there and stands on its own.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use yinxin_testkit::http::Http;

fn yinxin(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yinxin")).current_dir(folder).args(args).output().unwrap()
}

fn tell(folder: &Path) -> Value {
    let output = yinxin(folder, &["demo", "--out", "d", "--once"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    all.sort();
    all
}

/// Verifies with the binary; gives its exit code.
fn verdict(folder: &Path, file: &Path, with_lists: bool) -> Option<i32> {
    let file = file.display().to_string();
    let mut args = vec!["verify", &file, "--trust", "d/trust"];
    if with_lists {
        args.extend(["--crl", "d/crl/ca.crl", "--crl", "d/crl/root.crl", "--policy", "strict"]);
    }
    yinxin(folder, &args).status.code()
}

/// The same by other trust.
fn verdict_by(folder: &Path, file: &str, trust: &str) -> Option<i32> {
    yinxin(folder, &["verify", file, "--trust", trust]).status.code()
}

#[test]
fn the_story_ends_well_and_leaves_what_it_promised() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let summary = tell(folder);
    assert_eq!(summary["as_told"], true);
    let told = summary["files"].as_array().unwrap();
    assert!(told.len() >= 14 && told.iter().all(|f| f["verdict"] == f["expected"]), "{summary}");
    for name in ["seal.esl", "signer.key", "signer.password", "report.html", "imprint.png", "trust/root.pem"]
    {
        assert!(folder.join("d").join(name).is_file(), "{name}");
    }
    // The frames are in the colors of the verdicts.
    for (picture, color) in [
        ("notice", [0x1a, 0x7f, 0x37]),
        ("contract", [0x1a, 0x7f, 0x37]),
        ("statement", [0x1a, 0x7f, 0x37]),
        ("changed", [0xc6, 0x28, 0x28]),
    ] {
        let bytes = std::fs::read(folder.join(format!("d/pages/{picture}.png"))).unwrap();
        let pixels = image::load_from_memory(&bytes).unwrap().to_rgb8();
        let framed = pixels.pixels().filter(|pixel| pixel.0 == color).count();
        assert!(framed > 500, "{picture}: {framed} of {:?}", pixels.dimensions());
    }
    for page in files(&folder.join("d/reports")) {
        assert!(std::fs::read_to_string(page).unwrap().ends_with("</html>\n"));
    }
    for file in files(&folder.join("d/documents")) {
        assert_eq!(verdict(folder, &file, true), Some(4), "{file:?}");
    }
    for file in files(&folder.join("d/sealed")) {
        assert_eq!(verdict(folder, &file, true), Some(0), "{file:?}");
        assert_eq!(verdict(folder, &file, false), Some(0), "{file:?}");
    }
    for file in files(&folder.join("d/tampered")) {
        assert_eq!(verdict(folder, &file, true), Some(1), "{file:?}");
        assert_eq!(verdict(folder, &file, false), Some(1), "{file:?}");
    }
    let case = |name: &str| verdict(folder, &folder.join("d/cases").join(name), true);
    assert_eq!(case("revoked-later-timestamped.ofd"), Some(0));
    assert_eq!(case("revoked-later-unproven.ofd"), Some(3));
    assert_eq!(case("statement-page-replaced.pdf"), Some(3));
    let seal = ["seal", "verify", "d/seal.esl", "d/seal-v5.esl", "--trust", "d/trust"];
    assert_eq!(yinxin(folder, &seal).status.code(), Some(0));
}

#[test]
fn the_registry_of_the_story_leaves_papers_that_hold_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let told = tell(folder);
    let registry = &told["registry"];
    assert_eq!(registry["as_told"], true, "{registry}");
    assert_eq!(registry["application"]["rounds"], 2, "refused once, then approved");
    assert_eq!(registry["change"]["old_seal"]["state"], "canceled");
    assert_eq!(registry["change"]["new_seal"]["state"], "active");
    for seal in ["seal", "contract_seal"] {
        assert_eq!(registry[seal]["state"], "canceled", "{seal} as it stands at the end");
    }
    assert_eq!(
        (&registry["loss"]["standing_before"], &registry["loss"]["standing_after"]),
        (&"valid".into(), &"suspended".into())
    );
    let again = &registry["verified_again"];
    assert_eq!((&again["status_then"], &again["status_now"]), (&"valid".into(), &"suspended".into()));
    assert_eq!(registry["use"]["batch"]["signed"], 100);
    assert_eq!(verdict_by(folder, "d/papers/contract-sealed.ofd", "d/papers/trust"), Some(0));
    let unzipped = Command::new("unzip").args(["-t", "d/papers/batch.zip"]).current_dir(folder).output();
    assert!(unzipped.expect("unzip is installed").status.success());
    assert!(registry["audit"]["sound"] == true && registry["audit"]["heads_matched"].as_u64() >= Some(1));
    let seals =
        ["seal", "verify", "d/papers/seal.esl", "d/papers/seal-renamed.esl", "--trust", "d/papers/trust"];
    let verified = yinxin(folder, &seals);
    assert_eq!(verified.status.code(), Some(0));
    let report = String::from_utf8_lossy(&verified.stdout);
    assert!(!report.contains("NO_REVOCATION_DATA"), "the lists lie beside the certificates: {report}");
    let case = |file: &str| {
        yinxin(folder, &["audit", "case", file, "--cert", "d/papers/authority.pem"]).status.code()
    };
    assert_eq!(case("d/papers/case.json"), Some(0));
    let text = std::fs::read_to_string(folder.join("d/papers/case.json")).unwrap();
    std::fs::write(folder.join("bent.json"), text.replacen("seal.cancel", "seal.resume", 1)).unwrap();
    assert_eq!(case("bent.json"), Some(1), "a case with another record is refused");
    let chain = yinxin(
        folder,
        &["audit", "verify", "--config", "d/registry/yinxin.toml", "--data-dir", "d/registry"],
    );
    assert_eq!(chain.status.code(), Some(0), "{}", String::from_utf8_lossy(&chain.stderr));
    for proof in ["approval.p7b", "cancellation.p7b"] {
        let parsed = Command::new("openssl")
            .args(["asn1parse", "-inform", "DER", "-in"])
            .arg(folder.join("d/papers").join(proof))
            .output();
        assert!(parsed.expect("openssl is installed").status.success(), "{proof}");
    }
}

#[test]
fn without_once_the_registry_goes_on_until_it_is_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let child = Command::new(env!("CARGO_BIN_EXE_yinxin"))
        .current_dir(folder)
        .args(["--json", "demo", "--out", "d"])
        .stdout(Stdio::piped())
        .spawn();
    let mut child = Kept(child.unwrap());
    let mut line = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let summary: Value = serde_json::from_str(&line).unwrap();
    let registry = Http::new(summary["registry"]["url"].as_str().unwrap());
    assert_eq!(registry.get("/readyz").status, 200);
    let accounts = std::fs::read(folder.join("d/registry-accounts.json")).unwrap();
    let accounts: Value = serde_json::from_slice(&accounts).unwrap();
    let accounts = accounts.as_array().unwrap();
    let reviewer = accounts.iter().find(|a| a["login"] == "reviewer").unwrap();
    let body = json!({ "login": "reviewer", "password": reviewer["password"] });
    let session = registry.post("/api/v1/sessions", &body).expect(201);
    assert_eq!(session["account"]["grants"][0]["role"], "issuing_reviewer");
    let pid = child.0.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    assert_eq!(child.0.wait().unwrap().code(), Some(0));
}

/// Killed, should the test fail before it has ended.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn its_seal_and_key_seal_another_document() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    tell(folder);
    let sign =
        ["sign", "d/documents/notice.ofd", "-o", "mine.ofd", "--seal", "d/seal.esl", "--key", "d/signer.key"];
    let place = ["--password-file", "d/signer.password", "--page", "1", "--x", "130", "--y", "75"];
    let output = yinxin(folder, &[sign.as_slice(), &place].concat());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(verdict(folder, Path::new("mine.ofd"), true), Some(0));
    // A revocation published by its CA reaches the verdict.
    let revoke = ["ca", "revoke", "d/ca", "--cert", "d/signer.pem", "--date", "2026-01-01T00:00:00Z"];
    assert!(yinxin(folder, &revoke).status.success());
    let publish = ["ca", "crl", "d/ca", "-o", "d/crl/ca.crl", "--password-file", "d/signer.password"];
    assert!(yinxin(folder, &publish).status.success());
    assert_eq!(verdict(folder, Path::new("mine.ofd"), true), Some(1));
}

#[test]
fn it_can_be_told_again_in_the_same_folder_but_not_over_files_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    tell(folder);
    let mine = folder.join("d/documents/mine.ofd");
    std::fs::write(&mine, b"mine").unwrap();
    let again = yinxin(folder, &["--lang", "en", "--json", "demo", "--out", "d", "--once"]);
    let summary: Value = serde_json::from_slice(&again.stdout).expect("with --json nothing but JSON");
    assert_eq!((again.status.code(), summary["as_told"].as_bool()), (Some(0), Some(true)));
    assert_eq!(std::fs::read(mine).unwrap(), b"mine");
    let refused = yinxin(folder, &["--json", "demo", "--out", "d/documents"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stdout).contains("DEMO_FOLDER_FOREIGN"));
}

#[test]
fn unzip_xmllint_and_qpdf_accept_what_it_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    tell(folder);
    for file in files(&folder.join("d/sealed")) {
        if file.extension().is_some_and(|e| e == "pdf") {
            let check = Command::new("qpdf").arg("--check").arg(&file).output().expect("qpdf is installed");
            assert!(check.status.success(), "{file:?}: {}", String::from_utf8_lossy(&check.stdout));
            continue;
        }
        let test = Command::new("unzip").args(["-t", "-q"]).arg(&file).output().expect("unzip is installed");
        assert!(test.status.success(), "{file:?}");
        let inside = folder.join(file.file_stem().unwrap());
        let unpack = Command::new("unzip").arg("-q").arg(&file).arg("-d").arg(&inside).output().unwrap();
        assert!(unpack.status.success());
        let mut seen = 0;
        let mut open = vec![inside];
        while let Some(next) = open.pop() {
            for path in files(&next) {
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|e| e == "xml") {
                    let lint = Command::new("xmllint").arg("--noout").arg(&path).output();
                    assert!(lint.expect("xmllint is installed").status.success(), "{path:?}");
                    seen += 1;
                }
            }
        }
        assert!(seen >= 6, "{file:?}: {seen} XML parts");
    }
}
