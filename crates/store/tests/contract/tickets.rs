//! Tickets of units, drills, rules of use: kept, listed, final.

use crate::bench::Bench;
use crate::sample::{DISTRICT, by, later, now, path, rng, unit, unit_in};
use jiff::civil::date;
use std::collections::BTreeMap;
use yinxin_registry::correction::{Breach, Opening, Ticket, TicketEvent, TicketState};
use yinxin_registry::drill::{Drill, Found, Target};
use yinxin_registry::ids::{DrillId, JobId, TicketId};
use yinxin_registry::lifecycle::State;
use yinxin_registry::role::Scope;
use yinxin_registry::supervision::SupervisionKind;
use yinxin_registry::unit::Unit;
use yinxin_registry::use_rules::{Adoption, RulesDocument, UseRules};
use yinxin_store::{ListFilter, StoreError};

fn order(unit: &Unit, due: i64) -> Ticket {
    let opening = Opening {
        id: TicketId::new(now(), &mut rng()),
        of: (unit.id.clone(), unit.parent.clone(), unit.area_path.clone()),
        unit_name: unit.name.clone(),
        kind: SupervisionKind::Order,
        breaches: vec![Breach::NoRecords],
        text: "用印记录不完整".to_owned(),
        basis: Some("示例办法".to_owned()),
        document: None,
        seals: Vec::new(),
        due: Some(later(due)),
        follows: None,
    };
    Ticket::open(opening, &by("issuing_reviewer"), now()).unwrap().0
}

async fn unit_of(bench: &Bench) -> Unit {
    let unit = unit();
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&unit).await.unwrap();
    tx.commit().await.unwrap();
    unit
}

pub async fn tickets_come_back_are_listed_and_counted_when_overdue(bench: &Bench) {
    let (one, other) = (unit_of(bench).await, unit_of(bench).await);
    let tickets = [order(&one, 100), order(&one, 200), order(&other, 100)];
    let mut tx = bench.store.begin().await.unwrap();
    for ticket in &tickets {
        tx.insert(ticket).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.get::<Ticket>(tickets[0].id().as_str()).await.unwrap().value, tickets[0]);
    let area = path(DISTRICT);
    for (scope, many) in [(Scope::Unit(one.id.clone()), 2), (Scope::Area(area.clone()), 3), (Scope::All, 3)] {
        for (state, kind, fits) in [
            (None, None, true),
            (Some("open"), None, true),
            (Some("open"), Some("order"), true),
            (Some("answered"), None, false),
            (None, Some("finding"), false),
        ] {
            let filter = ListFilter { state, kind, ..ListFilter::default() };
            let found = read.list::<Ticket>(&scope, &filter).await.unwrap().items.len();
            assert_eq!(found, if fits { many } else { 0 }, "{scope:?} {state:?} {kind:?}");
        }
    }
    let named = ListFilter { name: Some(&one.name), ..ListFilter::default() };
    assert_eq!(read.list::<Ticket>(&Scope::Area(area.clone()), &named).await.unwrap().items.len(), 2);
    for (second, many) in [(99, 0), (100, 2), (200, 3)] {
        assert_eq!(read.tickets_overdue(&area, later(second)).await.unwrap().count, many, "{second}");
    }
    assert_eq!(read.tickets_overdue(&path("/100000/980000/"), later(500)).await.unwrap().count, 0);
    drop(read);

    let close = TicketEvent::Close { reason: "移送处理".to_owned() };
    let closed = tickets[0].clone().apply(close, &by("issuing_reviewer"), later(1)).unwrap().0;
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&closed, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(bench.store.read().await.unwrap().tickets_overdue(&area, later(100)).await.unwrap().count, 1);
    for change in ["state = 'open'", "version = version + 1"] {
        let text = format!("UPDATE ticket SET {change} WHERE id = '{}'", closed.id());
        let refused = bench.sql(&text).await.unwrap_err();
        assert!(refused.contains("ticket_is_final"), "{change}: {refused}");
    }
    let renewed = bench.store.begin().await.unwrap().renew_rows("ticket", "", 100, None).await.unwrap();
    assert_eq!((renewed.rows, renewed.broken), (3, Vec::new()));
    // Another day put in by hand is found.
    bench.sql("UPDATE ticket SET due = due + 1 WHERE state = 'open'").await.unwrap();
    let broken = bench.store.read().await.unwrap().get::<Ticket>(tickets[1].id().as_str()).await.unwrap_err();
    assert!(matches!(broken, StoreError::Integrity { table: "ticket", .. }), "{broken}");
}

pub async fn every_state_of_a_ticket_is_known_to_the_schema(bench: &Bench) {
    let unit = unit_of(bench).await;
    for state in TicketState::ALL {
        let ticket = order(&unit, 100);
        let mut tx = bench.store.begin().await.unwrap();
        tx.insert(&ticket).await.unwrap();
        tx.commit().await.unwrap();
        let put = |state: &str| format!("UPDATE ticket SET state = '{state}' WHERE id = '{}'", ticket.id());
        let refused = bench.sql(&put("elsewhere")).await.unwrap_err();
        assert!(refused.contains("ticket_state"), "{refused}");
        bench.sql(&put(state.as_str())).await.unwrap();
    }
    let refused = bench.sql("DELETE FROM ticket").await.unwrap_err();
    assert!(refused.contains("ticket_stays"), "{refused}");
}

pub async fn drills_are_kept_with_what_they_found_and_what_refers_to_them(bench: &Bench) {
    let target = Target::Area { area: path(DISTRICT) };
    let drill = Drill {
        id: DrillId::new(now(), &mut rng()),
        area_path: path(DISTRICT),
        areas: vec![path(DISTRICT)],
        plan: "示例预案".to_owned(),
        target: target.clone(),
        found: Found {
            seals: 3,
            by_state: BTreeMap::from([("active".to_owned(), 3)]),
            units: 1,
            coming: 0,
            complete: true,
            first: Vec::new(),
        },
        took_ms: 12,
        by: by("issuing_reviewer"),
        at: now(),
        carried_out: Vec::new(),
    };
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&drill).await.unwrap();
    tx.commit().await.unwrap();
    let used =
        drill.clone().carry_out(&target, JobId::new(now(), &mut rng()), &by("issuing_reviewer"), later(5));
    let used = used.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&used, 1).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.get::<Drill>(drill.id.as_str()).await.unwrap().value, used);
    for (state, many) in [(None, 1), (Some("carried_out"), 1), (Some("held"), 0)] {
        let filter = ListFilter { state, ..ListFilter::default() };
        let listed = read.list::<Drill>(&Scope::Area(path("/100000/990000/")), &filter).await.unwrap();
        assert_eq!(listed.items.len(), many, "{state:?}");
    }
    drop(read);
    let refused = bench.sql("DELETE FROM drill").await.unwrap_err();
    assert!(refused.contains("drill_stays"), "{refused}");
}

pub async fn units_without_rules_and_with_old_ones_are_listed_by_place(bench: &Bench) {
    let area = path(DISTRICT);
    let mut units: Vec<Unit> = (0..5).map(|n| unit_in(DISTRICT, &format!("示例{n}单位"))).collect();
    units.sort_by(|a, b| a.id.cmp(&b.id));
    let elsewhere = unit_in("/100000/990000/990100/", "示例市级单位");
    let mut tx = bench.store.begin().await.unwrap();
    for unit in units.iter().chain([&elsewhere]) {
        tx.insert(unit).await.unwrap();
    }
    let gone = units[4].clone().dissolve(later(1)).unwrap();
    tx.save(&gone, 1).await.unwrap();
    for (unit, reviewed_on) in [(&units[0], date(2025, 3, 1)), (&units[1], date(2026, 3, 1))] {
        let adoption = Adoption {
            of: (unit.id.clone(), None, unit.area_path.clone()),
            unit_name: unit.name.clone(),
            document: RulesDocument {
                digest: "ab".repeat(32),
                file_name: "制度.pdf".to_owned(),
                size: 1,
                media_type: "application/pdf".to_owned(),
            },
            body_in_charge: "办公室".to_owned(),
            reviewed_on,
        };
        tx.insert(&UseRules::adopt(None, adoption, &by("unit_agent"), now()).unwrap()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let (mut missing, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: 1, ..ListFilter::default() };
        let page = read.units_without_rules(&area, &filter).await.unwrap();
        missing.extend(page.items.into_iter().map(|found| found.value.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(missing, [units[2].id.clone(), units[3].id.clone()], "not the one that is gone");
    let old = UseRules::outdated_before(date(2026, 11, 20));
    let filter = ListFilter::default();
    for (days, unit) in
        [((jiff::civil::Date::MIN, old), &units[0]), ((old, jiff::civil::Date::MAX), &units[1])]
    {
        let page = read.use_rules_reviewed(&area, days, &filter).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|found| found.value.unit().clone()).collect();
        assert_eq!(found, std::slice::from_ref(&unit.id), "{days:?}");
    }
    let whole = read.units_without_rules(&path("/100000/990000/"), &filter).await.unwrap();
    assert_eq!(whole.items.len(), 3);
    drop(read);
    let refused = bench.sql("DELETE FROM use_rules").await.unwrap_err();
    assert!(refused.contains("use_rules_stays"), "{refused}");
}
