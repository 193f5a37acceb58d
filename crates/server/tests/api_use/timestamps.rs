//! Timestamps of a service that OpenSSL runs: every sealed document has one; while the service is away nothing is sealed, and nothing
//! is lost.

use crate::stage::Stage;
use crate::support::{Engine, Server};
use crate::uses::{approved, contract, register_codes, sign};
use serde_json::json;
use std::io::{Cursor, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::Package;
use yinxin_seal::{Verdict, VerifyOptions, verify};
use yinxin_testkit::oracle::Lab;

const CONFIG: &str = "\
[req]
distinguished_name = dn
prompt = no
[dn]
CN = 示例时间戳
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[tsa]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[t]
signer_cert = tsa.pem
signer_key = tsa.key
serial = tsserial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sm3
accuracy = secs:1
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
";

/// A timestamp service of OpenSSL behind a socket.
struct Service {
    lab: Arc<Lab>,
    url: String,
    open: Arc<AtomicBool>,
}

impl Service {
    fn start() -> Self {
        let lab = Lab::new("timestamps");
        lab.write("c.cnf", CONFIG);
        lab.write("tsserial", "0900");
        let key =
            ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-utf8", "-config", "c.cnf"];
        let root = ["-x509", "-days", "30", "-extensions", "ca", "-keyout", "root.key", "-out", "root.pem"];
        lab.openssl(&[&["req"], &key[..], &root[..], &["-subj", "/CN=示例时间戳根"]].concat());
        lab.openssl(&[&["req"], &key[..], &["-keyout", "tsa.key", "-out", "tsa.csr"]].concat());
        let issue =
            ["x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
        let to = ["-days", "20", "-extfile", "c.cnf", "-extensions", "tsa", "-out", "tsa.pem"];
        lab.openssl(&[&issue[..], &to[..]].concat());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/tsr", listener.local_addr().unwrap());
        let (lab, open) = (Arc::new(lab), Arc::new(AtomicBool::new(true)));
        let (shop, sign) = (Arc::clone(&lab), Arc::clone(&open));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if sign.load(Ordering::Relaxed) {
                    answer(&shop, stream);
                }
            }
        });
        Self { lab, url, open }
    }
}

/// One request, as OpenSSL answers it.
fn answer(lab: &Lab, mut stream: TcpStream) {
    let (mut head, mut byte) = (Vec::new(), [0u8; 1]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    assert!(head.contains("content-type: application/timestamp-query"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).unwrap();
    lab.write("q.tsq", body);
    let reply = ["ts", "-reply", "-config", "c.cnf", "-section", "t", "-queryfile", "q.tsq", "-out", "r.tsr"];
    lab.openssl(&reply);
    let body = lab.read("r.tsr");
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\nConnection: close";
    stream.write_all(format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len()).as_bytes()).unwrap();
    stream.write_all(&body).unwrap();
}

fn token(sealed: &[u8]) -> Vec<u8> {
    let mut package = Package::open(Cursor::new(sealed), &yinxin_ofd::Limits::default()).unwrap();
    let path = package.parts().map(|part| part.path.clone()).find(|path| path.ends_with("SignedValue.dat"));
    let value = package.read(&path.unwrap()).unwrap();
    SesSignature::parse(&value, &Limits::default()).unwrap().timestamp.expect("a timestamp")
}

#[test]
fn every_document_gets_a_timestamp_and_waits_for_it_while_the_service_is_away() {
    let service = Service::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let server = Server::start_with(Engine::Sqlite, |config| {
            config.timestamp.url = Some(service.url.clone());
            config.ca.trust_anchors = vec![service.lab.path("root.pem")];
        })
        .await;
        let stage = Stage::set(&server).await.kept().await;
        stage.flow().await;

        service.open.store(false, Ordering::Relaxed);
        let documents = [contract(1), contract(2)];
        let (request, items) = approved(&stage, &documents).await;
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        assert_eq!(stage.user.get(&request).await.ok()["state"], "signing");
        stage.user.get(&format!("{}/sealed", items[0])).await.problem("NOT_FOUND");
        assert_eq!(register_codes(&stage).await, ["TIMESTAMP_UNAVAILABLE"; 2]);

        service.open.store(true, Ordering::Relaxed);
        // By the clock on the wall, which is OpenSSL's too: the job is tried again after ten seconds.
        tokio::time::sleep(std::time::Duration::from_secs(11)).await;
        server.tick().await;
        let done = stage.user.get(&request).await.ok();
        assert_eq!(
            (&done["state"], &done["tally"]["signed"]),
            (&json!("done"), &json!(2)),
            "{:?}",
            register_codes(&stage).await
        );
        let facts = server.app.authority.trust();
        for item in &items {
            let sealed = stage.user.get(&format!("{item}/sealed")).await.body;
            let report = verify(Cursor::new(&sealed[..]), &facts, &VerifyOptions::at(server.now()));
            assert_eq!(report.verdict, Verdict::Valid, "{report:?}");
            // OpenSSL knows its own token again.
            service.lab.write("token.der", token(&sealed));
            let text = service.lab.openssl(&["ts", "-reply", "-token_in", "-in", "token.der", "-text"]);
            assert!(text.contains("Hash Algorithm: sm3"), "{text}");
        }
        server.app.store.close().await;
    });
}
