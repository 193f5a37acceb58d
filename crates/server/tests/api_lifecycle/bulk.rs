//! Measures in bulk.

use crate::stage::{Stage, key, thing};
use crate::support::{CITY, Role, Server, for_each_engine};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use yinxin_registry::Protected;
use yinxin_registry::ids::{ApplicationId, MakerId, SealId};
use yinxin_registry::lifecycle::application::{
    Agent, Application, ApplicationEvent, Basis, Content, Imprint, Opening, ProfileRef, Publicity, Truth,
};
use yinxin_registry::lifecycle::seal::{Filing, Made, Seal, SealEvent, Start};
use yinxin_registry::lifecycle::{By, ProofRef};
use yinxin_registry::profile::SealKind;
use yinxin_registry::unit::{Person, Unit};
use yinxin_server::jobs;

fn measure(issuer: &Value, dry_run: bool) -> Value {
    json!({
        "issuer": issuer, "reason": "certificate_authority", "detail": "电子认证服务机构违规签发证书",
        "document": "示政停〔2026〕1 号", "dry_run": dry_run,
    })
}

#[test]
fn a_measure_shows_whom_it_concerns_and_suspends_them_once() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let seal = stage.active().await;
        let mut content = stage.content();
        content["kind"] = json!("business_contract");
        content["seal_name"] = json!(format!("{}合同专用章", stage.unit_name));
        let application = stage.draft(json!({ "kind": "new" }), content).await;
        stage.owner.submit(&application).await;
        stage.reviewer.step(&application, "approve", json!({})).await.ok();
        let coming = stage.scene.make(&application).await;

        let made = stage.agent.get(&seal).await.ok()["made"].clone();
        let (issuer, serial) = (&made["certificate_issuer"], &made["certificate_serial"]);
        let bulk = "/seals/bulk-suspensions";
        stage.agent.post(bulk, measure(issuer, true)).await.problem("FORBIDDEN");
        let planned = stage.reviewer.post(bulk, measure(issuer, true)).await.ok();
        let impact = &planned["impact"];
        assert_eq!(planned["state"], "dry_run");
        assert_eq!(
            (&impact["seals"], &impact["units"], &impact["coming"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(impact["first"][0]["id"], json!(key(&seal)));
        assert_eq!(stage.state(&seal).await, "active", "looked at only");
        let none = stage.reviewer.post(bulk, measure(&json!("CN=Nobody"), true)).await.ok();
        assert_eq!((&none["impact"]["seals"], &none["impact"]["complete"]), (&json!(0), &json!(true)));

        // An area in which the unit does not lie.
        let area = json!({
            "parent": "610100", "code": "610113", "name": "示例区", "level": "county", "authority": "示例区行政审批局",
        });
        server.admin("system").await.post("/areas", area).await.ok();
        let district = server.account(Role::IssuingReviewer, Some(&format!("{CITY}610113/"))).await;
        let outside = district.post(bulk, measure(issuer, false)).await.ok();
        assert_eq!((&outside["state"], &outside["suspended"]), (&json!("done"), &json!(0)));
        assert_eq!(stage.state(&seal).await, "active");

        let mut ranged = measure(issuer, false);
        (ranged["first_serial"], ranged["last_serial"]) = (serial.clone(), serial.clone());
        let done = stage.reviewer.post_as("measure", bulk, ranged.clone()).await.ok();
        assert_eq!((&done["state"], &done["suspended"]), (&json!("done"), &json!(1)));
        assert_eq!(stage.state(&seal).await, "suspended");
        assert_eq!(stage.state(&coming).await, "made");
        let replayed = stage.reviewer.post_as("measure", bulk, ranged.clone()).await;
        assert_eq!(replayed.header("idempotency-replayed"), "true");
        let again = stage.reviewer.post(bulk, ranged).await.ok();
        assert_eq!((&again["suspended"], &again["impact"]["seals"]), (&json!(0), &json!(0)));
        assert_eq!(stage.agent.get(&seal).await.ok()["suspensions"].as_array().unwrap().len(), 1);

        let path = format!("{bulk}/{}", done["measure"].as_str().unwrap());
        assert_eq!(stage.reviewer.get(&path).await.ok()["state"], "done");
        district.get(&path).await.problem("NOT_FOUND");
        let auditor = server.admin("audit").await;
        let log = auditor.get("/audit?action=seal.bulk_suspend&limit=200").await.ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 3, "each measure once");
        let log = auditor.get("/audit?action=seal.suspend").await.ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 1, "each seal once");
    });
}

#[test]
fn a_measure_on_many_goes_on_as_a_job_and_where_it_was_broken_off() {
    const MANY: u32 = 1_100;
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        fill(server, &stage, MANY).await;
        let bulk = "/seals/bulk-suspensions";
        let answer = stage.reviewer.post(bulk, measure(&json!(ISSUER), false)).await;
        assert_eq!(answer.status.as_u16(), 202);
        let begun = answer.ok();
        assert_eq!((&begun["state"], &begun["impact"]["seals"]), (&json!("running"), &json!(MANY)));
        let path = format!("{bulk}/{}", begun["measure"].as_str().unwrap());
        // One turn of the job: a thousand seals. What is left is left as a job.
        jobs::tick(&server.app, server.now()).await.unwrap();
        let halfway = stage.reviewer.get(&path).await.ok();
        assert_eq!((&halfway["state"], &halfway["suspended"]), (&json!("running"), &json!(1000)));
        server.tick().await;
        let done = stage.reviewer.get(&path).await.ok();
        assert_eq!((&done["state"], &done["suspended"]), (&json!("done"), &json!(MANY)));
        let active = stage.reviewer.get("/seals?state=active").await.ok();
        assert_eq!(active["items"], json!([]));
        let (mut suspended, mut cursor) = (0, String::new());
        loop {
            let page = stage.reviewer.get(&format!("/seals?state=suspended&limit=200{cursor}")).await.ok();
            suspended += page["items"].as_array().unwrap().len();
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(suspended, MANY as usize);
        let line = thing("seals", &begun["impact"]["first"][0]);
        let log = server.admin("audit").await.get(&format!("/audit?subject={}", key(&line))).await.ok();
        assert_eq!(log["items"][0]["actor"], json!(stage.reviewer.id), "whoever ordered it, not the clock");
    });
}

const ISSUER: &str = "CN=示例批量CA,C=CN";

/// Seals in force, put there by hand: to make so many would take all day.
async fn fill(server: &Server, stage: &Stage<'_>, many: u32) {
    let unit = server.app.store.read().await.unwrap().get::<Unit>(&stage.unit).await.unwrap().value;
    let maker = MakerId::parse(&stage.maker).unwrap();
    let mut tx = server.app.store.begin().await.unwrap();
    let now = Timestamp::from_microsecond(server.now().as_microsecond()).unwrap();
    for _ in 0..many {
        let (application, seal) = active(&unit, &maker, now);
        tx.insert(&application).await.unwrap();
        tx.insert(&seal).await.unwrap();
    }
    tx.commit().await.unwrap();
}

fn by(role: &str) -> By {
    By { id: format!("acct_{role}"), name: "示例".to_owned(), role: role.to_owned() }
}

fn proof(now: Timestamp) -> ProofRef {
    ProofRef { number: "示例".to_owned(), digest: "0".repeat(64), at: now }
}

fn active(unit: &Unit, maker: &MakerId, now: Timestamp) -> (Application, Seal) {
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    let mut rng = getrandom::rand_core::UnwrapErr(getrandom::SysRng);
    let id_number =
        Protected { masked: "110***********1234".to_owned(), cipher: "k1.AAAA".to_owned(), index: None };
    let person = Person { name: "示例人".to_owned(), id_number, phone: None };
    let content = Content {
        kind: SealKind::BusinessContract,
        publicity: Publicity::Public,
        seal_name: "示例合同专用章".to_owned(),
        holder: None,
        agent: Agent { person: person.clone(), account: None },
        legal_representative: person,
        seal_administrator: None,
        technical_measures: String::new(),
        physical: None,
        imprint: Imprint::Drawn { width_tenth_mm: 400, height_tenth_mm: 400 },
        years: 3,
        key_request: None,
        excluded_uses: Vec::new(),
        materials: Vec::new(),
    };
    let opening = Opening {
        id: ApplicationId::new(now, &mut rng),
        basis: Basis::New,
        unit: unit.id.clone(),
        parent_unit: None,
        unit_name: unit.name.clone(),
        credit_code: None,
        applicant_kind: unit.applicant_kind,
        area: unit.area.clone(),
        area_path: unit.area_path.clone(),
        profile: ProfileRef { id: "national".to_owned(), version: 1 },
        content,
    };
    let agent = by("unit_agent");
    let later = now + SignedDuration::from_hours(24 * 365);
    let mut application = Application::open(opening, &agent, now).unwrap();
    let truth = Truth {
        by: agent.clone(),
        at: now,
        digest: application.content_digest(),
        method: "session".to_owned(),
        signature: None,
        certificate: None,
    };
    let submit = ApplicationEvent::Submit {
        truth: Box::new(truth),
        checks: Vec::new(),
        number: format!("SQ{number}"),
        profile: application.profile().clone(),
        due: later,
    };
    let approve = ApplicationEvent::Approve {
        proof: proof(now),
        code: format!("99{number:011}"),
        number: Some(number),
        notes: Vec::new(),
    };
    let start = Start { id: SealId::new(now, &mut rng), maker: maker.clone() };
    let take = ApplicationEvent::Take { maker: maker.clone(), seal: start.id.clone() };
    application = application.apply(submit, &agent, now).unwrap().0;
    application = application.apply(approve, &by("issuing_reviewer"), now).unwrap().0;
    let operator = by("maker_operator");
    let mut seal = Seal::begin(start, &application, &operator, now).unwrap();
    application = application.apply(take, &operator, now).unwrap().0;
    application = application.apply(ApplicationEvent::Complete, &agent, now).unwrap().0;
    let made = Made {
        at: now,
        by: operator.id.clone(),
        es_id: seal.code().to_owned(),
        digest: "1".repeat(64),
        format_version: 4,
        imprint_digest: "2".repeat(64),
        certificate_issuer: ISSUER.to_owned(),
        certificate_serial: format!("{number:x}"),
        key_digest: format!("{number:064x}"),
        key_id: None,
        certificate_from: now,
        certificate_until: later,
        valid_from: now,
        valid_until: later,
        imprint: None,
    };
    let filing = Filing { at: now, by: by("filing_officer").id, due: later, proof: proof(now) };
    for (event, who) in [
        (SealEvent::Made { made: Box::new(made), filing_due: later }, &operator),
        (SealEvent::File { filing, claim_due: later }, &by("filing_officer")),
        (SealEvent::Deliver { to: "示例甲".to_owned() }, &operator),
        (SealEvent::Accept, &agent),
    ] {
        seal = seal.apply(event, who, now).unwrap().0;
    }
    (application, seal)
}
