//! Tickets of the supervision of units, and what they do to seals.

use crate::samples::{at, by, seal_event, seal_id, seal_in, suspension, unit_id};
use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::correction::{
    Breach, MOST_FILES, Opening, Ticket, TicketEvent, TicketFile, TicketState, ticket,
};
use yinxin_registry::ids::TicketId;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, SealState, Suspension};
use yinxin_registry::lifecycle::{By, Effect, Refused, State};
use yinxin_registry::supervision::SupervisionKind;

fn id(last: char) -> TicketId {
    TicketId::parse(&format!("tkt_{}{last}", "0".repeat(25))).unwrap()
}

/// An order due at 100.
fn order() -> Opening {
    Opening {
        id: id('1'),
        of: (unit_id(), None, AreaPath::parse("/100000/610000/610100/").unwrap()),
        unit_name: "示例单位".to_owned(),
        kind: SupervisionKind::Order,
        breaches: vec![Breach::BeyondApproval],
        text: "超出审批范围用印，责令整改".to_owned(),
        basis: Some("《示例办法》第三十七条".to_owned()),
        document: Some("示例责改〔2026〕1号".to_owned()),
        seals: vec![seal_id('1')],
        due: Some(at(100)),
        follows: None,
    }
}

fn open(opening: Opening) -> Ticket {
    Ticket::open(opening, &by("officer"), at(0)).unwrap().0
}

fn file(digest: char) -> TicketFile {
    TicketFile {
        digest: digest.to_string().repeat(64),
        file_name: "整改报告.pdf".to_owned(),
        size: 10,
        media_type: "application/pdf".to_owned(),
        at: at(1),
    }
}

fn event(name: &str) -> TicketEvent {
    let reason = "示例理由".to_owned();
    match name {
        "attach" => TicketEvent::Attach(file('b')),
        "detach" => TicketEvent::Detach { digest: "a".repeat(64) },
        "answer" => TicketEvent::Answer { text: "已完成整改".to_owned() },
        "accept" => TicketEvent::Accept { remark: "复查合格".to_owned() },
        "send_back" => TicketEvent::SendBack { reason, due: Some(at(300)) },
        "extend" => TicketEvent::Extend { due: at(300), reason },
        "overdue" => TicketEvent::Overdue,
        "suspend" => suspend(None),
        "close" => TicketEvent::Close { reason },
        other => panic!("no event {other}"),
    }
}

fn suspend(until: Option<Timestamp>) -> TicketEvent {
    TicketEvent::Suspend {
        seals: vec![seal_id('1')],
        until,
        detail: "逾期未整改".to_owned(),
        document: "示例停〔2026〕1号".to_owned(),
    }
}

/// An order with a file that waits, put into a state as if it had come there.
fn ticket_in(state: TicketState) -> Ticket {
    let ticket = step(open(order()), TicketEvent::Attach(file('a')), 1);
    let mut value = serde_json::to_value(ticket).unwrap();
    value["state"] = state.as_str().into();
    if state == TicketState::Answered {
        // Only then is suspending not early.
        value["breaches"] = serde_json::json!(["forged"]);
    }
    serde_json::from_value(value).unwrap()
}

fn step(ticket: Ticket, event: TicketEvent, second: i64) -> Ticket {
    ticket.apply(event, &by("officer"), at(second)).unwrap().0
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

#[test]
fn every_state_of_a_ticket_takes_exactly_the_events_of_its_table() {
    for from in TicketState::ALL.iter().copied() {
        for name in ticket::EVENTS {
            // Behind the day, so that being overdue is possible.
            let outcome = ticket_in(from).apply(event(name), &by("officer"), at(200));
            let rule = ticket::TABLE.iter().find(|rule| rule.from == from && rule.event == *name);
            match (rule, outcome) {
                (Some(rule), Ok((after, _))) => {
                    assert_eq!(after.state(), rule.to, "{from:?} {name}");
                    assert_eq!(after.history().last().unwrap().event, *name);
                }
                (None, Err(Refused::State { state, .. })) => assert_eq!(state, from.as_str()),
                (want, got) => panic!("{from:?} {name}: table {want:?}, outcome {got:?}"),
            }
        }
    }
    for rule in ticket::TABLE {
        assert!(ticket::EVENTS.contains(&rule.event));
    }
    for state in [TicketState::Answered, TicketState::Accepted, TicketState::Closed] {
        assert!(ticket::TABLE.iter().any(|rule| rule.to == state), "{state:?}");
    }
}

#[test]
fn an_order_names_breach_law_and_a_day_to_come_and_an_inspection_needs_none() {
    let opened = |opening: Opening| Ticket::open(opening, &by("officer"), at(0));
    assert_eq!(code(opened(Opening { due: None, ..order() })), "ORDER_DUE");
    assert_eq!(code(opened(Opening { due: Some(at(0)), ..order() })), "ORDER_DUE");
    assert_eq!(code(opened(Opening { basis: Some(" ".to_owned()), ..order() })), "BASIS_MISSING");
    assert_eq!(code(opened(Opening { breaches: vec![], ..order() })), "BREACHES");
    assert_eq!(code(opened(Opening { breaches: vec![Breach::Traded; 2], ..order() })), "BREACHES");
    assert_eq!(code(opened(Opening { seals: vec![seal_id('1'); 2], ..order() })), "TICKET_SEALS");
    assert_eq!(code(opened(Opening { text: "无".to_owned(), ..order() })), "REASON_MISSING");
    let finding = Opening { kind: SupervisionKind::Finding, due: None, basis: None, ..order() };
    assert_eq!(open(finding.clone()).state(), TicketState::Open);
    assert_eq!(code(opened(Opening { due: Some(at(9)), ..finding.clone() })), "ORDER_DUE");
    let inspection = Opening { kind: SupervisionKind::Inspection, breaches: vec![], ..finding };
    let noted = open(inspection);
    assert!(noted.state() == TicketState::Noted && noted.has_ended());
    assert_eq!(code(noted.apply(event("answer"), &by("agent"), at(1))), "STATE_CONFLICT");
}

#[test]
fn an_answer_keeps_its_files_and_one_sent_back_is_answered_again() {
    let ticket = step(open(order()), TicketEvent::Attach(file('a')), 1);
    let renamed = TicketFile { file_name: "另名.pdf".to_owned(), ..file('a') };
    let ticket = step(ticket, TicketEvent::Attach(renamed), 2);
    assert_eq!((ticket.files().len(), ticket.files()[0].file_name.as_str()), (1, "另名.pdf"));
    let unknown = TicketEvent::Detach { digest: "c".repeat(64) };
    assert_eq!(code(ticket.clone().apply(unknown, &by("agent"), at(2))), "TICKET_FILES");
    let answered = step(ticket, event("answer"), 3);
    assert!(answered.files().is_empty() && !answered.is_overdue(at(500)));
    assert_eq!(answered.answers()[0].files[0].digest, "a".repeat(64));
    let late = TicketEvent::SendBack { reason: "材料不全".to_owned(), due: None };
    assert_eq!(code(answered.clone().apply(late, &by("officer"), at(150))), "ORDER_DUE");
    let back = step(answered, event("send_back"), 150);
    assert_eq!((back.state(), back.due()), (TicketState::Open, Some(at(300))));
    let again = step(step(back, TicketEvent::Attach(file('b')), 160), event("answer"), 170);
    assert_eq!(again.answers().len(), 2);
    assert!(again.file(&"a".repeat(64)).is_some() && again.file(&"c".repeat(64)).is_none());
    assert_eq!(step(again, event("accept"), 180).state(), TicketState::Accepted);

    let many = "0123456789abcdefghijk".chars();
    let full =
        many.clone().take(MOST_FILES).fold(open(order()), |t, c| step(t, TicketEvent::Attach(file(c)), 1));
    let more = TicketEvent::Attach(file(many.last().unwrap()));
    assert_eq!(code(full.apply(more, &by("agent"), at(2))), "TICKET_FILES");
}

#[test]
fn a_day_that_passes_is_told_to_both_and_more_time_ends_it() {
    let ticket = open(order());
    assert_eq!(code(ticket.clone().apply(TicketEvent::Overdue, &By::system(), at(99))), "NOT_DUE");
    let (late, effects) = ticket.apply(TicketEvent::Overdue, &By::system(), at(100)).unwrap();
    let told = "ticket.overdue".to_owned();
    assert!(effects.contains(&Effect::NotifyUnit { template: told.clone() }));
    assert!(effects.contains(&Effect::NotifyAuthority { template: told.clone() }));
    assert!(
        effects
            .iter()
            .any(|e| matches!(e, Effect::Announce { event, due, .. } if *event == told && due.is_some()))
    );
    let back = TicketEvent::Extend { due: at(90), reason: "来不及".to_owned() };
    assert_eq!(code(late.clone().apply(back, &by("officer"), at(110))), "ORDER_DUE");
    let (extended, effects) = late.apply(event("extend"), &by("officer"), at(110)).unwrap();
    assert!(!extended.is_overdue(at(299)) && extended.is_overdue(at(300)));
    assert!(effects.contains(&Effect::Clock { name: ticket::OVERDUE.to_owned(), at: at(300) }));
}

#[test]
fn seals_are_suspended_by_an_overdue_order_or_at_once_where_the_breach_is_grave() {
    let suspended = |ticket: Ticket, event, second| ticket.apply(event, &by("officer"), at(second));
    assert_eq!(code(suspended(open(order()), suspend(None), 50)), "SUSPENSION_EARLY");
    let late = suspended(open(order()), suspend(Some(at(400))), 100).unwrap().0;
    assert_eq!(late.suspensions()[0].until, Some(at(400)));
    for grave in [Breach::FalseMaterials, Breach::Forged, Breach::Traded] {
        let ticket = open(Opening { breaches: vec![Breach::Other, grave], ..order() });
        let (ticket, _) = suspended(ticket, suspend(None), 1).unwrap();
        // When it ends, what it suspended is let go by a job; one that suspended nothing leaves none.
        let (_, effects) = suspended(ticket, event("close"), 2).unwrap();
        assert!(effects.contains(&Effect::Clock { name: ticket::OVER.to_owned(), at: at(2) }));
    }
    let (_, effects) = suspended(open(order()), event("close"), 2).unwrap();
    assert!(!effects.iter().any(|effect| matches!(effect, Effect::Clock { .. })));
    assert_eq!(code(suspended(open(order()), suspend(Some(at(100))), 100)), "NOT_DUE");
    let finding = Opening { kind: SupervisionKind::Finding, due: None, ..order() };
    assert_eq!(code(suspended(open(finding), suspend(None), 100)), "ONLY_ORDER");
    for (seals, document, expected) in
        [(vec![], "示例1号", "TICKET_SEALS"), (vec![seal_id('1')], " ", "DOCUMENT_MISSING")]
    {
        let (detail, document) = ("逾期未整改".to_owned(), document.to_owned());
        let event = TicketEvent::Suspend { seals, until: None, detail, document };
        assert_eq!(code(suspended(open(order()), event, 100)), expected);
    }
}

fn ground(ticket: char) -> SealEvent {
    let suspension = suspension(SuspensionReason::Correction, 60);
    SealEvent::Suspend { suspension: Suspension { ticket: Some(id(ticket)), ..suspension } }
}

fn after(seal: Seal, event: SealEvent) -> Seal {
    seal.apply(event, &by("officer"), at(70)).unwrap().0
}

#[test]
fn the_end_of_a_ticket_resumes_a_seal_that_nothing_else_keeps_suspended() {
    let end = |seal: &Seal, ticket| seal.end_of_ticket(&id(ticket), "整改合格");
    let active = seal_in(SealState::Active);
    assert!(end(&active, '1').is_none());
    let seal = after(active.clone(), ground('1'));
    assert!(end(&seal, '2').is_none(), "another ticket's end is nothing to it");
    let freed = after(seal.clone(), end(&seal, '1').unwrap());
    assert_eq!((freed.state(), freed.suspensions().len()), (SealState::Active, 0));

    // A loss, its unit's own wish, another ticket: each keeps it suspended.
    let wish = SealEvent::Suspend { suspension: suspension(SuspensionReason::UnitRequest, 60) };
    for other in [seal_event("suspend"), wish, ground('2')] {
        for both in [
            after(after(active.clone(), ground('1')), other.clone()),
            after(after(active.clone(), other), ground('1')),
        ] {
            let event = end(&both, '1').unwrap();
            assert_eq!(event.name(), "relieve");
            let left = after(both.clone(), event);
            assert_eq!((left.state(), left.suspensions().len()), (SealState::Suspended, 1));
            assert_ne!(left.suspensions()[0].ticket, Some(id('1')));
            let reason = "整改合格".to_owned();
            let forced = SealEvent::Release { ticket: id('1'), reason };
            assert_eq!(code(both.apply(forced, &by("officer"), at(70))), "OTHER_GROUNDS");
        }
    }
    let lost = seal_in(SealState::Suspended);
    let reason = "整改合格".to_owned();
    let forced = SealEvent::Release { ticket: id('1'), reason };
    assert_eq!(code(lost.apply(forced, &by("officer"), at(70))), "NOT_THE_TICKET");
    // Resumed by hand or ended meanwhile: nothing is left to do.
    assert!(end(&after(seal.clone(), seal_event("resume")), '1').is_none());
    assert!(end(&after(seal, seal_event("cancel")), '1').is_none());
}
