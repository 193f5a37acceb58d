//! Other seal systems and their lists.

use crate::bench::Bench;
use crate::sample::{by, later, now, path, rng};
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{Peer, PeerEvent, PeerKind, PeerState, Terms};
use yinxin_registry::ids::PeerId;
use yinxin_registry::lifecycle::State;
use yinxin_registry::role::Scope;
use yinxin_store::{Constraint, ListFilter, StoreError};

fn terms(code: &str) -> Terms {
    Terms {
        code: code.to_owned(),
        name: format!("示例系统{code}"),
        area_path: path("/100000/620000/"),
        kind: PeerKind::Province,
        certificates: vec!["AA==".to_owned()],
        anchors: vec!["AQ==".to_owned()],
        status_url: None,
        client: None,
        outbound: None,
    }
}

fn proposed(code: &str) -> Peer {
    let id = PeerId::new(now(), &mut rng());
    Peer::propose(id, terms(code), &by("system_administrator"), now()).unwrap().0
}

fn step(peer: Peer, event: PeerEvent) -> Peer {
    peer.apply(event, &by("security_administrator"), later(1)).unwrap().0
}

fn confirmed(code: &str) -> Peer {
    let peer = proposed(code);
    let digest = peer.digest().to_owned();
    step(peer, PeerEvent::Confirm { digest })
}

fn end() -> PeerEvent {
    PeerEvent::End { reason: "示例理由".to_owned() }
}

fn list(peer: &Peer, number: i64) -> PeerList {
    PeerList {
        peer: peer.id().clone(),
        number,
        this_update: now(),
        next_update: later(1000),
        digest: "ab".repeat(32),
        envelope: "{}".to_owned(),
        by: by("system_administrator"),
        at: now(),
    }
}

pub async fn systems_are_relied_on_from_their_confirmation_to_their_end(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    let (waiting, one) = (proposed("A-1"), confirmed("A-2"));
    tx.insert(&waiting).await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&list(&one, 1)).await.unwrap();
    tx.commit().await.unwrap();
    let relied_on = async |id: &PeerId| {
        let all = bench.store.read().await.unwrap().relied_on().await.unwrap();
        all.into_iter().find(|found| found.peer == id.as_str()).map(|found| (found.version, found.list))
    };
    assert_eq!((relied_on(waiting.id()).await, relied_on(one.id()).await), (None, Some((1, 1))));
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&list(&one, 2), 1).await.unwrap();
    let suspended = step(one.clone(), PeerEvent::Suspend { reason: "示例理由".to_owned() });
    tx.save(&suspended, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(relied_on(one.id()).await, Some((2, 2)), "suspended ones are known, so that it can be said");
    let found = bench.store.read().await.unwrap().get::<PeerList>(one.id().as_str()).await.unwrap();
    assert_eq!((found.version, found.value), (2, list(&one, 2)));
    let filter = ListFilter { state: Some("suspended"), ..ListFilter::default() };
    let page = bench.store.read().await.unwrap().list::<Peer>(&Scope::All, &filter).await.unwrap();
    assert!(page.items.iter().any(|found| found.value == suspended));
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&step(suspended, end()), 2).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(relied_on(one.id()).await, None);
}

pub async fn a_code_is_one_systems_until_it_ends_and_what_ended_stays_so(bench: &Bench) {
    let one = confirmed("B-1");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.insert(&proposed("B-1")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::PeerCode }), "{refused}");
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&step(one.clone(), end()), 1).await.unwrap();
    tx.insert(&proposed("B-1")).await.unwrap();
    tx.commit().await.unwrap();
    let this = format!("WHERE id = '{}'", one.id());
    for change in ["state = 'confirmed'", "version = 9", "code = 'B-9'"] {
        let refused = bench.sql(&format!("UPDATE peer SET {change} {this}")).await.unwrap_err();
        assert!(refused.contains("peer_is_final"), "{change}: {refused}");
    }
    let refused = bench.sql(&format!("DELETE FROM peer {this}")).await.unwrap_err();
    assert!(refused.contains("peer_stays"), "{refused}");
}

pub async fn an_older_list_never_takes_the_place_of_a_newer_one(bench: &Bench) {
    let one = confirmed("C-1");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&list(&one, 5)).await.unwrap();
    tx.commit().await.unwrap();
    for number in [4, 5] {
        let mut tx = bench.store.begin().await.unwrap();
        let refused = tx.save(&list(&one, number), 1).await.unwrap_err();
        assert!(refused.to_string().contains("peer_list_grows"), "{number}: {refused}");
    }
    bench.sql("UPDATE peer_list SET body = replace(body, '\"number\":5', '\"number\":6')").await.unwrap();
    let broken = bench.store.read().await.unwrap().get::<PeerList>(one.id().as_str()).await.unwrap_err();
    assert!(matches!(broken, StoreError::Integrity { table: "peer_list", .. }), "{broken}");
}

pub async fn every_state_and_kind_of_a_system_is_known_to_the_schema(bench: &Bench) {
    let one = proposed("D-1");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.commit().await.unwrap();
    let set =
        |column: &str, value: &str| format!("UPDATE peer SET {column} = '{value}' WHERE id = '{}'", one.id());
    for kind in PeerKind::ALL {
        bench.sql(&set("kind", kind.as_str())).await.unwrap();
    }
    // The last one is final.
    for state in PeerState::ALL {
        bench.sql(&set("state", state.as_str())).await.unwrap();
    }
    assert!(bench.sql(&set("kind", "sample")).await.unwrap_err().contains("peer_kind"));
}
