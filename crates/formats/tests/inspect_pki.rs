//! Certificates, lists, messages and keys of other software are named; secrets are never shown.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use std::path::Path;
use std::process::Command;

use ses_support::{interop, limits, unzip};
use yinxin_formats::inspect::{Kind, Lang, Tree, inspect};

/// Runs OpenSSL in a folder of its own; `setup` gets the folder.
fn openssl(dir: &Path, args: &str) -> Vec<u8> {
    let out = Command::new("openssl")
        .args(args.split(' '))
        .current_dir(dir)
        .output()
        .expect("openssl is installed");
    assert!(out.status.success(), "openssl {args}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn folder(name: &str) -> std::path::PathBuf {
    let dir = std::env::temp_dir().join(format!("yinxin-inspect-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

fn look(bytes: &[u8]) -> (Tree, String) {
    let tree = inspect(bytes, None, &limits()).unwrap();
    let text = tree.to_text(Lang::En);
    (tree, text)
}

#[test]
fn names_what_openssl_makes_and_hides_every_private_key() {
    let dir = folder("pki");
    openssl(&dir, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.pem");
    let ext = "-addext keyUsage=critical,keyCertSign,cRLSign -addext subjectAltName=DNS:example.test";
    openssl(&dir, &format!("req -x509 -new -key k.pem -subj /CN=A -days 9 -out c.pem {ext}"));
    let cert = std::fs::read(dir.join("c.pem")).unwrap();
    let (tree, text) = look(&cert);
    assert_eq!(
        (tree.parts[0].kind, tree.parts[0].label.as_deref()),
        (Kind::Certificate, Some("CERTIFICATE"))
    );
    assert!(tree.parts[0].problem.is_none(), "{text}");
    for part in ["keyCertSign, cRLSign", "\"example.test\"", "BasicConstraints", "commonName", "notAfter"] {
        assert!(text.contains(part), "{part} in {text}");
    }

    openssl(&dir, "req -new -key k.pem -subj /CN=A -out r.pem");
    let request = openssl(&dir, "req -in r.pem -outform DER");
    assert_eq!(look(&request).0.parts[0].kind, Kind::CertificateRequest);
    let public = openssl(&dir, "pkey -in k.pem -pubout -outform DER");
    assert_eq!(look(&public).0.parts[0].kind, Kind::PublicKey);

    std::fs::write(dir.join("m"), "message").unwrap();
    let signed = openssl(&dir, "cms -sign -in m -signer c.pem -inkey k.pem -outform DER -nodetach -binary");
    let (tree, text) = look(&signed);
    assert_eq!((tree.parts[0].kind, &tree.parts[0].problem), (Kind::SignedData, &None), "{text}");
    assert!(
        text.contains("MessageDigest") && text.contains("\"message\"") && text.contains("SigningTime"),
        "{text}"
    );

    let query = openssl(&dir, "ts -query -data m -sha256 -cert");
    assert_eq!(look(&query).0.parts[0].kind, Kind::TimestampRequest);

    let secret = openssl(&dir, "pkey -in k.pem -text -noout");
    let secret = String::from_utf8(secret).unwrap().replace([':', ' ', '\n'], "");
    let secret = secret.split("priv").nth(1).unwrap().split("pub").next().unwrap().to_owned();
    let secret = secret[secret.len() - 60..].to_owned();
    let sec1 = openssl(&dir, "ec -in k.pem -outform DER");
    let pkcs8 = openssl(&dir, "pkcs8 -topk8 -nocrypt -in k.pem -outform DER");
    for key in [std::fs::read(dir.join("k.pem")).unwrap(), sec1, pkcs8.clone()] {
        let (tree, text) = look(&key);
        assert_eq!(tree.parts[0].kind, Kind::PrivateKey);
        assert!(text.contains("not shown") && !text.contains(&secret), "{text}");
    }
    // Wrapped in something unknown, as in PKCS#12, it stays hidden too.
    let wrapped = yinxin_formats::der::write::explicit(0, &pkcs8);
    assert!(!look(&wrapped).1.contains(&secret));
    let wrapped = yinxin_formats::der::write::octets(&wrapped);
    assert!(!look(&yinxin_formats::der::write::sequence(&[&wrapped])).1.contains(&secret[..40]));
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn rsa_private_keys_show_nothing() {
    let dir = folder("rsa");
    openssl(&dir, "genrsa -traditional -out k.pem 1024");
    let (tree, text) = look(&std::fs::read(dir.join("k.pem")).unwrap());
    assert_eq!((tree.parts[0].kind, text.lines().count()), (Kind::PrivateKey, 2), "{text}");
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn names_lists_and_several_blocks_of_one_file() {
    let dir = folder("crl");
    openssl(&dir, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k.pem");
    openssl(&dir, "req -x509 -new -key k.pem -subj /CN=A -days 9 -out c.pem");
    std::fs::write(dir.join("i"), "").unwrap();
    std::fs::write(dir.join("n"), "01").unwrap();
    let config = "[ca]\ndefault_ca=d\n[d]\ndatabase=i\ncrlnumber=n\ndefault_md=sha256\ndefault_crl_days=9\n";
    std::fs::write(dir.join("x"), config).unwrap();
    openssl(&dir, "ca -gencrl -config x -keyfile k.pem -cert c.pem -out l.pem");
    let list = std::fs::read(dir.join("l.pem")).unwrap();
    let both = [std::fs::read(dir.join("c.pem")).unwrap(), list].concat();
    let (tree, text) = look(&both);
    let kinds: Vec<Kind> = tree.parts.iter().map(|p| p.kind).collect();
    assert_eq!(kinds, [Kind::Certificate, Kind::Crl], "{text}");
    assert!(text.contains("thisUpdate") && tree.parts.iter().all(|p| p.problem.is_none()), "{text}");
    std::fs::remove_dir_all(dir).unwrap();
}

#[test]
fn names_the_files_of_other_software() {
    let Some(dir) = interop() else { return };
    for entry in std::fs::read_dir(dir.join("pki")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let (tree, text) = look(&bytes);
        assert_eq!((tree.parts[0].kind, &tree.parts[0].problem), (Kind::Certificate, &None));
        assert!(text.contains("basicConstraints"), "{text}");
    }
    for (file, value, kind, words) in [
        (
            "clean/gbt-p1.ofd",
            "SignedValue.dat",
            Kind::SignedData,
            vec!["GB/T 35275 signedData", "SignerInfo"],
        ),
        ("clean/multi-v1-v4.ofd", "SignedValue.dat", Kind::SesSignature, vec!["TIME_LOCAL_TEXT", "signInfo"]),
        ("wild/dianju-v4.ofd", "SignValue.dat", Kind::SesSignature, vec!["PICTURE_TYPE_CASE"]),
        ("wild/gomain-test-tax-seal.ofd", "SignedValue.dat", Kind::SesSignature, vec!["PICTURE_TYPE_OFD"]),
        (
            "dialect/v4-tbs-ext-implicit.ofd",
            "SignedValue.dat",
            Kind::SesSignature,
            vec!["EXT_IMPLICIT", "extnID"],
        ),
    ] {
        let (tree, text) = look(&unzip(&dir.join(file), &format!("Doc_0/Signs/Sign_0/{value}")));
        assert_eq!((tree.parts[0].kind, &tree.parts[0].problem), (kind, &None), "{file}");
        assert!(words.iter().all(|w| text.contains(w)), "{file}: {text}");
    }
    for entry in std::fs::read_dir(dir.join("seals")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let (tree, _) = look(&bytes);
        assert_eq!((tree.parts[0].kind, &tree.parts[0].problem), (Kind::Seal, &None));
    }
}
