//! BouncyCastle and OpenSSL on our proofs.

use yinxin_formats::cms::SignedData;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_server::proof::ProofKind;
use yinxin_testkit::oracle::Lab;

use crate::sample::{Office, statement};

#[test]
fn bouncycastle_verifies_every_kind_of_proof_and_refuses_it_bent() {
    let (lab, office) = (Lab::new("proof-bouncycastle"), Office::new());
    lab.write("authority.cer", office.authority.der());
    lab.write("other.cer", office.pki.signer_a.der());
    let mut lines = Vec::new();
    for kind in ProofKind::ALL {
        let proof = office.sign(statement(kind));
        let word = kind.word();
        lab.write(&format!("{word}.p7"), &proof.der);
        // One character of the content, and one bit of the signature value.
        let text = String::from_utf8_lossy(&proof.der).into_owned();
        assert!(text.contains("\"number\":"));
        let at = proof.der.windows(8).position(|w| w == b"-000001\"").unwrap();
        let mut content = proof.der.clone();
        content[at + 6] = b'2';
        lab.write(&format!("{word}-content.p7"), content);
        let mut value = proof.der.clone();
        *value.last_mut().unwrap() ^= 1;
        lab.write(&format!("{word}-value.p7"), value);
        lines.push(format!("verify-cms\t{word}.p7\tauthority.cer"));
        lines.push(format!("verify-cms\t{word}.p7\t-"));
        lines.push(format!("! verify-cms\t{word}.p7\tother.cer"));
        lines.push(format!("! verify-cms\t{word}-content.p7\tauthority.cer"));
        lines.push(format!("! verify-cms\t{word}-value.p7\tauthority.cer"));
    }
    let answers = lab.bouncy_castle(&lines);
    assert!(answers[0].contains("attached=true attributes=true signers=1"), "{}", answers[0]);
}

#[test]
fn openssl_verifies_the_signature_over_the_attributes_and_the_digest_of_the_statement() {
    let (lab, office) = (Lab::new("proof-openssl"), Office::new());
    let proof = office.sign(statement(ProofKind::MakingApproval));
    let data = SignedData::parse(&proof.der, &Limits::default()).unwrap();
    let attrs = data.signer_infos[0].signed_attrs.as_ref().unwrap();
    lab.write("attrs", attrs.signed_bytes());
    lab.write("value", &data.signer_infos[0].signature);
    lab.write("content", data.econtent.as_ref().unwrap());
    let spki = yinxin_crypto::SigningKey::public_key(&*office.authority.key).spki_der();
    lab.write("key.pub", pem::encode("PUBLIC KEY", &spki));
    let id = "distid:1234567812345678";
    let verified =
        ["dgst", "-sm3", "-verify", "key.pub", "-sigopt", id, "-signature", "value"].map(str::to_owned);
    let run = |file: &str| {
        let args: Vec<&str> = verified.iter().map(String::as_str).chain([file]).collect();
        lab.run("openssl", &args)
    };
    assert!(run("attrs").0, "{}", run("attrs").1);
    assert!(!run("content").0);
    let digest = lab.openssl(&["dgst", "-sm3", "content"]);
    assert!(digest.trim().ends_with(&hex::encode(attrs.message_digest().unwrap().unwrap())), "{digest}");
}
