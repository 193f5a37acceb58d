//! Rules of the registry that the database itself keeps, whatever the program does.

use crate::bench::{Bench, unique};
use crate::sample::{
    Ground, account, active, application, application_on, approved, approved_as, by, change_of, filed, later,
    made, made_by_key, maker, now, proof, rng, step, submitted, taken, unit,
};
use yinxin_registry::ids::ChangeId;
use yinxin_registry::lifecycle::State;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent, ApplicationState, Basis};
use yinxin_registry::lifecycle::change::ChangeState;
use yinxin_registry::lifecycle::reasons::{CancelReason, SuspensionReason};
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, SealState, Suspension};
use yinxin_registry::profile::SealKind;
use yinxin_store::{Constraint, StoreError};

fn conflict(refused: &StoreError) -> Constraint {
    match refused {
        StoreError::Conflict { constraint } => *constraint,
        other => panic!("{other}"),
    }
}

fn rule(refused: StoreError) -> String {
    match refused {
        StoreError::Rule { rule } => rule,
        other => panic!("{other}"),
    }
}

fn suspended(seal: Seal) -> Seal {
    let suspension = Suspension {
        reason: SuspensionReason::Loss,
        detail: "保管人报失".to_owned(),
        effective_at: now(),
        until: None,
        document: None,
        ticket: None,
    };
    step(seal, SealEvent::Suspend { suspension }, "unit_agent")
}

pub async fn second_legal_name_seal_in_force_is_refused(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let first = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&first).await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&seal).await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    for suspend in [false, true] {
        let mut tx = bench.store.begin().await.unwrap();
        if suspend {
            tx.save(&suspended(first.clone()), 1).await.unwrap();
        }
        let second = active(ground.begun(&mut tx, SealKind::LegalName).await);
        let refused = tx.insert(&second).await.unwrap_err();
        assert_eq!(conflict(&refused), Constraint::OneLegalNameInForce);
    }
    // Another unit is not concerned.
    let other = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(other.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
}

pub async fn second_legal_name_seal_in_making_is_refused(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = filed(made(ground.begun(&mut tx, SealKind::LegalName).await));
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    for make in [false, true] {
        let mut tx = bench.store.begin().await.unwrap();
        let second = ground.begun(&mut tx, SealKind::LegalName).await;
        let second = if make { made(second) } else { second };
        let refused = tx.insert(&second).await.unwrap_err();
        assert_eq!(conflict(&refused), Constraint::OneLegalNameInMaking);
    }
    let mut tx = bench.store.begin().await.unwrap();
    let seal = ground.begun(&mut tx, SealKind::PersonalStaff).await;
    tx.insert(&seal).await.unwrap();
    let seal = ground.begun(&mut tx, SealKind::PersonalStaff).await;
    tx.insert(&seal).await.unwrap();
}

pub async fn legal_name_seal_is_followed_by_the_next_in_one_transaction(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let old = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&old).await.unwrap();
    let renewal = approved(application_on(
        &ground.unit,
        SealKind::LegalName,
        Basis::Renewal { seal: old.id().clone() },
    ));
    let new = filed(made(ground.begun_for(&mut tx, renewal).await));
    tx.insert(&new).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = bench.store.begin().await.unwrap();
    let accepted = step(
        step(new, SealEvent::Deliver { to: "示例人员".to_owned() }, "maker_operator"),
        SealEvent::Accept,
        "unit_agent",
    );
    tx.save(&step(old, SealEvent::Replace { by: accepted.id().clone() }, "unit_agent"), 1).await.unwrap();
    tx.save(&accepted, 1).await.unwrap();
    tx.commit().await.unwrap();
    let seals = bench.store.read().await.unwrap().legal_name_seals(ground.unit.id.as_str()).await.unwrap();
    assert_eq!(seals.iter().map(|s| s.value.id().clone()).collect::<Vec<_>>(), [accepted.id().clone()]);
}

pub async fn second_open_application_for_the_legal_name_is_refused(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let first = application(&ground.unit, SealKind::LegalName);
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&first).await.unwrap();
    tx.insert(&application(&ground.unit, SealKind::BusinessFinance)).await.unwrap();
    tx.insert(&application(&ground.unit, SealKind::BusinessFinance)).await.unwrap();
    tx.commit().await.unwrap();
    let open = [
        first.clone(),
        submitted(first.clone()),
        approved(first.clone()),
        taken(approved(first.clone()), &ground.maker).0,
        submitted(first.clone())
            .apply(
                ApplicationEvent::Refuse { reasons: vec!["材料不符".to_owned()] },
                &by("issuing_reviewer"),
                now(),
            )
            .unwrap()
            .0,
    ];
    for state in open {
        let mut tx = bench.store.begin().await.unwrap();
        tx.save(&state, 1).await.unwrap();
        let refused = tx.insert(&application(&ground.unit, SealKind::LegalName)).await.unwrap_err();
        assert_eq!(conflict(&refused), Constraint::OneOpenApplicationForLegalName, "{:?}", state.state());
    }
    let withdrawn = first
        .apply(ApplicationEvent::Withdraw { reason: "暂不申请".to_owned() }, &by("unit_agent"), now())
        .unwrap()
        .0;
    let mut tx = bench.store.begin().await.unwrap();
    tx.save(&withdrawn, 1).await.unwrap();
    tx.insert(&application(&ground.unit, SealKind::LegalName)).await.unwrap();
    // Nor do two applications follow the same seal at once.
    let seal = active(ground.begun(&mut tx, SealKind::BusinessContract).await);
    tx.insert(&seal).await.unwrap();
    let basis = || Basis::Renewal { seal: seal.id().clone() };
    tx.insert(&application_on(&ground.unit, SealKind::BusinessContract, basis())).await.unwrap();
    let refused =
        tx.insert(&application_on(&ground.unit, SealKind::BusinessContract, basis())).await.unwrap_err();
    assert_eq!(conflict(&refused), Constraint::OneOpenApplicationForSeal);
}

pub async fn renewal_keeps_its_number_and_nobody_else_gets_it(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let with_number = |basis, number| {
        let code = format!("99{:011}", unique());
        approved_as(application_on(&ground.unit, SealKind::BusinessContract, basis), &code, Some(number))
    };
    let mut tx = bench.store.begin().await.unwrap();
    let first = active(ground.begun_for(&mut tx, with_number(Basis::New, 1)).await);
    tx.insert(&first).await.unwrap();
    let renewal = Basis::Renewal { seal: first.id().clone() };
    let given_up = ground.begun_for(&mut tx, with_number(renewal.clone(), 1)).await;
    tx.insert(&given_up).await.unwrap();
    tx.save(&step(given_up, SealEvent::Abandon { reason: "印模有误".to_owned() }, "maker_operator"), 1)
        .await
        .unwrap();
    let second = ground.begun_for(&mut tx, with_number(renewal.clone(), 1)).await;
    tx.insert(&second).await.unwrap();
    tx.commit().await.unwrap();

    // Nor is the same seal renewed twice.
    let mut tx = bench.store.begin().await.unwrap();
    let twin = ground.begun_for(&mut tx, with_number(renewal, 1)).await;
    assert_eq!(conflict(&tx.insert(&twin).await.unwrap_err()), Constraint::OneOfChainInMaking);
    drop(tx);
    // Two of a chain are never in force at once.
    let mut tx = bench.store.begin().await.unwrap();
    let both = active(second.clone());
    assert_eq!(conflict(&tx.save(&both, 1).await.unwrap_err()), Constraint::OneOfChainInForce);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let replaced = step(first, SealEvent::Replace { by: second.id().clone() }, "unit_agent");
    tx.save(&replaced, 1).await.unwrap();
    tx.save(&active(second.clone()), 1).await.unwrap();
    // The chain goes on from its end.
    let third = ground.begun_for(&mut tx, with_number(Basis::Renewal { seal: second.id().clone() }, 1)).await;
    tx.insert(&third).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        bench.query("SELECT CAST(COUNT(DISTINCT chain) AS TEXT) FROM seal WHERE number = 1").await,
        ["1"]
    );
    // A seal outside of the chain: a first one, one that follows another seal, one that follows with a number it made up.
    let mut tx = bench.store.begin().await.unwrap();
    let other = active(ground.begun_for(&mut tx, with_number(Basis::New, 2)).await);
    tx.insert(&other).await.unwrap();
    tx.commit().await.unwrap();
    let bases = [
        (Basis::New, 1),
        (Basis::Renewal { seal: other.id().clone() }, 1),
        (Basis::Remake { seal: other.id().clone() }, 1),
        (Basis::Renewal { seal: second.id().clone() }, 2),
    ];
    for (basis, number) in bases {
        let mut tx = bench.store.begin().await.unwrap();
        let foreign = ground.begun_for(&mut tx, with_number(basis.clone(), number)).await;
        let refused = tx.insert(&foreign).await.unwrap_err();
        assert_eq!(conflict(&refused), Constraint::BusinessNumber, "{basis:?}");
    }
}

pub async fn seals_numbered_before_there_were_chains_keep_their_numbers(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let case = approved_as(application(&ground.unit, SealKind::BusinessContract), "9901010000041", Some(41));
    let old = active(ground.begun_for(&mut tx, case).await);
    tx.insert(&old).await.unwrap();
    // A renewal as it was done then: with a number of its own.
    let basis = Basis::Renewal { seal: old.id().clone() };
    let case = approved_as(
        application_on(&ground.unit, SealKind::BusinessContract, basis),
        "9901010000042",
        Some(42),
    );
    let renewed = ground.begun_for(&mut tx, case).await;
    tx.insert(&renewed).await.unwrap();
    tx.commit().await.unwrap();
    // The database of that time, then the migration.
    for index in ["seal_business_number", "seal_one_of_chain_in_force", "seal_one_of_chain_in_making"] {
        bench.sql(&format!("DROP INDEX {index}")).await.unwrap();
    }
    let trigger = if bench.is_sqlite() { "" } else { " ON seal" };
    bench.sql(&format!("DROP TRIGGER seal_chained{trigger}")).await.unwrap();
    if !bench.is_sqlite() {
        bench.sql("DROP FUNCTION seal_chained").await.unwrap();
    }
    bench.sql("ALTER TABLE seal DROP COLUMN chain").await.unwrap();
    bench.sql("CREATE UNIQUE INDEX seal_business_number ON seal (unit_id, kind, number) WHERE state <> 'abandoned'").await.unwrap();
    bench.sql("DELETE FROM _sqlx_migrations WHERE version = 9").await.unwrap();
    bench.store.migrate().await.unwrap();

    bench.store.read().await.unwrap().get::<Seal>(renewed.id().as_str()).await.unwrap();
    for number in [41, 42] {
        let case = approved_as(
            application(&ground.unit, SealKind::BusinessContract),
            &format!("99{:011}", unique()),
            Some(number),
        );
        let mut tx = bench.store.begin().await.unwrap();
        let again = ground.begun_for(&mut tx, case).await;
        assert_eq!(conflict(&tx.insert(&again).await.unwrap_err()), Constraint::BusinessNumber, "{number}");
    }
}

pub async fn business_number_seal_code_key_credit_code_and_login_are_unique(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let contract = |code: &str, number| {
        approved_as(application(&ground.unit, SealKind::BusinessContract), code, Some(number))
    };
    let mut tx = bench.store.begin().await.unwrap();
    let first = ground.begun_for(&mut tx, contract("9901010000001", 1)).await;
    tx.insert(&first).await.unwrap();
    let seal = ground.begun_for(&mut tx, contract("9901010000002", 2)).await;
    tx.insert(&seal).await.unwrap();
    let finance = approved_as(application(&ground.unit, SealKind::BusinessFinance), "9901010000003", Some(1));
    let seal = ground.begun_for(&mut tx, finance).await;
    tx.insert(&seal).await.unwrap();
    tx.insert(&account("reviewer")).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = bench.store.begin().await.unwrap();
    let same_number = ground.begun_for(&mut tx, contract("9901010000009", 1)).await;
    assert_eq!(conflict(&tx.insert(&same_number).await.unwrap_err()), Constraint::BusinessNumber);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let same_code = ground.begun_for(&mut tx, contract("9901010000001", 9)).await;
    assert_eq!(conflict(&tx.insert(&same_code).await.unwrap_err()), Constraint::SealCode);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let key = made(first.clone()).made().unwrap().key_digest.clone();
    let one = made_by_key(first.clone(), &key);
    tx.save(&one, 1).await.unwrap();
    let other = ground.begun_for(&mut tx, contract("9901010000005", 5)).await;
    assert_eq!(conflict(&tx.insert(&made_by_key(other, &key)).await.unwrap_err()), Constraint::SealKey);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let mut twin = unit();
    twin.credit_code.clone_from(&ground.unit.credit_code);
    assert_eq!(conflict(&tx.insert(&twin).await.unwrap_err()), Constraint::UnitCreditCode);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    let mut twin = maker();
    twin.credit_code = ground.maker.credit_code.clone();
    assert_eq!(conflict(&tx.insert(&twin).await.unwrap_err()), Constraint::MakerCreditCode);
    drop(tx);
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(conflict(&tx.insert(&account("reviewer")).await.unwrap_err()), Constraint::AccountLogin);
    drop(tx);
    // A seal whose making was given up leaves its code and number to the next.
    let mut tx = bench.store.begin().await.unwrap();
    let abandoned = step(first, SealEvent::Abandon { reason: "设备故障".to_owned() }, "maker_operator");
    tx.save(&abandoned, 1).await.unwrap();
    let again = ground.begun_for(&mut tx, contract("9901010000001", 1)).await;
    tx.insert(&again).await.unwrap();
    assert_eq!(tx.seal_by_code("9901010000001").await.unwrap().unwrap().value, again);
}

pub async fn seal_without_approval_is_refused(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let approved_one = approved(application(&ground.unit, SealKind::LegalName));
    let (_, seal) = taken(approved_one.clone(), &ground.maker);
    // The seal was begun from an approval that the database does not have: nothing saved, a draft, another certificate.
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(rule(tx.insert(&seal).await.unwrap_err()), "seal_needs_approval");
    drop(tx);
    let reviewer = by("issuing_reviewer");
    let returned = ApplicationEvent::SendBack { reason: "复核不符".to_owned(), due: later(1) };
    let back = approved_one.clone().apply(returned, &reviewer, now()).unwrap().0;
    let event =
        ApplicationEvent::Approve { proof: proof(), code: "9".repeat(13), number: None, notes: Vec::new() };
    let other = back.clone().apply(event, &reviewer, now()).unwrap().0;
    for saved in [back, other] {
        let mut tx = bench.store.begin().await.unwrap();
        tx.insert(&saved).await.unwrap();
        assert_eq!(rule(tx.insert(&seal).await.unwrap_err()), "seal_needs_approval");
    }
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&approved_one).await.unwrap();
    tx.insert(&seal).await.unwrap();
}

pub async fn approval_of_a_seal_cannot_be_exchanged(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = ground.begun(&mut tx, SealKind::LegalName).await;
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    for change in ["approval_digest = lower(hex('x'))", "approved_by = 'acct_other'", "code = '1'"] {
        let change = change.replace("lower(hex('x'))", &format!("'{}'", "e".repeat(64)));
        let refused = bench.sql(&format!("UPDATE seal SET {change}")).await.expect_err(&change);
        assert!(refused.contains("seal_approval_is_final"), "{refused}");
    }
}

pub async fn handover_without_filing_is_refused_by_the_engine(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = made(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    for state in ["filed", "delivered", "active", "suspended", "expired", "canceled"] {
        let refused = bench.sql(&format!("UPDATE seal SET state = '{state}'")).await.expect_err(state);
        assert!(refused.contains("seal_filed_before_handover"), "{refused}");
    }
    bench.sql("UPDATE seal SET state = 'active', filed_at = 1").await.unwrap();
    let refused = bench.sql("UPDATE seal SET made_by = NULL").await.unwrap_err();
    assert!(refused.contains("seal_made"), "{refused}");
    let refused = bench.sql("UPDATE application SET approved_by = NULL").await.unwrap_err();
    assert!(refused.contains("application_approved"), "{refused}");
}

pub async fn maker_who_approved_is_refused_by_the_engine(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = made(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    tx.commit().await.unwrap();
    let refused = bench.sql("UPDATE seal SET made_by = approved_by").await.unwrap_err();
    assert!(refused.contains("seal_maker_is_not_issuer"), "{refused}");
}

pub async fn every_state_of_the_domain_is_known_to_the_schema(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    let basis = Basis::Change { seal: seal.id().clone(), case: ChangeId::new(now(), &mut rng()) };
    let next = application_on(&ground.unit, SealKind::LegalName, basis);
    tx.insert(&next).await.unwrap();
    tx.insert(&change_of(&seal, &next)).await.unwrap();
    tx.commit().await.unwrap();
    for state in SealState::ALL {
        bench.sql(&format!("UPDATE seal SET state = '{}'", state.as_str())).await.unwrap();
    }
    for state in ApplicationState::ALL {
        let change =
            format!("UPDATE application SET state = '{}' WHERE approved_by IS NOT NULL", state.as_str());
        bench
            .sql(&change)
            .await
            .or_else(|e| if e.contains("one_open") || e.contains("UNIQUE") { Ok(()) } else { Err(e) })
            .unwrap();
    }
    for state in ChangeState::ALL {
        bench.sql(&format!("UPDATE change_case SET state = '{}'", state.as_str())).await.unwrap();
    }
    for table in ["seal", "application", "change_case", "unit", "maker"] {
        let refused = bench.sql(&format!("UPDATE {table} SET state = 'elsewhere'")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_state")), "{refused}");
    }
}

pub async fn nothing_of_the_registry_can_be_deleted(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let mut tx = bench.store.begin().await.unwrap();
    let seal = active(ground.begun(&mut tx, SealKind::LegalName).await);
    tx.insert(&seal).await.unwrap();
    let canceled = step(
        seal,
        SealEvent::Cancel {
            reason: CancelReason::EndOfUse, detail: "停止使用".to_owned(), proof: proof()
        },
        "issuing_reviewer",
    );
    tx.save(&canceled, 1).await.unwrap();
    tx.insert(&account("reviewer")).await.unwrap();
    tx.commit().await.unwrap();
    for table in ["seal", "application", "unit", "account"] {
        let refused = bench.sql(&format!("DELETE FROM {table}")).await.unwrap_err();
        assert!(refused.contains(&format!("{table}_stays")), "{refused}");
    }
    let kept =
        bench.store.read().await.unwrap().get::<Application>(canceled.application().as_str()).await.unwrap();
    assert_eq!(kept.value.state(), ApplicationState::Completed);
}
