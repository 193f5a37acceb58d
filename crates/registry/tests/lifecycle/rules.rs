use crate::samples::{
    application_event, application_in, approve, approved, at, beginning, by, content, draft, made, maker_id,
    proof, seal_event, seal_id, seal_in, submit, suspension,
};
use yinxin_registry::lifecycle::application::{ApplicationEvent, ApplicationState, Basis};
use yinxin_registry::lifecycle::checks::Check;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Filing, Made, Seal, SealEvent, SealState, Start};
use yinxin_registry::lifecycle::{Effect, Refused};
use yinxin_registry::profile::SealKind;

fn code<T: std::fmt::Debug>(outcome: Result<T, Refused>) -> &'static str {
    outcome.unwrap_err().code()
}

#[test]
fn a_refusal_without_reasons_is_refused_itself() {
    for reasons in [vec![], vec![" ".to_owned()], vec!["一".to_owned()]] {
        let submitted = application_in(ApplicationState::Submitted);
        let event = ApplicationEvent::Refuse { reasons };
        assert_eq!(code(submitted.apply(event, &by("reviewer"), at(5))), "REASON_MISSING");
    }
}

#[test]
fn resubmission_keeps_the_decisions_and_the_number_and_counts_the_round() {
    let application = draft(SealKind::LegalName, Basis::New);
    let event = submit(&application);
    let application = application.apply(event, &by("agent"), at(1)).unwrap().0;
    let refuse = ApplicationEvent::Refuse { reasons: vec!["授权书缺页".to_owned()] };
    let (application, effects) = application.apply(refuse, &by("reviewer"), at(2)).unwrap();
    assert!(effects.iter().any(|e| matches!(e, Effect::NotifyUnit { .. })), "the applicant is told");
    let application = application.apply(ApplicationEvent::Reopen, &by("agent"), at(3)).unwrap().0;
    let event = submit(&application);
    let application = application.apply(event, &by("agent"), at(4)).unwrap().0;
    assert_eq!((application.round(), application.decisions().len()), (2, 1));
    assert_eq!(application.decisions()[0].reasons, ["授权书缺页"]);
    assert_eq!(application.number(), Some("示例-1"));
    assert_eq!(application.history().len(), 5);
}

#[test]
fn a_statement_of_truth_covers_exactly_the_content_it_was_given_for() {
    let application = draft(SealKind::LegalName, Basis::New);
    let event = submit(&application);
    let mut changed = content(SealKind::LegalName);
    changed.years = 5;
    let edit = ApplicationEvent::Edit { content: Box::new(changed) };
    let application = application.apply(edit, &by("agent"), at(1)).unwrap().0;
    assert_eq!(code(application.apply(event, &by("agent"), at(2))), "TRUTH_DIGEST");
}

#[test]
fn a_failed_check_that_blocks_keeps_the_application_from_being_handed_in() {
    let application = draft(SealKind::LegalName, Basis::New);
    let mut event = submit(&application);
    let ApplicationEvent::Submit { checks, .. } = &mut event else { panic!() };
    checks.push(Check {
        code: "MATERIALS".to_owned(),
        passed: false,
        blocking: true,
        zh: "缺少材料".to_owned(),
        en: "missing".to_owned(),
    });
    assert_eq!(code(application.apply(event, &by("agent"), at(1))), "CHECK_FAILED");
}

#[test]
fn nobody_decides_on_an_application_of_his_own() {
    let application = draft(SealKind::LegalName, Basis::New);
    let event = submit(&application);
    let application = application.apply(event, &by("agent"), at(1)).unwrap().0;
    for name in ["approve", "refuse", "return"] {
        let event = application_event(name, &application);
        assert_eq!(code(application.clone().apply(event, &by("agent"), at(2))), "REVIEWER_IS_AGENT");
    }
}

#[test]
fn who_approved_neither_takes_the_order_nor_begins_nor_finishes_the_seal() {
    let application = approved(SealKind::LegalName);
    let take = ApplicationEvent::Take { maker: maker_id(), seal: seal_id('1') };
    assert_eq!(code(application.clone().apply(take, &by("reviewer"), at(3))), "MAKER_IS_ISSUER");
    let start = Start { id: seal_id('1'), maker: maker_id() };
    assert_eq!(code(Seal::begin(start, &application, &by("reviewer"), at(3))), "MAKER_IS_ISSUER");
    let by_issuer = Made { by: "reviewer".to_owned(), ..made() };
    let event = SealEvent::Made { made: Box::new(by_issuer), filing_due: at(100) };
    assert_eq!(code(beginning(SealKind::LegalName).apply(event, &by("reviewer"), at(10))), "MAKER_IS_ISSUER");
}

#[test]
fn no_making_without_an_approval() {
    let start = || Start { id: seal_id('1'), maker: maker_id() };
    let unapproved = draft(SealKind::LegalName, Basis::New);
    assert_eq!(code(Seal::begin(start(), &unapproved, &by("maker"), at(3))), "APPROVAL_MISSING");
}

#[test]
fn business_seals_are_numbered_and_others_are_not() {
    for (kind, number, fits) in [
        (SealKind::BusinessContract, None, false),
        (SealKind::BusinessContract, Some(2), true),
        (SealKind::LegalName, Some(1), false),
        (SealKind::LegalName, None, true),
    ] {
        let application = draft(kind, Basis::New);
        let event = submit(&application);
        let submitted = application.apply(event, &by("agent"), at(1)).unwrap().0;
        assert_eq!(
            submitted.apply(approve(number), &by("reviewer"), at(2)).is_ok(),
            fits,
            "{kind:?} {number:?}"
        );
    }
}

#[test]
fn a_seal_does_not_outlive_its_certificate_by_a_second() {
    let beyond = [Made { valid_until: at(10_001), ..made() }, Made { valid_from: at(-1), ..made() }];
    for made in beyond {
        let event = SealEvent::Made { made: Box::new(made), filing_due: at(100) };
        let outcome = beginning(SealKind::LegalName).apply(event, &by("maker"), at(10));
        assert_eq!(code(outcome), "VALIDITY_BEYOND_CERTIFICATE");
    }
}

#[test]
fn who_made_a_seal_does_not_file_it() {
    let filing = Filing { at: at(20), by: "maker".to_owned(), due: at(100), proof: proof("备案-1") };
    let event = SealEvent::File { filing, claim_due: at(200) };
    assert_eq!(code(seal_in(SealState::Made).apply(event, &by("maker"), at(20))), "MAKER_FILES");
}

#[test]
fn a_seal_whose_key_leaked_is_never_resumed() {
    let active = seal_in(SealState::Active);
    let leak = SealEvent::Suspend { suspension: suspension(SuspensionReason::KeyLeak, 50) };
    let suspended = active.apply(leak, &by("agent"), at(60)).unwrap().0;
    assert_eq!(code(suspended.apply(seal_event("resume"), &by("reviewer"), at(70))), "KEY_LEAKED");
}

#[test]
fn nothing_takes_effect_in_the_future() {
    let event = SealEvent::Suspend { suspension: suspension(SuspensionReason::Loss, 500) };
    assert_eq!(code(seal_in(SealState::Active).apply(event, &by("agent"), at(60))), "EFFECT_IN_FUTURE");
}

#[test]
fn an_unclaimed_seal_lapses_only_when_its_time_is_over() {
    let filed = seal_in(SealState::Filed);
    assert_eq!(code(filed.clone().apply(SealEvent::Lapse, &by("system"), at(199))), "NOT_DUE");
    assert_eq!(filed.apply(SealEvent::Lapse, &by("system"), at(200)).unwrap().0.state(), SealState::Lapsed);
}

#[test]
fn a_seal_expires_only_at_its_end() {
    let active = seal_in(SealState::Active);
    assert_eq!(code(active.clone().apply(SealEvent::Expire, &by("system"), at(9_999))), "NOT_DUE");
    assert!(active.apply(SealEvent::Expire, &by("system"), at(10_000)).is_ok());
}
