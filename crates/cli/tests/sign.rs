//! `yinxin sign` with a key at hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{PASSWORD, World, tool};

const AT: [&str; 6] = ["--page", "1", "--x", "20", "--y", "30.5"];

fn valid(world: &World, file: &str) -> serde_json::Value {
    let ran = world.run(&["verify", file, "--trust", "trust", "--json"]).ok();
    ran.json()[0].clone()
}

#[test]
fn seals_a_page_at_a_position_and_others_accept_the_package() {
    let world = World::with_seal();
    let ran = world.sign("out.ofd", &[&AT[..], &["--json"]].concat()).ok();
    assert_eq!(ran.json()["seal"]["id"], "TEST0001");
    let report = valid(&world, "out.ofd");
    assert_eq!(report["signatures"][0]["stamps"][0]["boundary"], "20 30.5 40 40");
    assert_eq!(report["signatures"][0]["stamps"][0]["page"], 1);
    let dir = world.dir.path();
    tool("unzip", &["-tq", "out.ofd"], dir);
    tool("unzip", &["-q", "out.ofd", "-d", "unpacked"], dir);
    let found = tool("find", &["unpacked", "-name", "*.xml"], dir);
    let names = String::from_utf8(found).unwrap();
    assert!(names.lines().count() > 4, "{names}");
    for name in names.lines() {
        tool("xmllint", &["--noout", name], dir);
    }
}

#[test]
fn seals_pages_and_edges_in_one_go_and_twice_in_a_row() {
    let world = World::with_seal();
    let more = [
        "--page",
        "1,3",
        "--x",
        "10",
        "--y",
        "10",
        "--page",
        "2",
        "--x",
        "-5",
        "--y",
        "0",
        "--cross-page",
        "right",
    ];
    world.sign("out.ofd", &more).ok();
    assert_eq!(valid(&world, "out.ofd")["signatures"][0]["stamps"].as_array().unwrap().len(), 6);
    let second = [
        "sign",
        "out.ofd",
        "-o",
        "out.ofd",
        "--seal",
        "seal.esl",
        "--key",
        "owner.key",
        "--password-file",
        "pw",
    ];
    world.run(&[&second[..], &["--cross-page", "top", "--pages", "1-2", "--whole"]].concat()).ok();
    assert_eq!(valid(&world, "out.ofd")["signatures"].as_array().unwrap().len(), 2);
    let third = world.run(&[&second[..], &AT, &["--json"]].concat());
    assert_eq!(third.error_code(), "SIGN_WOULD_BREAK_SIGNATURE");
}

#[test]
fn signs_without_a_seal() {
    let world = World::new();
    let args = [
        "sign",
        "in.ofd",
        "-o",
        "out.ofd",
        "--no-seal",
        "--key",
        "owner.key",
        "--cert",
        "owner.cer",
        "--password-file",
        "pw",
    ];
    world.run(&args).ok();
    assert_eq!(valid(&world, "out.ofd")["signatures"][0]["format"], "GBT35275");
    let ran = world.run(&[&args[..], &AT, &["--json"]].concat());
    assert_eq!(ran.error_code(), "SIGN_STAMP_WITHOUT_SEAL");
}

#[test]
fn takes_key_and_certificate_from_pkcs12_of_openssl() {
    let world = World::new();
    let dir = world.dir.path();
    tool(
        "openssl",
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k.pem"],
        dir,
    );
    let key = yinxin_crypto::keystore::read_private_key(&world.get("k.pem"), None).unwrap();
    world.put_certificate("k.cer", "openssl", yinxin_crypto::SigningKey::public_key(&key));
    let export =
        ["pkcs12", "-export", "-inkey", "k.pem", "-in", "k.cer", "-out", "k.p12", "-passout", "pass:abc"];
    tool("openssl", &export, dir);
    let out = support::yinxin()
        .current_dir(dir)
        .env("P12_PASSWORD", "abc")
        .args([
            "sign",
            "in.ofd",
            "-o",
            "out.ofd",
            "--no-seal",
            "--key",
            "k.p12",
            "--password-env",
            "P12_PASSWORD",
        ])
        .output()
        .unwrap();
    support::Ran::from(out).ok();
    valid(&world, "out.ofd");
}

#[test]
fn what_fails_leaves_the_output_as_it_was_and_nothing_beside_it() {
    let world = World::with_seal();
    world.put("out.ofd", b"precious");
    world.put("wrong", b"not the password\n");
    world.put("broken.ofd", b"PK\x03\x04 no package");
    let before = world.names();
    let fails = |more: &[&str], code: &str| {
        let ran = world.run(&[&["sign", "-o", "out.ofd", "--json"], more].concat());
        assert_eq!(ran.error_code(), code, "{more:?}");
        assert_eq!(world.get("out.ofd"), b"precious");
        assert_eq!(world.names(), before);
    };
    let key = ["--key", "owner.key", "--password-file", "pw"];
    let sealed = [&["in.ofd", "--seal", "seal.esl"], &key[..]].concat();
    fails(&[&sealed[..], &["--page", "4", "--x", "1", "--y", "1"]].concat(), "SIGN_NO_SUCH_PAGE");
    fails(&[&sealed[..], &["--page", "1", "--x", "900", "--y", "1"]].concat(), "SIGN_OUTSIDE_PAGE");
    fails(&[&sealed[..], &["--page", "x", "--x", "9", "--y", "1"]].concat(), "PAGES_FORMAT");
    fails(&[&sealed[..], &["--cert", "maker.cer"]].concat(), "KEY_MISMATCH");
    fails(&[&sealed[..], &["--relative", "nobody"]].concat(), "SIGN_NO_SUCH_RELATIVE");
    fails(&[&sealed[..], &["--tsa", "ftp://x"]].concat(), "TSA_URL");
    fails(&[&sealed[..], &AT, &["--tsa", "http://127.0.0.1:9/"]].concat(), "TIMESTAMP_UNAVAILABLE");
    fails(&[&sealed[..], &["--document", "2"]].concat(), "SIGN_NO_SUCH_DOCUMENT");
    let cases: [(&[&str], &str); 5] = [
        (
            &["in.ofd", "--seal", "seal.esl", "--key", "owner.key", "--password-file", "wrong"],
            "KEYSTORE_WRONG_PASSWORD",
        ),
        (&["in.ofd", "--seal", "seal.esl", "--key", "owner.key"], "PASSWORD_NEEDED"),
        (&["in.ofd", "--seal", "owner.cer", "--key", "owner.key"], "DER_UNEXPECTED_TAG"),
        (&["in.ofd", "--seal", "seal.esl", "--key", "pw"], "KEYSTORE_MALFORMED"),
        (
            &["in.ofd", "--no-seal", "--key", "owner.key", "--password-file", "pw"],
            "SIGNER_CERTIFICATE_MISSING",
        ),
    ];
    for (args, code) in cases {
        fails(args, code);
    }
    let broken =
        world.run(&[&["sign", "broken.ofd", "-o", "out.ofd", "--seal", "seal.esl"], &key[..]].concat());
    assert_eq!((broken.code, world.get("out.ofd")), (2, b"precious".to_vec()));
}

#[test]
fn refuses_seals_that_are_not_good_with_the_trust_given() {
    let world = World::with_seal();
    let other = World::new();
    std::fs::copy(other.path("trust/root.cer"), world.path("other.cer")).unwrap();
    world.sign("out.ofd", &[&AT[..], &["--trust", "trust"]].concat()).ok();
    let ran = world.sign("out2.ofd", &[&AT[..], &["--trust", "other.cer", "--json"]].concat());
    assert_eq!(ran.code, 2, "{}", ran.out);
    world.make_seal(&["--valid-to", "2030-01-01T00:00:00Z"]).ok();
    let late = world.sign("out2.ofd", &[&AT[..], &["--at", "2031-01-01T00:00:00Z", "--json"]].concat());
    assert_eq!(late.error_code(), "SEAL_EXPIRED_THEN");
    assert!(!world.path("out2.ofd").exists());
}

#[test]
fn a_password_is_never_an_argument_and_never_printed() {
    let world = World::with_seal();
    let ran = world.sign("out.ofd", &AT);
    assert!(!ran.out.contains(PASSWORD) && !ran.err.contains(PASSWORD));
    for word in ["--password", "--pass", "-p"] {
        let ran = world.run(&[
            "sign",
            "in.ofd",
            "-o",
            "o.ofd",
            "--seal",
            "seal.esl",
            "--key",
            "owner.key",
            word,
            "x",
        ]);
        assert_eq!(ran.code, 2, "{word}");
    }
    let help = world.run(&["sign", "--help"]).out;
    let words: Vec<&str> = help.split_whitespace().filter(|w| w.starts_with("--pass")).collect();
    assert!(
        words.iter().all(|w| w.starts_with("--password-file") || w.starts_with("--password-env")),
        "{words:?}"
    );
}
