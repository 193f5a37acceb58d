//! The statement of truth signed with a certificate: made with OpenSSL, verified before anything is accepted, kept, and named in the
//! approval.

use crate::stage::{Stage, Whole as _};
use crate::support::{Server, for_each_engine};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yinxin_formats::cms::{Family, SignedDataBuilder};
use yinxin_formats::der::Limits;
use yinxin_formats::x509::Certificate;
use yinxin_seal::TrustFacts;
use yinxin_server::proof::{ProofKind, ProofTrust, verify};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::{CertSpec, Pki};

const DISTID: &str = "distid:1234567812345678";

/// A key and a certificate for it under a root of its own, all made by OpenSSL; gives root and certificate.
fn openssl_person(lab: &Lab, name: &str) -> (Certificate, Certificate) {
    let (key, request, der) = (format!("{name}.key"), format!("{name}.csr"), format!("{name}.der"));
    let subject = format!("/C=CN/CN={name}");
    if !lab.path("root.key").is_file() {
        lab.openssl(&["genpkey", "-algorithm", "SM2", "-out", "root.key"]);
        lab.openssl(&[
            "req",
            "-x509",
            "-new",
            "-key",
            "root.key",
            "-sm3",
            "-sigopt",
            DISTID,
            "-subj",
            "/C=CN/CN=Root",
            "-days",
            "3650",
            "-addext",
            "keyUsage=critical,keyCertSign,cRLSign",
            "-out",
            "root.pem",
        ]);
        lab.openssl(&["x509", "-in", "root.pem", "-outform", "DER", "-out", "root.der"]);
        lab.write("leaf.cnf", "keyUsage=critical,digitalSignature,nonRepudiation\nbasicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n");
    }
    lab.openssl(&["genpkey", "-algorithm", "SM2", "-out", &key]);
    lab.openssl(&[
        "req", "-new", "-utf8", "-key", &key, "-sm3", "-sigopt", DISTID, "-subj", &subject, "-out", &request,
    ]);
    lab.openssl(&[
        "x509",
        "-req",
        "-in",
        &request,
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
        "-sm3",
        "-sigopt",
        DISTID,
        "-vfyopt",
        DISTID,
        "-days",
        "3000",
        "-extfile",
        "leaf.cnf",
        "-outform",
        "DER",
        "-out",
        &der,
    ]);
    let read = |file: &str| Certificate::parse(&lab.read(file), &Limits::default()).unwrap();
    (read("root.der"), read(&der))
}

/// Signs as the documentation says; gives the form of a bare signature.
fn signed(lab: &Lab, name: &str, text: &str) -> Value {
    lab.write("t", text);
    lab.openssl(&["dgst", "-sm3", "-sign", &format!("{name}.key"), "-sigopt", DISTID, "-out", "s", "t"]);
    json!({
        "form": "signature",
        "signature": STANDARD.encode(lab.read("s")),
        "certificate": STANDARD.encode(lab.read(&format!("{name}.der"))),
    })
}

fn trust(server: &Server, anchors: &[&Certificate]) {
    let present = server.app.authority.trust();
    let mut facts = TrustFacts {
        anchors: present.anchors.clone(),
        intermediates: present.intermediates.clone(),
        crls: present.crls.clone(),
        ..TrustFacts::default()
    };
    for anchor in anchors {
        facts.add_certificate((*anchor).clone());
    }
    server.app.authority.set_trust(facts);
}

async fn checks(stage: &Stage<'_>, application: &str) -> (String, Value) {
    let checks = stage.agent.get(&format!("{application}/checks")).await.ok();
    (checks["declaration"].as_str().unwrap().to_owned(), checks["content_digest"].clone())
}

#[test]
fn a_statement_signed_with_openssl_is_verified_kept_and_named_in_the_approval() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let lab = Lab::new("signed-truth");
        let content = stage.content();
        let agent = content["agent"]["name"].as_str().unwrap().to_owned();
        let (root, certificate) = openssl_person(&lab, &agent);
        let (_, _stranger) = openssl_person(&lab, "Somebody Else");
        let application = stage.draft(json!({ "kind": "new" }), content).await;
        let (declaration, digest) = checks(&stage, &application).await;
        assert!(declaration.contains(digest.as_str().unwrap()));
        let good = signed(&lab, &agent, &declaration);
        let body = |signed: &Value| json!({ "content_digest": digest, "signed": signed });

        // Without trust in its root the certificate is nobody's.
        let unknown = stage.agent.step(&application, "submit", body(&good)).await.faults();
        assert_eq!(unknown[0], ("/signed".to_owned(), "TRUTH_CERTIFICATE".to_owned()));
        trust(server, &[&root]);
        let refused = [
            (signed(&lab, "Somebody Else", &declaration), "TRUTH_SIGNER"),
            (signed(&lab, &agent, &declaration.replace("真实", "虚假")), "TRUTH_SIGNATURE"),
        ];
        for (wrong, code) in refused {
            let faults = stage.agent.step(&application, "submit", body(&wrong)).await.faults();
            assert_eq!(faults, [("/signed".to_owned(), code.to_owned())]);
        }
        let mut both = body(&good);
        both["statement"] = json!("x");
        let neither = json!({ "content_digest": digest });
        assert_eq!(stage.agent.step(&application, "submit", both).await.faults()[0].1, "EXCLUSIVE");
        assert_eq!(stage.agent.step(&application, "submit", neither).await.faults()[0].1, "REQUIRED");
        stage.reviewer.step(&application, "submit", body(&good)).await.problem("FORBIDDEN");
        assert_eq!(stage.state(&application).await, "draft", "nothing of it was accepted");
        stage.agent.get(&format!("{application}/truth")).await.problem("NOT_FOUND");

        let shown = stage.agent.step(&application, "submit", body(&good)).await.ok();
        assert_eq!(
            (&shown["state"], &shown["truth"]["method"]),
            (&json!("submitted"), &json!("certificate"))
        );
        assert_eq!(shown["truth"]["certificate_serial"], certificate.serial.to_string());
        let kept = stage.reviewer.get(&format!("{application}/truth")).await;
        let kept = kept.ok_bytes();
        assert_eq!(shown["truth"]["signature"], hex::encode(yinxin_crypto::sm3(kept)));
        let bytes: [u8; 32] = hex::decode(digest.as_str().unwrap()).unwrap().try_into().unwrap();
        let facts = server.app.authority.trust();
        let signer = yinxin_server::proof::truth::verify(kept, &bytes, &facts, server.now()).unwrap();
        assert_eq!(signer.common_name.as_deref(), Some(agent.as_str()));

        stage.scene.approve(&application).await;
        let approval = stage.agent.get(&format!("{application}/approval")).await;
        let authority = &server.app.authority;
        let signers = authority.as_approvers();
        let proven = ProofTrust { facts: &facts, signers: &signers };
        let statement =
            verify(approval.ok_bytes(), ProofKind::MakingApproval, proven, server.now()).unwrap().statement;
        assert_eq!(statement.truth_digest.as_deref(), shown["truth"]["signature"].as_str());
        // And the workshop takes the order up all the same.
        stage.scene.make(&application).await;
    });
}

#[test]
fn a_statement_over_content_that_changed_meanwhile_is_refused_and_signed_data_is_taken_too() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let pki = Pki::new();
        trust(server, &[&pki.root.cert, &pki.ca.cert]);
        // A certificate of the unit speaks for it as well.
        let unit = pki.leaf(&CertSpec::leaf(&stage.unit_name));
        let sign = |text: &str| {
            let der = SignedDataBuilder::detached(Family::Rfc5652, text.as_bytes())
                .certificate(unit.der())
                .sign(&unit.cert, &*unit.key)
                .unwrap();
            json!({ "form": "signed_data", "signed_data": STANDARD.encode(der) })
        };
        let application = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        let (early, digest) = checks(&stage, &application).await;
        let mut content = stage.content();
        content["technical_measures"] = json!("密钥存放在密码设备内，三人到场。");
        let version = stage.agent.get(&application).await.version();
        stage.agent.put_at(version, &application, content).await.ok();
        let old = json!({ "content_digest": digest, "signed": sign(&early) });
        let faults = stage.agent.step(&application, "submit", old).await.faults();
        assert_eq!(faults[0].1, "TRUTH_CONTENT");
        let (declaration, now) = checks(&stage, &application).await;
        let mixed = json!({ "content_digest": digest, "signed": sign(&declaration) });
        let refused = stage.agent.step(&application, "submit", mixed).await.problem("CONFLICT");
        assert_eq!(refused["rule"], "TRUTH_DIGEST");
        let good = json!({ "content_digest": now, "signed": sign(&declaration) });
        let shown = stage.agent.step(&application, "submit", good).await.ok();
        assert_eq!(shown["truth"]["method"], "certificate");
        let other = stage.scene.owner(12).await;
        other.agent.get(&format!("{application}/truth")).await.problem("NOT_FOUND");
    });
}
