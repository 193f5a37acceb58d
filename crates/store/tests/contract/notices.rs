//! Notices, webhooks and deliveries.

use crate::bench::Bench;
use crate::sample::{account, later, now, path, rng};
use std::collections::BTreeSet;
use yinxin_registry::account::Account;
use yinxin_registry::ids::{DeliveryId, EventId, NoticeId, UnitId, WebhookId};
use yinxin_registry::notice::{Notice, Words};
use yinxin_registry::role::Scope;
use yinxin_registry::webhook::{Delivery, DeliveryState, Webhook, WebhookSecret};
use yinxin_store::{Constraint, ListFilter, NewJob, NoticeFilter, StoreError};

fn notice(account: &Account, event: &str, kind: &str, at: i64) -> Notice {
    let words = |text: &str| Words { zh: text.to_owned(), en: text.to_owned() };
    Notice {
        id: NoticeId::new(later(at), &mut rng()),
        account: account.id.clone(),
        event: event.to_owned(),
        kind: kind.to_owned(),
        subject: format!("seal_{kind}"),
        label: None,
        title: words("标题"),
        text: words("正文"),
        due: None,
        at: later(at),
    }
}

fn webhook(scope: Scope, area: &str) -> Webhook {
    Webhook {
        id: WebhookId::new(now(), &mut rng()),
        name: "示例系统".to_owned(),
        url: "https://receiver.example/hook".to_owned(),
        scope,
        area_path: path(area),
        parent_unit: None,
        client: None,
        events: Vec::new(),
        secret: WebhookSecret { number: 1, cipher: "k1.c2FtcGxl".to_owned() },
        created_by: account("maker").id,
        created_at: now(),
        ended_at: None,
    }
}

fn delivery(webhook: &Webhook, at: i64) -> Delivery {
    Delivery {
        id: DeliveryId::new(later(at), &mut rng()),
        webhook: webhook.id.clone(),
        event: EventId::new(later(at), &mut rng()),
        kind: "seal.suspended".to_owned(),
        subject: "seal".to_owned(),
        sequence: 1,
        body: "{\"说\":1}".to_owned(),
        state: DeliveryState::Waiting,
        attempts: 0,
        last_status: None,
        last_fault: None,
        created_at: later(at),
        tried_from: later(at),
        settled_at: None,
    }
}

pub async fn notices_are_listed_marked_and_told_once(bench: &Bench) {
    let (one, other) = (account("notices.one"), account("notices.other"));
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&other).await.unwrap();
    let mine: Vec<Notice> =
        (0..5).map(|n| notice(&one, &format!("e{n}"), if n % 2 == 0 { "even" } else { "odd" }, n)).collect();
    for one in &mine {
        tx.insert(one).await.unwrap();
    }
    tx.insert(&notice(&other, "e0", "even", 9)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let told: BTreeSet<String> = read.told("e0").await.unwrap().into_iter().collect();
    assert_eq!(told, [one.id.to_string(), other.id.to_string()].into());
    let id = one.id.as_str();
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let filter = NoticeFilter { limit: 2, cursor: cursor.as_deref(), ..NoticeFilter::default() };
        let page = read.notices(id, &filter).await.unwrap();
        seen.extend(page.items.into_iter().map(|(notice, read_at)| {
            assert_eq!(read_at, None);
            notice
        }));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    seen.reverse();
    assert_eq!(seen, mine, "the newest first, nothing left out");
    let mut tx = bench.store.begin().await.unwrap();
    tx.read_notice(id, mine[4].id.as_str(), later(20)).await.unwrap();
    tx.read_notice(id, mine[4].id.as_str(), later(30)).await.unwrap();
    assert_eq!(tx.read_notices(id, mine[1].id.as_str(), later(40)).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let unread = NoticeFilter { unread: true, ..NoticeFilter::default() };
    let left: Vec<_> =
        read.notices(id, &unread).await.unwrap().items.into_iter().map(|(notice, _)| notice).collect();
    assert_eq!(left, [mine[3].clone(), mine[2].clone()]);
    assert_eq!(
        (read.unread_notices(id, 100).await.unwrap(), read.unread_notices(id, 1).await.unwrap()),
        (2, 1)
    );
    assert_eq!(read.unread_notices(other.id.as_str(), 100).await.unwrap(), 1);
    assert_eq!(read.notice(id, mine[4].id.as_str()).await.unwrap(), (mine[4].clone(), Some(later(20))));
    let refused = read.notice(other.id.as_str(), mine[4].id.as_str()).await.unwrap_err();
    assert!(matches!(refused, StoreError::NotFound { .. }), "{refused}");
    let odd = NoticeFilter { kind: Some("odd"), subject: Some("seal_odd"), ..NoticeFilter::default() };
    assert_eq!(read.notices(id, &odd).await.unwrap().items.len(), 2);

    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.insert(&notice(&one, "e0", "even", 50)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::NoticeEvent }), "{refused}");
    drop(tx);
    // What a reader marks is his own; the words are not to be changed.
    bench.sql(&format!("UPDATE notice SET kind = 'seal.void' WHERE id = '{}'", mine[0].id)).await.unwrap();
    let refused = read.notices(id, &NoticeFilter::default()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "notice", .. }), "{refused}");
}

pub async fn webhooks_are_found_by_area_and_unit_while_they_are_active(bench: &Bench) {
    let unit = crate::sample::unit_in(crate::sample::DISTRICT, "示例单位");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&unit).await.unwrap();
    let city = webhook(Scope::Area(path("/100000/990000/990100/")), "/100000/990000/990100/");
    let own = webhook(Scope::Unit(unit.id.clone()), crate::sample::DISTRICT);
    let ended = webhook(Scope::Unit(unit.id.clone()), crate::sample::DISTRICT);
    for one in [&city, &own, &ended] {
        tx.insert(one).await.unwrap();
    }
    tx.save(&ended.clone().end(later(1)).unwrap(), 1).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let targets = ["/100000/990000/990100/990101/", "/100000/990000/990100/", "/100000/", unit.id.as_str()];
    let found: Vec<_> =
        read.webhooks_of(&targets).await.unwrap().into_iter().map(|found| found.value.id).collect();
    assert_eq!(found.iter().collect::<BTreeSet<_>>(), [&city.id, &own.id].into());
    assert!(read.webhooks_of(&["/100000/"]).await.unwrap().is_empty());
    let other = UnitId::new(now(), &mut rng());
    assert!(read.webhooks_of(&[other.as_str()]).await.unwrap().is_empty());
    let scope = Scope::Unit(unit.id.clone());
    let all = read.list::<Webhook>(&scope, &ListFilter::default()).await.unwrap();
    assert_eq!(all.items.len(), 2);
    let active = ListFilter { state: Some("active"), ..ListFilter::default() };
    assert_eq!(read.list::<Webhook>(&scope, &active).await.unwrap().items.len(), 1);
    let area = Scope::Area(path("/100000/990000/"));
    assert_eq!(read.list::<Webhook>(&area, &active).await.unwrap().items.len(), 2);
    assert_eq!(read.list::<Webhook>(&Scope::All, &ListFilter::default()).await.unwrap().items.len(), 3);
}

pub async fn deliveries_are_listed_settled_and_forgotten(bench: &Bench) {
    let hook = webhook(Scope::Area(path("/100000/")), "/100000/");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&hook).await.unwrap();
    let all: Vec<Delivery> = (0..3).map(|at| delivery(&hook, at)).collect();
    for one in &all {
        tx.insert(one).await.unwrap();
    }
    let done = all[0].clone().tried(Ok(204), later(10));
    assert_eq!(tx.save(&done, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let id = hook.id.as_str();
    let first = read.deliveries(id, &ListFilter { limit: 2, ..ListFilter::default() }).await.unwrap();
    let seen: Vec<_> = first.items.iter().map(|found| &found.value).collect();
    assert_eq!(seen, [&all[2], &all[1]]);
    let rest = ListFilter { limit: 2, cursor: first.next.as_deref(), ..ListFilter::default() };
    let rest = read.deliveries(id, &rest).await.unwrap();
    assert_eq!((rest.items[0].value.clone(), rest.next), (done, None));
    let waiting = ListFilter { state: Some("waiting"), ..ListFilter::default() };
    assert_eq!(read.deliveries(id, &waiting).await.unwrap().items.len(), 2);
    let mut tx = bench.store.begin().await.unwrap();
    let mut twice = delivery(&hook, 4);
    twice.event = all[1].event.clone();
    let refused = tx.insert(&twice).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::DeliveryEvent }), "{refused}");
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let days = |days: i64| later(10 + days * 86_400);
    tx.prune(days(89), jiff::SignedDuration::from_hours(1), 1000).await.unwrap();
    assert_eq!(tx.deliveries(id, &ListFilter::default()).await.unwrap().items.len(), 3);
    tx.prune(days(90), jiff::SignedDuration::from_hours(1), 1000).await.unwrap();
    tx.commit().await.unwrap();
    let left = read.deliveries(id, &ListFilter::default()).await.unwrap();
    assert_eq!(left.items.len(), 2, "what waits stays");
}

pub async fn jobs_given_up_are_listed_by_queue(bench: &Bench) {
    let job = |queue: &str, n: u32| NewJob {
        id: yinxin_registry::ids::JobId::new(now(), &mut rng()).as_str().to_owned(),
        queue: queue.to_owned(),
        kind: queue.to_owned(),
        subject: format!("{queue}{n}"),
        payload: "{}".to_owned(),
        run_at: now(),
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_jobs(&[job("post", 1), job("post", 2), job("other", 1)], now()).await.unwrap();
    for queue in ["post", "other"] {
        for (one, at) in tx.claim_jobs(queue, now(), later(10), 10, "node").await.unwrap().iter().zip(1..) {
            tx.bury_job(one, later(at), "SMTP_550").await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let all = read.dead_jobs_in("post", None, 10).await.unwrap();
    assert_eq!(all.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["post1", "post2"]);
    let after = all.first().map(|one| (one.ended_at.unwrap(), one.seq));
    let rest = read.dead_jobs_in("post", after, 10).await.unwrap();
    assert_eq!(rest.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["post2"]);
}
