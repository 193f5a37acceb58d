//! Copies of sealed documents: registered, traced by the code on paper, withdrawn.

use crate::stage::{Stage, rule};
use crate::standings::program;
use crate::support::{Answer, Client, Role, for_each_engine, on_sqlite_with};
use crate::uses::{add, approved, contract, sign};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_testkit::oracle::Lab;

/// A document that was sealed.
pub struct Sealed {
    /// `/use-requests/use_…/items/item_…`
    pub item: String,
    /// Code that stands for it.
    pub code: String,
    /// Before.
    pub before: Vec<u8>,
    /// After.
    pub after: Vec<u8>,
}

impl Sealed {
    fn copies(&self) -> String {
        format!("{}/copies", self.item)
    }
}

/// A document of this kind, sealed. The stage must have a flow and somebody who keeps the seal.
pub async fn sealed_as(stage: &Stage<'_>, kind: &str, before: Vec<u8>) -> Sealed {
    let grant = stage.grant(|body| body["document_kinds"] = json!([kind])).await;
    let right = json!({ "kind": "grant", "grant": grant["id"] });
    let seal = stage.seal.rsplit('/').next().unwrap();
    let body = json!({ "seal": seal, "right": right, "document_kind": kind, "reason": "签订年度采购合同" });
    let opened = stage.user.post("/use-requests", body).await.ok();
    let request = format!("/use-requests/{}", opened["id"].as_str().unwrap());
    let item = add(&stage.user, &request, std::slice::from_ref(&before)).await.remove(0);
    let pending = stage.user.step(&request, "submit", json!({})).await.ok();
    stage.approver.step(&request, "approve", json!({ "digest": pending["digest"] })).await.ok();
    sign(&stage.user, &request, json!({})).await.ok();
    stage.server.tick().await;
    let listed = stage.user.get(&format!("{request}/items")).await.ok();
    let code = listed["items"][0]["sealed"]["verification_code"].as_str().unwrap().to_owned();
    let after = stage.user.get(&format!("{item}/sealed")).await.body.to_vec();
    Sealed { item, code, before, after }
}

pub async fn sealed(stage: &Stage<'_>) -> Sealed {
    sealed_as(stage, "合同", contract(1)).await
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(yinxin_crypto::sm3(bytes))
}

pub fn print() -> Value {
    json!({ "form": { "kind": "print" }, "number": 3, "purpose": "对方单位存档" })
}

/// Asks by a code.
async fn ask(who: &Client, code: &str) -> Answer {
    who.get(&format!("/copies/by-code/{code}")).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_copy_is_registered_leads_to_its_original_and_is_withdrawn_once() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (waiting, items) = approved(&stage, &[contract(7)]).await;
        let early = stage.user.post(&format!("{}/copies", items[0]), print()).await;
        assert_eq!(early.problem("STATE_CONFLICT")["state"], "waiting");
        stage
            .user
            .post(&format!("{waiting}/items/item_01k0000000000000000000000a/copies"), print())
            .await
            .problem("NOT_FOUND");

        let document = sealed(&stage).await;
        let answer = stage.user.post_as("one-key", &document.copies(), print()).await;
        let copy = answer.ok();
        assert_eq!((answer.status.as_u16(), answer.version()), (201, 1));
        let path = format!("/copies/{}", text(&copy["id"]));
        assert_eq!(answer.header("location"), format!("/api/v1{path}"));
        let again = stage.user.post_as("one-key", &document.copies(), print()).await;
        assert_eq!((again.ok(), again.header("idempotency-replayed")), (copy.clone(), "true"));
        assert_eq!((&copy["state"], &copy["number"]), (&json!("valid"), &json!(3)));
        assert_eq!(
            (&copy["form"], &copy["original"]),
            (&json!({ "kind": "print" }), &json!(digest(&document.after)))
        );
        assert_eq!(copy["registered_by"], stage.user.id.as_str());
        let code = text(&copy["code"]);
        assert_ne!(code, document.code);
        assert_eq!(copy["link"], format!("http://{}/v/{code}", server.app.config.listen));

        let visitor = server.visitor();
        let answer = ask(&visitor, code).await;
        let told = answer.ok();
        assert_eq!((&told["stands_for"], &told["code"]), (&json!("copy"), &copy["code"]));
        assert!(text(&told["notice"]).contains("副本") && text(&told["notice_en"]).contains("copies"));
        let seal = stage.agent.get(&stage.seal).await.ok();
        let original = json!({
            "digest": digest(&document.after), "size": document.after.len(), "document_kind": "合同", "format": "ofd",
            "sealed_at": told["original"]["sealed_at"],
        });
        assert_eq!(told["original"], original);
        let on = json!([{
            "code": seal["code"], "name": seal["name"], "owner": seal["unit_name"], "pages": [1, 2], "status_then": "valid",
            "status_now": "valid", "sealed_at": told["seals"][0]["sealed_at"],
        }]);
        assert_eq!(told["seals"], on);
        let shown = json!({
            "form": { "kind": "print" }, "number": 3, "registered_at": copy["registered_at"], "state": "valid",
        });
        assert_eq!(told["copy"], shown);
        // The code of the document leads to the same original, and to no copy.
        let by_original = ask(&visitor, &document.code).await.ok();
        assert_eq!((&by_original["stands_for"], by_original.get("copy")), (&json!("original"), None));
        assert_eq!((&by_original["original"], &by_original["seals"]), (&told["original"], &told["seals"]));
        assert!(told.get("file").is_none());

        let why = json!({ "reason": "用途已变更为存根" });
        stage.user.post(&format!("{path}/withdraw"), why.clone()).await.problem("PRECONDITION_REQUIRED");
        stage.user.post_at(7, &format!("{path}/withdraw"), why.clone()).await.problem("PRECONDITION_FAILED");
        let none = stage.user.post_at(1, &format!("{path}/withdraw"), json!({ "reason": " " })).await;
        assert_eq!(none.faults()[0].1, "REASON");
        let withdrawn = stage.user.step(&path, "withdraw", why.clone()).await.ok();
        assert_eq!((&withdrawn["state"], &withdrawn["version"]), (&json!("withdrawn"), &json!(2)));
        assert_eq!(withdrawn["withdrawn"]["reason"], "用途已变更为存根");
        let twice = stage.user.step(&path, "withdraw", why).await.problem("STATE_CONFLICT");
        assert_eq!(twice["state"], "withdrawn");
        let answer = ask(&visitor, code).await;
        let told = answer.ok();
        assert_eq!(told["copy"]["state"], "withdrawn");
        assert_eq!(told["copy"]["withdrawn_at"], withdrawn["withdrawn"]["at"]);
        assert_eq!(told["seals"][0]["status_now"], "valid", "the original stays as it is");
        // People, reasons, purposes and names of files are nobody's business.
        let names = [text(&withdrawn["registered_by_name"]), &stage.user.id];
        for secret in names.into_iter().chain(["对方单位存档", "用途已变更", "签订年度采购", "采购合同1.ofd"])
        {
            assert!(!answer.text().contains(secret), "{secret}: {}", answer.text());
        }
        assert_eq!(stage.log(&path).await, ["copy.register", "copy.withdraw"]);
    });
}

#[test]
fn copies_are_for_who_asked_who_keeps_the_seal_and_the_agent_of_the_unit() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        let stranger = stage.stranger().await;
        for who in [&stage.approver, &stage.supervisor] {
            who.post(&document.copies(), print()).await.problem("FORBIDDEN");
        }
        stranger.post(&document.copies(), print()).await.problem("NOT_FOUND");
        server.visitor().post(&document.copies(), print()).await.problem("UNAUTHENTICATED");
        for other in [Role::User, Role::Custodian] {
            let colleague = stage.another(other).await;
            assert_eq!(rule(&colleague.post(&document.copies(), print()).await), "COPY_PERSON", "{other:?}");
        }
        // A program registers copies of what it asked for, where it may write.
        let (reader, writer) =
            (program(&stage, &["uses_read"]).await, program(&stage, &["uses_read", "uses_write"]).await);
        reader.post(&document.copies(), print()).await.problem("FORBIDDEN");
        assert_eq!(rule(&writer.post(&document.copies(), print()).await), "COPY_PERSON");
        assert_eq!(reader.get(&document.copies()).await.ok()["items"], json!([]));
        // Whoever is an agent too is one, whatever else he is.
        let unit = Some(stage.owner.id.as_str());
        let both = server.account_with(&[(Role::User, unit), (Role::UnitAgent, unit)]).await;
        let mut ids = Vec::new();
        for who in [&stage.user, &stage.custodian, &stage.agent, &both] {
            ids.push(who.post(&document.copies(), print()).await.ok()["id"].as_str().unwrap().to_owned());
        }
        let path = format!("/copies/{}", ids[0]);
        let why = json!({ "reason": "用途已变" });
        stranger.get(&path).await.problem("NOT_FOUND");
        stranger.post_at(1, &format!("{path}/withdraw"), why.clone()).await.problem("NOT_FOUND");
        stranger.get(&document.copies()).await.problem("NOT_FOUND");
        server.visitor().get(&path).await.problem("UNAUTHENTICATED");
        stage.supervisor.get(&path).await.ok();
        let colleague = stage.another(Role::User).await;
        assert_eq!(rule(&colleague.step(&path, "withdraw", why.clone()).await), "COPY_PERSON");
        stage.supervisor.step(&path, "withdraw", why.clone()).await.problem("FORBIDDEN");
        stage.custodian.step(&path, "withdraw", why).await.ok();

        // The newest first, in parts.
        ids.reverse();
        let mut seen = Vec::new();
        let mut next = format!("{}?limit=3", document.copies());
        loop {
            let page = stage.supervisor.get(&next).await.ok();
            seen.extend(page["items"].as_array().unwrap().iter().map(|copy| text(&copy["id"]).to_owned()));
            let Some(cursor) = page["next"].as_str() else { break };
            next = format!("{}?limit=3&cursor={cursor}", document.copies());
        }
        assert_eq!(seen, ids);

        let wrong = [
            (json!({ "form": { "kind": "print" }, "number": 0, "purpose": "存档" }), "/number"),
            (json!({ "form": { "kind": "print" }, "number": 10001, "purpose": "存档" }), "/number"),
            (json!({ "form": { "kind": "print" }, "number": 1, "purpose": " " }), "/purpose"),
            (
                json!({ "form": { "kind": "conversion", "format": "" }, "number": 1, "purpose": "存档" }),
                "/form/format",
            ),
        ];
        for (body, pointer) in wrong {
            let faults = stage.user.post(&document.copies(), body.clone()).await.faults();
            assert_eq!(faults.iter().map(|fault| fault.0.as_str()).collect::<Vec<_>>(), [pointer], "{body}");
        }
        let odd = json!({ "form": { "kind": "print", "format": "PDF" }, "number": 1, "purpose": "存档" });
        stage.user.post(&document.copies(), odd).await.problem("UNKNOWN_FIELD");
        let conversion = json!({ "form": { "kind": "conversion", "format": " PDF " }, "number": 1, "purpose": "网上公开" });
        let copy = stage.agent.post(&document.copies(), conversion).await.ok();
        assert_eq!(copy["form"], json!({ "kind": "conversion", "format": "PDF" }));
    });
}

#[test]
fn a_code_is_read_as_people_type_it_and_a_file_is_compared_with_the_original() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        let copy = stage.user.post(&document.copies(), print()).await.ok();
        let code = text(&copy["code"]);
        let visitor = server.visitor();
        let grouped = |between: &str| {
            let groups: Vec<&str> = (0..4).map(|n| &code[n * 5..n * 5 + 5]).collect();
            groups.join(between)
        };
        let typed = [code.to_lowercase(), grouped("-"), grouped("%20"), grouped("%20-%20").to_lowercase()];
        for typed in typed {
            assert_eq!(ask(&visitor, &typed).await.ok()["code"], code, "{typed}");
        }
        let twenty_one = format!("{code}2");
        let unknown = "2".repeat(20);
        let wrong =
            [&code[..19], &twenty_one, &unknown, "by-code", "%E5%8D%B0%E7%AB%A0", "%3Cscript%3E", "0O1I"];
        for wrong in wrong {
            ask(&visitor, wrong).await.problem("NOT_FOUND");
            visitor.get(&format!("/copies/by-code/{wrong}/qr")).await.problem("NOT_FOUND");
        }
        for nonsense in ["%00", "%FF"] {
            ask(&visitor, nonsense).await.problem("BAD_REQUEST");
        }
        for code in [code, &document.code] {
            let cases = [
                (digest(&document.after), "sealed"),
                (digest(&document.before), "before_sealing"),
                (digest(&contract(2)), "neither"),
            ];
            for (digest, expected) in cases {
                let told = ask(&visitor, &format!("{code}?digest={digest}")).await.ok();
                assert_eq!(told["file"], expected);
            }
            for nonsense in ["digest=", "digest=ab", "digest=zz", "file=x"] {
                ask(&visitor, &format!("{code}?{nonsense}")).await.problem("BAD_REQUEST");
            }
        }

        // Suspended today, valid when it was used. Statuses count in whole seconds.
        server.advance(SignedDuration::from_secs(5)).await;
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        let told = ask(&visitor, code).await.ok();
        let on = &told["seals"][0];
        assert_eq!((&on["status_then"], &on["status_now"]), (&json!("valid"), &json!("suspended")));
        assert_eq!(told["copy"]["state"], "valid");
    });
}

#[test]
fn a_document_sealed_twice_shows_both_seals_in_their_order() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let first = sealed(&stage).await;
        let second = sealed_as(&stage, "补充合同", first.after.clone()).await;
        let told = ask(&server.visitor(), &second.code).await.ok();
        let times: Vec<&str> =
            told["seals"].as_array().unwrap().iter().map(|on| text(&on["sealed_at"])).collect();
        assert_eq!(times.len(), 2, "{told}");
        let one = ask(&server.visitor(), &first.code).await.ok();
        assert_eq!(one["seals"].as_array().unwrap().len(), 1);
        assert_eq!(times[0], text(&one["seals"][0]["sealed_at"]));
        assert_eq!(told["original"]["document_kind"], "补充合同");
        let held = format!("{}?digest={}", second.code, digest(&first.after));
        assert_eq!(ask(&server.visitor(), &held).await.ok()["file"], "before_sealing");
    });
}

#[test]
fn a_document_under_a_seal_for_internal_business_is_unknown_to_the_public() {
    for_each_engine(async |server| {
        let stage = Stage::set_with(server, |content| content["internal"] = json!(true)).await.kept().await;
        stage.flow().await;
        let document = sealed(&stage).await;
        let copy = stage.user.post(&document.copies(), print()).await.ok();
        let stranger = stage.stranger().await;
        for code in [document.code.as_str(), text(&copy["code"])] {
            for who in [&server.visitor(), &stranger] {
                ask(who, code).await.problem("NOT_FOUND");
                who.get(&format!("/copies/by-code/{code}/qr")).await.problem("NOT_FOUND");
            }
            let page = server.visitor().send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
            assert_eq!(page.status.as_u16(), 404);
            assert_eq!(ask(&stage.agent, code).await.ok()["original"]["digest"], digest(&document.after));
        }
    });
}

#[test]
fn the_qr_code_is_read_by_other_software_and_leads_to_the_page() {
    on_sqlite_with(
        |config| config.public_url = Some("https://seal.example.gov.cn".to_owned()),
        async |server| {
            let stage = Stage::set(server).await.kept().await;
            stage.flow().await;
            let document = sealed(&stage).await;
            let copy = stage.user.post(&document.copies(), print()).await.ok();
            let lab = Lab::new("qr");
            for code in [document.code.as_str(), text(&copy["code"])] {
                let answer =
                    server.visitor().get(&format!("/copies/by-code/{}/qr", code.to_lowercase())).await;
                assert_eq!(answer.header("content-type"), "image/svg+xml");
                lab.write("qr.svg", answer.text());
                let (drawn, said) = lab.run("rsvg-convert", &["-w", "400", "-o", "qr.png", "qr.svg"]);
                assert!(drawn, "{said}");
                let (read, said) = lab.run("zbarimg", &["--nodbus", "--quiet", "--raw", "qr.png"]);
                assert!(read, "{said}");
                let link = format!("https://seal.example.gov.cn/v/{code}");
                assert_eq!(said.trim(), link);
                let page = server.visitor().send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
                assert_eq!(page.status.as_u16(), 200);
                assert!(page.text().contains(&link), "{}", page.text());
            }
            assert_eq!(copy["link"], format!("https://seal.example.gov.cn/v/{}", text(&copy["code"])));
        },
    );
}

#[test]
fn the_public_asks_so_often_and_who_is_known_oftener() {
    on_sqlite_with(
        |config| config.verification.anonymous_per_minute = 4,
        async |server| {
            let (visitor, known) =
                (server.visitor(), server.account(Role::Supervisor, Some(crate::support::CITY)).await);
            let unknown = "2".repeat(20);
            for _ in 0..2 {
                ask(&visitor, &unknown).await.problem("NOT_FOUND");
                let page = visitor.send("GET", &format!("/v/{unknown}"), &[], Vec::new()).await;
                assert_eq!(page.status.as_u16(), 404);
            }
            let limited = ask(&visitor, &unknown).await;
            let wait: u64 = limited.header("retry-after").parse().unwrap();
            limited.problem("RATE_LIMITED");
            assert!((1..=15).contains(&wait), "{wait}");
            visitor.get(&format!("/copies/by-code/{unknown}/qr")).await.problem("RATE_LIMITED");
            let page = visitor.send("GET", &format!("/v/{unknown}"), &[], Vec::new()).await;
            assert_eq!(
                (page.status.as_u16(), page.header("content-type")),
                (429, "text/html; charset=utf-8")
            );
            assert!(!page.header("retry-after").is_empty() && page.text().contains("请稍后再试"));
            ask(&visitor.from("192.0.2.7"), &unknown).await.problem("NOT_FOUND");
            for _ in 0..6 {
                ask(&known, &unknown).await.problem("NOT_FOUND");
            }
        },
    );
}
