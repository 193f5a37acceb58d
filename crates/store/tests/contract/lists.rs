//! Lists in parts.

use crate::bench::Bench;
use crate::sample::{Ground, application, approved, areas, path, submitted, taken, unit_in};
use std::collections::BTreeSet;
use yinxin_registry::area::{Area, AreaCode, AreaLevel};
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::profile::SealKind;
use yinxin_registry::role::Scope;
use yinxin_registry::unit::{Unit, UnitForm};
use yinxin_store::{Access, ListFilter, Listed, StoreError};

const NORTH: &str = "/100000/990000/990100/990101/";
const SOUTH: &str = "/100000/990000/990100/990102/";
const OTHER: &str = "/100000/990000/990200/";

fn key<T: serde::Serialize>(record: &T) -> String {
    serde_json::to_value(record).unwrap()["id"].as_str().unwrap().to_owned()
}

/// All parts of a list, keys in order.
async fn all<T: Listed>(read: &mut Access, scope: &Scope, filter: &ListFilter<'_>) -> Vec<String> {
    let (mut keys, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: 3, ..filter.clone() };
        let page = read.list::<T>(scope, &filter).await.unwrap();
        assert!(page.items.len() <= 3);
        keys.extend(page.items.iter().map(|item| key(&item.value)));
        cursor = page.next;
        if cursor.is_none() {
            return keys;
        }
    }
}

async fn units(bench: &Bench) -> Vec<Unit> {
    let mut tx = bench.store.begin().await.unwrap();
    let mut units = Vec::new();
    for i in 0..24 {
        let area = [NORTH, SOUTH, OTHER][i % 3];
        let name = format!("{}{i}有限公司", ["示例甲", "示例乙"][i % 2]);
        let mut unit = unit_in(area, &name);
        if i % 4 == 0 {
            unit = unit.dissolve(crate::sample::now()).unwrap();
        }
        if i % 8 < 2 {
            unit.applicant_kind = yinxin_registry::profile::ApplicantKind::Society;
        }
        tx.insert(&unit).await.unwrap();
        units.push(unit);
    }
    tx.commit().await.unwrap();
    units.sort_by_key(|unit| (unit.area_path.clone(), unit.id.clone()));
    units
}

fn keys<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Vec<String> {
    units.into_iter().map(|unit| unit.id.as_str().to_owned()).collect()
}

pub async fn parts_of_a_list_cover_the_area_and_nothing_else(bench: &Bench) {
    let units = units(bench).await;
    let mut read = bench.store.read().await.unwrap();
    for area in
        [NORTH, SOUTH, OTHER, "/100000/990000/990100/", "/100000/990000/", "/100000/", "/100000/980000/"]
    {
        let expected = keys(units.iter().filter(|unit| unit.area_path.as_str().starts_with(area)));
        assert_eq!(
            all::<Unit>(&mut read, &Scope::Area(path(area)), &ListFilter::default()).await,
            expected,
            "{area}"
        );
    }
    assert_eq!(all::<Unit>(&mut read, &Scope::All, &ListFilter::default()).await, keys(&units));
}

pub async fn filters_by_state_kind_and_name_agree_with_a_plain_search(bench: &Bench) {
    let units = units(bench).await;
    let mut read = bench.store.read().await.unwrap();
    for area in [NORTH, "/100000/990000/990100/", "/100000/"] {
        for state in [None, Some("active"), Some("dissolved")] {
            for kind in [None, Some("enterprise"), Some("society")] {
                for name in [None, Some("示例甲"), Some("示例乙1"), Some("无")] {
                    let mut expected: Vec<&Unit> = units
                        .iter()
                        .filter(|unit| unit.area_path.as_str().starts_with(area))
                        .filter(|unit| {
                            state.is_none_or(|s| (s == "dissolved") == unit.dissolved_at.is_some())
                        })
                        .filter(|unit| kind.is_none_or(|k| unit.applicant_kind.as_str() == k))
                        .filter(|unit| name.is_none_or(|n| unit.name.starts_with(n)))
                        .collect();
                    if name.is_some() {
                        expected.sort_by_key(|unit| (unit.name.clone(), unit.id.clone()));
                    }
                    let filter = ListFilter { state, kind, name, ..ListFilter::default() };
                    let found = all::<Unit>(&mut read, &Scope::Area(path(area)), &filter).await;
                    assert_eq!(found, keys(expected), "{area} {filter:?}");
                }
            }
        }
    }
}

pub async fn cursor_of_another_area_leads_nowhere_else(bench: &Bench) {
    let units = units(bench).await;
    let mut read = bench.store.read().await.unwrap();
    let inside = keys(units.iter().filter(|unit| unit.area_path.as_str() == SOUTH));
    for (cursor, expected) in [
        (format!("{NORTH}~"), inside.clone()),
        ("~".to_owned(), inside.clone()),
        ("/~zzz".to_owned(), inside.clone()),
        (format!("{OTHER}~"), Vec::new()),
        ("\u{10FFFF}~".to_owned(), Vec::new()),
    ] {
        let filter = ListFilter { cursor: Some(&cursor), ..ListFilter::default() };
        let page = read.list::<Unit>(&Scope::Area(path(SOUTH)), &filter).await.unwrap();
        assert_eq!(
            page.items.iter().map(|u| u.value.id.as_str().to_owned()).collect::<Vec<_>>(),
            expected,
            "{cursor}"
        );
    }
    let named = ListFilter { name: Some("示例甲"), cursor: Some("a~unit_"), ..ListFilter::default() };
    let page = read.list::<Unit>(&Scope::Area(path(SOUTH)), &named).await.unwrap();
    assert!(page.items.iter().all(|u| u.value.area_path.as_str() == SOUTH) && !page.items.is_empty());
    let broken = ListFilter { cursor: Some("没有分隔"), ..ListFilter::default() };
    assert!(matches!(read.list::<Unit>(&Scope::All, &broken).await, Err(StoreError::BadCursor)));
}

pub async fn area_lists_its_children_only(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    for area in areas() {
        tx.insert(&area).await.unwrap();
    }
    let city = &areas()[2];
    for i in 2..7 {
        let code = AreaCode::parse(&format!("99010{i}")).unwrap();
        let zone = Area::under(city, code, &format!("示例开发区{i}"), AreaLevel::Zone, "示例管委会").unwrap();
        tx.insert(&zone).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let (mut codes, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let filter = ListFilter { cursor: cursor.as_deref(), limit: 2, ..ListFilter::default() };
        let page = read.area_children(&city.path, &filter).await.unwrap();
        codes.extend(page.items.iter().map(|area| area.value.code.as_str().to_owned()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(codes, ["990101", "990102", "990103", "990104", "990105", "990106"]);
    let top = read.area_children(&path("/100000/"), &ListFilter::default()).await.unwrap();
    assert_eq!(top.items.len(), 1);
    assert_eq!(all_areas(&mut read).await, 9);
}

async fn all_areas(read: &mut Access) -> usize {
    read.list::<Area>(&Scope::All, &ListFilter::default()).await.unwrap().items.len()
}

pub async fn unit_lists_its_own_and_its_bodies(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let mut body = unit_in(NORTH, "示例财务部");
    (body.form, body.credit_code, body.parent) = (UnitForm::InternalBody, None, Some(ground.unit.id.clone()));
    tx.insert(&body).await.unwrap();
    tx.insert(&unit_in(NORTH, "示例别家有限公司")).await.unwrap();
    let mut expected = BTreeSet::new();
    for unit in [&ground.unit, &body] {
        for kind in [SealKind::BusinessContract, SealKind::BusinessFinance, SealKind::PersonalStaff] {
            let application = submitted(application(unit, kind));
            tx.insert(&application).await.unwrap();
            expected.insert(application.id().as_str().to_owned());
        }
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let scope = Scope::Unit(ground.unit.id.clone());
    let found = all::<Application>(&mut read, &scope, &ListFilter::default()).await;
    assert_eq!(found, expected.iter().cloned().collect::<Vec<_>>());
    let of_body = all::<Application>(&mut read, &Scope::Unit(body.id.clone()), &ListFilter::default()).await;
    assert_eq!(of_body.len(), 3, "a body does not see the unit above it");
    let finance =
        ListFilter { kind: Some("business_finance"), state: Some("submitted"), ..ListFilter::default() };
    assert_eq!(all::<Application>(&mut read, &scope, &finance).await.len(), 2);
    let named = ListFilter { name: Some("示例财务部"), ..ListFilter::default() };
    assert_eq!(all::<Application>(&mut read, &scope, &named).await.len(), 3);
    assert_eq!(all::<Unit>(&mut read, &scope, &ListFilter::default()).await.len(), 2);
}

pub async fn maker_lists_its_orders(bench: &Bench) {
    let (ground, other) = (Ground::lay(&bench.store).await, Ground::lay(&bench.store).await);
    let mut tx = bench.store.begin().await.unwrap();
    for kind in [SealKind::BusinessContract, SealKind::BusinessFinance] {
        for ground in [&ground, &other] {
            let (application, seal) = taken(approved(application(&ground.unit, kind)), &ground.maker);
            tx.insert(&application).await.unwrap();
            tx.insert(&seal).await.unwrap();
        }
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let scope = Scope::Maker(ground.maker.id.clone());
    for state in [None, Some("making")] {
        let filter = ListFilter { state, ..ListFilter::default() };
        assert_eq!(all::<Application>(&mut read, &scope, &filter).await.len(), 2);
        assert_eq!(all::<yinxin_registry::lifecycle::seal::Seal>(&mut read, &scope, &filter).await.len(), 2);
    }
    let none = ListFilter { state: Some("completed"), ..ListFilter::default() };
    assert!(all::<Application>(&mut read, &scope, &none).await.is_empty());
    assert!(all::<Unit>(&mut read, &scope, &ListFilter::default()).await.is_empty(), "a maker has no units");
}

pub async fn figures_agree_with_the_lists(bench: &Bench) {
    let units = units(bench).await;
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&application(&units[0], SealKind::LegalName)).await.unwrap();
    tx.insert(&submitted(application(&units[0], SealKind::BusinessFinance))).await.unwrap();
    tx.insert(&submitted(application(&units[1], SealKind::BusinessFinance))).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    for area in [NORTH, "/100000/990000/990100/", OTHER, "/100000/"] {
        let figures = read.figures(&path(area)).await.unwrap();
        let counted =
            |thing: &str| -> u64 { figures.iter().filter(|f| f.thing == thing).map(|f| f.count).sum() };
        let scope = Scope::Area(path(area));
        let listed = all::<Unit>(&mut read, &scope, &ListFilter::default()).await;
        assert_eq!(counted("unit"), listed.len() as u64, "{area}");
        let listed = all::<Application>(&mut read, &scope, &ListFilter::default()).await;
        assert_eq!(counted("application"), listed.len() as u64, "{area}");
        let dissolved = ListFilter { state: Some("dissolved"), ..ListFilter::default() };
        let listed = all::<Unit>(&mut read, &scope, &dissolved).await.len() as u64;
        let figure =
            figures.iter().find(|f| f.thing == "unit" && f.state == "dissolved").map_or(0, |f| f.count);
        assert_eq!(figure, listed, "{area}");
    }
}

/// Statements that read whole tables on purpose (small ones, or figures), or one row from the end of a table's own order.
const WHOLE: &[&str] = &[
    "key_ring::ALL_KEYS",
    "setting::KEYS",
    "profile::NEWEST",
    "audit::LAST_SEAL",
    "figures::FIGURES",
    "figures::TAKE_CHANGES",
    "months::MONTHS",
];

/// Statements that sort what an index found: a page at most, the window of a search, the few blocks of one
/// person, the webhooks of a few places.
const SORTING: &[&str] = &["OF_UNIT", "BY_KEY", "block::OF_PERSON", "webhook::OF_TARGETS"];

pub async fn list_statements_walk_an_index(bench: &Bench) {
    let (mut looked_at, mut faults) = (0, Vec::new());
    for statement in yinxin_store::statements() {
        let name = statement.name().trim_start_matches("yinxin_store::").trim_start_matches("records::");
        let reads =
            ["SELECT", "UPDATE", "DELETE", "WITH"].iter().any(|word| statement.postgres().starts_with(word));
        // A backup reads everything, and looks at the catalog for it.
        let copies = name.starts_with("snapshot::") || name.starts_with("load::");
        if !reads || copies || WHOLE.contains(&name) {
            continue;
        }
        looked_at += 1;
        let plan = plan(bench, statement).await;
        for line in &plan {
            let window = line.starts_with("SCAN part")
                || line.starts_with("SCAN own")
                || line.starts_with("SCAN below")
                || line.starts_with("SCAN place")
                || line.starts_with("SCAN counted")
                || line.starts_with("SCAN json_each");
            let walks =
                line.contains("Seq Scan") || (line.starts_with("SCAN") && !line.contains("USING") && !window);
            let sorts = line.contains("Sort Key") || line.contains("TEMP B-TREE FOR ORDER BY");
            let may_sort = SORTING.iter().any(|end| name.ends_with(end)) || name.starts_with("audit_list");
            if walks || (sorts && !may_sort) {
                faults.push(format!("{name}: {line}\n{}", plan.join("\n")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(looked_at > 60, "{looked_at}");
}

/// Figures walk over what changed since they were last added up, never over the sums; what a small area waits for and its names have an
/// order of their own, and are never looked for among those of the whole nation.
pub async fn a_small_area_is_not_looked_for_in_the_whole(bench: &Bench) {
    let indexes = [
        (
            "figures::FIGURES",
            "tally_above",
            if bench.is_sqlite() { "PRIMARY KEY" } else { "tally_above_pkey" },
        ),
        ("months::MONTHS", "tally_above", if bench.is_sqlite() { "PRIMARY KEY" } else { "tally_above_pkey" }),
        ("overview::WAITING", "application", "application_overdue"),
        ("overview::WAITING", "seal", "seal_unfiled"),
        ("overview::WAITING", "seal", "seal_ends"),
        ("overview::WAITING_IN_PROVINCE", "application", "application_overdue_province"),
        ("overview::WAITING_IN_PROVINCE", "seal", "seal_unfiled_province"),
        ("overview::WAITING_IN_PROVINCE", "seal", "seal_ends_province"),
        ("overview::WAITING_IN_CITY", "seal", "seal_ends_city"),
        ("overview::WAITING_IN_DISTRICT", "application", "application_overdue_district"),
        ("overview::WAITING_IN_DISTRICT", "seal", "seal_ends_district"),
        ("records::use_record::STRANGE_SINCE", "use_record", "use_record_signaled"),
        ("records::unit::NAME_IN_PROVINCE", "unit", "unit_name_province"),
        ("records::unit::NAME_IN_CITY", "unit", "unit_name_city"),
        ("records::unit::NAME_IN_DISTRICT", "unit", "unit_name_district"),
        ("records::application::NAME_IN_CITY", "application", "application_name_city"),
        ("records::seal::NAME_IN_CITY", "seal", "seal_name_city"),
        ("records::seal::PLACE_KIND_STATE", "seal", "seal_place_kind_state"),
        ("records::unit::PLACE_KIND_STATE", "unit", "unit_place_kind_state"),
        ("records::application::PLACE_KIND_STATE", "application", "application_place_kind_state"),
    ];
    for (name, table, index) in indexes {
        let statement = yinxin_store::statements().find(|s| s.name().ends_with(name)).unwrap();
        let plan = plan(bench, statement).await;
        // Over the nation PostgreSQL goes by its statistics, and here there are none.
        if !bench.is_sqlite() && (name.ends_with("WAITING") || name.contains("PLACE_KIND_STATE")) {
            continue;
        }
        // What is counted is counted in the index alone.
        let alone = if name.contains("WAITING") && bench.is_sqlite() { "COVERING INDEX " } else { "" };
        let through = plan.iter().any(|line| line.contains(&format!("{alone}{index}")));
        assert!(through, "{name} without {index}:\n{}", plan.join("\n"));
        // By the order of states every seal in force would be walked over.
        let by_state = plan.iter().find(|line| name.contains("WAITING") && line.contains("_place_state"));
        assert_eq!(by_state, None, "{name}:\n{}", plan.join("\n"));
        let walked = [format!("SCAN {table} "), format!("Seq Scan on {table} ")];
        let whole = plan.iter().find(|line| walked.iter().any(|walk| format!("{line} ").contains(walk)));
        assert_eq!(whole, None, "{name}:\n{}", plan.join("\n"));
    }
}

async fn plan(bench: &Bench, statement: &yinxin_store::Statement) -> Vec<String> {
    if bench.is_sqlite() {
        return bench.explain_sqlite(statement.sqlite()).await;
    }
    bench.explain_postgres(statement.postgres()).await
}
