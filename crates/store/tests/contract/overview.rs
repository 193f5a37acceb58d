//! Figures of an area, and what waits there.

use crate::bench::Bench;
use crate::sample::{Ground, active, application, later, made, now, path, submitted, unit_in};
use std::collections::BTreeMap;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::profile::SealKind;
use yinxin_registry::unit::Unit;
use yinxin_store::{Access, Bounded};

const DISTRICT: &str = "/100000/990000/990100/990101/";
const NEIGHBOR: &str = "/100000/990000/990100/990102/";
const CITY: &str = "/100000/990000/990100/";

/// Figures of an area as `unit active` and how many.
async fn figures(read: &mut Access, area: &str) -> BTreeMap<String, u64> {
    let figures = read.figures(&path(area)).await.unwrap();
    let named: BTreeMap<_, _> =
        figures.iter().map(|f| (format!("{} {}", f.thing, f.state), f.count)).collect();
    assert_eq!(named.len(), figures.len(), "one figure for each state: {figures:?}");
    named
}

/// The same by counting every row of the whole registry.
async fn counted(bench: &Bench) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    for table in ["application", "change_case", "seal", "unit"] {
        for line in bench.query(&format!("SELECT state, COUNT(*) FROM {table} GROUP BY state")).await {
            let (state, count) = line.split_once(['|', ' ']).unwrap();
            all.insert(format!("{table} {state}"), count.parse().unwrap());
        }
    }
    all
}

async fn withdrawn(tx: &mut yinxin_store::Tx, application: Application, version: i64) {
    let event = ApplicationEvent::Withdraw { reason: "不再需要".to_owned() };
    let (application, _) = application.apply(event, &crate::sample::by("unit_agent"), now()).unwrap();
    tx.save(&application, version).await.unwrap();
}

pub async fn figures_follow_every_step_and_stay_when_added_up(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    let draft = application(&ground.unit, SealKind::BusinessFinance);
    let version = tx.insert(&draft).await.unwrap();
    let handed_in = submitted(draft);
    let version = tx.save(&handed_in, version).await.unwrap();
    tx.insert(&unit_in(NEIGHBOR, "示例邻区有限公司")).await.unwrap();
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    assert_eq!(figures(&mut read, "/100000/").await, counted(bench).await);
    let district = figures(&mut read, DISTRICT).await;
    assert_eq!((district["unit active"], district["application submitted"]), (1, 1));
    assert_eq!(district.get("application draft"), None, "nobody is in that state any more");
    let city = figures(&mut read, CITY).await;
    assert_eq!(city["unit active"], 2);

    let mut tx = bench.store.begin().await.unwrap();
    let changes = tx.add_up_figures(1000).await.unwrap();
    assert!(changes >= 5, "{changes}");
    assert_eq!(tx.add_up_figures(1000).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(figures(&mut read, DISTRICT).await, district);
    assert_eq!(figures(&mut read, CITY).await, city, "every area above has the sum");
    assert_eq!(figures(&mut read, "/100000/").await, counted(bench).await);
    assert_eq!(figures(&mut read, NEIGHBOR).await["unit active"], 1);

    // What is not kept is not counted; what happens after adding up is.
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&unit_in(DISTRICT, "示例未登记有限公司")).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(figures(&mut read, DISTRICT).await, district);
    let mut tx = bench.store.begin().await.unwrap();
    withdrawn(&mut tx, handed_in, version).await;
    tx.commit().await.unwrap();
    assert_eq!(figures(&mut read, "/100000/").await, counted(bench).await);
    let district = figures(&mut read, DISTRICT).await;
    assert_eq!((district.get("application submitted"), district["application withdrawn"]), (None, 1));
}

pub async fn racing_steps_are_all_counted(bench: &Bench) {
    let stores = [bench.store.clone(), bench.second().await];
    let tasks: Vec<_> = (0..24)
        .map(|i| {
            let store = stores[i % 2].clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                if i % 6 == 5 {
                    tx.add_up_figures(3).await.unwrap();
                } else {
                    tx.insert::<Unit>(&unit_in(DISTRICT, &format!("示例{i}有限公司"))).await.unwrap();
                }
                tx.commit().await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(figures(&mut read, DISTRICT).await["unit active"], 20);
}

pub async fn what_is_overdue_or_ends_is_counted_in_its_area(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&submitted(application(&ground.unit, SealKind::BusinessFinance))).await.unwrap();
    tx.insert(&application(&ground.unit, SealKind::BusinessContract)).await.unwrap();
    let unfiled = made(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&unfiled).await.unwrap();
    let in_force = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&in_force).await.unwrap();
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    let mut seen = async |area: &str, at: i64, until: i64| {
        let waiting = read.waiting(&path(area), later(at), later(until)).await.unwrap();
        (waiting.reviews.count, waiting.filings.count, waiting.ending.count)
    };
    // Decision and filing are due after a day, the seal ends after 90,000,000 seconds: the very moment is not yet late.
    assert_eq!(seen(DISTRICT, 86_400, 86_401).await, (0, 0, 0));
    assert_eq!(seen(DISTRICT, 86_401, 86_402).await, (1, 1, 0));
    assert_eq!(seen(CITY, 86_401, 90_000_001).await, (1, 1, 1));
    assert_eq!(seen(CITY, 90_000_001, 90_000_002).await, (1, 1, 0), "what has ended does not end soon");
    assert_eq!(seen(NEIGHBOR, 86_401, 90_000_001).await, (0, 0, 0));
    assert_eq!(seen("/100000/", 86_401, 90_000_001).await, (1, 1, 1), "the nation is counted another way");
}

pub async fn counting_stops_where_nobody_reads_on(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    for _ in 0..Bounded::MOST {
        tx.insert(&submitted(application(&ground.unit, SealKind::BusinessFinance))).await.unwrap();
    }
    let exact = tx.waiting(&path(DISTRICT), later(100_000), later(100_001)).await.unwrap().reviews;
    assert_eq!(exact, Bounded { count: Bounded::MOST, more: false });
    tx.insert(&submitted(application(&ground.unit, SealKind::BusinessFinance))).await.unwrap();
    let stopped = tx.waiting(&path(DISTRICT), later(100_000), later(100_001)).await.unwrap().reviews;
    assert_eq!(stopped, Bounded { count: Bounded::MOST, more: true });
    tx.rollback().await.unwrap();
}
