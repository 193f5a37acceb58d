//! Records of verifications.

use crate::bench::Bench;
use crate::sample::{Ground, later, now, path, rng};
use jiff::Timestamp;
use yinxin_registry::ids::{AccountId, VerificationId};
use yinxin_registry::role::Scope;
use yinxin_registry::unit::Unit;
use yinxin_registry::verification::{
    CallerKind, Kept, Registered, SealSeen, Verification, VerificationVerdict, Verifier,
};
use yinxin_store::{StoreError, VerificationFilter};

fn verifier(unit: &Unit) -> Verifier {
    Verifier {
        id: AccountId::new(now(), &mut rng()).to_string(),
        name: "示例核验人".to_owned(),
        unit: Some(unit.id.clone()),
        parent_unit: unit.parent.clone(),
        area_path: unit.area_path.clone(),
    }
}

fn seen(code: &str) -> SealSeen {
    SealSeen {
        signature: "1".to_owned(),
        code: code.to_owned(),
        registered: Registered::Yes,
        name: Some("示例有限公司合同专用章".to_owned()),
        owner: Some("示例有限公司".to_owned()),
        signed_at: Some(now()),
        then: Some("valid".to_owned()),
        now: Some("suspended".to_owned()),
    }
}

pub fn record(
    at: Timestamp,
    by: Option<Verifier>,
    verdict: VerificationVerdict,
    codes: &[&str],
) -> Verification {
    Verification {
        id: VerificationId::new(at, &mut rng()),
        at,
        caller: if by.is_some() { CallerKind::Account } else { CallerKind::Anonymous },
        by,
        digest: "ab".repeat(32),
        size: 1000,
        verdict,
        failed: vec!["DIGEST".to_owned()],
        seals: codes.iter().map(|code| seen(code)).collect(),
        kept: Kept::Digest,
        report: None,
    }
}

async fn add(bench: &Bench, records: &[Verification]) {
    let mut tx = bench.store.begin().await.unwrap();
    for record in records {
        tx.add_verification(record).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn verifications_are_searched_from_the_newest_by_every_filter(bench: &Bench) {
    use VerificationVerdict::{Invalid, Unsigned, Valid};
    let ground = Ground::lay(&bench.store).await;
    let (anna, berta) = (verifier(&ground.unit), verifier(&ground.unit));
    let mut all = vec![
        record(later(1), Some(anna.clone()), Valid, &["6101000000001", "6101000000002", "6101000000001"]),
        record(later(2), None, Invalid, &["6101000000001"]),
        record(later(3), Some(berta), Valid, &[]),
        record(later(4), Some(anna.clone()), Unsigned, &["6101000000002"]),
    ];
    all[2].digest = "cd".repeat(32);
    add(bench, &all).await;
    let mut read = bench.store.read().await.unwrap();
    let mut find = async |scope: &Scope, filter: VerificationFilter<'_>| {
        let found = read.verifications(scope, &filter).await.unwrap();
        found.iter().map(|r| all.iter().position(|known| *known == r.value).unwrap()).collect::<Vec<_>>()
    };
    let none = VerificationFilter::default;
    assert_eq!(find(&Scope::All, none()).await, [3, 2, 1, 0]);
    let area = Scope::Area(ground.unit.area_path.clone());
    assert_eq!(find(&area, none()).await, [3, 2, 0], "what nobody in particular asked for stands at the top");
    assert_eq!(find(&Scope::Area(path("/100000/980000/")), none()).await, [0; 0]);
    assert_eq!(find(&Scope::Unit(ground.unit.id.clone()), none()).await, [3, 2, 0]);
    assert_eq!(find(&Scope::All, VerificationFilter { limit: 2, ..none() }).await, [3, 2]);
    let of_seal = VerificationFilter { seal: Some("6101000000001"), ..none() };
    assert_eq!(find(&Scope::All, of_seal.clone()).await, [1, 0]);
    assert_eq!(find(&area, of_seal.clone()).await, [0]);
    assert_eq!(find(&Scope::All, VerificationFilter { verdict: Some("invalid"), ..of_seal }).await, [1]);
    assert_eq!(find(&Scope::All, VerificationFilter { asked_by: Some(&anna.id), ..none() }).await, [3, 0]);
    let digest = "cd".repeat(32);
    assert_eq!(find(&area, VerificationFilter { digest: Some(&digest), ..none() }).await, [2]);
    assert_eq!(find(&area, VerificationFilter { verdict: Some("valid"), ..none() }).await, [2, 0]);
    let middle = VerificationFilter { from: Some(later(2)), until: Some(later(4)), ..none() };
    assert_eq!(find(&Scope::All, middle).await, [2, 1]);
    let second = all[2].id.as_str();
    let behind = VerificationFilter { before: Some((later(3), second)), ..none() };
    assert_eq!(find(&Scope::All, behind.clone()).await, [1, 0]);
    let seal_behind = VerificationFilter {
        seal: Some("6101000000002"),
        before: Some((later(4), all[3].id.as_str())),
        ..none()
    };
    assert_eq!(find(&Scope::All, seal_behind).await, [0]);
}

pub async fn a_verification_stays_as_it_is_until_its_time_is_over(bench: &Bench) {
    let ground = Ground::lay(&bench.store).await;
    let verdicts = VerificationVerdict::ALL;
    let all: Vec<Verification> = verdicts
        .iter()
        .zip(1..)
        .map(|(verdict, second)| {
            record(later(second), Some(verifier(&ground.unit)), *verdict, &["6101000000001"])
        })
        .collect();
    add(bench, &all).await;
    for change in
        ["verdict = 'valid'", "at = at + 1", "body = replace(body, '示例', '样例')", "asked_by = NULL"]
    {
        let refused = bench.sql(&format!("UPDATE verification SET {change} WHERE verdict = 'invalid'")).await;
        let refused = refused.unwrap_err();
        assert!(refused.contains("verification_is_final"), "{change}: {refused}");
    }
    let renewed = bench.store.begin().await.unwrap().renew_rows("verification", "", 100, None).await.unwrap();
    assert_eq!((renewed.rows, renewed.broken), (4, Vec::new()));
    let other = all[1].id.as_str();
    bench.sql(&format!("DELETE FROM verification WHERE id = '{other}'")).await.unwrap();
    let gone = bench.store.read().await.unwrap().get::<Verification>(other).await.unwrap_err();
    assert!(matches!(gone, StoreError::NotFound { .. }), "{gone}");
    let ways = "SELECT verification_id FROM verification_seal ORDER BY seen_at";
    let ids = |all: &[&Verification]| all.iter().map(|r| r.id.to_string()).collect::<Vec<_>>();
    assert_eq!(bench.query(ways).await, ids(&[&all[0], &all[2], &all[3]]), "the way to it goes with it");

    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.prune_verifications(later(4), 1).await.unwrap(), 1);
    assert_eq!(tx.prune_verifications(later(4), 10).await.unwrap(), 1);
    assert_eq!(tx.prune_verifications(later(4), 10).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let mut left = bench.store.read().await.unwrap();
    let found = left.verifications(&Scope::All, &VerificationFilter::default()).await.unwrap();
    assert_eq!(found.iter().map(|r| &r.value).collect::<Vec<_>>(), [&all[3]]);
    assert_eq!(bench.query(ways).await, ids(&[&all[3]]));
}
