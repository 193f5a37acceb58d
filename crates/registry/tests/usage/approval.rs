use crate::life::{at, by};
use crate::samples::*;
use yinxin_registry::approval::flow::{Covers, Draft, Flow};
use yinxin_registry::ids::FlowId;
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::profile::SealKind;
use yinxin_registry::usage::document::{Edge, Pages, Placement, check_placements};
use yinxin_registry::usage::request::{RequestEvent, RequestState, UseRequest};

fn cast(request: UseRequest, agrees: bool, by: &By) -> Result<UseRequest, Refused> {
    let event = vote(&request, agrees);
    request.apply(event, by, at(5)).map(|(after, _)| after)
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

#[test]
fn steps_are_taken_in_order_and_each_needs_its_number() {
    let request = pending(&two_steps());
    assert_eq!(
        code(cast(request.clone(), true, &who('t'))),
        "NOT_AN_APPROVER",
        "the second step has not begun"
    );
    let request = cast(request, true, &who('p')).unwrap();
    assert_eq!(code(cast(request.clone(), true, &who('p'))), "VOTED_ALREADY");
    assert_eq!(request.course().unwrap().waits_for(), [&account('q'), &account('r')]);
    let request = cast(request, true, &who('r')).unwrap();
    assert_eq!(request.course().unwrap().waits_for(), [&account('t')]);
    assert_eq!(request.state(), RequestState::Pending);
    let request = cast(request, true, &who('t')).unwrap();
    assert_eq!(request.state(), RequestState::Approved);
    assert_eq!(request.approval(), Some(request.course().unwrap().record_digest().as_str()));
}

#[test]
fn one_refusal_ends_it_and_says_why() {
    let request = pending(&two_steps());
    let silent = RequestEvent::Vote { agrees: false, words: None, digest: request.content_digest() };
    assert_eq!(code(request.clone().apply(silent, &who('p'), at(5))), "REASON_MISSING");
    let request = cast(request, false, &who('q')).unwrap();
    assert_eq!(request.state(), RequestState::Refused);
    assert!(!request.course().unwrap().is_approved());
    assert_eq!(request.history().last().unwrap().reason.as_deref(), Some("示例意见"));
}

#[test]
fn a_vote_on_anything_else_does_not_count() {
    let request = pending(&two_steps());
    let other = RequestEvent::Vote { agrees: true, words: None, digest: "00".repeat(32) };
    assert_eq!(code(request.apply(other, &who('p'), at(5))), "DIGEST_DIFFERS");
}

#[test]
fn nobody_approves_what_he_asked_for() {
    let own = flow(vec![step(&['w', 'p'], 1)]);
    assert_eq!(code(cast(pending(&own), true, &who('w'))), "ASKER_IS_APPROVER");
    let stuck = flow(vec![step(&['w', 'p'], 2)]);
    let event = RequestEvent::Submit { manifest: manifest(1), flow: &stuck };
    assert_eq!(code(request(by_grant()).apply(event, &who('w'), at(1))), "FLOW_STUCK");
}

#[test]
fn a_delegate_votes_in_one_place_and_never_twice() {
    let delegate = |to| RequestEvent::Delegate { to: approver(to), reason: "出差".to_owned() };
    let request = pending(&two_steps());
    for bad in ['w', 'q', 's'] {
        assert_eq!(code(request.clone().apply(delegate(bad), &who('p'), at(2))), "DELEGATE", "{bad}");
    }
    let request = request.apply(delegate('d'), &who('p'), at(2)).unwrap().0;
    assert_eq!(code(cast(request.clone(), true, &who('p'))), "DELEGATED");
    assert_eq!(code(request.clone().apply(delegate('e'), &who('p'), at(2))), "DELEGATE", "once only");
    assert_eq!(
        code(request.clone().apply(delegate('d'), &who('q'), at(2))),
        "DELEGATE",
        "one voter, one seat"
    );
    assert_eq!(
        code(request.clone().apply(delegate('e'), &who('d'), at(2))),
        "NOT_AN_APPROVER",
        "not passed on"
    );
    let request = cast(request, true, &who('d')).unwrap();
    assert_eq!(request.course().unwrap().stages()[0].votes[0].instead_of, Some(account('p')));
    assert_eq!(code(cast(request, true, &who('d'))), "VOTED_ALREADY");
}

#[test]
fn a_step_that_may_not_be_delegated_is_not() {
    let mut strict = step(&['p'], 1);
    strict.delegable = false;
    let event = RequestEvent::Delegate { to: approver('d'), reason: "出差".to_owned() };
    assert_eq!(code(pending(&flow(vec![strict])).apply(event, &who('p'), at(2))), "NOT_DELEGABLE");
}

#[test]
fn an_overdue_step_is_decided_by_the_superior_alone() {
    let request = pending(&two_steps());
    assert_eq!(code(cast(request.clone(), true, &who('s'))), "NOT_AN_APPROVER", "not before it is overdue");
    let early = request.clone().apply(RequestEvent::Escalate, &by("system"), hours(23));
    assert_eq!(code(early), "NOT_OVER_YET");
    let request = request.apply(RequestEvent::Escalate, &by("system"), hours(24)).unwrap().0;
    assert_eq!(code(request.clone().apply(RequestEvent::Escalate, &by("system"), hours(25))), "ESCALATED");
    let request = cast(request, true, &who('s')).unwrap();
    assert_eq!(request.course().unwrap().reached(), 1);
}

#[test]
fn an_approval_is_good_for_its_time_and_for_its_documents() {
    let request = approved();
    request.is_good(at(10)).unwrap();
    assert_eq!(code(request.is_good(hours(73))), "APPROVAL_OVER");
    assert_eq!(code(request.clone().apply(RequestEvent::Begin, &by("system"), hours(73))), "APPROVAL_OVER");
    let (request, _) = request.apply(RequestEvent::Begin, &by("system"), at(10)).unwrap();
    let short = RequestEvent::Finish { tally: tally(2, 0) };
    assert_eq!(code(request.clone().apply(short, &by("system"), at(11))), "TALLY", "a document is missing");
    let more = RequestEvent::Finish { tally: tally(4, 0) };
    assert_eq!(code(request.apply(more, &by("system"), at(11))), "TALLY");
}

#[test]
fn what_was_voted_on_covers_every_document_and_place() {
    let seen = pending(&two_steps()).content_digest();
    let flow = two_steps();
    let other = RequestEvent::Submit { manifest: manifest(4), flow: &flow };
    let other = request(by_grant()).apply(other, &who('w'), at(0)).unwrap().0;
    assert_ne!(seen, other.content_digest());
    let mut moved = document(0);
    moved.placements[0] = Placement::over_right_edge(Pages::All, 100);
    assert_ne!(document(0).line_digest(), moved.line_digest());
    let right = moved.line_digest();
    moved.placements[0] = Placement::CrossPage { pages: Pages::All, edge: Edge::Left, x: None, y: Some(100) };
    assert_ne!(right, moved.line_digest());
}

#[test]
fn a_seal_over_an_edge_is_told_along_that_edge_and_the_usual_edge_is_written_as_ever() {
    let over =
        |edge, x, y| check_placements(&[Placement::CrossPage { pages: Pages::All, edge, x, y }]).is_ok();
    for edge in [Edge::Left, Edge::Right, Edge::Top, Edge::Bottom] {
        let flat = matches!(edge, Edge::Top | Edge::Bottom);
        assert_eq!(over(edge, Some(100), None), flat, "{edge:?}");
        assert_eq!(over(edge, None, Some(100)), !flat, "{edge:?}");
        assert!(!over(edge, Some(100), Some(100)) && !over(edge, None, None), "{edge:?}");
        assert!(!over(edge, flat.then_some(-1), (!flat).then_some(-1)), "{edge:?}");
    }
    // Digests that were voted on before there were other edges hold.
    let before = r#"{"kind":"cross_page","pages":{"kind":"all"},"y":14850}"#;
    let read: Placement = serde_json::from_str(before).unwrap();
    assert_eq!(read, Placement::over_right_edge(Pages::All, 14_850));
    assert_eq!(serde_json::to_string(&read).unwrap(), before);
    let top = Placement::CrossPage { pages: Pages::All, edge: Edge::Top, x: Some(1), y: None };
    let written = r#"{"kind":"cross_page","pages":{"kind":"all"},"edge":"top","x":1}"#;
    assert_eq!(serde_json::to_string(&top).unwrap(), written);
}

fn named(last: char, covers: Covers) -> Flow {
    let b = belongs();
    let draft = Draft { name: "示例".to_owned(), covers, steps: vec![step(&['p'], 1)] };
    let id = FlowId::parse(&format!("flow_{}{last}", "0".repeat(25))).unwrap();
    Flow::open(id, b.unit, None, b.area_path, draft, at(0)).unwrap()
}

#[test]
fn the_flow_that_names_most_is_taken_and_of_equals_the_elder() {
    let any = Covers { seal_kinds: Vec::new(), document_kinds: Vec::new() };
    let by_seal = Covers { seal_kinds: vec![SealKind::LegalName], document_kinds: Vec::new() };
    let by_document = Covers { seal_kinds: Vec::new(), document_kinds: vec!["合同".to_owned()] };
    let flows = [named('1', any.clone()), named('2', any), named('3', by_seal), named('4', by_document)];
    let chosen = |seal, kind| Flow::choose(&flows, seal, kind).unwrap().id().as_str().chars().last().unwrap();
    assert_eq!(chosen(SealKind::LegalName, "合同"), '4');
    assert_eq!(chosen(SealKind::LegalName, "证明"), '3');
    assert_eq!(chosen(SealKind::BusinessContract, "证明"), '1');
    let retired = flows[0].clone().retire().unwrap();
    assert!(Flow::choose([&retired], SealKind::LegalName, "合同").is_none());
    assert_eq!(code(retired.retire()), "FLOW_RETIRED");
}

#[test]
fn a_flow_that_cannot_work_is_not_taken() {
    let b = belongs();
    let make = |steps: Vec<_>| {
        let covers = Covers { seal_kinds: Vec::new(), document_kinds: Vec::new() };
        let draft = Draft { name: "示例".to_owned(), covers, steps };
        let id = FlowId::parse(&format!("flow_{}", "0".repeat(26))).unwrap();
        Flow::open(id, b.unit.clone(), None, b.area_path.clone(), draft, at(0))
    };
    assert_eq!(code(make(Vec::new())), "FLOW_STEPS");
    assert_eq!(code(make(vec![step(&['p'], 1); 11])), "FLOW_STEPS");
    assert_eq!(code(make(vec![step(&[], 1)])), "FLOW_APPROVERS");
    assert_eq!(code(make(vec![step(&['p', 'p'], 1)])), "FLOW_APPROVERS");
    assert_eq!(code(make(vec![step(&['s'], 1)])), "FLOW_APPROVERS", "the superior decides only when called");
    assert_eq!(code(make(vec![step(&['p'], 2)])), "FLOW_NEED");
    assert_eq!(code(make(vec![step(&['p'], 0)])), "FLOW_NEED");
    let mut endless = step(&['p'], 1);
    endless.hours = 0;
    assert_eq!(code(make(vec![endless])), "FLOW_HOURS");
}
