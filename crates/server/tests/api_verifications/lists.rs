//! Revocation lists of an authority outside, fetched while the service runs: without one a report warns, with one it is known, and nothing
//! older, foreign or broken takes its place.

use crate::documents::{codes, verify};
use crate::support::{Server, for_each_engine_with};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use yinxin_server::app::clock::System;
use yinxin_server::revocation::renew;
use yinxin_testkit::ofd::{OfdForge, SignForge};
use yinxin_testkit::revocation::CrlForge;
use yinxin_testkit::seal::{Layout, SealForge};
use yinxin_testkit::signature::SignatureForge;
use yinxin_testkit::{Identity, Pki};

/// Where authorities publish: a path and its bytes.
#[derive(Clone)]
struct Publisher {
    url: String,
    lists: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Publisher {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let publisher = Self { url, lists: Arc::default() };
        let own = publisher.clone();
        std::thread::spawn(move || listener.incoming().flatten().for_each(|stream| own.answer(stream)));
        publisher
    }

    fn answer(&self, mut stream: TcpStream) {
        let (mut head, mut byte) = (Vec::new(), [0u8; 1]);
        while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
            head.push(byte[0]);
        }
        let path = String::from_utf8(head).unwrap().split(' ').nth(1).unwrap().to_owned();
        let found = self.lists.lock().unwrap().get(&path).cloned();
        let status = if found.is_some() { "200 OK" } else { "404 Not Found" };
        let body = found.unwrap_or_default();
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
    }

    fn publish(&self, path: &str, list: Vec<u8>) {
        self.lists.lock().unwrap().insert(path.to_owned(), list);
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// A list that began so many hours ago and has so many to go.
fn list(issuer: &Identity, ago: i64, left: i64) -> CrlForge {
    let moment = |hours: i64| {
        let at = Timestamp::now() + SignedDuration::from_hours(hours);
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    CrlForge::fresh(issuer).updates(&moment(-ago), Some(&moment(left)))
}

fn document(pki: &Pki) -> Vec<u8> {
    let seal = SealForge::new(Layout::V4, pki, &[&pki.signer_a]).build();
    let signature = SignatureForge::new(Layout::V4, seal.clone(), &pki.signer_a);
    let part = SignForge::seal(&seal, move |xml, path| signature.build(xml, path));
    OfdForge::signed(vec![part]).build()
}

#[test]
fn lists_of_an_authority_outside_are_fetched_and_count_only_when_they_may() {
    let (pki, publisher) = (Pki::new(), Publisher::open());
    let folder = tempfile::tempdir().unwrap();
    let anchors = [("root.cer", &pki.root), ("ca.cer", &pki.ca)].map(|(name, who)| {
        let path = folder.path().join(name);
        std::fs::write(&path, who.der()).unwrap();
        path
    });
    let urls = ["/root.crl", "/ca.crl"].map(|path| publisher.at(path));
    let configure = |config: &mut yinxin_server::config::Config| {
        config.ca.trust_anchors = anchors.to_vec();
        config.ca.revocation_lists = urls.to_vec();
    };
    let document = document(&pki);
    for_each_engine_with(configure, async |server| {
        let [root, ca] = &urls;
        let told = async || verify(&server.visitor(), &document).await.ok();
        let verdict = async || told().await["verdict"].clone();
        let known = async || !codes(&told().await, "warn").contains(&"NO_REVOCATION_DATA".to_owned());
        let failed = async |bytes: Vec<u8>| {
            publisher.publish("/ca.crl", bytes);
            renew(&server.app, ca).await.unwrap_err().code()
        };
        publisher.lists.lock().unwrap().clear();
        assert_eq!(renew(&server.app, ca).await.unwrap_err().code(), "CRL_UNREACHABLE");
        assert!(!known().await);

        publisher.publish("/root.crl", list(&pki.root, 3, 24).build());
        publisher.publish("/ca.crl", list(&pki.ca, 3, 24).build());
        renew(&server.app, root).await.unwrap();
        renew(&server.app, ca).await.unwrap();
        assert!(known().await && verdict().await == "valid");
        // Nothing new is no change.
        renew(&server.app, ca).await.unwrap();
        assert_eq!(taken(server).await, 2);

        // What may not count changes nothing.
        let revoking = |ago| list(&pki.ca, ago, 24).revoke(&pki.signer_a, "2026-11-19T00:00:00Z", None);
        assert_eq!(failed(b"<html>maintenance</html>".to_vec()).await, "CRL_FORM");
        assert_eq!(failed(revoking(1).signed_by(&pki.signer_b).build()).await, "CRL_ISSUER");
        assert_eq!(failed(list(&pki.signer_a, 1, 24).build()).await, "CRL_ISSUER");
        assert_eq!(failed(list(&pki.ca, 48, -24).build()).await, "CRL_STALE");
        assert_eq!(failed(list(&pki.ca, -2, 24).build()).await, "CRL_FUTURE");
        assert_eq!(failed(list(&pki.ca, 5, 24).build()).await, "CRL_OLDER");
        assert!(known().await && verdict().await == "valid");

        // Revoked, it is invalid, and an older list brings nothing back to life.
        publisher.publish("/ca.crl", revoking(1).build());
        renew(&server.app, ca).await.unwrap();
        assert_eq!(verdict().await, "invalid");
        assert_eq!(failed(list(&pki.ca, 2, 24).build()).await, "CRL_OLDER");
        assert_eq!(verdict().await, "invalid");
        assert_eq!(taken(server).await, 3);

        // Every node has it, and a start without the network.
        publisher.lists.lock().unwrap().clear();
        let other = yinxin_server::start::look(server.app.config.clone(), Box::new(System)).await.unwrap();
        let serial = &pki.signer_a.cert.serial;
        let known = other.authority.trust();
        assert!(known.crls.iter().any(|crl| crl.find(serial).is_ok_and(|found| found.is_some())));
        other.store.close().await;
    });
}

/// How often the log says that a list was taken.
async fn taken(server: &Server) -> usize {
    let auditor = server.admin("audit").await;
    let log = auditor.get("/audit?action=trust.revocation_list&limit=200").await.ok();
    let rows = log["items"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| row["details"]["sm3"].is_string() && row["outcome"] == json!("ok")),
        "{log}"
    );
    rows.len()
}
