//! The way to the registry, in one process and over the network, and rounds of the workshop on it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use yinxin_server::making::accept::check_made;
use yinxin_server::making::dto::{AssignedSealDto, MadeDto, OrderDto, SendBackDto};
use yinxin_server::making::keys::SealKeys;
use yinxin_server::making::runner::{Fate, round};
use yinxin_server::making::transport::{
    LocalRegistry, OutgoingRequest, PortError, RegistryPort, RemoteRegistry, RequestSigner, SignerFault,
};

use crate::sample::{Bench, MAKER, SEAL, SEAL_CODE, now, order_facts};

/// A registry of one page per order that remembers what it was asked.
#[derive(Default)]
struct Registry {
    orders: Mutex<BTreeMap<String, OrderDto>>,
    made: Mutex<Vec<(String, MadeDto)>>,
    sent_back: Mutex<Vec<(String, SendBackDto)>>,
    seen: Mutex<Vec<(String, HeaderMap)>>,
    /// Answers to give with an error though the work was done.
    lose_answers: Mutex<usize>,
}

type Shared = Arc<Registry>;

impl Registry {
    fn note(&self, what: &str, headers: &HeaderMap) -> Result<(), (StatusCode, Json<Value>)> {
        self.seen.lock().unwrap().push((what.to_owned(), headers.clone()));
        if headers.get("x-signed").is_none() {
            let problem =
                json!({"type": "/problems/UNAUTHENTICATED", "code": "UNAUTHENTICATED", "detail": "没有签名"});
            return Err((StatusCode::UNAUTHORIZED, Json(problem)));
        }
        Ok(())
    }

    fn lost(&self) -> Result<(), (StatusCode, Json<Value>)> {
        let mut left = self.lose_answers.lock().unwrap();
        if *left > 0 {
            *left -= 1;
            return Err((StatusCode::SERVICE_UNAVAILABLE, Json(json!({"code": "UNAVAILABLE"}))));
        }
        Ok(())
    }
}

type Reply = Result<Json<Value>, (StatusCode, Json<Value>)>;

async fn orders(
    State(r): State<Shared>,
    Path(maker): Path<String>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Reply {
    r.note("orders", &headers)?;
    assert_eq!(maker, MAKER);
    let orders = r.orders.lock().unwrap();
    let after = query.get("cursor").cloned().unwrap_or_default();
    let mut open = orders.iter().filter(|(id, _)| **id > after);
    let item = open.next();
    let next = item.filter(|_| open.next().is_some()).map(|(id, _)| id.clone());
    let items: Vec<&OrderDto> = item.map(|(_, o)| o).into_iter().collect();
    Ok(Json(json!({"items": items, "next": next})))
}

async fn take(
    State(r): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<Value>,
) -> Reply {
    r.note("take", &headers)?;
    assert_eq!(body, json!({}));
    let mut orders = r.orders.lock().unwrap();
    let order = orders.get_mut(&id).unwrap();
    order.assigned = Some(AssignedSealDto {
        id: SEAL.into(),
        code: SEAL_CODE.into(),
        number: None,
        certificate_request: None,
        certificates: Vec::new(),
    });
    r.lost()?;
    Ok(Json(serde_json::to_value(&*order).unwrap()))
}

async fn send_back(
    State(r): State<Shared>,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(body): Json<SendBackDto>,
) -> Reply {
    r.note("send-back", &headers)?;
    r.orders.lock().unwrap().remove(&id);
    r.sent_back.lock().unwrap().push((id, body));
    Ok(Json(json!({})))
}

async fn hand_in(
    State(r): State<Shared>,
    Path(seal): Path<String>,
    headers: HeaderMap,
    Json(made): Json<MadeDto>,
) -> Reply {
    r.note("made", &headers)?;
    r.made.lock().unwrap().push((seal, made));
    r.lost()?;
    r.orders.lock().unwrap().retain(|_, o| o.assigned.is_none());
    Ok(Json(json!({})))
}

fn router(registry: &Shared) -> Router {
    Router::new()
        .route("/api/v1/makers/{maker}/orders", get(orders))
        .route("/api/v1/applications/{id}/making", post(take))
        .route("/api/v1/applications/{id}/send-back", post(send_back))
        .route("/api/v1/seals/{id}/made", post(hand_in))
        .with_state(registry.clone())
}

fn signer() -> Arc<dyn RequestSigner> {
    Arc::new(|request: &OutgoingRequest| {
        let seen = [request.method.as_bytes(), request.target.as_bytes(), &request.body].concat();
        Ok(vec![("x-signed".to_owned(), hex::encode(yinxin_crypto::sm3(&seen)))])
    })
}

fn local(registry: &Shared) -> LocalRegistry {
    LocalRegistry::new(router(registry), signer())
}

fn with_order(bench: &Bench, change: impl FnOnce(&mut OrderDto)) -> Shared {
    let registry = Shared::default();
    let mut order = bench.order();
    order.assigned = None;
    change(&mut order);
    registry.orders.lock().unwrap().insert(order.application.clone(), order);
    registry
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

#[test]
fn a_round_takes_up_makes_and_hands_in_a_seal_that_the_registry_accepts() {
    let bench = Bench::new();
    let registry = with_order(&bench, |_| {});
    let workshop = Arc::new(bench.workshop());
    run(async {
        let done = round(&workshop, &local(&registry), &bench.facts, now()).await.unwrap();
        assert!(matches!(&done.orders[..], [(_, Fate::HandedIn { seal })] if seal == SEAL), "{done:?}");
        let again = round(&workshop, &local(&registry), &bench.facts, now()).await.unwrap();
        assert!(again.orders.is_empty());
    });
    let made = registry.made.lock().unwrap();
    assert_eq!(made.len(), 1);
    check_made(&order_facts(bench.pki.maker.der()), &made[0].1, &bench.facts, now()).unwrap();
    let seen = registry.seen.lock().unwrap();
    let asked: Vec<&str> = seen.iter().map(|(what, _)| what.as_str()).collect();
    assert_eq!(asked, ["orders", "take", "made", "orders"]);
    for (what, headers) in seen.iter().filter(|(what, _)| what != "orders") {
        assert_eq!(headers["content-type"], "application/json", "{what}");
        assert_eq!(headers["idempotency-key"].len(), 32, "{what}");
    }
}

#[test]
fn an_answer_that_is_lost_makes_nothing_twice() {
    let bench = Bench::new();
    let registry = with_order(&bench, |_| {});
    *registry.lose_answers.lock().unwrap() = 2;
    let workshop = Arc::new(bench.workshop());
    run(async {
        for _ in 0..2 {
            let lost = round(&workshop, &local(&registry), &bench.facts, now()).await.unwrap();
            let [(_, Fate::Refused(e))] = &lost.orders[..] else { panic!("{lost:?}") };
            assert!(e.is_temporary(), "{e}");
        }
        let done = round(&workshop, &local(&registry), &bench.facts, now()).await.unwrap();
        assert!(matches!(&done.orders[..], [(_, Fate::HandedIn { .. })]), "{done:?}");
    });
    let made = registry.made.lock().unwrap();
    assert_eq!(made.len(), 2);
    assert_eq!(made[0], made[1], "the same seal both times");
    let keys: Vec<_> = {
        let seen = registry.seen.lock().unwrap();
        seen.iter().filter(|(w, _)| w == "made").map(|(_, h)| h["idempotency-key"].clone()).collect()
    };
    assert_eq!(keys[0], keys[1], "recognizable as the same request");
    assert_eq!((bench.keys.list().unwrap().len(), bench.ca.issued_count()), (1, 1));
}

#[test]
fn an_order_at_fault_is_sent_back_before_it_is_taken_up() {
    let bench = Bench::new();
    let registry = with_order(&bench, |o| o.seal.years = 9);
    let workshop = Arc::new(bench.workshop());
    let done = run(round(&workshop, &local(&registry), &bench.facts, now())).unwrap();
    assert!(matches!(&done.orders[..], [(_, Fate::SentBack { code: "APPROVAL_MISMATCH" })]), "{done:?}");
    assert_eq!(registry.sent_back.lock().unwrap()[0].1.code, "APPROVAL_MISMATCH");
    assert!(!registry.seen.lock().unwrap().iter().any(|(w, _)| w == "take"));
}

#[test]
fn requests_about_an_application_approved_anew_are_new_requests() {
    let bench = Bench::new();
    let registry = Shared::default();
    let first = bench.order();
    let second = bench.order_with(|_| {}, |s| s.number = "准制-990100-20261101-000002".into());
    registry.orders.lock().unwrap().insert(first.application.clone(), first.clone());
    let fault = SendBackDto { code: "X".into(), detail: "x".into() };
    run(async {
        let port = local(&registry);
        for order in [&first, &first, &second] {
            port.take(order).await.unwrap();
        }
        for order in [&first, &first, &second] {
            port.send_back(order, &fault).await.unwrap();
        }
    });
    let seen = registry.seen.lock().unwrap();
    let keys: Vec<_> = seen.iter().map(|(_, h)| &h["idempotency-key"]).collect();
    assert!(keys[0] == keys[1] && keys[1] != keys[2], "{keys:?}");
    assert!(keys[3] == keys[4] && keys[4] != keys[5] && keys[0] != keys[3], "{keys:?}");
}

#[test]
fn what_is_the_workshops_own_affair_is_left_waiting() {
    let bench = Bench::new();
    let registry = with_order(&bench, |_| {});
    let mut workshop = bench.workshop();
    workshop.maker.license.until = now();
    let done = run(round(&Arc::new(workshop), &local(&registry), &bench.facts, now())).unwrap();
    assert!(matches!(&done.orders[..], [(_, Fate::Waiting { code: "LICENSE_NOT_VALID", .. })]), "{done:?}");
    assert_eq!(registry.orders.lock().unwrap().len(), 1);
}

#[test]
fn a_round_goes_through_every_page() {
    let bench = Bench::new();
    let registry = with_order(&bench, |o| o.seal.years = 9);
    for n in 2..5 {
        let mut order = bench.order();
        order.application = format!("app_0000000000000000000000000{n}");
        order.assigned = None;
        registry.orders.lock().unwrap().insert(order.application.clone(), order);
    }
    let workshop = Arc::new(bench.workshop());
    // Sent back one after the other; none of them is ever left out.
    let done = run(round(&workshop, &local(&registry), &bench.facts, now())).unwrap();
    assert_eq!(done.orders.len(), 4, "{done:?}");
}

#[test]
fn over_the_network_it_is_the_same() {
    let bench = Bench::new();
    let registry = with_order(&bench, |_| {});
    let workshop = Arc::new(bench.workshop());
    run(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let app = router(&registry);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let remote = RemoteRegistry::new(&base, signer()).unwrap();
        let done = round(&workshop, &remote, &bench.facts, now()).await.unwrap();
        assert!(matches!(&done.orders[..], [(_, Fate::HandedIn { .. })]), "{done:?}");
        let unsigned: Arc<dyn RequestSigner> = Arc::new(|_: &OutgoingRequest| Ok(Vec::new()));
        let refused = RemoteRegistry::new(&base, unsigned).unwrap().orders(MAKER, None).await.unwrap_err();
        let expected =
            PortError::Refused { status: 401, code: "UNAUTHENTICATED".into(), detail: "没有签名".into() };
        assert_eq!(refused, expected);
        assert!(!refused.is_temporary());
    });
}

#[test]
fn a_registry_that_is_gone_is_a_temporary_fault() {
    run(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let gone = RemoteRegistry::new(&base, signer()).unwrap().orders(MAKER, None).await.unwrap_err();
        assert_eq!(gone.code(), "REGISTRY_UNREACHABLE");
        assert!(gone.is_temporary());
    });
}

#[test]
fn rejects_addresses_and_identifiers_that_would_ask_for_something_else() {
    for bad in ["", "registry.example", "ftp://a", "http://", "http://a/b", "http://u@a", "http://a?x"] {
        assert!(RemoteRegistry::new(bad, signer()).is_err(), "{bad}");
    }
    let registry = Shared::default();
    run(async {
        for bad in ["", "a/b", "..", ".", "a?b", "a#b", "a%2fb", "长"] {
            let refused = local(&registry).orders(bad, None).await.unwrap_err();
            assert_eq!(refused.code(), "REGISTRY_ANSWER", "{bad}");
        }
    });
    assert!(registry.seen.lock().unwrap().is_empty());
}

#[test]
fn a_key_that_refuses_sends_nothing() {
    let registry = Shared::default();
    let refusing: Arc<dyn RequestSigner> = Arc::new(|_: &OutgoingRequest| Err(SignerFault("no key".into())));
    let refused = run(LocalRegistry::new(router(&registry), refusing).orders(MAKER, None)).unwrap_err();
    assert_eq!(refused.code(), "REQUEST_NOT_SIGNED");
    assert!(registry.seen.lock().unwrap().is_empty());
}
