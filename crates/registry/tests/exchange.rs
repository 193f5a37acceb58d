//! Other seal systems: every state takes exactly the events of its table, and nobody confirms what he proposed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::Timestamp;
use yinxin_registry::area::AreaPath;
use yinxin_registry::exchange::foreign::{ForeignSeal, ForeignSince, Taken, Told, ToldSeal};
use yinxin_registry::exchange::list::PeerList;
use yinxin_registry::exchange::peer::{EVENTS, Outbound, Peer, PeerEvent, PeerKind, PeerState, TABLE, Terms};
use yinxin_registry::ids::{ClientId, ExchangeDeliveryId, ForeignSealId, PeerId};
use yinxin_registry::lifecycle::status::Standing;
use yinxin_registry::lifecycle::{By, Effect, Refused, State};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn by(who: &str) -> By {
    By { id: format!("acct_{who}"), name: "示例人员".to_owned(), role: "system_administrator".to_owned() }
}

fn terms() -> Terms {
    Terms {
        code: "SAMPLE-620000".to_owned(),
        name: "示例省电子印章系统".to_owned(),
        area_path: AreaPath::parse("/100000/620000/").unwrap(),
        kind: PeerKind::Province,
        certificates: vec!["AA==".to_owned()],
        anchors: vec!["AQ==".to_owned()],
        status_url: None,
        client: None,
        outbound: None,
    }
}

fn id() -> PeerId {
    PeerId::parse("peer_00000000000000000000000001").unwrap()
}

fn proposed() -> Peer {
    Peer::propose(id(), terms(), &by("a"), at(0)).unwrap().0
}

fn event(name: &str) -> PeerEvent {
    let reason = "示例理由".to_owned();
    match name {
        "confirm" => PeerEvent::Confirm { digest: terms().digest() },
        "suspend" => PeerEvent::Suspend { reason },
        "resume" => PeerEvent::Resume { reason },
        _ => PeerEvent::End { reason },
    }
}

fn step(peer: Peer, name: &str) -> Peer {
    peer.apply(event(name), &by("b"), at(1)).unwrap().0
}

fn peer_in(state: PeerState) -> Peer {
    match state {
        PeerState::Proposed => proposed(),
        PeerState::Confirmed => step(proposed(), "confirm"),
        PeerState::Suspended => step(step(proposed(), "confirm"), "suspend"),
        PeerState::Ended => step(proposed(), "end"),
    }
}

#[test]
fn every_state_of_a_peer_takes_exactly_the_events_of_its_table() {
    for from in PeerState::ALL.iter().copied() {
        assert_eq!(peer_in(from).state(), from);
        for name in EVENTS {
            let rule = TABLE.iter().find(|rule| rule.from == from && rule.event == *name);
            match (rule, peer_in(from).apply(event(name), &by("b"), at(2))) {
                (Some(rule), Ok((after, effects))) => {
                    assert_eq!(after.state(), rule.to);
                    let last = after.history().last().unwrap();
                    assert_eq!((last.event.as_str(), last.from.as_str()), (*name, from.as_str()));
                    assert!(matches!(effects.as_slice(), [Effect::NotifySystem { .. }]), "somebody is told");
                }
                (None, Err(Refused::State { allowed, .. })) => {
                    let expected: Vec<&str> =
                        TABLE.iter().filter(|rule| rule.from == from).map(|rule| rule.event).collect();
                    assert_eq!(allowed, expected);
                }
                (rule, outcome) => panic!("{} {name}: {rule:?}, {outcome:?}", from.as_str()),
            }
        }
    }
}

#[test]
fn nobody_confirms_what_he_proposed_nor_what_he_has_not_read() {
    let mine = proposed().apply(event("confirm"), &by("a"), at(1)).unwrap_err();
    assert_eq!(mine.code(), "SAME_PERSON");
    let other = PeerEvent::Confirm { digest: "0".repeat(64) };
    assert_eq!(proposed().apply(other, &by("b"), at(1)).unwrap_err().code(), "DIGEST_DIFFERS");
    let confirmed = step(proposed(), "confirm");
    assert_eq!(confirmed.confirmed_by(), Some(&by("b")));
    let silent = PeerEvent::Suspend { reason: " ".to_owned() };
    assert_eq!(confirmed.apply(silent, &by("b"), at(2)).unwrap_err().code(), "REASON_MISSING");
}

#[test]
fn every_part_of_the_terms_changes_what_is_confirmed() {
    let whole = terms().digest();
    let changes: [fn(&mut Terms); 9] = [
        |terms| terms.code.push('1'),
        |terms| terms.name.push('二'),
        |terms| terms.area_path = AreaPath::nation(),
        |terms| terms.kind = PeerKind::City,
        |terms| terms.certificates.push("AA==".to_owned()),
        |terms| terms.anchors[0].push('A'),
        |terms| terms.status_url = Some("https://status.example/".to_owned()),
        |terms| terms.client = Some(ClientId::parse("clnt_00000000000000000000000001").unwrap()),
        |terms| {
            let (url, client) = ("https://seals.example/api/v1".to_owned(), "clnt_1".to_owned());
            terms.outbound = Some(Outbound { url, scope: AreaPath::nation(), client });
        },
    ];
    for change in changes {
        let mut other = terms();
        change(&mut other);
        assert_ne!(other.digest(), whole, "{other:?}");
    }
}

#[test]
fn terms_that_say_too_little_or_too_much_are_refused() {
    let refused = |change: fn(&mut Terms)| {
        let mut terms = terms();
        change(&mut terms);
        Peer::propose(id(), terms, &by("a"), at(0)).unwrap_err().code()
    };
    assert_eq!(refused(|terms| terms.code.clear()), "PEER_CODE");
    assert_eq!(refused(|terms| terms.code = "示例".to_owned()), "PEER_CODE");
    assert_eq!(refused(|terms| terms.code = "1".repeat(65)), "PEER_CODE");
    assert_eq!(refused(|terms| terms.name = "省".to_owned()), "PEER_NAME");
    assert_eq!(refused(|terms| terms.certificates.clear()), "PEER_CERTIFICATES");
    assert_eq!(refused(|terms| terms.anchors = vec!["AQ==".to_owned(); 17]), "PEER_CERTIFICATES");
}

#[test]
fn a_list_is_followed_by_higher_numbers_only_and_never_by_one_that_ran_out() {
    let list = |number, until| PeerList {
        peer: id(),
        number,
        this_update: at(0),
        next_update: at(until),
        digest: "ab".repeat(32),
        envelope: "{}".to_owned(),
        by: by("a"),
        at: at(10),
    };
    let code =
        |list: PeerList, before: Option<&PeerList>| list.may_follow(before).map_err(|e| e.code().to_owned());
    assert_eq!(code(list(1, 11), None), Ok(()));
    assert_eq!(code(list(1, 10), None), Err("LIST_OVER".to_owned()));
    assert_eq!(code(list(3, 99), Some(&list(2, 11))), Ok(()));
    for number in [1, 2] {
        assert_eq!(code(list(number, 99), Some(&list(2, 11))), Err("LIST_OLDER".to_owned()));
    }
    assert!(!list(1, 11).is_over(at(10)) && list(1, 11).is_over(at(11)));
}

fn told(sequence: u64, digest: &str, timeline: &[(i64, Standing)]) -> Told {
    let since = |(second, status): &(i64, Standing)| ForeignSince { from: at(*second), status: *status };
    Told {
        system: "SAMPLE-620000".to_owned(),
        message: ExchangeDeliveryId::parse(&format!("xdl_{sequence:026}")).unwrap(),
        sequence,
        digest: digest.repeat(32),
        seal: ToldSeal {
            code: "6201000000018".to_owned(),
            name: "示例有限公司合同专用章".to_owned(),
            kind: "business_contract".to_owned(),
            owner: "示例有限公司".to_owned(),
            credit_code: None,
            area: "620100".to_owned(),
            valid_from: at(0),
            valid_until: at(1000),
            certificate_issuer: "CN=示例".to_owned(),
            certificate_serial: "01".to_owned(),
            digest: "ab".repeat(32),
            timeline: timeline.iter().map(since).collect(),
        },
    }
}

fn take(known: Option<ForeignSeal>, told: Told) -> Result<(ForeignSeal, Taken), Refused> {
    let id = ForeignSealId::parse("fsl_00000000000000000000000001").unwrap();
    ForeignSeal::take(known, id, told, at(500))
}

#[test]
fn of_two_statuses_that_begin_in_one_second_the_later_counts() {
    let line =
        [(10, Standing::Valid), (20, Standing::Suspended), (20, Standing::Valid), (20, Standing::Ended)];
    let (seal, taken) = take(None, told(1, "aa", &line)).unwrap();
    assert_eq!(taken, Taken::Taken);
    let worth = |second| seal.standing_at(at(second));
    assert_eq!((worth(9), worth(10), worth(19)), (Standing::NotInForce, Standing::Valid, Standing::Valid));
    assert_eq!((worth(20), worth(2000)), (Standing::Ended, Standing::Ended));
    let back = [(20, Standing::Valid), (10, Standing::Suspended)];
    assert_eq!(take(None, told(1, "aa", &back)).unwrap_err().code(), "SEAL_TOLD_WRONG");
    let (valid, _) = take(None, told(1, "aa", &line[..1])).unwrap();
    assert_eq!(valid.standing_at(at(1000)), Standing::Expired, "by its own time");
}

#[test]
fn messages_are_taken_in_by_their_numbers_whatever_order_they_come_in() {
    let (second, _) = take(None, told(2, "bb", &[(10, Standing::Valid)])).unwrap();
    let (same, taken) = take(Some(second.clone()), told(1, "aa", &[])).unwrap();
    assert_eq!((same, taken), (second.clone(), Taken::Older));
    let (same, taken) = take(Some(second.clone()), told(2, "bb", &[(10, Standing::Valid)])).unwrap();
    assert_eq!((same, taken), (second.clone(), Taken::Known));
    let other = take(Some(second.clone()), told(2, "cc", &[])).unwrap_err();
    assert_eq!(other.code(), "SEQUENCE_TAKEN");
    let (third, taken) = take(Some(second), told(3, "dd", &[(10, Standing::Ended)])).unwrap();
    assert_eq!((third.sequence, taken, third.standing_at(at(11))), (3, Taken::Taken, Standing::Ended));
}
