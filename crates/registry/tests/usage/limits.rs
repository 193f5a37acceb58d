use crate::life::{at, by};
use crate::samples::*;
use jiff::civil::Time;
use proptest::prelude::*;
use yinxin_registry::approval::standing::{Standing, StandingEvent, StandingState, Take};
use yinxin_registry::custody::grant::{GrantEvent, GrantState, Hours, Limits};
use yinxin_registry::ids::StandingId;
use yinxin_registry::lifecycle::Refused;

fn code<T: std::fmt::Debug>(outcome: Result<T, Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

#[test]
fn a_grant_covers_its_time_its_kinds_and_its_hours() {
    let night = Hours { from: Time::constant(22, 0, 0, 0), until: Time::constant(6, 0, 0, 0) };
    let grant = grant_of(Limits { from: at(100), hours: Some(night), ..limits() });
    let take = |kind: &str, hour| GrantEvent::Take {
        documents: 1,
        document_kind: kind.to_owned(),
        local_time: Time::constant(hour, 0, 0, 0),
    };
    let outcome = |kind: &str, hour, now| grant.clone().apply(take(kind, hour), &by("w"), now).map(|_| ());
    assert_eq!(code(outcome("合同", 23, at(99))), "GRANT_NOT_YET");
    assert_eq!(code(outcome("合同", 23, hours(1000))), "GRANT_OVER");
    assert_eq!(code(outcome("证明", 23, at(100))), "GRANT_KIND");
    assert_eq!(code(outcome("合同", 6, at(100))), "GRANT_HOURS", "the end is not included");
    for hour in [22, 23, 0, 5] {
        outcome("合同", hour, at(100)).unwrap();
    }
}

proptest! {
    #[test]
    fn no_order_of_taking_and_giving_back_goes_over_the_count(steps in prop::collection::vec((any::<bool>(), 0u32..15), 1..60)) {
        let mut grant = grant_of(limits());
        let mut used = 0u32;
        for (takes, documents) in steps {
            let event = if takes { take(documents) } else { GrantEvent::GiveBack { documents } };
            if let Ok((after, _)) = grant.clone().apply(event, &by("w"), at(1)) {
                used = if takes { used + documents } else { used - documents };
                grant = after;
            }
            prop_assert_eq!(grant.used(), used);
            prop_assert!(used <= 10);
            prop_assert_eq!(grant.state() == GrantState::UsedUp, used == 10);
        }
    }
}

fn live() -> Standing {
    let standing = almost_standing(&standing());
    let digest = standing.course().digest().to_owned();
    let event = StandingEvent::Vote { agrees: true, words: None, digest };
    let standing = standing.apply(event, &who('t'), at(5)).unwrap().0;
    assert_eq!(standing.state(), StandingState::Live);
    standing
}

#[test]
fn a_standing_authorization_is_for_one_program_one_template_and_its_values() {
    let of = |client, template, value_most, value_sum| {
        let take = Take {
            client,
            documents: 2,
            document_kind: "合同",
            template,
            value_most,
            value_sum,
            local_time: noon(),
        };
        live().apply(StandingEvent::Take(take), &by("clnt"), at(6)).map(|_| ())
    };
    let own = "clnt_00000000000000000000000001";
    of(own, "电子发票", 10_000, 20_000).unwrap();
    assert_eq!(code(of("clnt_00000000000000000000000002", "电子发票", 1, 1)), "NOT_THE_CLIENT");
    assert_eq!(code(of(own, "收据", 1, 1)), "TEMPLATE_DIFFERS");
    assert_eq!(code(of(own, "电子发票", 10_001, 10_001)), "VALUE_EACH");
    assert_eq!(code(of(own, "电子发票", 10_000, 50_001)), "VALUE_TOTAL");
    let spent = live().apply(standing_take(4, 10_000, 40_000), &by("clnt"), at(6)).unwrap().0;
    assert_eq!(
        code(spent.clone().apply(standing_take(1, 10_000, 10_001), &by("clnt"), at(6))),
        "VALUE_TOTAL"
    );
    assert_eq!(code(spent.apply(standing_take(7, 1, 1), &by("clnt"), at(6))), "GRANT_COUNT");
}

#[test]
fn what_nobody_voted_on_authorizes_nothing() {
    let take = standing().apply(standing_take(1, 1, 1), &by("clnt"), at(6));
    assert!(matches!(take, Err(Refused::State { .. })));
    let mut endless = terms();
    endless.limits.most = None;
    let key = StandingId::parse(&format!("stnd_{}", "0".repeat(26))).unwrap();
    let proposed = Standing::propose(key, belongs(), endless, &two_steps(), &who('a'), at(0));
    assert_eq!(code(proposed), "STANDING_LIMITS");
}
