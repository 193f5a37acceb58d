//! The bucket behind the service is refused, broken off, or hangs, while documents are sealed and brought. It is a real S3-compatible service
//! (named by `YINXIN_TEST_S3`) behind a door of the test.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use yinxin_crypto::sm3;

use crate::base::Base;
use crate::chance::Chance;
use crate::person::{api, version};
use crate::town::{Town, service};
use crate::truth;
use crate::users::{Users, asked, contract, post, state, take_step, users};

/// Documents of a batch.
const COUNT: u32 = 40;
/// Longest wait for the end of a batch: failing documents are tried again after pauses that grow.
const PATIENCE: Duration = Duration::from_secs(300);
/// How long the bucket is away.
const AWAY: Duration = Duration::from_secs(4);
/// Longer than any answer may take.
const LONGEST: Duration = Duration::from_secs(60);

const OPEN: u8 = 0;
const REFUSED: u8 = 1;
const BROKEN_OFF: u8 = 2;
const HANGING: u8 = 3;

/// A door in front of a service.
struct Door {
    address: String,
    mode: Arc<AtomicU8>,
}

impl Door {
    fn before(service: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mode = Arc::new(AtomicU8::new(OPEN));
        let shared = Arc::clone(&mode);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (service, mode) = (service.clone(), Arc::clone(&shared));
                std::thread::spawn(move || pass(&client, &service, &mode));
            }
        });
        Self { address, mode }
    }

    fn set(&self, mode: u8) {
        self.mode.store(mode, Ordering::SeqCst);
    }
}

/// Carries bytes both ways, as long as the door is open.
fn pass(client: &TcpStream, service: &str, mode: &AtomicU8) {
    if mode.load(Ordering::SeqCst) == REFUSED {
        return;
    }
    let Ok(server) = TcpStream::connect(service) else { return };
    std::thread::scope(|scope| {
        scope.spawn(|| carry(client, &server, mode));
        carry(&server, client, mode);
    });
}

fn carry(mut from: &TcpStream, mut to: &TcpStream, mode: &AtomicU8) {
    let mut piece = [0; 4096];
    loop {
        let count = from.read(&mut piece).unwrap_or(0);
        while mode.load(Ordering::SeqCst) == HANGING {
            std::thread::sleep(Duration::from_millis(50));
        }
        let broken = [REFUSED, BROKEN_OFF].contains(&mode.load(Ordering::SeqCst));
        // Half a piece gets through, so that an answer ends in the middle.
        let count = if broken { count / 2 } else { count };
        if to.write_all(&piece[..count]).is_err() || count == 0 || broken {
            let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
            return;
        }
    }
}

#[test]
fn s3_faults_object_store() {
    let Some(address) = std::env::var("YINXIN_TEST_S3").ok().filter(|value| !value.is_empty()) else {
        println!("S3 TEST SERVICE ABSENT, s3_faults_object_store PROVED NOTHING (set YINXIN_TEST_S3)");
        return;
    };
    let bucket = format!("yinxin-faults-{}", std::process::id());
    let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
    let made = yinxin_testkit::http::Http::new(&format!("http://{address}"));
    assert_eq!(made.send("PUT", &format!("/{bucket}"), &[], Some(("text/plain", b""))).unwrap().status, 200);
    let door = Door::before(address);
    let mut chance = Chance::of_run("s3_faults_object_store");
    let service = service(&Base::Sqlite)
        .set("documents.kind", "s3")
        .set("documents.s3.endpoint", &format!("http://{}", door.address))
        .set("documents.s3.bucket", &bucket)
        .set("documents.s3.access_key.env", "S3_ACCESS")
        .set("documents.s3.secret_key.env", "S3_SECRET")
        .environment("S3_ACCESS", "test-access")
        .environment("S3_SECRET", "test-secret");
    let (town, running) = Town::found(Base::Sqlite, service, 1, &mut chance);
    let users = users(&town, &mut chance);
    for (name, mode) in [("refused", REFUSED), ("broken off", BROKEN_OFF), ("hanging", HANGING)] {
        let begin = Instant::now();
        let refusals = batch(&town, &users, (&door, mode), &mut chance);
        println!("{name}: {COUNT} documents sealed once, {refusals} uploads refused, {:?}", begin.elapsed());
    }
    truth::chain_is_sound(&town.service);
    drop(running);
}

/// A batch during which the bucket is away for a while; how many uploads were refused meanwhile.
fn batch(town: &Town, users: &Users, (door, mode): (&Door, u8), chance: &mut Chance) -> u32 {
    let at = town.service.client();
    let request = asked(&at, users, COUNT, chance);
    let digest = users.approver.get(&at, &request).unwrap().json()["digest"].clone();
    take_step(&at, &users.approver, &request, "approve", &json!({ "digest": digest }), chance);
    let (draft, item) = draft(town, users, chance);
    take_step(&at, &users.user, &request, "sign", &json!({}), chance);
    std::thread::sleep(Duration::from_millis(chance.below(200) as u64));
    door.set(mode);
    let (gone, mut refusals) = (Instant::now(), 0);
    while gone.elapsed() < AWAY {
        let begin = Instant::now();
        let answer = bring(town, users, &draft, &item);
        assert!(begin.elapsed() < LONGEST, "{:?}", begin.elapsed());
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert!(answer.header("retry-after").is_some(), "{}", answer.text());
        assert_eq!(at.get("/healthz").status, 200);
        refusals += 1;
    }
    door.set(OPEN);
    let begin = Instant::now();
    while state(&at, users, &request) == "signing" {
        assert!(begin.elapsed() < PATIENCE, "the batch does not go on");
        std::thread::sleep(Duration::from_millis(500));
    }
    let whole = users.user.get(&at, &request).unwrap().json();
    let all = json!({ "documents": COUNT, "signed": COUNT, "failed": 0 });
    assert_eq!((&whole["state"], &whole["tally"]), (&json!("done"), &all), "{whole}");
    let brought = bring(town, users, &draft, &item);
    assert!((200..300).contains(&brought.status), "{}", brought.text());
    every_document_is_there(town, users, &request);
    refusals
}

/// A draft with one document named, whose bytes have not come.
fn draft(town: &Town, users: &Users, chance: &mut Chance) -> (String, String) {
    let at = town.service.client();
    let body = json!({
        "seal": users.seal.trim_start_matches("/seals/"), "right": { "kind": "grant", "grant": users.grant },
        "document_kind": "合同", "reason": "续签年度合同",
    });
    let draft = post(&at, &users.user, "/use-requests", &body, chance)["id"].as_str().unwrap().to_owned();
    let draft = format!("/use-requests/{draft}");
    let bytes = renewal();
    let item = json!({
        "name": "续签合同.ofd", "digest": hex::encode(sm3(&bytes)), "size": bytes.len(),
        "placements": [{ "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 }],
    });
    let added = take_step(&at, &users.user, &draft, "items", &json!({ "items": [item] }), chance);
    let item = format!("{draft}/items/{}/content", added["items"][0]["id"].as_str().unwrap());
    (draft, item)
}

fn renewal() -> Vec<u8> {
    contract(90_001)
}

fn bring(town: &Town, users: &Users, draft: &str, item: &str) -> yinxin_testkit::http::Answer {
    let at = town.service.client();
    let seen = version(&users.user.get(&at, draft).unwrap());
    users.user.bring(&api(item), seen, "application/ofd", renewal()).send(&at).unwrap()
}

/// What is kept can be read and is what the records say.
fn every_document_is_there(town: &Town, users: &Users, request: &str) {
    let at = town.service.client();
    let items = users.user.get(&at, &format!("{request}/items?limit=100")).unwrap().json();
    let items = items["items"].as_array().unwrap();
    assert_eq!(items.len(), COUNT as usize);
    for item in items {
        let path = format!("{request}/items/{}/sealed", item["id"].as_str().unwrap());
        let sealed = users.user.get(&at, &path).unwrap();
        assert_eq!(sealed.status, 200, "{}", sealed.text());
        assert_eq!(json!(hex::encode(sm3(&sealed.body))), item["sealed"]["digest"], "{path}");
    }
    let sealed = format!(
        "SELECT CAST(count(*) AS TEXT) FROM use_record WHERE result = 'sealed' AND request_id = '{}'",
        request.trim_start_matches("/use-requests/")
    );
    assert_eq!(town.number(&sealed), i64::from(COUNT));
}
