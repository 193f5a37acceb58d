//! Sample custodies, grants, flows and requests in any state.

use crate::life::{at, by, seal_id, unit_id};
use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use yinxin_registry::approval::course::Course;
use yinxin_registry::approval::flow::{Approver, Covers, Draft, Flow, FlowStep};
use yinxin_registry::approval::standing::{Standing, StandingEvent, StandingState, Take, Terms};
use yinxin_registry::area::AreaPath;
use yinxin_registry::custody::activation::Belongs;
use yinxin_registry::custody::grant::{GrantEvent, GrantState, Limits, UseGrant};
use yinxin_registry::custody::keeping::{Keeping, KeepingEvent, KeepingState};
use yinxin_registry::ids::{
    AccountId, ClientId, FlowId, StandingId, TokenId, UseGrantId, UseItemId, UseRequestId,
};
use yinxin_registry::lifecycle::{By, State};
use yinxin_registry::usage::document::{
    Document, Format, ItemEvent, ItemState, Pages, Placement, Sealed, UseItem, manifest_digest,
};
use yinxin_registry::usage::request::{
    Asked, Manifest, RequestEvent, RequestState, Right, Tally, UseRequest,
};

fn id(prefix: &str, last: char) -> String {
    format!("{prefix}_{}{last}", "0".repeat(25))
}

pub fn account(last: char) -> AccountId {
    AccountId::parse(&id("acct", last)).unwrap()
}

/// A person with an account.
pub fn who(last: char) -> By {
    by(account(last).as_str())
}

pub fn hours(count: i64) -> Timestamp {
    at(0).checked_add(SignedDuration::from_hours(count)).unwrap()
}

pub fn noon() -> Time {
    Time::constant(12, 0, 0, 0)
}

pub fn belongs() -> Belongs {
    Belongs {
        seal: seal_id('1'),
        unit: unit_id(),
        parent_unit: None,
        area_path: AreaPath::parse("/100000/610000/610100/").unwrap(),
    }
}

/// The same thing put into another state, as if it had come there.
pub fn put<T: serde::Serialize + serde::de::DeserializeOwned>(
    thing: &T,
    change: impl FnOnce(&mut Value),
) -> T {
    let mut value = serde_json::to_value(thing).unwrap();
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

pub fn vacant() -> Keeping {
    let b = belongs();
    Keeping::open(b.seal, b.unit, None, b.area_path, at(0))
}

pub fn offer(to: char) -> KeepingEvent {
    KeepingEvent::Offer { to: account(to), name: "示例保管人".to_owned() }
}

/// Kept by `a`.
pub fn kept() -> Keeping {
    let (offered, _) = vacant().apply(offer('a'), &by("agent"), at(0)).unwrap();
    offered.apply(KeepingEvent::Accept { check_days: 90 }, &who('a'), at(1)).unwrap().0
}

/// From `a` to `b`.
pub fn handing_over() -> Keeping {
    kept().apply(begin_handover(), &by("agent"), at(2)).unwrap().0
}

pub fn begin_handover() -> KeepingEvent {
    KeepingEvent::BeginHandover {
        to: account('b'),
        name: "示例接收人".to_owned(),
        reason: "岗位调整".to_owned(),
    }
}

pub fn keeping_in(state: KeepingState) -> Keeping {
    match state {
        KeepingState::Vacant => vacant(),
        KeepingState::Offered => vacant().apply(offer('b'), &by("agent"), at(0)).unwrap().0,
        KeepingState::Kept => kept(),
        KeepingState::HandingOver => handing_over(),
        KeepingState::Ended => kept().apply(KeepingEvent::End, &by("system"), at(5)).unwrap().0,
    }
}

/// The event, and who must take it.
pub fn keeping_event(name: &str) -> (KeepingEvent, By) {
    let reason = "示例理由".to_owned();
    let event = match name {
        "offer" => return (offer('b'), by("agent")),
        "accept" => KeepingEvent::Accept { check_days: 30 },
        "decline" => KeepingEvent::Decline { reason },
        "take_back" => return (KeepingEvent::TakeBack { reason }, by("agent")),
        "begin_handover" => return (begin_handover(), who('a')),
        "confirm" | "complete" => KeepingEvent::Confirm { check_days: 30 },
        "check" => {
            return (
                KeepingEvent::Check { in_order: true, note: "账实相符".to_owned(), check_days: 30 },
                who('a'),
            );
        }
        "replace" => {
            return (
                KeepingEvent::Replace { to: account('c'), name: "示例".to_owned(), reason },
                by("agent"),
            );
        }
        "end" => return (KeepingEvent::End, by("system")),
        other => panic!("{other}"),
    };
    (event, who('b'))
}

pub fn limits() -> Limits {
    Limits {
        from: at(0),
        until: hours(1000),
        document_kinds: vec!["合同".to_owned()],
        most: Some(10),
        hours: None,
    }
}

pub fn grant_of(limits: Limits) -> UseGrant {
    let key = UseGrantId::parse(&id("grnt", '1')).unwrap();
    UseGrant::give(
        key,
        belongs(),
        account('w').as_str().to_owned(),
        "示例用印人".to_owned(),
        limits,
        &who('a'),
        at(0),
    )
    .unwrap()
}

pub fn take(documents: u32) -> GrantEvent {
    GrantEvent::Take { documents, document_kind: "合同".to_owned(), local_time: noon() }
}

pub fn grant_in(state: GrantState) -> UseGrant {
    let used = if state == GrantState::UsedUp { 10 } else { 2 };
    put(&grant_of(limits()), |value| {
        value["state"] = state.as_str().into();
        value["used"] = used.into();
    })
}

pub fn grant_event(name: &str) -> GrantEvent {
    match name {
        "take" => take(1),
        "take_last" => take(8),
        "give_back" => GrantEvent::GiveBack { documents: 1 },
        "revoke" => GrantEvent::Revoke { reason: "示例理由".to_owned() },
        "expire" => GrantEvent::Expire,
        other => panic!("{other}"),
    }
}

pub fn approver(last: char) -> Approver {
    Approver { account: account(last), name: format!("示例{last}") }
}

pub fn step(approvers: &[char], need: u16) -> FlowStep {
    FlowStep {
        name: "部门负责人".to_owned(),
        approvers: approvers.iter().map(|last| approver(*last)).collect(),
        need,
        hours: 24,
        superior: Some(approver('s')),
        delegable: true,
    }
}

pub fn flow(steps: Vec<FlowStep>) -> Flow {
    let b = belongs();
    let draft = Draft {
        name: "合同用印".to_owned(),
        covers: Covers { seal_kinds: Vec::new(), document_kinds: Vec::new() },
        steps,
    };
    Flow::open(FlowId::parse(&id("flow", '1')).unwrap(), b.unit, None, b.area_path, draft, at(0)).unwrap()
}

/// Two of `p`, `q`, `r`; then `t`.
pub fn two_steps() -> Flow {
    flow(vec![step(&['p', 'q', 'r'], 2), step(&['t'], 1)])
}

pub fn terms() -> Terms {
    Terms {
        client: ClientId::parse(&id("clnt", '1')).unwrap(),
        client_name: "示例业务系统".to_owned(),
        limits: limits(),
        template: "电子发票".to_owned(),
        value_each: Some(10_000),
        value_total: Some(50_000),
        reason: "批量开具".to_owned(),
    }
}

pub fn standing() -> Standing {
    let key = StandingId::parse(&id("stnd", '1')).unwrap();
    Standing::propose(key, belongs(), terms(), &two_steps(), &who('a'), at(0)).unwrap().0
}

pub fn standing_take(documents: u32, value_most: u64, value_sum: u64) -> StandingEvent<'static> {
    StandingEvent::Take(Take {
        client: "clnt_00000000000000000000000001",
        documents,
        document_kind: "合同",
        template: "电子发票",
        value_most,
        value_sum,
        local_time: noon(),
    })
}

pub fn standing_in(state: StandingState) -> Standing {
    let used = if state == StandingState::UsedUp { 10 } else { 2 };
    put(&standing(), |value| {
        value["state"] = state.as_str().into();
        value["used"] = used.into();
        value["value_used"] = 100.into();
    })
}

/// The course of something, one vote before its end.
pub fn almost(course: &Course) -> Value {
    let mut course = course.clone();
    let digest = course.digest().to_owned();
    for last in ['p', 'q'] {
        course.vote(true, None, &digest, &who(last), at(1)).unwrap();
    }
    serde_json::to_value(course).unwrap()
}

pub fn document(number: u32) -> Document {
    Document {
        name: format!("示例合同{number}.ofd"),
        format: Format::Ofd,
        signature_path: None,
        digest: hex::encode(yinxin_crypto::sm3(&number.to_be_bytes())),
        size: 1000,
        placements: vec![Placement::At { pages: Pages::Last, x: 15_000, y: 24_000 }],
        value: None,
    }
}

pub fn manifest(documents: u32) -> Manifest {
    let lines: Vec<String> = (0..documents).map(|number| document(number).line_digest()).collect();
    let digest = manifest_digest(lines.iter().map(String::as_str));
    Manifest { documents, digest, value_most: 0, value_sum: 0 }
}

pub fn request_id() -> UseRequestId {
    UseRequestId::parse(&id("use", '1')).unwrap()
}

/// Asked by `w`.
pub fn request(right: Right) -> UseRequest {
    let asked = Asked {
        right,
        document_kind: "合同".to_owned(),
        reason: "签订年度采购合同".to_owned(),
        recipient: None,
    };
    UseRequest::open(request_id(), "用印-1".to_owned(), belongs(), asked, &who('w'), at(0)).unwrap()
}

pub fn by_grant() -> Right {
    Right::Grant { grant: UseGrantId::parse(&id("grnt", '1')).unwrap() }
}

pub fn by_standing() -> Right {
    Right::Standing {
        standing: StandingId::parse(&id("stnd", '1')).unwrap(),
        template: "电子发票".to_owned(),
    }
}

pub fn pending(flow: &Flow) -> UseRequest {
    let event = RequestEvent::Submit { manifest: manifest(3), flow };
    request(by_grant()).apply(event, &who('w'), at(0)).unwrap().0
}

pub fn vote(request: &UseRequest, agrees: bool) -> RequestEvent<'static> {
    let digest = request.content_digest();
    RequestEvent::Vote { agrees, words: Some("示例意见".to_owned()), digest }
}

pub fn approved() -> UseRequest {
    let mut request = pending(&two_steps());
    for last in ['p', 'q', 't'] {
        let event = vote(&request, true);
        request = request.apply(event, &who(last), at(1)).unwrap().0;
    }
    assert_eq!(request.state(), RequestState::Approved);
    request
}

pub fn request_in(state: RequestState, right: Right) -> UseRequest {
    let request = match state {
        RequestState::Draft => return request(right),
        RequestState::Pending => return pending(&two_steps()),
        _ => approved(),
    };
    put(&request, |value| value["state"] = state.as_str().into())
}

/// A request one vote before its end.
pub fn almost_approved(request: &UseRequest) -> UseRequest {
    put(request, |value| value["course"] = almost(request.course().unwrap()))
}

pub fn almost_standing(standing: &Standing) -> Standing {
    put(standing, |value| value["course"] = almost(standing.course()))
}

pub fn tally(signed: u32, failed: u32) -> Tally {
    Tally { signed, failed }
}

pub fn token_id(last: char) -> TokenId {
    TokenId::parse(&id("tkn", last)).unwrap()
}

pub fn sealed() -> Sealed {
    Sealed { digest: "11".repeat(32), size: 2000, at: at(9), verification_code: "示例".to_owned() }
}

pub fn item() -> UseItem {
    UseItem::open(UseItemId::parse(&id("item", '1')).unwrap(), request_id(), 0, document(0)).unwrap()
}

pub fn item_in(state: ItemState) -> UseItem {
    put(&item(), |value| {
        value["state"] = state.as_str().into();
        value["token"] = token_id('1').as_str().into();
    })
}

pub fn item_event(name: &str) -> ItemEvent {
    match name {
        "begin" => ItemEvent::Begin { token: token_id('1'), at: at(8) },
        "sign" => ItemEvent::Sign { token: token_id('1'), sealed: sealed() },
        "fail" => ItemEvent::Fail { token: token_id('1'), fault: "KEY_GONE".to_owned() },
        "recover" => ItemEvent::Recover,
        "retry" => ItemEvent::Retry,
        "drop" => ItemEvent::Drop,
        other => panic!("{other}"),
    }
}
