//! What OpenSSL writes is read and verified here.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod pki_support;

use pki_support::{ID, Lab, limits};
use yinxin_formats::cms::{CmsError, Family, SignedData, SignerId};
use yinxin_formats::crl::{Crl, RevocationReason};
use yinxin_formats::csr::Csr;
use yinxin_formats::ocsp::{CertStatus, OcspRequest, OcspResponse};
use yinxin_formats::oids;
use yinxin_formats::tsp::{EssBinding, MessageImprint, TimeStampReq, TimeStampResp, TimeStampToken};
use yinxin_formats::x509::{Certificate, GeneralName, SignatureError};

const CONFIG: &str = r"
[req]
distinguished_name = dn
prompt = no
utf8 = yes
string_mask = utf8only
[dn]
C = CN
O = 测试单位
CN = 根
[ca]
basicConstraints = critical,CA:true,pathlen:3
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid,issuer:always
subjectAltName = DNS:seal.test,email:a@seal.test,IP:10.0.0.1,URI:https://seal.test/
crlDistributionPoints = URI:http://seal.test/a.crl
authorityInfoAccess = OCSP;URI:http://ocsp.test,caIssuers;URI:http://seal.test/ca.cer
certificatePolicies = 1.2.3.4
policyConstraints = requireExplicitPolicy:2
inhibitAnyPolicy = 1
nameConstraints = permitted;DNS:.test,excluded;IP:10.0.0.0/255.0.0.0
[tsa]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
[ts]
default_tsa = t
[t]
serial = ./tsserial
crypto_device = builtin
signer_cert = ./leaf.pem
signer_key = ./leaf.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sm3
accuracy = secs:1, millisecs:500, microsecs:100
clock_precision_digits = 3
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[caconf]
default_ca = c
[c]
database = ./index
crlnumber = ./crlnumber
default_md = sha256
default_crl_days = 30
crl_extensions = crlext
[crlext]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical,@idp
[idp]
fullname = URI:http://seal.test/a.crl
onlyuser = TRUE
";

#[derive(Clone, Copy)]
struct Kind {
    key: &'static [&'static str],
    digest: &'static str,
    sm2: bool,
}

const SM2: Kind = Kind { key: &["-algorithm", "SM2"], digest: "-sm3", sm2: true };
const P256: Kind =
    Kind { key: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"], digest: "-sha256", sm2: false };
const P384: Kind =
    Kind { key: &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"], digest: "-sha384", sm2: false };
const RSA: Kind =
    Kind { key: &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"], digest: "-sha256", sm2: false };

/// Root and leaf (profile `ext`) made by OpenSSL.
fn pki(kind: Kind, ext: &str) -> (Lab, Certificate, Certificate) {
    let lab = Lab::new();
    lab.write("c.cnf", CONFIG);
    for key in ["root.key", "leaf.key"] {
        lab.run(&[&["genpkey", "-out", key], kind.key].concat());
    }
    let sign: &[&str] = if kind.sm2 { &["-sigopt", ID] } else { &[] };
    let verify: &[&str] = if kind.sm2 { &["-vfyopt", ID] } else { &[] };
    let new = ["req", "-new", "-utf8", "-config", "c.cnf", kind.digest, "-key"];
    lab.run(
        &[&new[..], &["root.key", "-x509", "-days", "3650", "-extensions", "ca", "-out", "root.pem"], sign]
            .concat(),
    );
    lab.run(
        &[&new[..], &["leaf.key", "-subj", "/C=CN/CN=叶", "-reqexts", "tsa", "-out", "leaf.csr"], sign]
            .concat(),
    );
    let issue =
        ["x509", "-req", "-in", "leaf.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "0x8001"];
    let profile = ["-extfile", "c.cnf", "-extensions", ext, "-days", "365", kind.digest, "-out", "leaf.pem"];
    lab.run(&[&issue[..], &profile, sign, verify].concat());
    let certificate = |name| Certificate::parse(&lab.der(name), &limits()).unwrap();
    let (root, leaf) = (certificate("root.pem"), certificate("leaf.pem"));
    (lab, root, leaf)
}

#[test]
fn verifies_certificates_of_every_key_kind_link_by_link() {
    for kind in [SM2, P256, P384, RSA] {
        let (_, root, leaf) = pki(kind, "leaf");
        let key = root.public_key().unwrap();
        assert_eq!(root.verify_signature(&key), Ok(()));
        assert_eq!(leaf.verify_signature(&key), Ok(()));
        assert_eq!(leaf.verify_signature(&leaf.public_key().unwrap()), Err(SignatureError::Wrong));
        assert!(leaf.issuer.matches(&root.subject) && root.is_self_issued());
        assert!(root.deviations().is_empty() && leaf.deviations().is_empty());
    }
}

#[test]
fn reads_every_extension() {
    let (_, root, leaf) = pki(SM2, "leaf");
    assert_eq!(root.subject.to_string(), "CN=根, O=测试单位, C=CN");
    assert_eq!(root.basic_constraints().unwrap().unwrap().path_len, Some(3));
    let usage = root.key_usage().unwrap().unwrap();
    assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
    assert_eq!(leaf.serial.to_string(), "8001");
    assert_eq!(leaf.basic_constraints().unwrap().map(|b| b.ca), Some(false));
    assert_eq!(leaf.key_usage().unwrap().unwrap().names(), ["digitalSignature", "contentCommitment"]);
    let bits = yinxin_crypto::DigestAlgorithm::Sha1.digest(&leaf.public_key_bits().unwrap());
    assert_eq!(leaf.subject_key_id().unwrap(), Some(bits));
    let aki = leaf.authority_key_id().unwrap().unwrap();
    assert_eq!(aki.key_id, root.subject_key_id().unwrap());
    assert_eq!(aki.serial.as_ref(), Some(&root.serial));
    assert!(matches!(&aki.issuer[..], [GeneralName::Directory(n)] if n.matches(&root.subject)));
    assert_eq!(
        leaf.subject_alt_names().unwrap(),
        [
            GeneralName::Dns("seal.test".into()),
            GeneralName::Rfc822("a@seal.test".into()),
            GeneralName::Ip(vec![10, 0, 0, 1]),
            GeneralName::Uri("https://seal.test/".into()),
        ]
    );
    assert_eq!(leaf.crl_uris().unwrap(), ["http://seal.test/a.crl"]);
    let aia = leaf.authority_info_access().unwrap();
    assert_eq!(
        (aia.ocsp, aia.ca_issuers),
        (vec!["http://ocsp.test".into()], vec!["http://seal.test/ca.cer".into()])
    );
    assert_eq!(leaf.certificate_policies().unwrap().unwrap()[0].to_string(), "1.2.3.4");
    let policy = leaf.policy_constraints().unwrap().unwrap();
    assert_eq!((policy.require_explicit_policy, policy.inhibit_policy_mapping), (Some(2), None));
    assert_eq!(leaf.inhibit_any_policy().unwrap(), Some(1));
    let names = leaf.name_constraints().unwrap().unwrap();
    assert_eq!(names.permitted, [GeneralName::Dns(".test".into())]);
    assert_eq!(names.excluded, [GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0])]);
    assert!(leaf.unknown_critical().is_empty());
}

#[test]
fn verifies_requests() {
    for kind in [SM2, P256, RSA] {
        let (lab, ..) = pki(kind, "leaf");
        let mut der = lab.der("leaf.csr");
        let csr = Csr::parse(&der, &limits()).unwrap();
        assert_eq!(csr.verify(), Ok(()));
        assert_eq!(csr.subject.common_name(), Some("叶"));
        let asked = csr.requested_extensions().unwrap();
        assert!(asked.iter().any(|e| e.oid == oids::EXT_EXTENDED_KEY_USAGE && e.critical));
        let cn = der.windows(3).position(|w| w == "叶".as_bytes()).unwrap();
        der[cn + 2] ^= 1;
        assert_eq!(Csr::parse(&der, &limits()).unwrap().verify(), Err(SignatureError::Wrong));
    }
}

#[test]
fn verifies_revocation_lists_and_finds_the_revoked() {
    for kind in [SM2, P256, RSA] {
        let (lab, root, leaf) = pki(kind, "leaf");
        lab.write("index", "");
        lab.write("crlnumber", "0100");
        let sign: &[&str] = if kind.sm2 { &["-sigopt", ID] } else { &[] };
        let ca = ["ca", "-config", "c.cnf", "-name", "c", "-cert", "root.pem", "-keyfile", "root.key"];
        let revoke = ["-revoke", "leaf.pem", "-crl_compromise", "20260102030405Z"];
        lab.run(&[&ca[..], &revoke, &["-md", &kind.digest[1..]]].concat());
        lab.run(&[&ca[..], &["-gencrl", "-md", &kind.digest[1..], "-out", "l.pem"], sign].concat());
        let crl = Crl::parse(&lab.der("l.pem"), &limits()).unwrap();
        assert_eq!(crl.verify_signature(&root.public_key().unwrap()), Ok(()));
        assert_eq!(crl.verify_signature(&leaf.public_key().unwrap()), Err(SignatureError::Wrong));
        assert!(crl.issuer.matches(&root.subject) && crl.deviations().is_empty());
        assert_eq!(crl.crl_number().unwrap().unwrap().to_string(), "0100");
        assert_eq!(crl.authority_key_id().unwrap().unwrap().key_id, root.subject_key_id().unwrap());
        let point = crl.issuing_distribution_point().unwrap().unwrap();
        assert!(point.only_user && !point.only_ca && !point.indirect);
        assert_eq!(point.full_name, [GeneralName::Uri("http://seal.test/a.crl".into())]);
        assert!(crl.unknown_critical().is_empty());
        let found = crl.find(&leaf.serial).unwrap().unwrap();
        assert_eq!(found.reason, Some(RevocationReason::KeyCompromise));
        assert_eq!(found.invalidity_date, Some("2026-01-02T03:04:05Z".parse().unwrap()));
        assert_eq!(crl.find(&root.serial).unwrap(), None);
    }
}

#[test]
fn verifies_cms_of_p256_and_rsa_in_every_shape() {
    for kind in [P256, RSA] {
        let (lab, root, leaf) = pki(kind, "leaf");
        lab.write("content", b"content\nof the document");
        let content = lab.read("content");
        let sign = |extra: &[&str]| {
            let args = ["cms", "-sign", "-binary", "-in", "content", "-outform", "DER", "-out", "s.der"];
            lab.run(
                &[&args[..], &["-signer", "leaf.pem", "-inkey", "leaf.key", "-md", "sha256"], extra].concat(),
            );
            SignedData::parse(&lab.read("s.der"), &limits()).unwrap()
        };
        for extra in
            [&[][..], &["-nodetach"], &["-noattr"], &["-nodetach", "-noattr"], &["-keyid"], &["-cades"]]
        {
            let signed = sign(extra);
            assert_eq!(signed.family, Family::Rfc5652);
            assert_eq!(signed.econtent.is_some(), extra.contains(&"-nodetach"));
            assert_eq!(signed.signer_infos[0].signed_attrs.is_none(), extra.contains(&"-noattr"));
            let by_key = matches!(signed.signer_infos[0].sid, SignerId::SubjectKeyId(_));
            assert_eq!(by_key, extra.contains(&"-keyid"));
            assert!(signed.deviations().is_empty(), "{extra:?} {:?}", signed.deviations());
            assert_eq!(signed.verify_signer(0, Some(&content), &leaf), Ok(()), "{extra:?}");
            assert_eq!(signed.verify_signer(0, Some(&content), &root), Err(CmsError::WrongCertificate));
            if let Some(attrs) = &signed.signer_infos[0].signed_attrs {
                let digest = yinxin_crypto::DigestAlgorithm::Sha256.digest(&content);
                assert_eq!(signed.verify_signer_with_digest(0, &digest, &leaf), Ok(()));
                let bound = attrs.signing_certificate().unwrap();
                assert_eq!(bound.is_some(), extra.contains(&"-cades"));
                assert!(bound.is_none_or(|ids| ids[0].matches(&leaf) == Some(true)));
            }
            let other = signed.verify_signer(0, Some(b"other"), &leaf).unwrap_err();
            let expected = if extra.contains(&"-nodetach") {
                CmsError::ContentMismatch
            } else if extra.contains(&"-noattr") {
                CmsError::SignatureWrong
            } else {
                CmsError::DigestMismatch
            };
            assert_eq!(other, expected, "{extra:?}");
        }
    }
}

#[test]
fn reads_streamed_cms_with_indefinite_lengths_and_names_them() {
    let (lab, _, leaf) = pki(RSA, "leaf");
    lab.write("content", vec![b'x'; 100_000]);
    let args = ["cms", "-sign", "-binary", "-stream", "-nodetach", "-in", "content", "-outform", "DER"];
    lab.run(
        &[&args[..], &["-out", "s.der", "-signer", "leaf.pem", "-inkey", "leaf.key", "-md", "sha256"]]
            .concat(),
    );
    let signed = SignedData::parse(&lab.read("s.der"), &limits()).unwrap();
    let codes = pki_support::codes(signed.deviations());
    assert!(
        codes.contains(&"BER_INDEFINITE_LENGTH") && codes.contains(&"BER_CONSTRUCTED_STRING"),
        "{codes:?}"
    );
    assert_eq!(signed.econtent.as_deref(), Some(&lab.read("content")[..]));
    assert_eq!(signed.verify_signer(0, None, &leaf), Ok(()));
}

#[test]
fn reads_timestamp_requests() {
    let lab = Lab::new();
    lab.write("data", b"data");
    lab.run(&["ts", "-query", "-data", "data", "-sm3", "-cert", "-tspolicy", "1.2.3.4", "-out", "q.tsq"]);
    let request = TimeStampReq::parse(&lab.read("q.tsq"), &limits()).unwrap();
    assert_eq!(request.imprint, MessageImprint::sm3(b"data"));
    assert!(request.cert_req && request.nonce.is_some());
    assert_eq!(request.policy.unwrap().to_string(), "1.2.3.4");
}

#[test]
fn verifies_timestamp_tokens() {
    let (lab, _, leaf) = pki(RSA, "tsa");
    lab.write("tsserial", "0900");
    lab.write("data", b"data");
    lab.run(&["ts", "-query", "-data", "data", "-sm3", "-cert", "-out", "q.tsq"]);
    lab.run(&["ts", "-reply", "-config", "c.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "r.tsr"]);
    let request = TimeStampReq::parse(&lab.read("q.tsq"), &limits()).unwrap();
    let response = TimeStampResp::parse(&lab.read("r.tsr"), &limits()).unwrap();
    assert!(response.status.is_granted());
    let token = TimeStampToken::parse(&response.token.unwrap(), &limits()).unwrap();
    assert!(token.faults().is_empty() && token.deviations().is_empty(), "{:?}", token.deviations());
    assert_eq!(request.is_answered_by(&token), Ok(()));
    assert_eq!(token.info.imprint.covers(b"data"), Some(true));
    assert_eq!(token.info.serial.to_string(), "0901");
    assert_eq!(token.info.policy.to_string(), "1.2.3.4.1");
    let accuracy = token.info.accuracy.unwrap();
    assert_eq!((accuracy.seconds, accuracy.millis, accuracy.micros), (1, 500, 100));
    assert!(token.info.ordering);
    assert!(matches!(&token.info.tsa, Some(GeneralName::Directory(n)) if n.matches(&leaf.subject)));
    assert_eq!(token.embedded_signer(&limits()).as_ref(), Some(&leaf));
    assert_eq!(token.ess_binding(&leaf), Ok(EssBinding::Matches));
    assert_eq!(token.verify(&leaf), Ok(()));

    // A whole response where a token belongs is read and named.
    let token = TimeStampToken::parse(&lab.read("r.tsr"), &limits()).unwrap();
    assert_eq!(pki_support::codes(token.deviations()), ["TSP_RESPONSE_AS_TOKEN"]);
    assert_eq!(token.verify(&leaf), Ok(()));
}

#[test]
fn reads_refusals_of_timestamp_authorities() {
    let (lab, ..) = pki(RSA, "tsa");
    lab.write("tsserial", "0900");
    lab.write("data", b"data");
    lab.run(&["ts", "-query", "-data", "data", "-sha512", "-out", "q.tsq"]);
    lab.run(&["ts", "-reply", "-config", "c.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "r.tsr"]);
    let response = TimeStampResp::parse(&lab.read("r.tsr"), &limits()).unwrap();
    assert!(!response.status.is_granted() && response.token.is_none());
    assert_eq!(response.failure.unwrap().name(), "badAlg");
    assert!(!response.text.is_empty());
}

#[test]
fn verifies_ocsp_responses() {
    for kind in [P256, RSA] {
        let (lab, root, leaf) = pki(kind, "leaf");
        let index = |state: &str| lab.write("index", format!("{state}\t8001\tunknown\t/C=CN/CN=x\n"));
        lab.run(&["ocsp", "-issuer", "root.pem", "-sha256", "-cert", "leaf.pem", "-reqout", "q.der"]);
        let request = OcspRequest::parse(&lab.read("q.der"), &limits()).unwrap();
        assert!(request.cert_ids[0].matches(&root, &leaf.serial));
        assert!(!request.cert_ids[0].matches(&root, &root.serial));
        assert!(!request.cert_ids[0].matches(&leaf, &leaf.serial));
        let answer = || {
            let args =
                ["ocsp", "-index", "index", "-CA", "root.pem", "-rsigner", "root.pem", "-rkey", "root.key"];
            let rest = ["-reqin", "q.der", "-respout", "r.der", "-ndays", "3", "-rmd", "sha256"];
            lab.run(&[&args[..], &rest].concat());
            let response = OcspResponse::parse(&lab.read("r.der"), &limits()).unwrap();
            assert!(response.deviations().is_empty());
            response.basic.unwrap()
        };
        index("V\t301121120000Z\t");
        let good = answer();
        assert_eq!(good.verify_signature(&root.public_key().unwrap()), Ok(()));
        assert_eq!(good.verify_signature(&leaf.public_key().unwrap()), Err(SignatureError::Wrong));
        assert_eq!(good.responses[0].status, CertStatus::Good);
        assert_eq!(good.nonce(), request.nonce);
        assert!(good.nonce().is_some() && good.responder.matches(&root) && !good.responder.matches(&leaf));
        assert_eq!(good.certificates, [root.raw()]);
        assert!(good.responses[0].next_update.unwrap() > good.responses[0].this_update);
        index("R\t301121120000Z\t260102030405Z,keyCompromise");
        let date = "2026-01-02T03:04:05Z".parse().unwrap();
        let reason = Some(RevocationReason::KeyCompromise);
        assert_eq!(answer().responses[0].status, CertStatus::Revoked { date, reason });
        lab.write("index", "");
        assert_eq!(answer().responses[0].status, CertStatus::Unknown);
    }
}
