//! OpenSSL reads and verifies what is written here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{ID, Lab, at, builder, leaf, leaf_with, limits, name, now, p256, root, sm2};
use yinxin_crypto::{DigestAlgorithm, SigningKey};
use yinxin_formats::cms::{Family, SignedData, SignedDataBuilder};
use yinxin_formats::crl::{Crl, CrlBuilder, RevocationReason};
use yinxin_formats::csr::{Csr, CsrBuilder};
use yinxin_formats::ocsp::{CertId, CertStatus, OcspRequest, OcspResponse, OcspResponseBuilder, OcspStatus};
use yinxin_formats::oids;
use yinxin_formats::tsp::{Accuracy, FailureInfo, TimeStampReq, TimeStampResp, TstInfo, build_token};
use yinxin_formats::x509::{Certificate, GeneralName, KeyUsage, NameConstraints, Serial, extensions, key_id};

fn full(key: &dyn SigningKey, issuer: &dyn SigningKey) -> Certificate {
    let der = builder("签章人甲", "根 Root", 7, key)
        .extension(extensions::basic_constraints(false, None))
        .extension(extensions::key_usage(KeyUsage::DIGITAL_SIGNATURE.with(KeyUsage::DECIPHER_ONLY)))
        .extension(extensions::extended_key_usage(&[oids::KP_TIME_STAMPING], true))
        .extension(extensions::subject_key_id(key.public_key()))
        .extension(extensions::authority_key_id(&key_id(issuer.public_key())))
        .extension(extensions::crl_distribution_points(&["http://a.test/1.crl", "http://b.test/2.crl"]))
        .extension(extensions::authority_info_access(&["http://ocsp.test"], &["http://a.test/ca.cer"]))
        .extension(extensions::subject_alt_names(&[
            GeneralName::Dns("seal.test".into()),
            GeneralName::Rfc822("a@seal.test".into()),
            GeneralName::Uri("https://seal.test/".into()),
            GeneralName::Ip(vec![127, 0, 0, 1]),
            GeneralName::Directory(name("另一名称")),
        ]))
        .extension(extensions::certificate_policies(&[oids::ANY_POLICY]))
        .sign(issuer)
        .unwrap();
    Certificate::parse(&der, &limits()).unwrap()
}

#[test]
fn prints_every_extension_as_meant() {
    let lab = Lab::new();
    let (root_key, key) = (sm2(1), sm2(2));
    lab.write("c.der", full(&key, &root_key).raw());
    let text = lab.run(&["x509", "-in", "c.der", "-inform", "DER", "-noout", "-text", "-nameopt", "utf8"]);
    for part in [
        "Signature Algorithm: SM2-with-SM3",
        "Not Before: Jan  1 00:00:00 2025 GMT",
        "CN=签章人甲",
        "ASN1 OID: SM2",
        "CA:FALSE",
        "Digital Signature, Decipher Only",
        "X509v3 Extended Key Usage: critical\n                Time Stamping",
        "URI:http://a.test/1.crl",
        "URI:http://b.test/2.crl",
        "OCSP - URI:http://ocsp.test",
        "CA Issuers - URI:http://a.test/ca.cer",
        "DNS:seal.test, email:a@seal.test, URI:https://seal.test/, IP Address:127.0.0.1, DirName:",
        "Policy: X509v3 Any Policy",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // Strict DER: what OpenSSL writes from what it read are the same bytes.
    lab.run(&["x509", "-in", "c.der", "-inform", "DER", "-outform", "DER", "-out", "again.der"]);
    assert_eq!(lab.read("again.der"), lab.read("c.der"));
}

#[test]
fn accepts_an_sm2_chain_link_by_link_and_refuses_a_wrong_issuer() {
    let lab = Lab::new();
    let (root_key, ca_key, key) = (sm2(1), sm2(3), sm2(2));
    let ca = builder("签发 CA", "根 Root", 2, &ca_key)
        .extension(extensions::basic_constraints(true, Some(0)))
        .extension(extensions::key_usage(KeyUsage::KEY_CERT_SIGN.with(KeyUsage::CRL_SIGN)))
        .extension(extensions::subject_key_id(ca_key.public_key()))
        .extension(extensions::authority_key_id(&key_id(root_key.public_key())))
        .extension(extensions::name_constraints(&NameConstraints {
            permitted: vec![GeneralName::Directory(yinxin_formats::x509::Name::build(&[(
                oids::AT_COUNTRY,
                "CN",
            )]))],
            excluded: vec![GeneralName::Dns("evil.test".into())],
        }))
        .sign(&root_key)
        .unwrap();
    let leaf = builder("签章人甲", "签发 CA", 3, &key)
        .extension(extensions::basic_constraints(false, None))
        .extension(extensions::authority_key_id(&key_id(ca_key.public_key())))
        .sign(&ca_key)
        .unwrap();
    let certificate = |name: &str, der: &[u8]| lab.write_pem(name, "CERTIFICATE", der);
    certificate("root.pem", root(&root_key).raw());
    certificate("ca.pem", &ca);
    certificate("leaf.pem", &leaf);
    certificate("other.pem", root(&sm2(9)).raw());
    lab.run(&["verify", "-vfyopt", ID, "-CAfile", "root.pem", "ca.pem"]);
    lab.run(&["verify", "-vfyopt", ID, "-partial_chain", "-trusted", "ca.pem", "leaf.pem"]);
    lab.refuse(&["verify", "-vfyopt", ID, "-CAfile", "other.pem", "ca.pem"]);
    let leaf = Certificate::parse(&leaf, &limits()).unwrap();
    lab.sm2_verifies(ca_key.public_key(), leaf.tbs(), leaf.signature());
}

#[test]
fn accepts_a_p256_chain() {
    let lab = Lab::new();
    let (root_key, key) = (p256(1), p256(2));
    lab.write_pem("root.pem", "CERTIFICATE", root(&root_key).raw());
    lab.write_pem("leaf.pem", "CERTIFICATE", leaf("leaf", 2, &key, &root_key).raw());
    lab.run(&["verify", "-x509_strict", "-CAfile", "root.pem", "leaf.pem"]);
}

#[test]
fn accepts_certification_requests() {
    let lab = Lab::new();
    let usage = extensions::key_usage(KeyUsage::DIGITAL_SIGNATURE);
    let sm2_key = sm2(4);
    let der = CsrBuilder::new(name("申请人")).extension(usage.clone()).sign(&sm2_key).unwrap();
    lab.write("r.der", &der);
    let text =
        lab.run(&["req", "-in", "r.der", "-inform", "DER", "-noout", "-text", "-verify", "-vfyopt", ID]);
    assert!(text.contains("verify OK") && text.contains("Requested Extensions"), "{text}");
    let csr = Csr::parse(&der, &limits()).unwrap();
    lab.sm2_verifies(sm2_key.public_key(), csr.tbs(), csr.signature());
    lab.write("r.der", CsrBuilder::new(name("p256")).sign(&p256(4)).unwrap());
    lab.run(&["req", "-in", "r.der", "-inform", "DER", "-noout", "-verify"]);
}

#[test]
fn reads_revocation_lists_and_verifies_their_signature() {
    let lab = Lab::new();
    let list = |key: &dyn SigningKey| {
        CrlBuilder::new(name("根 Root"), now(), Some(at("2026-12-21T12:00:00Z")), 300)
            .revoke(
                &Serial::from_unsigned(&[0xab, 0xcd]),
                now(),
                Some(RevocationReason::KeyCompromise),
                Some(now()),
            )
            .revoke(&Serial::from_unsigned(&[3]), now(), None, None)
            .extension(extensions::authority_key_id(&key_id(key.public_key())))
            .sign(key)
            .unwrap()
    };
    let key = sm2(1);
    let der = list(&key);
    lab.write("l.der", &der);
    let text = lab.run(&["crl", "-in", "l.der", "-inform", "DER", "-noout", "-text"]);
    for part in ["Version 2", "Serial Number: ABCD", "Key Compromise", "Invalidity Date", "Serial Number: 03"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let crl = Crl::parse(&der, &limits()).unwrap();
    lab.sm2_verifies(key.public_key(), crl.tbs(), crl.signature());
    let key = p256(1);
    lab.write("l.der", list(&key));
    lab.write_pem("root.pem", "CERTIFICATE", root(&key).raw());
    let text = lab.run(&["crl", "-in", "l.der", "-inform", "DER", "-noout", "-CAfile", "root.pem"]);
    assert!(text.contains("verify OK"), "{text}");
}

#[test]
fn verifies_cms_of_p256_attached_and_detached_with_and_without_attributes() {
    let lab = Lab::new();
    let (root_key, key) = (p256(1), p256(2));
    let signer = leaf("signer", 2, &key, &root_key);
    lab.write_pem("root.pem", "CERTIFICATE", root(&root_key).raw());
    lab.write("content", b"content of the document");
    let content = lab.read("content");
    let verify = |der: Vec<u8>, detached: bool| {
        lab.write("s.der", der);
        let mut args = vec!["cms", "-verify", "-binary", "-inform", "DER", "-in", "s.der"];
        args.extend(["-CAfile", "root.pem", "-purpose", "any", "-out", "out"]);
        if detached {
            args.extend(["-content", "content"]);
        }
        lab.run(&args);
        assert_eq!(lab.read("out"), content);
    };
    let family = Family::Rfc5652;
    let with = |b: SignedDataBuilder| b.certificate(signer.raw());
    let attached = || with(SignedDataBuilder::attached(family, &content));
    let detached = || with(SignedDataBuilder::detached(family, &content));
    verify(attached().signing_time(now()).signing_certificate().sign(&signer, &key).unwrap(), false);
    verify(attached().without_attributes().sign(&signer, &key).unwrap(), false);
    verify(detached().signing_time(now()).sign(&signer, &key).unwrap(), true);
    verify(detached().without_attributes().sign(&signer, &key).unwrap(), true);
}

#[test]
fn verifies_the_sm2_signature_over_the_bytes_a_signed_data_covers() {
    let lab = Lab::new();
    let (root_key, key) = (sm2(1), sm2(2));
    let signer = leaf("签章人甲", 2, &key, &root_key);
    for family in [Family::Gbt35275, Family::Rfc5652] {
        let b = SignedDataBuilder::attached(family, b"content").certificate(signer.raw());
        for b in [b.clone().signing_time(now()).signing_certificate(), b.without_attributes()] {
            let der = b.sign(&signer, &key).unwrap();
            let signed = SignedData::parse(&der, &limits()).unwrap();
            assert!(signed.deviations().is_empty());
            let signature = &signed.signer_infos[0].signature;
            lab.sm2_verifies(key.public_key(), signed.signed_bytes(0, None).unwrap(), signature);
            // The outside is DER that OpenSSL can walk.
            lab.write("s.der", &der);
            lab.run(&["asn1parse", "-inform", "DER", "-in", "s.der"]);
        }
    }
}

#[test]
fn reads_timestamp_requests() {
    let lab = Lab::new();
    let request = TimeStampReq::sm3(b"data", &[0x91, 2, 3, 4, 5, 6, 7, 8]);
    lab.write("q.tsq", request.to_der());
    let text = lab.run(&["ts", "-query", "-in", "q.tsq", "-text"]);
    for part in ["Hash Algorithm: sm3", "Nonce: 0x9102030405060708", "Certificate required: yes"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn verifies_timestamp_tokens_of_p256() {
    let lab = Lab::new();
    let (root_key, key) = (p256(1), p256(2));
    let tsa = leaf_with("时间戳", 2, &key, &root_key, &[oids::KP_TIME_STAMPING]);
    lab.write_pem("root.pem", "CERTIFICATE", root(&root_key).raw());
    lab.write("data", b"data");
    lab.run(&["ts", "-query", "-data", "data", "-sm3", "-cert", "-out", "q.tsq"]);
    let request = TimeStampReq::parse(&lab.read("q.tsq"), &limits()).unwrap();
    let info = TstInfo {
        version: 1,
        policy: oids::ANY_POLICY,
        imprint: request.imprint,
        serial: Serial::from_unsigned(&[0x99]),
        gen_time: at("2026-11-21T12:00:00.1205Z"),
        accuracy: Some(Accuracy { seconds: 1, millis: 2, micros: 300 }),
        ordering: true,
        nonce: request.nonce,
        tsa: Some(GeneralName::Directory(tsa.subject.clone())),
        extensions: Vec::new(),
    };
    let token = build_token(Family::Rfc5652, &info, &tsa, &[tsa.raw()], now(), &key).unwrap();
    lab.write("r.tsr", TimeStampResp::granted(token).to_der());
    let text = lab.run(&["ts", "-reply", "-in", "r.tsr", "-text"]);
    for part in
        ["Status: Granted", "Nov 21 12:00:00.1205 2026 GMT", "0x01 seconds, 0x02 millis, 0x012C micros"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let verify = ["ts", "-verify", "-queryfile", "q.tsq", "-in", "r.tsr", "-CAfile", "root.pem"];
    assert!(lab.run(&verify).contains("Verification: OK"));
    lab.run(&["ts", "-verify", "-data", "data", "-in", "r.tsr", "-CAfile", "root.pem"]);
    let refusal = TimeStampResp::rejected(FailureInfo::SYSTEM_FAILURE, "时钟不可用");
    lab.write("r.tsr", refusal.to_der());
    let text = lab.run(&["ts", "-reply", "-in", "r.tsr", "-text"]);
    assert!(
        text.contains("Status: Rejected") && text.contains("Failure info: the request cannot be handled"),
        "{text}"
    );
}

#[test]
fn verifies_ocsp_responses_of_p256() {
    let lab = Lab::new();
    let (root_key, key) = (p256(1), p256(2));
    let (ca, user) = (root(&root_key), leaf("user", 5, &key, &root_key));
    let responder = leaf_with("responder", 6, &key, &root_key, &[oids::KP_OCSP_SIGNING]);
    lab.write_pem("root.pem", "CERTIFICATE", ca.raw());
    lab.write_pem("user.pem", "CERTIFICATE", user.raw());
    let id = CertId::new(DigestAlgorithm::Sha1, &ca, &user.serial).unwrap();
    let request = OcspRequest { cert_ids: vec![id.clone()], nonce: Some(vec![7; 16]) };
    lab.write("q.der", request.to_der());
    assert!(lab.run(&["ocsp", "-reqin", "q.der", "-req_text"]).contains("Serial Number: 05"));
    let answer = |status| {
        let response = OcspResponseBuilder::new(now())
            .answer(&id, status, now(), Some(at("2036-11-22T12:00:00Z")))
            .nonce(&[7; 16])
            .certificate(responder.raw());
        lab.write("r.der", response.sign(&key).unwrap());
        let args = ["ocsp", "-respin", "r.der", "-CAfile", "root.pem", "-validity_period", "1000000000"];
        // Once for the nonce, once for the answer to a question of OpenSSL's own.
        lab.run(&[&args[..], &["-reqin", "q.der"]].concat());
        lab.run(&[&args[..], &["-no_nonce", "-issuer", "root.pem", "-cert", "user.pem"]].concat())
    };
    let text = answer(CertStatus::Good);
    assert!(text.contains("Response verify OK") && text.contains("user.pem: good"), "{text}");
    let text = answer(CertStatus::Revoked { date: now(), reason: Some(RevocationReason::Superseded) });
    assert!(text.contains("user.pem: revoked") && text.contains("Reason: superseded"), "{text}");
    assert!(answer(CertStatus::Unknown).contains("user.pem: unknown"));
    lab.write("r.der", OcspResponseBuilder::refusal(OcspStatus::TryLater));
    assert!(lab.refuse(&["ocsp", "-respin", "r.der"]).contains("trylater"));
}

#[test]
fn parses_an_sm2_ocsp_response_whose_signed_bytes_verify() {
    let lab = Lab::new();
    let key = sm2(1);
    let ca = root(&key);
    let id = CertId::new(DigestAlgorithm::Sm3, &ca, &Serial::from_unsigned(&[5])).unwrap();
    let der = OcspResponseBuilder::new(now()).answer(&id, CertStatus::Good, now(), None).sign(&key).unwrap();
    lab.write("r.der", &der);
    let text = lab.run(&["ocsp", "-respin", "r.der", "-resp_text", "-noverify"]);
    assert!(text.contains("Hash Algorithm: sm3") && text.contains("Cert Status: good"), "{text}");
    let response = OcspResponse::parse(&der, &limits()).unwrap().basic.unwrap();
    lab.sm2_verifies(key.public_key(), response.tbs(), response.signature());
}
