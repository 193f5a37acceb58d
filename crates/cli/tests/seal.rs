//! `yinxin seal`: make, inspect, verify.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{World, interop, run};

#[test]
fn makes_seals_of_both_versions_and_lists_that_verify() {
    let world = World::new();
    for (version, list) in [("4", "certificates"), ("4", "digests"), ("5", "certificates"), ("5", "digests")]
    {
        let made = world
            .make_seal(&["--version", version, "--list", list, "--trust", "trust", "--json"])
            .ok()
            .json();
        assert_eq!(
            (made["id"].as_str(), made["version"].to_string()),
            (Some("TEST0001"), version.to_owned())
        );
        assert_eq!(made["valid_to"], "2036-01-01T00:00:00Z", "as long as the owner's certificate");
        let report = world.run(&["seal", "verify", "seal.esl", "--trust", "trust", "--json"]).ok().json();
        assert_eq!(report[0]["verdict"], "valid");
        assert_eq!(report[0]["seal"]["version"], format!("SESv{version}"));
        // A seal that lists digests does not carry the certificate.
        world.sign("out.ofd", &["--cert", "owner.cer", "--page", "1", "--x", "1", "--y", "1"]).ok();
        world.run(&["verify", "out.ofd", "--trust", "trust"]).ok();
    }
}

#[test]
fn what_fails_leaves_the_old_seal_as_it_was() {
    let world = World::with_seal();
    let before = (world.get("seal.esl"), world.names());
    let fails = |more: &[&str], code: &str| {
        assert_eq!(world.make_seal(&[more, &["--json"]].concat()).error_code(), code, "{more:?}");
        assert_eq!((world.get("seal.esl"), world.names()), before);
    };
    fails(&["--valid-to", "2040-01-01T00:00:00Z"], "SEAL_OUTLIVES_CERTIFICATE");
    fails(&["--valid-from", "gestern"], "TIME_FORMAT");
    fails(&["--tsa", "http://127.0.0.1:9/"], "SEAL_TIMESTAMP_VERSION");
    fails(&["--tsa", "http://127.0.0.1:9/", "--version", "5"], "TIMESTAMP_UNAVAILABLE");
    fails(&["--trust", "maker.cer"], "CERTIFICATE_REFUSED");
}

#[test]
fn refuses_pictures_that_do_not_fit_and_notes_coarse_ones() {
    let world = World::new();
    let make = |picture: &str, width: &str, height: &str| {
        world.run(&[
            "seal",
            "make",
            "--name",
            "n",
            "--id",
            "1",
            "--picture",
            picture,
            "--width",
            width,
            "--height",
            height,
            "--cert",
            "owner.cer",
            "--maker-cert",
            "maker.cer",
            "--maker-key",
            "maker.key",
            "--password-file",
            "pw",
            "-o",
            "seal.esl",
            "--json",
        ])
    };
    assert_eq!(make("imprint.png", "40", "38").error_code(), "PICTURE_PROPORTIONS");
    assert_eq!(make("pw", "40", "40").error_code(), "PICTURE_FORMAT");
    assert!(make("imprint.png", "40", "40").ok().json()["notes"].as_array().unwrap().is_empty());
    let coarse = make("imprint.png", "100", "100").ok();
    assert_eq!(coarse.json()["notes"].as_array().unwrap().len(), 1);
    assert!(coarse.err.contains("240 dpi"), "{}", coarse.err);
    world.run(&["imprint", "draw", "--kind", "personal", "--name", "张三", "-o", "p.svg"]).ok();
    assert_eq!(
        make("p.svg", "18", "18").ok().json()["notes"].as_array().unwrap().len(),
        1,
        "SVG in version 4"
    );
}

#[test]
fn a_key_that_is_not_the_makers_makes_nothing() {
    let world = World::new();
    let ran = world.run(&[
        "seal",
        "make",
        "--name",
        "n",
        "--id",
        "1",
        "--picture",
        "imprint.png",
        "--width",
        "40",
        "--height",
        "40",
        "--cert",
        "owner.cer",
        "--maker-cert",
        "maker.cer",
        "--maker-key",
        "owner.key",
        "--password-file",
        "pw",
        "-o",
        "seal.esl",
        "--json",
    ]);
    assert_eq!(ran.error_code(), "KEY_MISMATCH");
    assert!(!world.path("seal.esl").exists());
}

#[test]
fn inspect_shows_summary_and_tree_and_extracts_the_picture() {
    let world = World::with_seal();
    let text = world.run(&["seal", "inspect", "seal.esl", "--picture", "back.png"]).ok().out;
    for word in ["示例市示例公司", "TEST0001", "GB/T 38540-2020", "esID", "印章标识"] {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert_eq!(world.get("back.png"), world.get("imprint.png"));
    let value = world.run(&["seal", "inspect", "seal.esl", "--json"]).ok().json();
    assert_eq!((value["name"].as_str(), value["signers"].as_u64()), (Some("示例市示例公司"), Some(1)));
    assert_eq!(value["tree"]["parts"][0]["kind"], "seal");
    assert_eq!(world.run(&["seal", "inspect", "owner.cer", "--json"]).code, 2);
}

#[test]
fn interop_seals_of_others_exit_by_their_verdict() {
    let Some(dir) = interop() else { return };
    let root = dir.join("pki/root.cer").to_str().unwrap().to_owned();
    let cases = [
        ("v1_a", 0),
        ("v4_a", 0),
        ("v4_digestlist", 0),
        ("v5_a", 0),
        ("v1_badsig", 1),
        ("v4_badsig", 1),
        ("UserV4", 3),
    ];
    for (name, code) in cases {
        let file = dir.join(format!("seals/{name}.esl")).to_str().unwrap().to_owned();
        let ran = run(&["seal", "verify", &file, "--trust", &root, "--at", "2026-11-22T00:00:00Z"]);
        assert_eq!(ran.code, code, "{name}: {}", ran.out);
    }
}
