//! Sessions, challenges, accounts, clients.

use crate::bench::Bench;
use crate::sample::{account, later, now, path, rng};
use jiff::SignedDuration;
use yinxin_registry::account::CertificateBinding;
use yinxin_registry::client::{ApiClient, ClientKey};
use yinxin_registry::ids::{ClientId, SessionId};
use yinxin_registry::role::{Grant, Role, Scope};
use yinxin_store::{Challenge, Constraint, KeptAnswer, ListFilter, NewJob, SessionRow, StoreError};

fn session(account_id: &str, token: u8) -> SessionRow {
    SessionRow {
        token_hash: [token; 32],
        id: SessionId::new(now(), &mut rng()).as_str().to_owned(),
        account_id: account_id.to_owned(),
        method: "password+totp".to_owned(),
        csrf_hash: [9; 32],
        address: "192.0.2.7".to_owned(),
        agent: "示例浏览器".to_owned(),
        created_at: now(),
        last_seen_at: now(),
        expires_at: later(3600),
    }
}

fn answer() -> KeptAnswer {
    KeptAnswer { request: [3; 32], status: 201, headers: String::new(), body: b"{}".to_vec() }
}

pub async fn session_is_found_touched_and_ended(bench: &Bench) {
    let (mut one, two, other) = (session("acct_a", 1), session("acct_a", 2), session("acct_b", 3));
    let mut tx = bench.store.begin().await.unwrap();
    for session in [&one, &two, &other] {
        tx.add_session(session).await.unwrap();
    }
    tx.touch_session(&mut one, later(30)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.session(&[1; 32]).await.unwrap(), Some(one.clone()));
    assert_eq!(one.last_seen_at, later(30));
    assert_eq!(read.session(&[4; 32]).await.unwrap(), None);
    assert_eq!(read.sessions_of("acct_a", now()).await.unwrap().len(), 2);
    assert_eq!(read.sessions_of("acct_a", later(3600)).await.unwrap().len(), 0);
    let mut tx = bench.store.begin().await.unwrap();
    assert!(tx.end_session(&other.id).await.unwrap());
    assert!(!tx.end_session(&other.id).await.unwrap());
    assert_eq!(tx.end_sessions_of("acct_a", &two.id).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert_eq!(read.sessions_of("acct_a", now()).await.unwrap(), [two]);
}

pub async fn forged_session_is_refused(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_session(&session("acct_a", 1)).await.unwrap();
    tx.commit().await.unwrap();
    // Somebody who can write rows gives his own session another account, or makes one with a MAC from elsewhere.
    bench.sql("UPDATE session SET account_id = 'acct_admin'").await.unwrap();
    let refused = bench.store.read().await.unwrap().session(&[1; 32]).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "session", .. }), "{refused}");
    bench.sql("UPDATE session SET account_id = 'acct_a'").await.unwrap();
    bench.store.read().await.unwrap().session(&[1; 32]).await.unwrap().unwrap();
    bench.sql("UPDATE session SET expires_at = expires_at + 1").await.unwrap();
    assert!(bench.store.read().await.unwrap().session(&[1; 32]).await.is_err());
}

pub async fn challenge_is_answered_once(bench: &Bench) {
    let challenge = Challenge {
        id: "c1".to_owned(),
        purpose: "certificate".to_owned(),
        subject: None,
        payload: vec![5; 32],
        address: "192.0.2.7".to_owned(),
        created_at: now(),
        expires_at: later(60),
    };
    let late = Challenge { id: "c2".to_owned(), subject: Some("acct_a".to_owned()), ..challenge.clone() };
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_challenge(&challenge).await.unwrap();
    tx.add_challenge(&late).await.unwrap();
    assert_eq!(tx.take_challenge("c1", "totp", now()).await.unwrap(), None, "another purpose found it");
    assert_eq!(tx.take_challenge("c1", "certificate", now()).await.unwrap(), Some(challenge));
    assert_eq!(tx.take_challenge("c1", "certificate", now()).await.unwrap(), None);
    assert_eq!(tx.take_challenge("c2", "certificate", later(60)).await.unwrap(), None, "it had expired");
}

pub async fn one_round_trip_gives_session_account_and_answer(bench: &Bench) {
    let account = account("reviewer");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&account).await.unwrap();
    tx.add_session(&session(account.id.as_str(), 1)).await.unwrap();
    tx.keep_answer(account.id.as_str(), "k1", &answer(), now(), later(60)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let found = read.authenticate(&[1; 32], Some("k1"), now()).await.unwrap().unwrap();
    assert_eq!(read.round_trips(), 1);
    assert_eq!((found.account.value, found.account.version), (account, 1));
    assert_eq!(found.answer, Some(answer()));
    assert_eq!(found.session, session_as(&found.session));
    assert!(read.authenticate(&[1; 32], Some("k2"), now()).await.unwrap().unwrap().answer.is_none());
    assert!(read.authenticate(&[1; 32], None, now()).await.unwrap().unwrap().answer.is_none());
    assert!(read.authenticate(&[1; 32], Some("k1"), later(60)).await.unwrap().unwrap().answer.is_none());
    assert!(read.authenticate(&[2; 32], Some("k1"), now()).await.unwrap().is_none());
    drop(read);
    bench.sql("UPDATE account SET state = 'disabled'").await.unwrap();
    let refused = bench.store.read().await.unwrap().authenticate(&[1; 32], None, now()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Integrity { table: "account", .. }), "{refused}");
}

fn session_as(found: &SessionRow) -> SessionRow {
    SessionRow { id: found.id.clone(), ..session(&found.account_id, 1) }
}

pub async fn client_comes_with_its_answer(bench: &Bench) {
    let client = |name: &str| ApiClient {
        id: ClientId::new(now(), &mut rng()),
        name: name.to_owned(),
        key: ClientKey::HmacSm3 { secret: "k1.c2FtcGxl".to_owned() },
        scopes: Vec::new(),
        grants: Vec::new(),
        enabled: true,
        expires_at: None,
        created_at: now(),
    };
    let (one, two) = (client("示例业务系统"), client("示例制章系统"));
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&two).await.unwrap();
    tx.keep_answer(one.id.as_str(), "k", &answer(), now(), later(60)).await.unwrap();
    tx.commit().await.unwrap();
    let mut read = bench.store.read().await.unwrap();
    let (found, kept) = read.client_with_answer(one.id.as_str(), Some("k"), now()).await.unwrap().unwrap();
    assert_eq!((found.value, kept), (one.clone(), Some(answer())));
    let (found, kept) = read.client_with_answer(two.id.as_str(), Some("k"), now()).await.unwrap().unwrap();
    assert_eq!((found.value, kept), (two.clone(), None));
    assert!(read.client_with_answer("clnt_none", None, now()).await.unwrap().is_none());
    let page = read.clients(&ListFilter { limit: 1, ..ListFilter::default() }).await.unwrap();
    let rest =
        read.clients(&ListFilter { cursor: page.next.as_deref(), ..ListFilter::default() }).await.unwrap();
    let names: Vec<_> = page.items.iter().chain(&rest.items).map(|c| c.value.name.as_str()).collect();
    assert_eq!((names, rest.next), (vec!["示例业务系统", "示例制章系统"], None));
}

pub async fn account_is_found_by_login_certificate_and_role(bench: &Bench) {
    let certificate = |serial: &str| CertificateBinding {
        issuer: "CN=Sample CA".to_owned(),
        serial: serial.to_owned(),
        subject: "CN=示例人员".to_owned(),
        digest: "e".repeat(64),
        at: now(),
    };
    let district = Scope::Area(path("/100000/990000/990100/990101/"));
    let grant =
        Grant { role: Role::IssuingReviewer, scope: district.clone(), from: now(), until: None, by: None };
    let mut one = account("one");
    one.credentials.certificates.push(certificate("0a1b"));
    one.grants.push(grant.clone());
    let mut two = account("two");
    let mut tx = bench.store.begin().await.unwrap();
    tx.insert(&one).await.unwrap();
    tx.insert(&two).await.unwrap();
    two.grants.push(grant);
    tx.save(&two, 1).await.unwrap();
    tx.commit().await.unwrap();

    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.account_by_login("two").await.unwrap().unwrap().value, two);
    assert!(read.account_by_login("three").await.unwrap().is_none());
    assert_eq!(read.account_by_certificate("CN=Sample CA", "A1B").await.unwrap().unwrap().value, one);
    assert!(read.account_by_certificate("CN=Other CA", "0a1b").await.unwrap().is_none());
    assert_eq!(read.accounts_with_role(Role::IssuingReviewer, &district).await.unwrap().len(), 2);
    assert!(read.accounts_with_role(Role::FilingOfficer, &district).await.unwrap().is_empty());
    assert!(
        read.accounts_with_role(Role::IssuingReviewer, &Scope::Area(path("/100000/")))
            .await
            .unwrap()
            .is_empty()
    );

    let mut tx = bench.store.begin().await.unwrap();
    two.credentials.certificates.push(certificate("0a1b"));
    let refused = tx.save(&two, 2).await.unwrap_err();
    assert!(
        matches!(refused, StoreError::Conflict { constraint: Constraint::AccountCertificate }),
        "{refused}"
    );
    tx.rollback().await.unwrap();

    let mut tx = bench.store.begin().await.unwrap();
    one.credentials.certificates.clear();
    one.grants.clear();
    tx.save(&one, 1).await.unwrap();
    tx.commit().await.unwrap();
    assert!(read.account_by_certificate("CN=Sample CA", "0a1b").await.unwrap().is_none());
    assert_eq!(read.accounts_with_role(Role::IssuingReviewer, &district).await.unwrap().len(), 1);
    drop(read);
    // A row that leads to an account which does not own the certificate is not believed.
    bench
        .sql(&format!("INSERT INTO account_key (kind, value, account_id) VALUES ('certificate', 'ff CN=Sample CA', '{}')", two.id))
        .await
        .unwrap();
    let mut read = bench.store.read().await.unwrap();
    assert!(read.account_by_certificate("CN=Sample CA", "ff").await.unwrap().is_none());
    let page = read.accounts(&ListFilter { limit: 1, ..ListFilter::default() }).await.unwrap();
    let rest =
        read.accounts(&ListFilter { cursor: page.next.as_deref(), ..ListFilter::default() }).await.unwrap();
    assert_eq!((page.items.len(), rest.items.len(), rest.next), (1, 1, None));
    let named = ListFilter { name: Some("示例"), state: Some("active"), ..ListFilter::default() };
    assert_eq!(read.accounts(&named).await.unwrap().items.len(), 2);
    let disabled = ListFilter { state: Some("disabled"), ..ListFilter::default() };
    assert_eq!(read.accounts(&disabled).await.unwrap().items.len(), 0);
}

pub async fn expired_rows_are_pruned(bench: &Bench) {
    let mut tx = bench.store.begin().await.unwrap();
    for i in 0..3 {
        tx.add_session(&session("acct_a", i)).await.unwrap();
        tx.use_nonce("clnt_a", &i.to_string(), later(i64::from(i))).await.unwrap();
        tx.keep_answer("acct_a", &i.to_string(), &answer(), now(), later(10)).await.unwrap();
    }
    let job = NewJob {
        id: "job_a".to_owned(),
        queue: "q".to_owned(),
        kind: "k".to_owned(),
        subject: "s".to_owned(),
        payload: "{}".to_owned(),
        run_at: now(),
    };
    tx.add_jobs(&[job], now()).await.unwrap();
    let jobs = tx.claim_jobs("q", now(), later(5), 1, "node").await.unwrap();
    tx.finish_job(&jobs[0], now()).await.unwrap();
    let keep = SignedDuration::from_secs(60);
    assert_eq!(tx.prune(later(2), keep, 2).await.unwrap(), 2, "two nonces at a time");
    assert_eq!(tx.prune(later(2), keep, 2).await.unwrap(), 1);
    assert_eq!(tx.prune(later(2), keep, 2).await.unwrap(), 0);
    assert_eq!(tx.prune(later(60), keep, 10).await.unwrap(), 3 + 1, "answers and the job");
    assert_eq!(tx.prune(later(3600), keep, 10).await.unwrap(), 3, "sessions");
}
