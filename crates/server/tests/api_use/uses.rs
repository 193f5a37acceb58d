//! The short life of a use: asked for, voted on by exactly what it holds, sealed by a key behind the gate, in the register.

use crate::stage::{Stage, rule};
use crate::support::{Answer, Client, Role, for_each_engine};
use serde_json::{Value, json};
use std::io::Cursor;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::SesSignature;
use yinxin_ofd::{Package, sample};
use yinxin_registry::ids::TokenId;
use yinxin_registry::usage::document::{ItemEvent, UseItem};
use yinxin_seal::{Verdict, VerifyOptions, verify};
use yinxin_server::gate::approval_of;
use yinxin_testkit::oracle::Lab;

/// A contract of two pages.
pub fn contract(number: u32) -> Vec<u8> {
    let text = format!("第一条 第{number}号合同金额 100 元。");
    sample::document(2, "示例合同", &[&text])
}

pub fn item(number: u32, bytes: &[u8]) -> Value {
    json!({
        "name": format!("采购合同{number}.ofd"), "digest": hex::encode(yinxin_crypto::sm3(bytes)), "size": bytes.len(),
        "placements": [
            { "kind": "at", "pages": { "kind": "last" }, "x": 15000, "y": 24000 },
            { "kind": "cross_page", "pages": { "kind": "all" }, "y": 14850 },
        ],
    })
}

pub async fn draft(stage: &Stage<'_>, who: &Client, right: Value) -> String {
    let seal = stage.seal.rsplit('/').next().unwrap();
    let body = json!({ "seal": seal, "right": right, "document_kind": "合同", "reason": "签订年度采购合同" });
    format!("/use-requests/{}", who.post("/use-requests", body).await.ok()["id"].as_str().unwrap())
}

pub async fn add(who: &Client, request: &str, documents: &[Vec<u8>]) -> Vec<String> {
    let items: Vec<Value> = documents.iter().zip(1..).map(|(bytes, number)| item(number, bytes)).collect();
    let added = who.step(request, "items", json!({ "items": items })).await.ok();
    let paths: Vec<String> = added["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| format!("{request}/items/{}", item["id"].as_str().unwrap()))
        .collect();
    for (path, bytes) in paths.iter().zip(documents) {
        put(who, path, bytes).await.ok();
    }
    paths
}

async fn put(who: &Client, item: &str, bytes: &[u8]) -> Answer {
    let kind = if bytes.starts_with(b"%PDF-") { "application/pdf" } else { "application/ofd" };
    bring(who, item, bytes, kind).await
}

pub async fn bring(who: &Client, item: &str, bytes: &[u8], kind: &str) -> Answer {
    let (request, _) = item.split_once("/items/").unwrap();
    let tag = format!("\"{}\"", who.get(request).await.version());
    let headers = [("content-type", kind), ("if-match", &*tag)];
    who.send("PUT", &format!("/api/v1{item}/content"), &headers, bytes.to_vec()).await
}

/// A request with these documents, agreed to.
pub async fn approved(stage: &Stage<'_>, documents: &[Vec<u8>]) -> (String, Vec<String>) {
    let grant = stage.grant(|body| body["most"] = json!(1000)).await;
    let request = draft(stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
    let items = add(&stage.user, &request, documents).await;
    let pending = stage.user.step(&request, "submit", json!({})).await.ok();
    let agree = json!({ "digest": pending["digest"] });
    assert_eq!(stage.approver.step(&request, "approve", agree).await.ok()["state"], "approved");
    (request, items)
}

pub async fn sign(who: &Client, request: &str, body: Value) -> Answer {
    let version = who.get(request).await.version();
    let tag = format!("\"{version}\"");
    who.json("POST", &format!("{request}/sign"), &[("if-match", &*tag)], body).await
}

fn codes(listed: &Value) -> Vec<String> {
    let items = listed["items"].as_array().unwrap();
    let told = |entry: &Value| entry["code"].as_str().unwrap_or("sealed").to_owned();
    items.iter().map(told).collect()
}

async fn register(stage: &Stage<'_>, filter: &str) -> Value {
    stage.custodian.get(&format!("{}/uses?limit=200{filter}", stage.seal)).await.ok()
}

/// What stands in the register of the seal, the newest first.
pub async fn register_codes(stage: &Stage<'_>) -> Vec<String> {
    codes(&register(stage, "").await)
}

/// Verdict of everybody else, and the approval that the signature carries.
pub fn looked_at(stage: &Stage<'_>, sealed: &[u8]) -> (Verdict, String) {
    let facts = stage.server.app.authority.trust();
    let report = verify(Cursor::new(sealed), &facts, &VerifyOptions::at(stage.server.now()));
    if sealed.starts_with(b"%PDF-") {
        let mut document =
            yinxin_pdf::Document::open(Cursor::new(sealed), &yinxin_pdf::Limits::default()).unwrap();
        let last = document.signatures().unwrap().pop().unwrap();
        // Zeros fill its place up.
        let used = last.contents.iter().rposition(|b| *b != 0).unwrap();
        let read = (used..last.contents.len())
            .find_map(|end| SesSignature::parse(&last.contents[..=end], &Limits::default()).ok());
        return (report.verdict, approval_of(&read.unwrap().extensions).unwrap().unwrap());
    }
    let mut package = Package::open(Cursor::new(sealed), &yinxin_ofd::Limits::default()).unwrap();
    let value = package.parts().map(|part| part.path.clone()).find(|path| path.ends_with("SignedValue.dat"));
    let value = package.read(&value.unwrap()).unwrap();
    let read = SesSignature::parse(&value, &Limits::default()).unwrap();
    (report.verdict, approval_of(&read.extensions).unwrap().unwrap())
}

#[test]
fn a_document_is_sealed_after_a_vote_on_exactly_it_and_stands_in_the_register() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let grant = stage.grant(|_| {}).await;
        let right = json!({ "kind": "grant", "grant": grant["id"] });
        let request = draft(&stage, &stage.user, right.clone()).await;
        let bytes = contract(1);
        let body = json!({ "items": [item(1, &bytes)] });
        stage.approver.step(&request, "items", body.clone()).await.problem("FORBIDDEN");
        let added = stage.user.step(&request, "items", body).await.ok();
        let one = format!("{request}/items/{}", added["items"][0]["id"].as_str().unwrap());
        assert_eq!(rule(&stage.user.step(&request, "submit", json!({})).await), "CONTENT_MISSING");
        assert_eq!(rule(&put(&stage.user, &one, &contract(2)).await), "CONTENT_DIFFERS");
        put(&stage.user, &one, &bytes).await.ok();
        put(&stage.user, &one, &bytes).await.ok();
        let pending = stage.user.step(&request, "submit", json!({})).await.ok();
        assert_eq!((&pending["state"], &pending["tally"]["documents"]), (&json!("pending"), &json!(1)));

        // Seen by who decides; unknown elsewhere; not carried out before the vote.
        let seen = stage.approver.get(&format!("{one}/content")).await;
        assert_eq!(&seen.body[..], &bytes[..]);
        let stranger = stage.stranger().await;
        for path in [request.clone(), format!("{request}/items"), format!("{one}/content")] {
            stranger.get(&path).await.problem("NOT_FOUND");
        }
        stage.supervisor.get(&format!("{one}/content")).await.problem("FORBIDDEN");
        stage.supervisor.get(&request).await.ok();
        sign(&stage.user, &request, json!({})).await.problem("STATE_CONFLICT");
        let agree = json!({ "digest": pending["digest"], "words": "同意用印" });
        stage.user.step(&request, "approve", agree.clone()).await.problem("FORBIDDEN");
        let other = json!({ "digest": pending["manifest"] });
        assert_eq!(rule(&stage.approver.step(&request, "approve", other).await), "DIGEST_DIFFERS");
        stranger.post_at(1, &format!("{request}/approve"), agree.clone()).await.problem("NOT_FOUND");
        let approved = stage.approver.step(&request, "approve", agree).await.ok();
        assert_eq!(put(&stage.user, &one, &bytes).await.problem("STATE_CONFLICT")["state"], "approved");

        stage.approver.post_at(1, &format!("{request}/sign"), json!({})).await.problem("FORBIDDEN");
        let colleague = stage.another(Role::User).await;
        assert_eq!(rule(&sign(&colleague, &request, json!({})).await), "NOT_THE_SIGNER");
        let begun = sign(&stage.user, &request, json!({})).await;
        assert_eq!((begun.status.as_u16(), &begun.ok()["state"]), (202, &json!("signing")));
        server.tick().await;
        let done = stage.user.get(&request).await.ok();
        assert_eq!((&done["state"], &done["tally"]["signed"]), (&json!("done"), &json!(1)), "{done}");

        let sealed = stage.user.get(&format!("{one}/sealed")).await;
        let (verdict, approval) = looked_at(&stage, &sealed.body);
        assert_eq!(verdict, Verdict::Valid);
        assert_eq!(approval, approved["approval_record"].as_str().unwrap());
        stranger.get(&format!("{one}/sealed")).await.problem("NOT_FOUND");
        let left = stage.user.get(&format!("/use-grants/{}", grant["id"].as_str().unwrap())).await.ok();
        assert_eq!(left["left"], 9);

        // Everything about it, and the tries that were refused.
        let entries = register(&stage, "").await;
        assert_eq!(codes(&entries), ["sealed", "NOT_THE_SIGNER", "CONTENT_MISSING"]);
        let entry = &entries["items"][0];
        assert_eq!(entry["document_digest"], hex::encode(yinxin_crypto::sm3(&bytes)));
        assert_eq!(entry["sealed_digest"], hex::encode(yinxin_crypto::sm3(&sealed.body)));
        assert_eq!((&entry["pages"], &entry["asked_by"]["id"]), (&json!([1, 2]), &json!(stage.user.id)));
        assert_eq!(entry["approved_by"][0]["id"], stage.approver.id.as_str());
        assert_eq!((&entry["reason"], &entry["address"]), (&json!("签订年度采购合同"), &json!("127.0.0.1")));
        stranger.get(&format!("{}/uses", stage.seal)).await.problem("NOT_FOUND");
        assert_eq!(stranger.get("/uses").await.ok()["items"], json!([]));
        let filters = [
            ("result=sealed".to_owned(), 1),
            ("result=refused".to_owned(), 2),
            (format!("digest={}", entry["sealed_digest"].as_str().unwrap()), 1),
            // The one sealed, and the try that was refused under the same approval.
            (format!("approved_by={}", stage.approver.id), 2),
            (format!("asked_by={}", stage.custodian.id), 0),
        ];
        for (filter, expected) in filters {
            let found = stage.supervisor.get(&format!("/uses?{filter}")).await.ok();
            assert_eq!(found["items"].as_array().unwrap().len(), expected, "{filter}");
        }
        let first = stage.supervisor.get("/uses?limit=2").await.ok();
        let rest = format!("/uses?limit=2&cursor={}", first["next"].as_str().unwrap());
        assert_eq!(codes(&stage.supervisor.get(&rest).await.ok()), ["CONTENT_MISSING"]);
        let log = stage.log(&request).await;
        for action in
            ["use.open", "use.submit", "use.approve", "use.begin", "use.tokens", "use.outcomes", "use.finish"]
        {
            assert!(log.contains(&action.to_owned()), "{action}: {log:?}");
        }
    });
}

#[test]
fn the_password_is_asked_where_one_is_set_and_a_seal_out_of_force_seals_nothing() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let new = json!({ "new": "Mao-Bi-8823-Zhang" });
        let path = format!("{}/custody/activation", stage.seal);
        stage.custodian.json("POST", &path, &[], new).await.ok();
        let (request, _) = approved(&stage, &[contract(1)]).await;
        let right = json!({ "activation": "Mao-Bi-8823-Zhang" });
        assert_eq!(rule(&sign(&stage.user, &request, right.clone()).await), "NOT_THE_KEEPER");
        assert_eq!(rule(&sign(&stage.custodian, &request, json!({})).await), "ACTIVATION_NEEDED");
        let wrong = json!({ "activation": "Cuo-Wu-0000-Mima" });
        assert_eq!(rule(&sign(&stage.custodian, &request, wrong).await), "ACTIVATION_WRONG");
        sign(&stage.custodian, &request, right.clone()).await.ok();
        server.tick().await;
        assert_eq!(stage.user.get(&request).await.ok()["state"], "done");

        let (second, _) = approved(&stage, &[contract(2)]).await;
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        for _ in 0..2 {
            assert_eq!(rule(&sign(&stage.custodian, &second, right.clone()).await), "SEAL_NOT_ACTIVE");
        }
        let told = codes(&register(&stage, "").await);
        let expected = [
            "SEAL_NOT_ACTIVE",
            "SEAL_NOT_ACTIVE",
            "sealed",
            "ACTIVATION_WRONG",
            "ACTIVATION_NEEDED",
            "NOT_THE_KEEPER",
        ];
        assert_eq!(told, expected);
        // The fifth refused try of an hour is strange, and shown as such to custodian and supervisor.
        for who in [&stage.custodian, &stage.supervisor] {
            let strange = who.get("/uses?strange=true").await.ok();
            let signals = |entry: &Value| entry["signals"].to_string().contains("refused_tries");
            let found = strange["items"].as_array().unwrap().iter().filter(|entry| signals(entry)).count();
            assert_eq!(found, 1, "{strange}");
            assert!(signals(&strange["items"][0]));
        }
        let overview = stage.supervisor.get("/overview").await.ok();
        assert_eq!(overview["strange_uses"]["count"].as_u64().unwrap() as usize, {
            let all = stage.supervisor.get("/uses?strange=true").await.ok();
            all["items"].as_array().unwrap().len()
        });
    });
}

/// Many under one approval; one of them cannot be sealed, one was broken off by a killed process.
#[test]
fn a_batch_is_counted_exactly_goes_on_where_it_broke_off_and_is_tried_again() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let mut documents: Vec<Vec<u8>> = (0..20).map(contract).collect();
        documents[7] = b"PK\x03\x04 no package".to_vec();
        let (request, items) = approved(&stage, &documents).await;
        sign(&stage.user, &request, json!({})).await.ok();
        // A process began the first one and was killed: its token is out, nobody works on it.
        let id = items[0].rsplit('/').next().unwrap();
        let lost = TokenId::new(server.now(), &mut server.app.rng());
        let mut tx = server.app.store.begin().await.unwrap();
        let found = tx.get::<UseItem>(id).await.unwrap();
        let begin = ItemEvent::Begin { token: lost, at: server.now() };
        tx.save(&found.value.apply(begin).unwrap(), found.version).await.unwrap();
        tx.commit().await.unwrap();
        server.tick().await;
        let partly = stage.user.get(&request).await.ok();
        assert_eq!(partly["state"], "partial", "{partly}");
        assert_eq!(partly["tally"], json!({ "documents": 20, "signed": 19, "failed": 1 }));
        let failed = stage.user.get(&format!("{request}/items?state=failed")).await.ok();
        assert_eq!((&failed["items"][0]["place"], failed["items"].as_array().unwrap().len()), (&json!(7), 1));
        let told = codes(&register(&stage, "").await);
        assert_eq!(told.iter().filter(|code| *code == "sealed").count(), 19);
        assert_eq!(told.iter().filter(|code| *code == "BROKEN_OFF").count(), 1);
        assert_eq!(told.len(), 21);
        let grants = stage.user.get(&format!("{}/use-grants", stage.seal)).await.ok();
        assert_eq!(grants["items"][0]["used"], 19, "what failed is given back");
        for path in items.iter().enumerate().filter(|(place, _)| *place != 7).map(|(_, path)| path) {
            let sealed = stage.user.get(&format!("{path}/sealed")).await;
            assert_eq!(looked_at(&stage, &sealed.body).0, Verdict::Valid);
        }
        stage.user.get(&format!("{}/sealed", items[7])).await.problem("NOT_FOUND");

        // All of them in one archive, as another program unpacks it.
        stage.supervisor.get(&format!("{request}/archive")).await.problem("FORBIDDEN");
        let archive = stage.user.get(&format!("{request}/archive")).await;
        assert_eq!(archive.header("content-type"), "application/zip");
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("all.zip"), &archive.body).unwrap();
        let unpacked = std::process::Command::new("python3")
            .args(["-X", "utf8", "-m", "zipfile", "-e", "all.zip", "out"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(unpacked.status.success(), "{unpacked:?}");
        let out = folder.path().join("out");
        assert_eq!(std::fs::read_dir(&out).unwrap().count(), 19);
        let third = std::fs::read(out.join("00003 采购合同3.ofd")).unwrap();
        let sealed = stage.user.get(&format!("{}/sealed", items[2])).await;
        assert_eq!(third, &sealed.body[..]);

        let version = stage.user.get(&request).await.version();
        let tag = format!("\"{version}\"");
        let again = format!("{request}/retry");
        stage.user.json("POST", &again, &[("if-match", &*tag)], json!({})).await.ok();
        server.tick().await;
        let same = stage.user.get(&request).await.ok();
        assert_eq!((&same["state"], &same["tally"]["failed"]), (&json!("partial"), &json!(1)));
        let why = json!({ "reason": "其余文件不再用印" });
        stage.user.step(&request, "withdraw", why).await.ok();
        server.tick().await;
        let dropped = stage.user.get(&format!("{request}/items?state=dropped")).await.ok();
        assert_eq!(dropped["items"][0]["place"], 7);
        let grants = stage.user.get(&format!("{}/use-grants", stage.seal)).await.ok();
        assert_eq!(grants["items"][0]["used"], 19, "given back once");
    });
}

#[test]
fn an_approval_ends_by_its_time_and_a_request_by_who_takes_it_back() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (late, _) = approved(&stage, &[contract(1)]).await;
        let (back, _) = approved(&stage, &[contract(2)]).await;
        let why = json!({ "reason": "合同取消" });
        let colleague = stage.another(Role::User).await;
        assert_eq!(rule(&colleague.step(&back, "withdraw", why.clone()).await), "NOT_THE_ASKER");
        stage.approver.step(&back, "withdraw", why.clone()).await.problem("FORBIDDEN");
        stage.custodian.step(&back, "withdraw", why).await.ok();
        server.tick().await;
        assert_eq!(stage.user.get(&format!("{back}/items")).await.ok()["items"][0]["state"], "dropped");
        server.advance_days(4).await;
        server.tick().await;
        assert_eq!(stage.user.get(&late).await.ok()["state"], "lapsed");
        sign(&stage.user, &late, json!({})).await.problem("STATE_CONFLICT");
        let grants = stage.user.get(&format!("{}/use-grants", stage.seal)).await.ok();
        assert!(grants["items"].as_array().unwrap().iter().all(|grant| grant["used"] == 0));
    });
}

#[test]
fn a_program_seals_within_its_standing_authorization_and_not_beyond() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let body = json!({
            "name": "示例开票系统", "key": { "kind": "hmac_sm3" }, "scopes": ["uses_read", "uses_write"],
            "grants": [{ "role": "business_system", "scope": stage.owner.id }],
        });
        let made = server.admin("security").await.post("/clients", body).await.ok();
        let program = Client::signing(server, made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
        let terms = json!({
            "client": program.id, "until": stage.in_days(30), "document_kinds": ["合同"], "most": 3,
            "template": "采购合同", "reason": "批量签订采购合同",
        });
        let proposed = stage.custodian.post(&format!("{}/standings", stage.seal), terms).await.ok();
        let standing = format!("/standings/{}", proposed["id"].as_str().unwrap());
        let right =
            |template: &str| json!({ "kind": "standing", "standing": proposed["id"], "template": template });
        let early = draft(&stage, &program, right("采购合同")).await;
        add(&program, &early, &[contract(1)]).await;
        program.step(&early, "submit", json!({})).await.problem("STATE_CONFLICT");
        let agree = json!({ "digest": proposed["approval"]["digest"] });
        let live = stage.approver.step(&standing, "approve", agree).await.ok();
        let handed_in = program.step(&early, "submit", json!({})).await.ok();
        assert_eq!(handed_in["state"], "approved", "{live}");
        sign(&program, &early, json!({})).await.ok();
        server.tick().await;
        assert_eq!(program.get(&early).await.ok()["state"], "done");

        let other = draft(&stage, &program, right("销售合同")).await;
        add(&program, &other, &[contract(2)]).await;
        assert_eq!(rule(&program.step(&other, "submit", json!({})).await), "TEMPLATE_DIFFERS");
        let many = draft(&stage, &program, right("采购合同")).await;
        add(&program, &many, &[contract(3), contract(4), contract(5)]).await;
        assert_eq!(rule(&program.step(&many, "submit", json!({})).await), "GRANT_COUNT");
        let foreign = draft(&stage, &stage.user, right("采购合同")).await;
        add(&stage.user, &foreign, &[contract(6)]).await;
        assert_eq!(rule(&stage.user.step(&foreign, "submit", json!({})).await), "NOT_THE_CLIENT");
        let entries = register(&stage, "").await;
        assert_eq!(codes(&entries), ["NOT_THE_CLIENT", "GRANT_COUNT", "TEMPLATE_DIFFERS", "sealed"]);
        let sealed = &entries["items"][3];
        assert_eq!(
            (&sealed["system"], &sealed["approved_by"][0]["id"]),
            (&json!("示例开票系统"), &json!(stage.approver.id))
        );
        // Taken back before it was sealed, a request gives back what it had counted.
        let two = draft(&stage, &program, right("采购合同")).await;
        add(&program, &two, &[contract(7), contract(8)]).await;
        program.step(&two, "submit", json!({})).await.ok();
        assert_eq!(program.get(&standing).await.ok()["state"], "used_up");
        program.step(&two, "withdraw", json!({ "reason": "不再需要" })).await.ok();
        server.tick().await;
        assert_eq!(program.get(&standing).await.ok()["left"], 2);
    });
}

/// A third party verifies the copy with OpenSSL.
#[test]
fn openssl_verifies_a_copy_of_the_register() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (request, _) = approved(&stage, &[contract(1)]).await;
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        stage.user.get("/uses/export").await.problem("FORBIDDEN");
        let copy = stage.custodian.get("/uses/export").await.ok();
        assert_eq!(copy["entries"], 1);
        let csv = copy["csv"].as_str().unwrap();
        assert!(csv.starts_with("yinxin-use-register-1,") && csv.contains("采购合同1.ofd"), "{csv}");
        use base64::Engine as _;
        let signature =
            base64::engine::general_purpose::STANDARD.decode(copy["signature"].as_str().unwrap()).unwrap();
        let lab = Lab::new("register");
        lab.write("authority.pem", copy["certificate"].as_str().unwrap().as_bytes());
        lab.write("register.csv", csv.as_bytes());
        lab.write("altered.csv", csv.replace("sealed", "failed").as_bytes());
        lab.write("signature.der", &signature);
        let key = lab.openssl(&["x509", "-in", "authority.pem", "-pubkey", "-noout"]);
        lab.write("key.pem", key.as_bytes());
        let check = |file: &'static str| {
            [
                "dgst",
                "-sm3",
                "-verify",
                "key.pem",
                "-sigopt",
                "distid:1234567812345678",
                "-signature",
                "signature.der",
                file,
            ]
        };
        assert!(lab.openssl(&check("register.csv")).contains("Verified OK"));
        let stranger = stage.stranger().await;
        assert_eq!(stranger.get("/uses/export").await.ok()["entries"], 0);
        let auditor = server.admin("audit").await;
        let log = auditor.get("/audit?action=use.export").await.ok();
        assert_eq!(log["items"].as_array().unwrap().len(), 2);
    });
}
