//! What an archive takes over, looked at with the tools an archive has: unzip, xmllint, OpenSSL.

use crate::stage::Stage;
use crate::support::for_each_engine;
use crate::uses::{approved, contract, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use yinxin_testkit::oracle::Lab;

/// Runs a program in the lab's folder.
fn told(lab: &Lab, program: &str, args: &[&str]) -> String {
    let (good, text) = lab.run(program, args);
    assert!(good, "{program} {args:?}: {text}");
    text
}

#[test]
fn a_package_holds_document_report_status_and_a_list_that_openssl_verifies() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let bytes = contract(1);
        let (request, items) = approved(&stage, std::slice::from_ref(&bytes)).await;
        let path = format!("{}/archive-package", items[0]);
        stage.user.get(&path).await.problem("NOT_FOUND");
        sign(&stage.user, &request, serde_json::json!({})).await.ok();
        server.tick().await;
        stage.stranger().await.get(&path).await.problem("NOT_FOUND");
        stage.supervisor.get(&path).await.problem("FORBIDDEN");
        let answer = stage.user.get(&path).await;
        assert_eq!(answer.header("content-type"), "application/zip");

        let lab = Lab::new("package");
        lab.write("p.zip", &answer.body);
        told(&lab, "unzip", &["-q", "p.zip", "-d", "out"]);
        assert_eq!(lab.read("out/original.ofd"), bytes);
        assert_eq!(
            &lab.read("out/sealed.ofd")[..],
            &stage.user.get(&format!("{}/sealed", items[0])).await.body[..]
        );
        let metadata = told(&lab, "xmllint", &["--xpath", "string(//签名/验证结果)", "out/metadata.xml"]);
        assert_eq!(metadata.trim(), "valid");
        let pages = told(&lab, "xmllint", &["--xpath", "string(//技术/用印页)", "out/metadata.xml"]);
        assert_eq!(pages.trim(), "1 2");
        let report = told(&lab, "xmllint", &["--xpath", "string(//签名/验证报告摘要)", "out/metadata.xml"]);
        let sum = lab.openssl(&["dgst", "-sm3", "-r", "out/verification.json"]);
        assert!(sum.starts_with(report.trim()), "{sum}");
        let report: Value = serde_json::from_slice(&lab.read("out/verification.json")).unwrap();
        assert_eq!(report["verdict"], "valid");
        lab.openssl(&["pkcs7", "-inform", "DER", "-in", "out/certificates.p7b", "-print_certs", "-noout"]);

        // The list is signed, and so is the status; every part is in the list, with its digest.
        for name in ["manifest.json", "status.json"] {
            let envelope: Value = serde_json::from_slice(&lab.read(&format!("out/{name}"))).unwrap();
            let of = |member: &str| envelope[member].as_str().unwrap().to_owned();
            lab.write("statement", of("statement"));
            lab.write("signature", STANDARD.decode(of("signature")).unwrap());
            lab.write("cert.der", STANDARD.decode(envelope["certificates"][0].as_str().unwrap()).unwrap());
            let key = lab.openssl(&["x509", "-inform", "DER", "-in", "cert.der", "-pubkey", "-noout"]);
            lab.write("key.pem", key);
            let verify = ["dgst", "-sm3", "-verify", "key.pem", "-sigopt", "distid:1234567812345678"];
            lab.openssl(&[&verify[..], &["-signature", "signature", "statement"]].concat());
        }
        let manifest: Value = serde_json::from_slice(&lab.read("out/manifest.json")).unwrap();
        let manifest: Value = serde_json::from_str(manifest["statement"].as_str().unwrap()).unwrap();
        let parts = manifest["parts"].as_array().unwrap();
        let names: Vec<&str> = parts.iter().map(|part| part["path"].as_str().unwrap()).collect();
        let all = ["original.ofd", "sealed.ofd", "verification.json", "status.json", "register.json"];
        assert_eq!(names, [&all[..], &["certificates.p7b", "metadata.xml"]].concat());
        for part in parts {
            let path = format!("out/{}", part["path"].as_str().unwrap());
            let sum = lab.openssl(&["dgst", "-sm3", "-r", &path]);
            assert!(sum.starts_with(part["sm3"].as_str().unwrap()), "{path}: {sum}");
            assert_eq!(part["size"], lab.read(&path).len());
        }
        let entry = &stage.log(&request).await;
        assert!(entry.iter().any(|action| action == "use.archive_package"), "{entry:?}");
    });
}
