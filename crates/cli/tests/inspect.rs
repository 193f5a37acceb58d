//! `yinxin inspect`: every kind of file.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use support::{World, interop, run};

#[test]
fn tells_structures_by_their_bytes() {
    let world = World::with_seal();
    for (file, kind, word) in [
        ("seal.esl", "seal", "esID"),
        ("owner.cer", "certificate", "subject"),
        ("trust/root.cer", "certificate", "issuer"),
    ] {
        let value = world.run(&["inspect", file, "--json"]).ok().json();
        assert_eq!(value["tree"]["parts"][0]["kind"], kind, "{file}");
        let text = world.run(&["inspect", file, "--lang", "en"]).ok().out;
        assert!(text.contains(word), "{file}: {text}");
    }
}

#[test]
fn shows_a_document_from_its_entries_to_the_value_of_each_signature() {
    let world = World::with_seal();
    world.sign("out.ofd", &["--page", "2", "--x", "20", "--y", "30"]).ok();
    let value = world.run(&["inspect", "out.ofd", "--json"]).ok().json();
    assert_eq!((value["format"].as_str(), value["anomalies"].as_array().unwrap().len()), (Some("OFD"), 0));
    assert!(
        value["entries"].as_array().unwrap().iter().any(|e| e["path"] == "/OFD.xml" && e["offset"].is_u64())
    );
    let document = &value["documents"][0];
    assert_eq!((document["title"].as_str(), document["pages"].as_array().unwrap().len()), (Some("测试"), 3));
    assert_eq!(document["pages"][0]["box"], "0 0 210 297");
    let signature = &document["signatures"][0];
    assert_eq!(signature["type"], "Seal");
    assert_eq!(signature["part"]["stamps"][0]["boundary"], "20 30 40 40");
    assert!(signature["part"]["references"].as_array().unwrap().len() > 4);
    assert_eq!(signature["value"]["parts"][0]["kind"], "ses_signature");
    let text = world.run(&["inspect", "out.ofd"]).ok().out;
    for word in ["/Doc_0/Document.xml", "StampAnnot", "References", "esID"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn interop_names_anomalies_of_foreign_documents() {
    let Some(dir) = interop() else { return };
    let mut seen = 0;
    let table = std::fs::read_to_string(dir.join("expected.tsv")).unwrap();
    for file in table.lines().skip(1).filter_map(|l| l.split('\t').next()) {
        let path = dir.join(file).to_str().unwrap().to_owned();
        let ran = run(&["inspect", &path, "--json"]);
        assert!(ran.code == 0 || ran.code == 2, "{file}: {}", ran.code);
        let value = ran.json();
        seen += value["anomalies"].as_array().map_or(0, Vec::len);
    }
    assert!(seen > 0, "the collection holds odd documents");
}

#[test]
fn rejects_what_is_no_structure_with_a_code_and_a_place() {
    let world = World::new();
    for (name, bytes) in
        [("text", &b"hello"[..]), ("cut", &[0x30, 0x82, 0xff, 0xff]), ("empty", b""), ("zip", b"PK\x03\x04x")]
    {
        world.put(name, bytes);
        let ran = world.run(&["inspect", name, "--json"]);
        assert!(!ran.error_code().is_empty());
        assert!(ran.json()["error"]["detail"].as_str().unwrap().contains(name), "{}", ran.out);
    }
    world.put("deep", &[0x30, 0x80].repeat(4000));
    assert_eq!(world.run(&["inspect", "deep"]).code, 2);
}

#[test]
fn never_shows_the_secret_of_a_private_key() {
    let world = World::new();
    let dir = world.dir.path();
    support::tool(
        "openssl",
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k.pem"],
        dir,
    );
    let text = support::tool("openssl", &["pkey", "-in", "k.pem", "-noout", "-text"], dir);
    let secret: String = String::from_utf8(text)
        .unwrap()
        .lines()
        .skip_while(|l| !l.starts_with("priv"))
        .skip(1)
        .take_while(|l| l.starts_with(' '))
        .flat_map(|l| l.chars())
        .filter(char::is_ascii_hexdigit)
        .collect();
    assert!(secret.len() >= 60);
    let needle = &secret[secret.len() - 40..];
    for args in [&["inspect", "k.pem"][..], &["inspect", "k.pem", "--json"]] {
        let out = world.run(args).out;
        assert!(!out.contains(needle) && !out.contains(&needle.to_uppercase()));
    }
}
