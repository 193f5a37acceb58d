//! Custody and use of seals: rows, lists, and the register that is only added to.

use crate::bench::{Bench, unique};
use crate::sample::{Ground, active, later, now, rng};
use jiff::Timestamp;
use yinxin_registry::approval::flow::{Approver, Covers, Draft, Flow, FlowStep};
use yinxin_registry::approval::standing::{Standing, StandingState, Terms};
use yinxin_registry::custody::activation::{Activation, Belongs, Policy};
use yinxin_registry::custody::grant::{GrantState, Limits, UseGrant};
use yinxin_registry::custody::keeping::{Keeping, KeepingEvent, KeepingState};
use yinxin_registry::custody::signal::Signal;
use yinxin_registry::ids::{
    AccountId, ClientId, FlowId, StandingId, UseGrantId, UseItemId, UseRecordId, UseRequestId,
};
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::lifecycle::{By, State};
use yinxin_registry::profile::SealKind;
use yinxin_registry::role::Scope;
use yinxin_registry::usage::document::{Document, Format, ItemState, Pages, Placement, UseItem};
use yinxin_registry::usage::record::{UseRecord, UseResult};
use yinxin_registry::usage::request::{Asked, RequestState, Right, UseRequest};
use yinxin_store::{Constraint, ListFilter, StoreError, UseFilter};

pub fn person(name: &str) -> (AccountId, By) {
    let id = AccountId::new(now(), &mut rng());
    let by = By::account(&id, name, "custodian");
    (id, by)
}

fn belongs(seal: &Seal) -> Belongs {
    Belongs {
        seal: seal.id().clone(),
        unit: seal.unit().clone(),
        parent_unit: seal.parent_unit().cloned(),
        area_path: seal.area_path().clone(),
    }
}

pub async fn seal(bench: &Bench) -> Seal {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    seal
}

fn limits() -> Limits {
    Limits { from: now(), until: later(1_000_000), document_kinds: Vec::new(), most: Some(10), hours: None }
}

pub fn grant(seal: &Seal, by: &By) -> UseGrant {
    let id = UseGrantId::new(now(), &mut rng());
    UseGrant::give(id, belongs(seal), by.id.clone(), by.name.clone(), limits(), by, now()).unwrap()
}

fn flow(seal: &Seal) -> Flow {
    let approver = |name: &str| Approver { account: person(name).0, name: name.to_owned() };
    let step = FlowStep {
        name: "部门负责人".to_owned(),
        approvers: vec![approver("示例甲"), approver("示例乙")],
        need: 1,
        hours: 24,
        superior: None,
        delegable: true,
    };
    let covers = Covers { seal_kinds: Vec::new(), document_kinds: Vec::new() };
    let draft = Draft { name: "合同用印".to_owned(), covers, steps: vec![step] };
    let b = belongs(seal);
    Flow::open(FlowId::new(now(), &mut rng()), b.unit, b.parent_unit, b.area_path, draft, now()).unwrap()
}

fn standing(seal: &Seal, flow: &Flow, by: &By) -> Standing {
    let terms = Terms {
        client: ClientId::new(now(), &mut rng()),
        client_name: "示例业务系统".to_owned(),
        limits: limits(),
        template: "电子发票".to_owned(),
        value_each: None,
        value_total: None,
        reason: "批量开具".to_owned(),
    };
    let id = StandingId::new(now(), &mut rng());
    Standing::propose(id, belongs(seal), terms, flow, by, now()).unwrap().0
}

pub fn request(seal: &Seal, grant: &UseGrant, by: &By) -> UseRequest {
    let asked = Asked {
        right: Right::Grant { grant: grant.id().clone() },
        document_kind: "合同".to_owned(),
        reason: "签订年度采购合同".to_owned(),
        recipient: None,
    };
    let id = UseRequestId::new(now(), &mut rng());
    UseRequest::open(id, format!("用印-{}", unique()), belongs(seal), asked, by, now()).unwrap()
}

pub fn item(request: &UseRequest, place: u32) -> UseItem {
    let document = Document {
        name: format!("示例合同{place}.ofd"),
        format: Format::Ofd,
        signature_path: None,
        digest: format!("{:064x}", place),
        size: 1000,
        placements: vec![Placement::At { pages: Pages::Last, x: 15_000, y: 24_000 }],
        value: None,
    };
    UseItem::open(UseItemId::new(now(), &mut rng()), request.id().clone(), place, document).unwrap()
}

pub fn entry(seal: &Seal, by: &By, approver: &By, at: Timestamp, result: UseResult) -> UseRecord {
    let b = belongs(seal);
    UseRecord {
        id: UseRecordId::new(at, &mut rng()),
        seal: b.seal,
        unit: b.unit,
        parent_unit: b.parent_unit,
        area_path: b.area_path,
        request: None,
        item: None,
        asked_by: by.clone(),
        approved_by: vec![approver.clone()],
        system: None,
        reason: "签订合同".to_owned(),
        document_kind: "合同".to_owned(),
        document_name: "示例合同.ofd".to_owned(),
        document_digest: "ab".repeat(32),
        placements: Vec::new(),
        pages: Vec::new(),
        at,
        address: Some("192.0.2.7".to_owned()),
        result,
        signals: Vec::new(),
    }
}

pub async fn custody_rights_and_requests_come_back_as_they_were(bench: &Bench) {
    let seal = seal(bench).await;
    let (account, by) = person("示例保管人");
    let b = belongs(&seal);
    let keeping = Keeping::open(b.seal, b.unit, None, b.area_path, now());
    let activation =
        Activation::set(belongs(&seal), account.clone(), "$argon2id$x".to_owned(), &Policy::default(), now());
    let (grant, flow) = (grant(&seal, &by), flow(&seal));
    let standing = standing(&seal, &flow, &by);
    let request = request(&seal, &grant, &by);
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&keeping).await.unwrap();
    tx.insert(&activation).await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&flow).await.unwrap();
    tx.insert(&standing).await.unwrap();
    tx.insert(&request).await.unwrap();
    let offer = KeepingEvent::Offer { to: account, name: "示例保管人".to_owned() };
    let offered = keeping.apply(offer, &by, later(1)).unwrap().0;
    assert_eq!(tx.save(&offered, 1).await.unwrap(), 2);
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    let id = seal.id().as_str();
    let kept = read.get::<Keeping>(id).await.unwrap();
    assert_eq!((kept.value, kept.version), (offered, 2));
    assert_eq!(read.get::<Activation>(id).await.unwrap().value, activation);
    let all = ListFilter::default();
    assert_eq!(read.list_of_seal::<UseGrant>(id, &all).await.unwrap().items[0].value, grant);
    assert_eq!(read.list_of_seal::<Standing>(id, &all).await.unwrap().items[0].value, standing);
    assert_eq!(read.list_of_seal::<UseRequest>(id, &all).await.unwrap().items[0].value, request);
    let live = ListFilter { state: Some("revoked"), ..ListFilter::default() };
    assert!(read.list_of_seal::<UseGrant>(id, &live).await.unwrap().items.is_empty());
    let unit = seal.unit().as_str();
    assert_eq!(read.live_flows(unit).await.unwrap()[0].value, flow);
    for scope in [Scope::Unit(seal.unit().clone()), Scope::Area(seal.area_path().clone()), Scope::All] {
        assert_eq!(read.list::<UseRequest>(&scope, &all).await.unwrap().items.len(), 1, "{scope:?}");
        assert_eq!(read.list::<Keeping>(&scope, &all).await.unwrap().items.len(), 1, "{scope:?}");
        assert_eq!(read.list::<Standing>(&scope, &all).await.unwrap().items.len(), 1, "{scope:?}");
        assert_eq!(read.list::<UseGrant>(&scope, &all).await.unwrap().items.len(), 1, "{scope:?}");
        assert_eq!(read.list::<Flow>(&scope, &all).await.unwrap().items.len(), 1, "{scope:?}");
    }
    drop(read);
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&flow.retire().unwrap(), 1).await.unwrap();
    assert!(tx.live_flows(unit).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    // A right widened by hand is no right.
    bench.sql("UPDATE use_grant SET body = replace(body, '\"most\":10', '\"most\":99')").await.unwrap();
    let refused = bench.store.read().await.unwrap().list_of_seal::<UseGrant>(id, &all).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "use_grant", .. }), "{refused}");
}

pub async fn documents_of_a_request_keep_their_order_and_are_counted(bench: &Bench) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let grant = grant(&seal, &by);
    let request = request(&seal, &grant, &by);
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&request).await.unwrap();
    assert_eq!(tx.next_item_place(request.id().as_str()).await.unwrap(), 0);
    for place in 0..7 {
        tx.insert(&item(&request, place)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let id = request.id().as_str();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.next_item_place(id).await.unwrap(), 7);
    let places = |items: &[yinxin_store::Versioned<UseItem>]| {
        items.iter().map(|item| item.value.place()).collect::<Vec<_>>()
    };
    assert_eq!(places(&read.use_items(id, None, -1, 4).await.unwrap()), [0, 1, 2, 3]);
    assert_eq!(places(&read.use_items(id, None, 3, 9).await.unwrap()), [4, 5, 6]);
    assert!(read.use_items(id, Some(ItemState::Signed), -1, 9).await.unwrap().is_empty());
    assert_eq!(places(&read.use_items(id, Some(ItemState::Waiting), 4, 9).await.unwrap()), [5, 6]);
    assert_eq!(read.use_item_counts(id).await.unwrap(), [(ItemState::Waiting, 7)]);
    drop(read);
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.insert(&item(&request, 6)).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::UseItemPlace }), "{refused}");
}

pub async fn the_register_is_searched_from_the_newest_by_every_filter(bench: &Bench) {
    let (one, other) = (seal(bench).await, seal(bench).await);
    let (_, anna) = person("示例甲");
    let (_, berta) = person("示例乙");
    let sealed = UseResult::Sealed { digest: "cd".repeat(32) };
    let refused = UseResult::Refused { code: "SEAL_NOT_ACTIVE".to_owned() };
    let mut entries = vec![
        entry(&one, &anna, &berta, later(1), sealed.clone()),
        entry(&other, &anna, &berta, later(2), refused.clone()),
        entry(&one, &berta, &anna, later(3), refused.clone()),
        entry(&one, &anna, &berta, later(3), refused),
    ];
    entries[1].document_kind = "函件".to_owned();
    entries[2].document_digest = "ef".repeat(32);
    entries[3].signals = vec![Signal::RefusedTries];
    let mut tx = bench.store.begin().await.unwrap();
    for entry in &entries {
        tx.insert(entry).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let mut seen = async |scope: Scope, filter: UseFilter<'_>| {
        let found = read.uses(&scope, &filter).await.unwrap();
        found.iter().map(|e| entries.iter().position(|known| *known == e.value).unwrap()).collect::<Vec<_>>()
    };
    let last = if entries[2].id > entries[3].id { [2, 3] } else { [3, 2] };
    let everything = [last[0], last[1], 1, 0];
    let (area, unit) = (Scope::Area(one.area_path().clone()), Scope::Unit(one.unit().clone()));
    let mine = [last[0], last[1], 0];
    assert_eq!(seen(area.clone(), UseFilter::default()).await, everything);
    assert_eq!(seen(Scope::All, UseFilter { limit: 2, ..UseFilter::default() }).await, last);
    assert_eq!(seen(unit.clone(), UseFilter::default()).await, mine);
    let of_seal = UseFilter { seal: Some(other.id().as_str()), ..UseFilter::default() };
    assert_eq!(seen(area.clone(), of_seal.clone()).await, [1]);
    assert_eq!(seen(unit.clone(), of_seal).await, [0; 0], "another unit's seal");
    let by_anna = UseFilter { asked_by: Some(&anna.id), ..UseFilter::default() };
    assert_eq!(seen(unit.clone(), by_anna).await, [3, 0]);
    let approved = UseFilter { approved_by: Some(&anna.id), ..UseFilter::default() };
    assert_eq!(seen(area.clone(), approved).await, [2]);
    for digest in ["cd".repeat(32), "ab".repeat(32)] {
        let filter = UseFilter { digest: Some(&digest), result: Some("sealed"), ..UseFilter::default() };
        assert_eq!(seen(area.clone(), filter).await, [0], "{digest}");
    }
    let kind = UseFilter { document_kind: Some("函件"), ..UseFilter::default() };
    assert_eq!(seen(area.clone(), kind).await, [1]);
    let strange = UseFilter { strange: true, ..UseFilter::default() };
    assert_eq!(seen(area.clone(), strange.clone()).await, [3]);
    assert_eq!(seen(unit.clone(), strange).await, [3]);
    let middle = UseFilter { from: Some(later(2)), until: Some(later(3)), ..UseFilter::default() };
    assert_eq!(seen(area.clone(), middle).await, [1]);
    let newest = &entries[last[0]];
    let behind = UseFilter { before: Some((newest.at, newest.id.as_str())), ..UseFilter::default() };
    assert_eq!(seen(area, behind).await, everything[1..]);
    let count = read.uses_since(one.id().as_str(), "refused", later(1), 100).await.unwrap();
    assert_eq!(count, 2);
    assert_eq!(read.uses_since(one.id().as_str(), "refused", later(1), 1).await.unwrap(), 1);
    assert_eq!(read.uses_since(one.id().as_str(), "sealed", later(1), 100).await.unwrap(), 0);
    let elsewhere = yinxin_registry::area::AreaPath::parse("/100000/620000/").unwrap();
    for (place, since, expected) in
        [(one.area_path(), later(3), 1), (one.area_path(), later(4), 0), (&elsewhere, later(1), 0)]
    {
        assert_eq!(read.strange_uses(place, since).await.unwrap().count, expected);
    }
}

pub async fn an_entry_of_the_register_stays_as_it_is_and_a_document_is_sealed_once(bench: &Bench) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let grant = grant(&seal, &by);
    let request = request(&seal, &grant, &by);
    let item = item(&request, 0);
    let outcome = |result: UseResult| {
        let mut entry = entry(&seal, &by, &by, now(), result);
        (entry.request, entry.item) = (Some(request.id().clone()), Some(item.id().clone()));
        entry
    };
    let failed = || outcome(UseResult::Failed { code: "KEY_FAILED".to_owned() });
    let sealed = || outcome(UseResult::Sealed { digest: "cd".repeat(32) });
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&request).await.unwrap();
    tx.insert(&item).await.unwrap();
    for entry in [failed(), failed(), sealed()] {
        tx.insert(&entry).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = bench.store.begin().await.unwrap();
    let refused = tx.insert(&sealed()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::OneOutcome }), "{refused}");
    drop(tx);
    for change in
        ["result = 'failed'", "at = at + 1", "body = replace(body, '合同', '函件')", "approvers = ''"]
    {
        let refused = bench.sql(&format!("UPDATE use_record SET {change}")).await.unwrap_err();
        assert!(refused.contains("use_record_is_final"), "{change}: {refused}");
    }
    for table in ["use_record", "use_request", "use_item", "use_grant"] {
        let refused = bench.sql(&format!("DELETE FROM {table}")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_stays")) || refused.contains("FOREIGN KEY"), "{refused}");
    }
    let renewed = bench.store.begin().await.unwrap().renew_rows("use_record", "", 100, None).await.unwrap();
    assert_eq!((renewed.rows, renewed.broken), (3, Vec::new()));
}

pub async fn every_state_of_custody_and_use_is_known_to_the_schema(bench: &Bench) {
    let seal = seal(bench).await;
    let (_, by) = person("示例用印人");
    let (grant, flow) = (grant(&seal, &by), flow(&seal));
    let (standing, request) = (standing(&seal, &flow, &by), request(&seal, &grant, &by));
    let b = belongs(&seal);
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&Keeping::open(b.seal, b.unit, None, b.area_path, now())).await.unwrap();
    tx.insert(&grant).await.unwrap();
    tx.insert(&standing).await.unwrap();
    tx.insert(&request).await.unwrap();
    tx.insert(&item(&request, 0)).await.unwrap();
    tx.commit().await.unwrap();
    async fn all<S: State>(bench: &Bench, table: &str) {
        for state in S::ALL {
            bench.sql(&format!("UPDATE {table} SET state = '{}'", state.as_str())).await.unwrap();
        }
        let refused = bench.sql(&format!("UPDATE {table} SET state = 'elsewhere'")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_state")), "{refused}");
    }
    all::<KeepingState>(bench, "custody").await;
    all::<GrantState>(bench, "use_grant").await;
    all::<StandingState>(bench, "standing").await;
    all::<RequestState>(bench, "use_request").await;
    all::<ItemState>(bench, "use_item").await;
}
