//! `yinxin sign --prepare` and `--complete` with OpenSSL as the signing device.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::{World, tool};
use yinxin_crypto::{SigningKey, Sm2Signature};
use yinxin_formats::der::Limits;
use yinxin_formats::pem::parse_pem_or_der;
use yinxin_formats::ses::{SesVersion, TbsBuilder, assemble_signature};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::sign::Placement;
use yinxin_seal::TrustFacts;
use yinxin_seal::sign::{SignRequest, SignatureFile, What, prepare_signature_file};

/// A world whose owner's key is with OpenSSL, with job.json prepared and the bytes to sign in tbs.
fn prepared() -> World {
    let world = World::new();
    let dir = world.dir.path();
    tool(
        "openssl",
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", "k.pem"],
        dir,
    );
    let key = yinxin_crypto::keystore::read_private_key(&world.get("k.pem"), None).unwrap();
    world.put_certificate("owner.cer", "owner", key.public_key());
    world.make_seal(&[]).ok();
    let args = ["sign", "in.ofd", "--seal", "seal.esl", "--cert", "owner.cer", "--cross-page", "left"];
    let ran = world.run(&[&args[..], &["--prepare", "job.json", "--json"]].concat()).ok();
    let job: serde_json::Value = serde_json::from_slice(&world.get("job.json")).unwrap();
    for member in ["to_sign", "digest"] {
        assert_eq!(job[member], ran.json()[member]);
    }
    assert_eq!(job["digest"].as_str().unwrap().len(), 64);
    world.put("tbs", &STANDARD.decode(job["to_sign"].as_str().unwrap()).unwrap());
    world
}

fn openssl_signs(world: &World) -> Vec<u8> {
    let sign =
        ["dgst", "-sm3", "-sign", "k.pem", "-sigopt", "distid:1234567812345678", "-out", "sig.der", "tbs"];
    tool("openssl", &sign, world.dir.path());
    world.get("sig.der")
}

fn complete(world: &World, output: &str, signature: &str) -> support::Ran {
    let args = ["sign", "in.ofd", "-o", output, "--complete", "job.json", "--signature", signature, "--json"];
    world.run(&args)
}

#[test]
fn a_signature_of_openssl_completes_the_document_in_every_form() {
    let world = prepared();
    let der = openssl_signs(&world);
    let raw = Sm2Signature::from_der(&der).unwrap().to_raw64();
    world.put("sig.raw", &raw);
    world.put("sig.hex", hex::encode(&der).as_bytes());
    world.put("sig.b64", format!("{}\n", STANDARD.encode(raw)).as_bytes());
    for form in ["sig.der", "sig.raw", "sig.hex", "sig.b64"] {
        complete(&world, "out.ofd", form).ok();
        let report = world.run(&["verify", "out.ofd", "--trust", "trust", "--json"]).ok().json();
        assert_eq!(report[0]["signatures"][0]["stamps"].as_array().unwrap().len(), 3, "{form}");
        std::fs::remove_file(world.path("out.ofd")).unwrap();
    }
}

#[test]
fn rejects_a_signature_by_another_key_over_other_bytes_or_none_at_all() {
    let world = prepared();
    let before = world.names();
    world.put("tbs", b"something else");
    openssl_signs(&world);
    assert_eq!(complete(&world, "out.ofd", "sig.der").error_code(), "WRONG_SIGNATURE");
    assert_eq!(complete(&world, "out.ofd", "imprint.png").error_code(), "SIGNATURE_FORMAT");
    assert_eq!(complete(&world, "out.ofd", "absent").error_code(), "FILE_READ");
    world.put("job.json", b"{\"prepared\": 1}");
    assert_eq!(complete(&world, "out.ofd", "sig.der").error_code(), "PREPARED_MALFORMED");
    std::fs::remove_file(world.path("sig.der")).unwrap();
    assert_eq!(world.names(), before, "nothing written");
}

#[test]
fn rejects_completing_another_document_than_the_one_prepared() {
    let world = prepared();
    openssl_signs(&world);
    world.put("in.ofd", &yinxin_ofd::sample::document(3, "测试", &["另一份文件"]));
    assert_eq!(complete(&world, "out.ofd", "sig.der").error_code(), "SIGN_DOCUMENT_CHANGED");
    assert!(!world.path("out.ofd").exists());
}

#[test]
fn a_signature_without_seal_can_be_prepared_too() {
    let world = prepared();
    let args = ["sign", "in.ofd", "--no-seal", "--cert", "owner.cer", "--prepare", "job.json"];
    world.run(&args).ok();
    let job: serde_json::Value = serde_json::from_slice(&world.get("job.json")).unwrap();
    world.put("tbs", &STANDARD.decode(job["to_sign"].as_str().unwrap()).unwrap());
    openssl_signs(&world);
    complete(&world, "out.ofd", "sig.der").ok();
    world.run(&["verify", "out.ofd", "--trust", "trust"]).ok();
}

/// The part of a service that sees the signature file and nothing else of the document.
fn service_seals(world: &World, path: &str, key: &dyn SigningKey) -> Vec<u8> {
    let seal = world.get("seal.esl");
    let blocks = parse_pem_or_der(&world.get("owner.cer"), &Limits::default()).unwrap();
    let cert = Certificate::parse(&blocks[0].der, &Limits::default()).unwrap();
    let mut request = SignRequest::new(What::Seal(seal), cert, jiff::Timestamp::now());
    request.placements.push(Placement::on_page(1, 130.0, 200.0, 40.0, 40.0));
    let xml = world.get("Signature.xml");
    let file = SignatureFile { path, bytes: &xml };
    let prepared = prepare_signature_file(&file, &request, &TrustFacts::default()).unwrap();
    prepared.complete(&key.sign(&prepared.to_sign).unwrap(), None).unwrap()
}

#[test]
fn a_service_that_sees_only_the_signature_file_seals_the_document() {
    let world = prepared();
    let key = yinxin_crypto::keystore::read_private_key(&world.get("k.pem"), None).unwrap();
    let args = [
        "sign",
        "in.ofd",
        "--seal",
        "seal.esl",
        "--cert",
        "owner.cer",
        "--page",
        "2",
        "--x",
        "130",
        "--y",
        "200",
    ];
    let more = ["--prepare", "job.json", "--signature-file", "Signature.xml", "--json"];
    let told = world.run(&[&args[..], &more].concat()).ok().json();
    let digest = tool("openssl", &["dgst", "-sm3", "-r", "Signature.xml"], world.dir.path());
    assert!(String::from_utf8(digest).unwrap().starts_with(told["digest"].as_str().unwrap()));
    let xml = String::from_utf8(world.get("Signature.xml")).unwrap();
    assert_eq!(
        (told["size"].as_u64().unwrap(), xml.contains("SignatureDateTime")),
        (xml.len() as u64, false)
    );
    let path = told["signature_path"].as_str().unwrap();
    world.put("SignedValue.dat", &service_seals(&world, path, &key));

    let finish = ["sign", "in.ofd", "-o", "out.ofd", "--complete", "job.json", "--value", "SignedValue.dat"];
    world.run(&[&finish[..], &["--trust", "trust"]].concat()).ok();
    let report = world.run(&["verify", "out.ofd", "--trust", "trust", "--json"]).ok().json();
    assert_eq!(report[0]["signatures"][0]["stamps"].as_array().unwrap().len(), 1);
    let stored = tool("unzip", &["-p", "out.ofd", path.trim_start_matches('/')], world.dir.path());
    assert_eq!(stored, xml.as_bytes());

    // Bent, cut off, or for another path: refused before anything is written.
    std::fs::remove_file(world.path("out.ofd")).unwrap();
    let good = world.get("SignedValue.dat");
    let mut bent = good.clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    let elsewhere = service_seals(&world, "/Elsewhere/Signature.xml", &key);
    let longer = [&good[..], b"x"].concat();
    for (value, code) in [
        (bent, "SIGNATURE_VALUE"),
        (elsewhere, "SIGNATURE_VALUE_DIFFERS"),
        (longer, "SIGNATURE_VALUE_DIFFERS"),
        (b"0".to_vec(), "SIGNATURE_VALUE_DIFFERS"),
    ] {
        world.put("SignedValue.dat", &value);
        assert_eq!(world.run(&[&finish[..], &["--json"]].concat()).error_code(), code);
        assert!(!world.path("out.ofd").exists());
    }
}

/// What a service makes that was given nothing but a digest.
fn service_seals_digest(world: &World, digest: &str, property: &str, key: &dyn SigningKey) -> Vec<u8> {
    let blocks = parse_pem_or_der(&world.get("owner.cer"), &Limits::default()).unwrap();
    let to_sign = TbsBuilder {
        version: SesVersion::V4,
        seal: world.get("seal.esl"),
        time: jiff::Timestamp::now(),
        data_hash: hex::decode(digest).unwrap(),
        property_info: property.to_owned(),
        extensions: Vec::new(),
    }
    .build()
    .unwrap();
    let algorithm = yinxin_crypto::SignatureAlgorithm::Sm2Sm3.oid();
    assemble_signature(&to_sign, &blocks[0].der, &algorithm, &key.sign(&to_sign).unwrap(), None).unwrap()
}

#[test]
fn a_service_that_sees_only_a_digest_seals_a_pdf() {
    let world = prepared();
    world.put("in.pdf", &yinxin_pdf::sample::document(2, "示例合同", &["甲方（盖章）："]));
    let key = yinxin_crypto::keystore::read_private_key(&world.get("k.pem"), None).unwrap();
    let prepare = ["sign", "in.pdf", "--seal", "seal.esl", "--cert", "owner.cer", "--prepare", "job.json"];
    let place = ["--page", "2", "--x", "130", "--y", "200", "--json"];
    // The file that a service is brought, and what is said of it.
    let named = world.run(&[&prepare[..], &place, &["--signature-file", "range.sm3"]].concat()).ok().json();
    let file = world.get("range.sm3");
    assert_eq!(file, yinxin_seal::sign::range_digest_file(&yinxin_seal::sign::range_digest(&file).unwrap()));
    assert_eq!(named["range_digest"].as_str().unwrap().as_bytes(), &file[..64]);
    let theirs = tool("openssl", &["dgst", "-sm3", "-r", "range.sm3"], world.dir.path());
    assert!(String::from_utf8(theirs).unwrap().starts_with(named["digest"].as_str().unwrap()));
    // Each time it is prepared anew, with the time of then.
    let told = world.run(&[&prepare[..], &place].concat()).ok().json();
    let digest = told["range_digest"].as_str().unwrap();
    let good = service_seals_digest(&world, digest, "ByteRange", &key);
    world.put("value.dat", &good);
    let finish = ["sign", "in.pdf", "-o", "out.pdf", "--complete", "job.json", "--value", "value.dat"];
    world.run(&[&finish[..], &["--trust", "trust"]].concat()).ok();
    let report = world.run(&["verify", "out.pdf", "--trust", "trust", "--json"]).ok().json();
    assert_eq!(report[0]["verdict"], "valid");
    // The digest was that of the bytes in the range, by somebody else's arithmetic.
    let out = world.get("out.pdf");
    let told = world.run(&["inspect", "out.pdf", "--json"]).ok().json();
    let range = |i: usize, j: usize| told["signatures"][0]["ranges"][i][j].as_u64().unwrap() as usize;
    world.put("covered", &[&out[range(0, 0)..range(0, 1)], &out[range(1, 0)..range(1, 1)]].concat());
    let theirs = tool("openssl", &["dgst", "-sm3", "-r", "covered"], world.dir.path());
    assert!(String::from_utf8(theirs).unwrap().starts_with(digest));

    std::fs::remove_file(world.path("out.pdf")).unwrap();
    let mut bent = good.clone();
    let last = bent.len() - 1;
    bent[last] ^= 1;
    let other = service_seals_digest(&world, &"00".repeat(32), "ByteRange", &key);
    let elsewhere = service_seals_digest(&world, digest, "/Doc_0/Signs/Sign_0/Signature.xml", &key);
    let longer = [&good[..], b"x"].concat();
    for (value, code) in [
        (bent, "SIGNATURE_VALUE"),
        (other, "SIGNATURE_VALUE_DIFFERS"),
        (elsewhere, "SIGNATURE_VALUE_DIFFERS"),
        (longer, "SIGNATURE_VALUE_DIFFERS"),
    ] {
        world.put("value.dat", &value);
        assert_eq!(world.run(&[&finish[..], &["--json"]].concat()).error_code(), code);
        assert!(!world.path("out.pdf").exists());
    }
    // Signing without a seal is no business of such a service.
    let bare = ["sign", "in.pdf", "--no-seal", "--cert", "owner.cer", "--prepare", "job.json"];
    world.run(&bare).ok();
    world.put("value.dat", &good);
    assert_eq!(world.run(&[&finish[..], &["--json"]].concat()).error_code(), "SIGN_NOT_IN_PDF");
}
