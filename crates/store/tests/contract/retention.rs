//! What is kept, what is due, who refers to the same bytes.

use crate::bench::Bench;
use crate::custody::{grant, item, person, request, seal};
use crate::sample::{application, later, now, rng, unit};
use yinxin_registry::ids::{DisposalId, TokenId};
use yinxin_registry::lifecycle::application::Material;
use yinxin_registry::lifecycle::{By, State};
use yinxin_registry::profile::SealKind;
use yinxin_registry::retention::disposal::{
    Disposal, DisposalEvent, DisposalState, Disposed, Fate, Line, Proposal,
};
use yinxin_registry::retention::dossier::{Dossier, DossierEvent, DossierState};
use yinxin_registry::retention::rule::{Period, RetentionRule};
use yinxin_registry::role::Scope;
use yinxin_registry::usage::document::{Format, ItemEvent, Sealed, UseItem};
use yinxin_registry::usage::request::{RequestEvent, UseRequest};
use yinxin_store::{ListFilter, StoreError};

/// So many requests of one unit, each with two documents.
async fn requests(bench: &Bench, count: u32) -> (Vec<UseRequest>, Vec<UseItem>, By) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let grant = grant(&seal, &by);
    let requests: Vec<UseRequest> = (0..count).map(|_| request(&seal, &grant, &by)).collect();
    let mut items = Vec::new();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&grant).await.unwrap();
    for request in &requests {
        tx.insert(request).await.unwrap();
        for place in 0..2 {
            let item = item(request, place).with_content(Format::Ofd);
            tx.insert(&item).await.unwrap();
            items.push(item);
        }
    }
    tx.commit().await.unwrap();
    (requests, items, by)
}

fn kept(request: &UseRequest, second: i64) -> Dossier {
    let end = DossierEvent::End { at: now(), kept_until: Some(later(second)) };
    Dossier::open(request).apply(end, &By::system(), now()).unwrap()
}

fn list_of(request: &UseRequest, items: &[UseItem], by: &By) -> Disposal {
    let proposal = Proposal {
        of: (request.unit().clone(), None, request.area_path().clone()),
        cutoff: now(),
        reason: "保管期限已满".to_owned(),
        lines: vec![Line::of(request.id().clone(), request.number(), items)],
    };
    Disposal::propose(DisposalId::new(now(), &mut rng()), proposal, by, now()).unwrap().0
}

fn sealed(item: UseItem, digest: &str) -> UseItem {
    let token = TokenId::new(now(), &mut rng());
    let outcome = Sealed {
        digest: digest.to_owned(),
        size: 2000,
        at: later(1),
        verification_code: yinxin_registry::usage::code::new(&mut rng()),
    };
    let begun = item.apply(ItemEvent::Begin { token: token.clone(), at: now() }).unwrap();
    begun.apply(ItemEvent::Sign { token, sealed: outcome }).unwrap()
}

pub async fn what_is_due_is_listed_by_unit_the_longest_due_first(bench: &Bench) {
    let (requests, _, by) = requests(bench, 6).await;
    let (others, _, _) = self::requests(bench, 1).await;
    let hold = DossierEvent::Hold { reason: "诉讼需要".to_owned() };
    let enlist = DossierEvent::Enlist { disposal: DisposalId::new(now(), &mut rng()), cutoff: later(900) };
    let mut tx = bench.store.begin().await.unwrap();
    // Due in the order 2, 1, 0; one held, one listed, one kept longer; one of another unit.
    for (n, request) in requests.iter().enumerate() {
        let n = i64::try_from(n).unwrap();
        let dossier = match n {
            3 => kept(request, 10).apply(hold.clone(), &by, later(1)).unwrap(),
            4 => kept(request, 10).apply(enlist.clone(), &by, later(900)).unwrap(),
            5 => kept(request, 5000),
            _ => kept(request, 30 - n),
        };
        tx.insert(&dossier).await.unwrap();
    }
    tx.insert(&kept(&others[0], 5)).await.unwrap();
    tx.commit().await.unwrap();
    let unit = requests[0].unit().as_str();
    let mut read = bench.store.read().await.unwrap();
    let (mut found, mut after) = (Vec::new(), None::<(i64, String)>);
    loop {
        let place = after.as_ref().map(|(until, id)| (*until, id.as_str()));
        let part = read.dossiers_due(unit, later(30), place, 2).await.unwrap();
        let Some(last) = part.last().map(|last| last.value.clone()) else { break };
        after = Some((last.kept_until().unwrap().as_microsecond(), last.request().to_string()));
        found.extend(part.into_iter().map(|found| found.value.request().to_string()));
    }
    let expected: Vec<String> = [2, 1, 0].map(|n: usize| requests[n].id().to_string()).to_vec();
    assert_eq!(found, expected);
    assert_eq!(read.dossiers_due(unit, later(28), None, 9).await.unwrap().len(), 1);
    let found = read.get::<Dossier>(requests[3].id().as_str()).await.unwrap().value;
    assert!(found.is_held());
}

pub async fn bytes_are_referred_to_until_everybody_lets_go(bench: &Bench) {
    let (requests, items, _) = requests(bench, 2).await;
    let shared = items[0].document().digest.clone();
    assert_eq!(shared, items[2].document().digest, "the first of each have the same bytes");
    let product = "ef".repeat(32);
    let mut tx = bench.store.begin().await.unwrap();
    let made = sealed(items[1].clone(), &product);
    tx.save(&made, 1).await.unwrap();
    tx.claim_content(&shared, "app_sample").await.unwrap();
    tx.claim_content(&shared, "app_sample").await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let mut found = read.referring_to(&shared, 9).await.unwrap();
    found.sort();
    let mut expected = vec!["app_sample".to_owned(), items[0].id().to_string(), items[2].id().to_string()];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(read.referring_to(&shared, 1).await.unwrap().len(), 1);
    assert_eq!(read.referring_to(&product, 9).await.unwrap(), [made.id().to_string()]);
    drop(read);

    // Given up by the first and by the one that was sealed.
    let disposed = Disposed {
        disposal: DisposalId::new(now(), &mut rng()),
        at: later(5),
        original: Some(Fate::Shared),
        sealed: Some(Fate::Deleted),
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&items[0].clone().dispose(disposed.clone()).unwrap(), 1).await.unwrap();
    tx.save(&made.dispose(disposed).unwrap(), 2).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let mut found = read.referring_to(&shared, 9).await.unwrap();
    found.sort();
    expected.retain(|id| id != items[0].id().as_str());
    assert_eq!(found, expected);
    assert_eq!(read.referring_to(&product, 9).await.unwrap(), Vec::<String>::new());
    drop(read);

    // What is about to go is one request's at a time, and is seen by who brings it.
    let [one, other] = [0, 1].map(|n: usize| requests[n].id().as_str());
    let mut tx = bench.store.begin().await.unwrap();
    assert!(tx.begin_deleting(one, &[&shared, &product, &shared]).await.unwrap());
    assert!(tx.begin_deleting(one, &[&shared]).await.unwrap(), "taken up once more");
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    assert!(!tx.begin_deleting(other, &[&"ab".repeat(32), &shared]).await.unwrap());
    drop(tx);
    let mut read = bench.store.read().await.unwrap();
    assert!(read.is_going(&shared).await.unwrap() && !read.is_going(&"ab".repeat(32)).await.unwrap());
    drop(read);
    let mut tx = bench.store.begin().await.unwrap();
    tx.end_deleting(one).await.unwrap();
    assert!(tx.begin_deleting(other, &[&shared]).await.unwrap());
    tx.commit().await.unwrap();
}

pub async fn lists_of_disposal_come_back_are_listed_and_stay_what_they_were(bench: &Bench) {
    let (requests, items, by) = requests(bench, 1).await;
    let request = &requests[0];
    let list = list_of(request, &items, &by);
    let rule = RetentionRule::set(
        (request.unit().clone(), None, request.area_path().clone()),
        Period::Permanent,
        Vec::new(),
        5,
        &by,
        now(),
    );
    let rule = rule.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&rule).await.unwrap();
    tx.insert(&list).await.unwrap();
    tx.insert(&kept(request, 5)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.get::<RetentionRule>(request.unit().as_str()).await.unwrap().value, rule);
    assert_eq!(read.get::<Disposal>(list.id().as_str()).await.unwrap().value, list);
    for scope in [Scope::All, Scope::Unit(request.unit().clone()), Scope::Area(request.area_path().clone())] {
        for state in [None, Some("proposed")] {
            let filter = ListFilter { state, ..ListFilter::default() };
            let page = read.list::<Disposal>(&scope, &filter).await.unwrap();
            assert_eq!(page.items.len(), 1, "{scope:?} {state:?}");
        }
        let done = ListFilter { state: Some("done"), ..ListFilter::default() };
        assert!(read.list::<Disposal>(&scope, &done).await.unwrap().items.is_empty());
    }
    assert_eq!(read.disposals_proposed(request.area_path()).await.unwrap().count, 1);
    let elsewhere = crate::sample::path("/100000/980000/");
    assert_eq!(read.disposals_proposed(&elsewhere).await.unwrap().count, 0);
    drop(read);

    let refuse =
        DisposalEvent::Refuse { digest: list.digest().to_owned(), reason: "尚在履行".to_owned() };
    let (refused, _) = list.clone().apply(refuse, &person("示例审批人").1, later(1)).unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&refused, 1).await.unwrap();
    tx.commit().await.unwrap();
    for change in ["state = 'approved'", "version = version + 1"] {
        let refused = bench.sql(&format!("UPDATE disposal SET {change}")).await.unwrap_err();
        assert!(refused.contains("disposal_is_final"), "{change}: {refused}");
    }
    for table in ["disposal", "dossier", "retention_rule"] {
        let refused = bench.sql(&format!("DELETE FROM {table}")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_stays")), "{refused}");
    }
    let renewed = bench.store.begin().await.unwrap().renew_rows("disposal", "", 100, None).await.unwrap();
    assert_eq!((renewed.rows, renewed.broken), (1, Vec::new()));
    // A list with another document put in by hand is none.
    bench
        .sql("UPDATE disposal SET body = replace(body, '\"documents\":2', '\"documents\":1')")
        .await
        .unwrap();
    let broken = bench.store.read().await.unwrap().get::<Disposal>(list.id().as_str()).await.unwrap_err();
    assert!(matches!(broken, StoreError::Integrity { table: "disposal", .. }), "{broken}");
}

pub async fn every_state_of_keeping_and_disposal_is_known_to_the_schema(bench: &Bench) {
    let (requests, items, by) = requests(bench, 1).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&kept(&requests[0], 5)).await.unwrap();
    tx.insert(&list_of(&requests[0], &items, &by)).await.unwrap();
    tx.commit().await.unwrap();
    for table in ["dossier", "disposal"] {
        let refused = bench.sql(&format!("UPDATE {table} SET state = 'elsewhere'")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_state")), "{refused}");
    }
    // Those from which nothing leads back come last.
    for state in DossierState::ALL {
        bench.sql(&format!("UPDATE dossier SET state = '{}'", state.as_str())).await.unwrap();
    }
    let refused = bench.sql("UPDATE dossier SET state = 'kept'").await.unwrap_err();
    assert!(refused.contains("dossier_is_final"), "{refused}");
    for state in DisposalState::ALL.iter().take(4) {
        bench.sql(&format!("UPDATE disposal SET state = '{}'", state.as_str())).await.unwrap();
    }
    for state in [DisposalState::Refused, DisposalState::Withdrawn] {
        let (requests, items, by) = self::requests(bench, 1).await;
        let list = list_of(&requests[0], &items, &by);
        let mut tx = bench.store.begin().await.unwrap();
        tx.insert(&list).await.unwrap();
        tx.commit().await.unwrap();
        let text = format!("UPDATE disposal SET state = '{}' WHERE id = '{}'", state.as_str(), list.id());
        bench.sql(&text).await.unwrap();
    }
}

/// Requests that ended before there were dossiers get theirs by a job; materials that are OFD are claimed.
pub async fn what_was_there_before_is_taken_over(bench: &Bench) {
    let (requests, _, by) = requests(bench, 2).await;
    let unit = unit();
    let mut application = application(&unit, SealKind::BusinessContract);
    let mut content = application.content().clone();
    for (code, media_type) in [("one", "application/ofd"), ("two", "application/pdf")] {
        content.materials.push(Material {
            code: code.to_owned(),
            file_name: format!("{code}.ofd"),
            digest: if code == "one" { "ab".repeat(32) } else { "cd".repeat(32) },
            size: 1,
            media_type: media_type.to_owned(),
            at: now(),
        });
    }
    let edit = yinxin_registry::lifecycle::application::ApplicationEvent::Edit { content: Box::new(content) };
    application = application.apply(edit, &by, now()).unwrap().0;
    let withdraw = RequestEvent::Withdraw { reason: "不再需要".to_owned() };
    let ended = requests[0].clone().apply(withdraw, &by, later(2)).unwrap().0;
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&unit).await.unwrap();
    tx.insert(&application).await.unwrap();
    tx.save(&ended, 1).await.unwrap();
    tx.commit().await.unwrap();
    // The database of that time, then the migration.
    for text in [
        "DROP TABLE content_claim",
        "DROP TABLE content_going",
        "DROP TABLE disposal",
        "DROP TABLE dossier",
        "DROP TABLE retention_rule",
        "DROP INDEX use_item_digest",
        "DROP INDEX use_item_sealed",
        "DELETE FROM _sqlx_migrations WHERE version = 19",
    ] {
        bench.sql(text).await.unwrap();
    }
    bench.store.migrate().await.unwrap();
    let jobs = bench
        .query("SELECT subject || ' ' || payload FROM job WHERE queue = 'clock' AND state = 'waiting'")
        .await;
    let [job] = &jobs[..] else { panic!("{jobs:?}") };
    let (subject, payload) = job.split_once(' ').unwrap();
    assert!(subject.starts_with(&format!("{}#job_", ended.id())), "{subject}");
    let effect: yinxin_registry::lifecycle::Effect = serde_json::from_str(payload).unwrap();
    assert!(matches!(effect, yinxin_registry::lifecycle::Effect::Clock { name, .. } if name == "use_kept"));
    let claims = bench.query("SELECT digest || ' ' || owner FROM content_claim").await;
    assert_eq!(claims, [format!("{} {}", "ab".repeat(32), application.id())]);
}
