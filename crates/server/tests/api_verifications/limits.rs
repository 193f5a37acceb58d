//! What is refused, and that nothing is left behind.

use crate::documents::{PATH, contract, nameless, noise, verify};
use crate::support::{CITY, Client, Role, Server, for_each_engine_with, on_sqlite, on_sqlite_with};
use axum::body::{Body, Bytes};
use futures_util::stream;
use serde_json::json;
use std::io;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{Sender, channel};
use yinxin_registry::role::Scope;
use yinxin_store::VerificationFilter;

const OFD: [(&str, &str); 1] = [("content-type", "application/ofd")];

/// A body that comes as the test gives it, and the hand that gives.
fn slowly() -> (Sender<io::Result<Bytes>>, Body) {
    let (hand, gives) = channel(4);
    let pieces =
        stream::unfold(gives, |mut gives| async move { gives.recv().await.map(|piece| (piece, gives)) });
    (hand, Body::from_stream(pieces))
}

/// An upload that has begun and does not end.
async fn hanging(server: &Server, who: &Client) -> (Sender<io::Result<Bytes>>, tokio::task::JoinHandle<u16>) {
    let (hand, body) = slowly();
    let (who, before) = (who.clone(), nameless(server));
    let asked = tokio::spawn(async move { who.stream(PATH, &OFD, body).await.status.as_u16() });
    hand.send(Ok(Bytes::from(noise(200_000)))).await.unwrap();
    until(|| nameless(server) > before).await;
    (hand, asked)
}

async fn until(there: impl Fn() -> bool) {
    let began = Instant::now();
    while !there() {
        assert!(began.elapsed() < Duration::from_secs(20), "it did not come about");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn records(server: &Server) -> usize {
    let mut read = server.app.store.read().await.unwrap();
    read.verifications(&Scope::All, &VerificationFilter::default()).await.unwrap().len()
}

#[test]
fn who_is_known_may_bring_more_and_nobody_more_than_that() {
    for_each_engine_with(
        |config| {
            config.verification.anonymous_max_bytes = 200_000;
            config.verification.registered_max_bytes = 400_000;
        },
        async |server| {
            let (visitor, known) = (server.visitor(), server.account(Role::Supervisor, Some(CITY)).await);
            let (small, middle, large) = (noise(200_000), noise(400_000), noise(400_001));
            assert_eq!(verify(&visitor, &small).await.ok()["verdict"], "invalid");
            verify(&visitor, &middle).await.problem("BODY_TOO_LARGE");
            assert_eq!(verify(&known, &middle).await.ok()["size"], 400_000);
            let told = verify(&known, &large).await.problem("BODY_TOO_LARGE");
            assert!(told["detail"].as_str().unwrap().contains("400000"), "{told}");
            // Told before anything is read, where the client says how large it is.
            let (_hand, body) = slowly();
            let announced = [OFD[0], ("content-length", "200001")];
            visitor.stream(PATH, &announced, body).await.problem("BODY_TOO_LARGE");
            assert_eq!((nameless(server), records(server).await), (0, 2));
        },
    );
}

#[test]
fn only_documents_are_taken_and_only_known_words() {
    on_sqlite(async |server| {
        let visitor = server.visitor();
        let bytes = contract(1);
        let types =
            ["application/json", "image/png", "multipart/form-data; boundary=x", "application/ofdx", ""];
        for said in types {
            let answer = visitor.send("POST", PATH, &[("content-type", said)], bytes.clone()).await;
            answer.problem("UNSUPPORTED_MEDIA_TYPE");
        }
        visitor.send("POST", PATH, &[], bytes.clone()).await.problem("UNSUPPORTED_MEDIA_TYPE");
        let squeezed = [OFD[0], ("content-encoding", "gzip")];
        visitor.send("POST", PATH, &squeezed, bytes.clone()).await.problem("UNSUPPORTED_MEDIA_TYPE");
        let charset = [("content-type", "Application/OFD; charset=binary")];
        visitor.send("POST", PATH, &charset, bytes.clone()).await.ok();
        for query in ["?keep=all", "?lang=fr", "?name=x", "?keep=digest&keep=report"] {
            visitor.send("POST", &format!("{PATH}{query}"), &OFD, bytes.clone()).await.problem("BAD_REQUEST");
        }
        assert_eq!(records(server).await, 1);
    });
}

#[test]
fn nobody_in_particular_asks_so_often_and_who_is_known_oftener() {
    on_sqlite_with(
        |config| config.verification.anonymous_per_minute = 3,
        async |server| {
            let (visitor, known) = (server.visitor(), server.account(Role::Supervisor, Some(CITY)).await);
            for _ in 0..3 {
                verify(&visitor, b"x").await.ok();
            }
            let limited = verify(&visitor, b"x").await;
            let wait: u64 = limited.header("retry-after").parse().unwrap();
            limited.problem("RATE_LIMITED");
            assert!((1..=20).contains(&wait), "{wait}");
            let body = json!({ "digest": "ab".repeat(32) });
            visitor.json("POST", "/verifications/digest", &[], body).await.problem("RATE_LIMITED");
            visitor.get("/verifications/ver_01k0000000000000000000000a").await.problem("RATE_LIMITED");
            verify(&visitor.from("192.0.2.7"), b"x").await.ok();
            for _ in 0..5 {
                verify(&known, b"x").await.ok();
            }
        },
    );
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing_behind() {
    on_sqlite(async |server| {
        let known = server.account(Role::Supervisor, Some(CITY)).await;
        let folder = server.data().join("verifications");
        for who in [server.visitor(), known] {
            // The connection breaks.
            let (hand, asked) = hanging(server, &who).await;
            hand.send(Err(io::ErrorKind::ConnectionReset.into())).await.unwrap();
            assert_eq!(asked.await.unwrap(), 400);
            assert_eq!(nameless(server), 0);
            // The client goes away, and with it the whole request.
            let (_hand, asked) = hanging(server, &who).await;
            asked.abort();
            until(|| nameless(server) == 0).await;
        }
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0);
        assert_eq!(records(server).await, 0);
    });
}

#[test]
fn when_every_place_is_taken_who_comes_is_told_to_come_again() {
    on_sqlite_with(
        |config| {
            config.verification.parallel = 1;
            config.verification.queue = 3;
        },
        async |server| {
            let (visitor, known) = (server.visitor(), server.account(Role::Supervisor, Some(CITY)).await);
            // Half of four places are for strangers.
            let mut open = vec![hanging(server, &visitor).await, hanging(server, &visitor).await];
            let full = verify(&visitor, b"x").await;
            assert_eq!(full.problem("UNAVAILABLE")["retry_after"], 5);
            assert_eq!(full.header("retry-after"), "5");
            verify(&known, b"x").await.ok();
            open.push(hanging(server, &known).await);
            open.push(hanging(server, &known).await);
            verify(&known, b"x").await.problem("UNAVAILABLE");
            assert_eq!(nameless(server), 4);
            for (hand, asked) in open {
                drop(hand);
                assert_eq!(asked.await.unwrap(), 201);
            }
            verify(&visitor, b"x").await.ok();
            until(|| nameless(server) == 0).await;
        },
    );
}

#[test]
fn documents_on_the_way_take_so_much_of_the_disk_and_no_more() {
    on_sqlite_with(
        |config| {
            config.verification.spool_mebibytes = 2;
            config.verification.registered_max_bytes = 2 << 20;
            config.verification.anonymous_max_bytes = 2 << 20;
        },
        async |server| {
            let known = server.account(Role::Supervisor, Some(CITY)).await;
            let open = hanging(server, &known).await;
            verify(&known, &noise(2_000_000)).await.problem("UNAVAILABLE");
            verify(&known, &noise(1_500_000)).await.ok();
            // Short ones need none of it.
            verify(&known, &noise(1_000_000)).await.ok();
            drop(open.0);
            assert_eq!(open.1.await.unwrap(), 201);
            verify(&known, &noise(2_000_000)).await.ok();
        },
    );
}

#[test]
fn a_verification_that_takes_too_long_is_broken_off_and_its_place_is_free_again() {
    on_sqlite_with(
        |config| {
            config.verification.parallel = 1;
            config.verification.queue = 1;
            config.verification.timeout_seconds = 0;
        },
        async |server| {
            for _ in 0..4 {
                let late = verify(&server.visitor(), &contract(1)).await;
                let told = late.json();
                assert!(["TIMEOUT", "UNAVAILABLE"].contains(&told["code"].as_str().unwrap()), "{told}");
                until(|| nameless(server) == 0).await;
            }
            assert_eq!(records(server).await, 0);
        },
    );
}
