//! How long documents are kept, and how they are disposed of: due by rule, listed by one person, agreed to by another, held, deleted, told.

use crate::copies::{Sealed, print, sealed, sealed_as};
use crate::stage::{Stage, rule};
use crate::support::{Answer, CITY, Client, Role, Server, for_each_engine, sample};
use crate::uses::contract;
use serde_json::{Value, json};
use std::path::PathBuf;
use yinxin_registry::lifecycle::By;
use yinxin_registry::retention::dossier::{Dossier, DossierEvent};

const REASON: &str = "保管期限已满，经鉴定无继续保存价值";

/// Where a content lies in the folder of documents.
fn file(server: &Server, bytes: &[u8]) -> PathBuf {
    let digest = hex::encode(yinxin_crypto::sm3(bytes));
    let folder = &server.app.config.documents.folder;
    folder.join("sm3").join(&digest[..2]).join(&digest[2..4]).join(&digest)
}

pub fn request_of(document: &Sealed) -> String {
    document.item.split_once("/items/").unwrap().0.to_owned()
}

fn key(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

async fn due(stage: &Stage<'_>, who: &Client) -> Vec<String> {
    let mut keys = Vec::new();
    let mut next = format!("/disposals/due?unit={}&limit=1", stage.owner.id);
    loop {
        let page = who.get(&next).await.ok();
        keys.extend(
            page["items"].as_array().unwrap().iter().map(|one| one["request"].as_str().unwrap().to_owned()),
        );
        let Some(cursor) = page["next"].as_str() else { return keys };
        next = format!("/disposals/due?unit={}&limit=1&cursor={cursor}", stage.owner.id);
    }
}

pub async fn propose(stage: &Stage<'_>, who: &Client) -> Answer {
    who.post("/disposals", json!({ "unit": stage.owner.id, "reason": REASON })).await
}

pub fn path(disposal: &Value) -> String {
    format!("/disposals/{}", disposal["id"].as_str().unwrap())
}

pub async fn approve(disposal: &Value, who: &Client) -> Answer {
    who.step(&path(disposal), "approve", json!({ "digest": disposal["digest"] })).await
}

/// Posts a hold or lifts it at the version the dossier has now.
async fn hold(who: &Client, request: &str, verb: &str, why: &str) -> Answer {
    let seen = who.get(&format!("{request}/retention")).await;
    seen.ok();
    who.post_at(seen.version(), &format!("{request}/retention/{verb}"), json!({ "reason": why })).await
}

/// Five years and a day later.
async fn years_pass(stage: &Stage<'_>) {
    stage.server.tick().await;
    stage.server.advance_days(5 * 366 + 2).await;
    stage.server.tick().await;
}

/// The time of a request's documents is over now, as if the years had passed.
pub async fn due_now(server: &Server, request: &str) {
    let mut tx = server.app.store.begin().await.unwrap();
    let found = tx.get::<Dossier>(key(request)).await.unwrap();
    let ended = found.value.ended_at().unwrap();
    let event = DossierEvent::End { at: ended, kept_until: Some(server.now()) };
    let dossier = found.value.apply(event, &By::system(), server.now()).unwrap();
    tx.save(&dossier, found.version).await.unwrap();
    tx.commit().await.unwrap();
}

/// A draft of the user with a document named, whose bytes have not come.
async fn draft_with(stage: &Stage<'_>, bytes: &[u8]) -> (String, String) {
    let grant = stage.grant(|_| {}).await;
    let right = json!({ "kind": "grant", "grant": grant["id"] });
    let body =
        json!({ "seal": key(&stage.seal), "right": right, "document_kind": "合同", "reason": "续签合同" });
    let opened = stage.user.post("/use-requests", body).await.ok();
    let draft = format!("/use-requests/{}", opened["id"].as_str().unwrap());
    let item = json!({
        "name": "续签合同.ofd", "digest": hex::encode(yinxin_crypto::sm3(bytes)), "size": bytes.len(),
        "placements": [{ "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 }],
    });
    let added = stage.user.step(&draft, "items", json!({ "items": [item] })).await.ok();
    let item = format!("{draft}/items/{}", added["items"][0]["id"].as_str().unwrap());
    (draft, item)
}

async fn bring(who: &Client, thing: &str, target: &str, bytes: &[u8]) -> Answer {
    let tag = format!("\"{}\"", who.get(thing).await.version());
    let headers = [("content-type", "application/ofd"), ("if-match", &*tag)];
    who.send("PUT", &format!("/api/v1{target}"), &headers, bytes.to_vec()).await
}

async fn titles(who: &Client, kind: &str) -> usize {
    who.get(&format!("/notices?kind={kind}")).await.ok()["items"].as_array().unwrap().len()
}

#[test]
fn what_is_due_is_listed_agreed_to_by_a_second_person_and_really_gone() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        let copy = stage.user.post(&format!("{}/copies", document.item), print()).await.ok();
        let request = request_of(&document);
        let other = sealed_as(&stage, "函件", contract(2)).await;
        server.tick().await;

        // Kept for five years behind the day it ended: not due, and not to be listed.
        let kept = stage.custodian.get(&format!("{request}/retention")).await.ok();
        assert_eq!((&kept["state"], &kept["permanent"]), (&json!("kept"), &json!(false)));
        assert_eq!(due(&stage, &stage.custodian).await, Vec::<String>::new());
        assert_eq!(rule(&propose(&stage, &stage.custodian).await), "DISPOSAL_EMPTY");
        let ahead = stage.in_days(5 * 366 + 2);
        let early = format!("/disposals/due?unit={}&before={}", stage.owner.id, ahead.as_str().unwrap());
        assert_eq!(stage.custodian.get(&early).await.ok()["items"].as_array().unwrap().len(), 2);
        let tomorrow = json!({ "unit": stage.owner.id, "reason": REASON, "cutoff": ahead });
        assert_eq!(rule(&stage.custodian.post("/disposals", tomorrow).await), "DISPOSAL_CUTOFF");
        assert_eq!(titles(&stage.custodian, "retention.due").await, 0);

        years_pass(&stage).await;
        // Nothing goes by itself; the people in charge are told once, however many requests are due.
        assert!(file(server, &document.before).exists() && file(server, &document.after).exists());
        for who in [&stage.agent, &stage.custodian] {
            assert_eq!(titles(who, "retention.due").await, 1);
        }
        assert_eq!(titles(&stage.user, "retention.due").await, 0);
        assert_eq!(due(&stage, &stage.custodian).await.len(), 2);

        let answer = propose(&stage, &stage.custodian).await;
        let list = answer.ok();
        assert_eq!(
            (answer.status.as_u16(), &list["state"], &list["documents"]),
            (201, &json!("proposed"), &json!(2))
        );
        assert_eq!(titles(&stage.approver, "disposal.proposed").await, 0);
        server.tick().await;
        assert_eq!(titles(&stage.approver, "disposal.proposed").await, 1);
        assert_eq!(
            due(&stage, &stage.custodian).await,
            Vec::<String>::new(),
            "what is listed is listed once"
        );
        let filing = stage.server.account(Role::IssuingReviewer, Some(CITY)).await;
        assert_eq!(
            filing.get("/overview").await.ok()["proposed_disposals"],
            json!({ "count": 1, "more": false })
        );
        assert_eq!(stage.approver.get("/disposals?state=proposed").await.ok()["items"][0]["id"], list["id"]);

        // What is agreed to is what was read; nothing is gone before.
        let wrong = json!({ "digest": "0".repeat(64) });
        assert_eq!(rule(&stage.approver.step(&path(&list), "approve", wrong).await), "DIGEST_DIFFERS");
        stage.approver.get(&format!("{}/certificate", path(&list))).await.problem("STATE_CONFLICT");
        approve(&list, &stage.approver).await.ok();
        assert!(file(server, &document.before).exists());
        server.tick().await;
        for bytes in [&document.before, &document.after, &other.before, &other.after] {
            assert!(!file(server, bytes).exists());
        }
        let done = stage.supervisor.get(&path(&list)).await.ok();
        assert_eq!(done["state"], "done");
        assert_eq!(done["count"], json!({ "requests": 2, "documents": 2, "deleted": 4, "shared": 0 }));
        let documents = stage.supervisor.get(&format!("{}/documents?limit=1", path(&list))).await.ok();
        assert_eq!(documents["items"][0]["disposed"]["sealed"], "deleted");
        let next =
            format!("{}/documents?limit=1&cursor={}", path(&list), documents["next"].as_str().unwrap());
        let last = stage.supervisor.get(&next).await.ok();
        assert_ne!(last["items"][0]["item"], documents["items"][0]["item"]);
        assert!(last.get("next").is_none());

        // Whoever asks is told so; register, digests, codes and copies stay.
        for part in ["content", "sealed"] {
            stage.approver.get(&format!("{}/{part}", document.item)).await.problem("DISPOSED");
        }
        assert_eq!(
            stage.approver.get(&format!("{request}/archive")).await.problem("DISPOSED")["status"],
            410
        );
        stage.user.post(&format!("{}/copies", document.item), print()).await.problem("DISPOSED");
        let listed = stage.user.get(&format!("{request}/items")).await.ok();
        let item = &listed["items"][0];
        assert_eq!(item["digest"], hex::encode(yinxin_crypto::sm3(&document.before)));
        assert_eq!(item["disposed"]["disposal"], list["id"]);
        let visitor = server.visitor();
        for code in [document.code.as_str(), copy["code"].as_str().unwrap()] {
            let told = visitor.get(&format!("/copies/by-code/{code}")).await.ok();
            assert_eq!(told["original"]["disposed_at"], item["disposed"]["at"]);
            let page = visitor.send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
            assert_eq!(page.status.as_u16(), 200);
            assert!(page.text().contains("按保管期限规定销毁"), "{}", page.text());
        }
        assert_eq!(
            stage.custodian.get(&format!("{}/uses", stage.seal)).await.ok()["items"]
                .as_array()
                .unwrap()
                .len(),
            2
        );

        // The certificate says who, when and how many, and is the authority's.
        let certificate = stage.custodian.get(&format!("{}/certificate", path(&list))).await.ok();
        let text = certificate["text"].as_str().unwrap();
        assert!(
            text.starts_with("yinxin-disposal-certificate-1\n") && text.contains("文件份数: 2\n"),
            "{text}"
        );
        assert!(text.contains(list["digest"].as_str().unwrap()) && text.contains(REASON), "{text}");
        assert_eq!(
            stage.log(&path(&list)).await,
            [
                "disposal.propose",
                "disposal.approve",
                "disposal.begin",
                "disposal.delete",
                "disposal.delete",
                "disposal.finish"
            ]
        );
        assert_eq!(titles(&stage.custodian, "disposal.done").await, 1);
        hold_refused(&stage, &request).await;
    });
}

/// What is gone can be held no more.
async fn hold_refused(stage: &Stage<'_>, request: &str) {
    let late = hold(&stage.agent, request, "hold", "诉讼需要").await;
    assert_eq!(late.problem("STATE_CONFLICT")["state"], "disposed");
}

#[test]
fn nobody_agrees_to_his_own_list_and_each_role_has_its_part() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        years_pass(&stage).await;
        let unit = Some(stage.owner.id.as_str());
        let both = server.account_with(&[(Role::Custodian, unit), (Role::Approver, unit)]).await;
        let stranger = stage.stranger().await;
        for who in [&stage.user, &stage.approver, &stage.supervisor] {
            propose(&stage, who).await.problem("FORBIDDEN");
        }
        propose(&stage, &stranger).await.problem("NOT_FOUND");
        propose(&stage, &server.visitor()).await.problem("UNAUTHENTICATED");
        stranger.get(&format!("/disposals/due?unit={}", stage.owner.id)).await.problem("NOT_FOUND");
        stage.user.get(&format!("/disposals/due?unit={}", stage.owner.id)).await.problem("FORBIDDEN");
        stage.supervisor.get(&format!("/disposals/due?unit={}", stage.owner.id)).await.ok();
        stage.supervisor.get("/disposals/due").await.problem("BAD_REQUEST");

        let answer =
            both.post_as("one-list", "/disposals", json!({ "unit": stage.owner.id, "reason": REASON })).await;
        let list = answer.ok();
        let again =
            both.post_as("one-list", "/disposals", json!({ "unit": stage.owner.id, "reason": REASON })).await;
        assert_eq!((again.ok(), again.header("idempotency-replayed")), (list.clone(), "true"));
        assert_eq!(rule(&approve(&list, &both).await), "SAME_PERSON");
        let refuse = json!({ "digest": list["digest"], "reason": "部分合同尚在履行" });
        assert_eq!(rule(&both.step(&path(&list), "refuse", refuse.clone()).await), "SAME_PERSON");
        for who in [&stage.custodian, &stage.agent, &stage.supervisor] {
            approve(&list, who).await.problem("FORBIDDEN");
        }
        stranger
            .post_at(1, &format!("{}/approve", path(&list)), json!({ "digest": list["digest"] }))
            .await
            .problem("NOT_FOUND");
        stranger.get(&path(&list)).await.problem("NOT_FOUND");
        stage
            .approver
            .post(&format!("{}/approve", path(&list)), json!({ "digest": list["digest"] }))
            .await
            .problem("PRECONDITION_REQUIRED");
        stage
            .approver
            .post_at(9, &format!("{}/approve", path(&list)), json!({ "digest": list["digest"] }))
            .await
            .problem("PRECONDITION_FAILED");

        // Refused or taken back, what it named may be listed again; decided once.
        let refused = stage.approver.step(&path(&list), "refuse", refuse).await.ok();
        assert_eq!(
            (&refused["state"], &refused["decided_by"]),
            (&json!("refused"), &json!(stage.approver.id))
        );
        approve(&list, &stage.approver).await.problem("STATE_CONFLICT");
        let second = propose(&stage, &stage.agent).await.ok();
        let back =
            stage.custodian.step(&path(&second), "withdraw", json!({ "reason": "清单有误" })).await.ok();
        assert_eq!(back["state"], "withdrawn");
        // Agreed to, and taken back before it began.
        let third = propose(&stage, &stage.agent).await.ok();
        approve(&third, &stage.approver).await.ok();
        stage.agent.step(&path(&third), "withdraw", json!({ "reason": "暂缓销毁" })).await.ok();
        server.tick().await;
        assert!(file(server, &document.after).exists());
        assert_eq!(due(&stage, &stage.agent).await, [key(&request_of(&document))]);
        let all = stage.supervisor.get(&format!("/disposals?scope={CITY}&limit=2")).await.ok();
        assert_eq!((all["items"].as_array().unwrap().len(), all["next"].is_string()), (2, true));
        assert_eq!(stranger.get("/disposals").await.ok()["items"], json!([]));
    });
}

#[test]
fn a_hold_keeps_everything_and_is_lifted_by_its_own_side() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (held, free) = (sealed(&stage).await, sealed_as(&stage, "函件", contract(2)).await);
        let request = request_of(&held);
        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        for who in [&stage.user, &stage.approver] {
            who.post_at(1, &format!("{request}/retention/hold"), json!({ "reason": "诉讼需要" }))
                .await
                .problem("FORBIDDEN");
        }
        stage
            .supervisor
            .post_at(1, &format!("{request}/retention/hold"), json!({ "reason": "诉讼需要" }))
            .await
            .problem("FORBIDDEN");
        years_pass(&stage).await;
        assert_eq!(rule(&hold(&stage.agent, &request, "lift", "不再需要").await), "NOT_HELD");
        let shown = hold(&stage.agent, &request, "hold", "诉讼需要").await.ok();
        assert_eq!(
            (&shown["holds"][0]["side"], &shown["holds"][0]["reason"]),
            (&json!("unit"), &json!("诉讼需要"))
        );
        assert_eq!(rule(&hold(&stage.custodian, &request, "hold", "再次留存").await), "HELD_ALREADY");
        assert_eq!(due(&stage, &stage.agent).await, [key(&request_of(&free))], "what is held is not listed");
        hold(&stage.agent, &request, "lift", "诉讼终结").await.ok();

        // Held by the authority after the list was agreed to: the rest goes, this waits.
        let list = propose(&stage, &stage.agent).await.ok();
        assert_eq!(list["documents"], 2);
        approve(&list, &stage.approver).await.ok();
        hold(&reviewer, &request, "hold", "监督检查需要").await.ok();
        server.tick().await;
        let waits = stage.agent.get(&path(&list)).await.ok();
        assert_eq!((&waits["state"], &waits["count"]["documents"]), (&json!("disposing"), &json!(1)));
        assert!(file(server, &held.after).exists() && !file(server, &free.after).exists());
        assert_eq!(rule(&hold(&stage.agent, &request, "lift", "不再需要").await), "HOLD_OF_OTHERS");
        hold(&stage.agent, &request, "hold", "本单位也需要").await.ok();
        hold(&reviewer, &request, "lift", "检查完毕").await.ok();
        server.tick().await;
        assert!(file(server, &held.after).exists(), "one side's hold is enough");
        hold(&stage.agent, &request, "lift", "不再需要").await.ok();
        server.tick().await;
        let done = stage.agent.get(&path(&list)).await.ok();
        assert_eq!((&done["state"], &done["count"]["documents"]), (&json!("done"), &json!(2)));
        assert!(!file(server, &held.after).exists() && !file(server, &held.before).exists());
        let log = stage.log(&request).await;
        let holds = log.iter().filter(|action| action.starts_with("retention.")).count();
        assert_eq!(holds, 7, "{log:?}");
    });
}

#[test]
fn bytes_that_something_else_refers_to_stay_until_the_last_lets_go() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let first = sealed(&stage).await;
        // The same contract once more; what the first made is sealed again.
        let second = sealed_as(&stage, "函件", first.before.clone()).await;
        let third = sealed_as(&stage, "补充合同", first.after.clone()).await;
        server.tick().await;
        due_now(server, &request_of(&first)).await;
        assert_eq!(due(&stage, &stage.agent).await, [key(&request_of(&first))]);
        let list = propose(&stage, &stage.agent).await.ok();
        approve(&list, &stage.approver).await.ok();
        server.tick().await;
        let done = stage.agent.get(&path(&list)).await.ok();
        assert_eq!(done["count"], json!({ "requests": 1, "documents": 1, "deleted": 0, "shared": 2 }));
        stage.approver.get(&format!("{}/content", first.item)).await.problem("DISPOSED");
        assert_eq!(
            &stage.approver.get(&format!("{}/content", second.item)).await.body[..],
            &first.before[..]
        );
        assert_eq!(&stage.approver.get(&format!("{}/content", third.item)).await.body[..], &first.after[..]);

        // A material of an application has the same bytes as one of them; a draft names those of the other.
        let other = stage.scene.owner(31).await;
        let application = other.draft(sample::content(31)).await;
        let material = format!("{application}/materials/other?file_name=material.ofd");
        bring(&other.agent, &application, &material, &first.before).await.ok();
        let (draft, item) = draft_with(&stage, &third.after).await;
        for document in [&second, &third] {
            due_now(server, &request_of(document)).await;
        }
        let list = propose(&stage, &stage.agent).await.ok();
        assert_eq!(list["documents"], 2);
        approve(&list, &stage.approver).await.ok();
        server.tick().await;
        let done = stage.agent.get(&path(&list)).await.ok();
        assert_eq!(done["count"], json!({ "requests": 2, "documents": 2, "deleted": 2, "shared": 2 }));
        assert!(!file(server, &first.after).exists() && !file(server, &second.after).exists());
        assert!(file(server, &first.before).exists(), "an application refers to it");
        assert!(file(server, &third.after).exists(), "a draft has named it");
        let read = other.agent.get(&format!("{application}/materials/other")).await;
        assert_eq!(&read.body[..], &first.before[..]);
        bring(&stage.user, &draft, &format!("{item}/content"), &third.after).await.ok();
        assert_eq!(&stage.approver.get(&format!("{item}/content")).await.body[..], &third.after[..]);
    });
}

#[test]
fn a_process_killed_between_deleting_and_record_goes_on_where_it_was() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        server.tick().await;
        due_now(server, &request_of(&document)).await;
        let list = propose(&stage, &stage.agent).await.ok();
        approve(&list, &stage.approver).await.ok();
        // As a process leaves it that was killed when some bytes were gone and nothing was recorded.
        let request = request_of(&document);
        let digests = [&document.before, &document.after].map(|bytes| hex::encode(yinxin_crypto::sm3(bytes)));
        let digests: Vec<&str> = digests.iter().map(String::as_str).collect();
        let mut tx = server.app.store.begin().await.unwrap();
        let found = tx.get::<Dossier>(key(&request)).await.unwrap();
        let deleting = found.value.apply(DossierEvent::Delete, &By::system(), server.now()).unwrap();
        tx.save(&deleting, found.version).await.unwrap();
        assert!(tx.begin_deleting(key(&request), &digests).await.unwrap());
        tx.commit().await.unwrap();
        std::fs::remove_file(file(server, &document.before)).unwrap();

        // Meanwhile: no hold comes between, and the same bytes cannot be brought for another document.
        let late = hold(&stage.agent, &request, "hold", "诉讼需要").await;
        assert_eq!(late.problem("STATE_CONFLICT")["state"], "deleting");
        stage.approver.get(&format!("{}/content", document.item)).await.problem("UNAVAILABLE");
        let (draft, item) = draft_with(&stage, &document.before).await;
        let early = bring(&stage.user, &draft, &format!("{item}/content"), &document.before).await;
        early.problem("UNAVAILABLE");
        assert!(!early.header("retry-after").is_empty());
        let other = stage.scene.owner(31).await;
        let application = other.draft(sample::content(31)).await;
        let material = format!("{application}/materials/other?file_name=material.ofd");
        bring(&other.agent, &application, &material, &document.before).await.problem("UNAVAILABLE");

        server.tick().await;
        let done = stage.agent.get(&path(&list)).await.ok();
        assert_eq!(done["state"], "done");
        assert_eq!(done["count"], json!({ "requests": 1, "documents": 1, "deleted": 2, "shared": 0 }));
        assert!(!file(server, &document.before).exists() && !file(server, &document.after).exists());
        assert_eq!(
            stage.log(&path(&list)).await,
            ["disposal.propose", "disposal.approve", "disposal.begin", "disposal.delete", "disposal.finish"]
        );
        // Now they come whole.
        bring(&stage.user, &draft, &format!("{item}/content"), &document.before).await.ok();
        let read = stage.approver.get(&format!("{item}/content")).await;
        assert_eq!(&read.body[..], &document.before[..]);
        bring(&other.agent, &application, &material, &document.before).await.ok();
    });
}

#[test]
fn the_same_bytes_brought_while_they_are_deleted_are_never_lost() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let bytes = contract(5);
        let (mut gone, mut stayed, mut waited) = (0, 0, 0);
        for round in 0..16u64 {
            let (first, item) = draft_with(&stage, &bytes).await;
            bring(&stage.user, &first, &format!("{item}/content"), &bytes).await.ok();
            stage.user.step(&first, "withdraw", json!({ "reason": "不再需要" })).await.ok();
            server.tick().await;
            due_now(server, &first).await;
            let list = propose(&stage, &stage.agent).await.ok();
            approve(&list, &stage.approver).await.ok();
            // One node deletes, another is brought the same bytes, a little later each time.
            let brings = async {
                tokio::time::sleep(std::time::Duration::from_millis(round * 7)).await;
                let (second, item) = draft_with(&stage, &bytes).await;
                let mut refused = 0;
                loop {
                    let answer = bring(&stage.user, &second, &format!("{item}/content"), &bytes).await;
                    if answer.status.is_success() {
                        break (second, item, refused);
                    }
                    answer.problem("UNAVAILABLE");
                    refused += 1;
                }
            };
            let (_, (second, item, refused)) = tokio::join!(server.tick(), brings);
            server.tick().await;
            let done = stage.agent.get(&path(&list)).await.ok();
            assert_eq!((&done["state"], &done["count"]["documents"]), (&json!("done"), &json!(1)));
            gone += done["count"]["deleted"].as_u64().unwrap();
            stayed += done["count"]["shared"].as_u64().unwrap();
            waited += refused;
            let read = stage.approver.get(&format!("{item}/content")).await;
            assert_eq!(&read.body[..], &bytes[..], "round {round}");
            stage.user.step(&second, "withdraw", json!({ "reason": "不再需要" })).await.ok();
            server.tick().await;
            due_now(server, &second).await;
            let rest = propose(&stage, &stage.agent).await.ok();
            approve(&rest, &stage.approver).await.ok();
            server.tick().await;
            assert!(!file(server, &bytes).exists(), "round {round}");
        }
        assert_eq!(gone + stayed, 16);
        eprintln!("{gone} deleted, {stayed} left to who brought them, {waited} told to wait");
    });
}

#[test]
fn a_rule_says_how_long_and_never_less_than_the_area() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let at = format!("/units/{}/retention-rule", stage.owner.id);
        let seen = stage.supervisor.get(&at).await;
        assert_eq!((seen.version(), &seen.ok()["least_years"]), (0, &json!(5)));
        assert_eq!(seen.ok()["default"], json!({ "kind": "years", "years": 5 }));
        let years = |years: u32| json!({ "kind": "years", "years": years });
        let kinds = json!([
            { "document_kind": "合同", "period": { "kind": "permanent" } },
            { "document_kind": "函件", "period": years(10) },
        ]);
        let body = json!({ "default": years(6), "kinds": kinds });
        for who in [&stage.custodian, &stage.supervisor] {
            who.put_at(0, &at, body.clone()).await.problem("FORBIDDEN");
        }
        stage.stranger().await.put_at(0, &at, body.clone()).await.problem("NOT_FOUND");
        assert_eq!(
            rule(&stage.agent.put_at(0, &at, json!({ "default": years(4) })).await),
            "RETENTION_YEARS"
        );
        let twice = json!({ "default": years(6), "kinds": [kinds[0], kinds[0]] });
        assert_eq!(rule(&stage.agent.put_at(0, &at, twice).await), "RETENTION_KINDS");
        let set = stage.agent.put_at(0, &at, body.clone()).await;
        assert_eq!((set.version(), &set.ok()["kinds"]), (1, &kinds));
        stage.agent.put_at(0, &at, body).await.problem("PRECONDITION_FAILED");

        let (contract_, letter, other) = (
            sealed(&stage).await,
            sealed_as(&stage, "函件", contract(2)).await,
            sealed_as(&stage, "补充合同", contract(3)).await,
        );
        server.tick().await;
        // A rule made shorter later does not shorten what has ended.
        stage.agent.put_at(1, &at, json!({ "default": years(5) })).await.ok();
        let kept = async |document: &Sealed| {
            stage.agent.get(&format!("{}/retention", request_of(document))).await.ok()
        };
        assert_eq!(kept(&contract_).await["permanent"], true);
        let year = |value: &Value| value.as_str().unwrap()[..4].parse::<i16>().unwrap();
        for (document, years) in [(&letter, 10), (&other, 6)] {
            let shown = kept(document).await;
            // The day behind the last, at midnight in Beijing, may be that of New Year.
            let span = year(&shown["kept_until"]) - year(&shown["ended_at"]);
            assert!((years..=years + 1).contains(&span), "{shown}");
        }
        // A request that is taken back has ended, too.
        let (draft, _) = draft_with(&stage, &contract(9)).await;
        let current = stage.agent.get(&format!("{draft}/retention")).await;
        assert_eq!((current.version(), &current.ok()["state"]), (0, &json!("current")));
        stage.user.step(&draft, "withdraw", json!({ "reason": "不再需要" })).await.ok();
        server.tick().await;
        let ended = stage.agent.get(&format!("{draft}/retention")).await.ok();
        assert_eq!((&ended["state"], &ended["permanent"]), (&json!("kept"), &json!(false)));

        server.advance_days(6 * 366 + 2).await;
        server.tick().await;
        let last = request_of(&other);
        let both = [key(&draft), key(&last)];
        assert_eq!(due(&stage, &stage.agent).await, both, "the longest due first");
    });
}
