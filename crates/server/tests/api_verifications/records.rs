//! Records of verifications: whose they are, who sees them, how they are found, when they go.

use crate::documents::{PATH, contract, digest, verify, verify_as};
use crate::stage::Stage;
use crate::support::{Answer, CITY, Client, Role, Server, for_each_engine, for_each_engine_with};
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;
use serde_json::{Value, json};
use yinxin_server::security::Secret;
use yinxin_server::security::request_signature::{RequestLine, RequestSigner, sign_request};

fn path(answer: &Value) -> String {
    format!("/verifications/{}", answer["id"].as_str().unwrap())
}

async fn ids(who: &Client, filter: &str) -> Vec<String> {
    let listed = who.get(&format!("/verifications?limit=100{filter}")).await.ok();
    listed["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect()
}

fn id(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_record_is_seen_by_who_asked_by_who_supervises_and_by_nobody_else() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let stranger = stage.stranger().await;
        let auditor = server.admin("audit").await;
        let district = json!({
            "parent": "610100", "code": "610113", "name": "示例区", "level": "county", "authority": "示例区行政审批局",
        });
        server.admin("system").await.post("/areas", district).await.ok();
        let elsewhere = server.account(Role::Supervisor, Some("/100000/610000/610100/610113/")).await;
        let bytes = contract(1);
        let told = verify(&stage.user, &bytes).await.ok();
        assert_eq!((&told["kept"], &told["caller"]), (&json!("report"), &json!("account")));
        assert_eq!((&told["by"]["id"], &told["by"]["unit"]), (&json!(stage.user.id), &json!(stage.owner.id)));
        let mine = path(&told);
        for who in [&stage.user, &stage.supervisor, &auditor] {
            let seen = who.get(&mine).await.ok();
            assert_eq!((&seen["by"], &seen["report"]), (&told["by"], &told["report"]));
            assert!(ids(who, "").await.contains(&id(&told)));
        }
        // A colleague is no supervisor.
        for who in [&stranger, &stage.agent, &elsewhere, &server.visitor()] {
            who.get(&mine).await.problem("NOT_FOUND");
        }
        for who in [&stranger, &stage.agent, &elsewhere] {
            assert_eq!(ids(who, "").await, Vec::<String>::new());
            assert_eq!(ids(who, &format!("&digest={}", digest(&bytes))).await, Vec::<String>::new());
        }
        server.visitor().get("/verifications").await.problem("UNAUTHENTICATED");
        stage.user.get(&format!("/verifications?scope={CITY}")).await.problem("FORBIDDEN");
        elsewhere.get(&format!("/verifications?scope={CITY}")).await.problem("NOT_FOUND");
        assert_eq!(ids(&stage.supervisor, &format!("&scope={CITY}")).await, [id(&told)]);
        assert_eq!(ids(&stage.supervisor, "&own=true").await, Vec::<String>::new());
        assert_eq!(stage.log(&mine).await, ["verification.make"]);

        // What nobody in particular asked for is for who sees everything.
        let public = verify(&server.visitor(), &bytes).await.ok();
        assert_eq!(ids(&auditor, "").await, [id(&public), id(&told)]);
        assert_eq!(ids(&stage.supervisor, "").await, [id(&told)]);
        assert_eq!(stage.log(&path(&public)).await, Vec::<String>::new());
    });
}

#[test]
fn who_was_handed_a_number_and_holds_the_document_can_check_it() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let (bytes, visitor) = (contract(1), server.visitor());
        let told = verify(&stage.user, &bytes).await.ok();
        let (right, wrong) = (digest(&bytes), digest(b"another"));
        visitor.get(&path(&told)).await.problem("NOT_FOUND");
        visitor.get(&format!("{}?digest={wrong}", path(&told))).await.problem("NOT_FOUND");
        visitor.get(&format!("{}?digest=x", path(&told))).await.problem("BAD_REQUEST");
        for who in [&visitor, &stage.stranger().await] {
            let seen = who.get(&format!("{}?digest={right}", path(&told))).await;
            let shown = seen.ok();
            for same in ["id", "at", "verdict", "digest", "size", "seals", "failed"] {
                assert_eq!(shown[same], told[same], "{same}");
            }
            assert!(shown.get("by").is_none() && shown.get("report").is_none(), "{shown}");
            assert!(!seen.text().contains(&stage.user.id));
        }
        let nothing = "/verifications/ver_01k0000000000000000000000a";
        visitor.get(&format!("{nothing}?digest={right}")).await.problem("NOT_FOUND");
    });
}

#[test]
fn nothing_of_a_document_is_kept_but_what_was_asked_to_be() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let word = "绝密样例文字";
        let bytes = yinxin_ofd::sample::document(1, word, &[word]);
        let short = verify_as(&stage.user, "?keep=digest", &bytes).await.ok();
        let public = verify(&server.visitor(), &bytes).await.ok();
        let whole = verify_as(&server.visitor(), "?keep=report", &bytes).await.ok();
        assert_eq!(
            (&short["kept"], &public["kept"], &whole["kept"]),
            (&json!("digest"), &json!("digest"), &json!("report"))
        );
        assert!(stage.user.get(&path(&short)).await.ok().get("report").is_none());
        let auditor = server.admin("audit").await;
        assert!(auditor.get(&path(&public)).await.ok().get("report").is_none());
        assert_eq!(auditor.get(&path(&whole)).await.ok()["report"], whole["report"]);
        let seen = auditor.get(&format!("{}?digest={}", path(&whole), digest(&bytes))).await;
        assert!(!seen.text().contains(word));
        // What a report would take too much room for is said.
        let names: Vec<_> =
            (0..3000).map(|n| yinxin_testkit::zip::item(&format!("Doc_0/{n}"), b"")).collect();
        let mut names = yinxin_testkit::zip::Zip::of(names);
        names.items.iter_mut().for_each(|one| one.crc = Some(7));
        let large = verify(&stage.user, &names.build()).await.ok();
        let long = large["report"].to_string().len() > 128 << 10;
        assert_eq!(large["kept"], if long { "too_large" } else { "report" });
        // One that is too long to stay in memory has been in a file.
        verify(&stage.user, &crate::documents::noise(2_000_000)).await.ok();
        let files = std::fs::read_dir(server.data().join("verifications")).unwrap().count();
        assert_eq!(files, 0);
    });
}

#[test]
fn records_are_found_by_every_filter_in_parts() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (sealed, original) = crate::documents::sealed(&stage, 1).await;
        let code = stage.agent.get(&stage.seal).await.ok()["code"].as_str().unwrap().to_owned();
        let user = &stage.user;
        let mut all = Vec::new();
        for bytes in [&sealed, &original, &b"nothing".to_vec()] {
            all.push(id(&verify(user, bytes).await.ok()));
            server.advance_days(1).await;
        }
        let moment = server.now();
        all.push(id(&verify(user, &sealed).await.ok()));
        let expected = |places: &[usize]| places.iter().map(|place| all[*place].clone()).collect::<Vec<_>>();
        let filters = [
            (String::new(), expected(&[3, 2, 1, 0])),
            (format!("&seal={code}"), expected(&[3, 0])),
            (format!("&seal={code}&digest={}", digest(&sealed)), expected(&[3, 0])),
            (format!("&seal={code}&verdict=invalid"), expected(&[])),
            ("&seal=0000000000000".to_owned(), expected(&[])),
            (format!("&digest={}", digest(&original)), expected(&[1])),
            ("&verdict=unsigned".to_owned(), expected(&[1])),
            ("&verdict=invalid".to_owned(), expected(&[2])),
            (format!("&from={moment}"), expected(&[3])),
            (format!("&until={moment}"), expected(&[2, 1, 0])),
        ];
        for who in [user, &stage.supervisor] {
            for (filter, expected) in &filters {
                assert_eq!(&ids(who, filter).await, expected, "{filter}");
            }
        }
        for wrong in ["&verdict=good", "&digest=ab", "&scope=x"] {
            user.get(&format!("/verifications?limit=2{wrong}")).await.problem("BAD_REQUEST");
        }
        let first = user.get("/verifications?limit=3").await.ok();
        let rest = format!("/verifications?limit=3&cursor={}", first["next"].as_str().unwrap());
        let rest = user.get(&rest).await.ok();
        assert_eq!((&rest["items"][0]["id"], rest.get("next")), (&json!(all[0]), None));
    });
}

async fn client(server: &Server) -> (Client, String) {
    let body = json!({
        "name": "示例市办事大厅", "key": { "kind": "hmac_sm3" }, "scopes": ["units_read"],
        "grants": [{ "role": "supervisor", "scope": CITY }],
    });
    let made = server.admin("security").await.post("/clients", body).await.ok();
    let secret = made["secret"].as_str().unwrap();
    (Client::signing(server, made["id"].as_str().unwrap(), secret), secret.to_owned())
}

/// Signed for one body, sent with another.
async fn exchanged(server: &Server, client: &Client, secret: &str, signed: &[u8], sent: &[u8]) -> Answer {
    let secret = Secret::new(secret);
    let (line, signer) = (RequestLine::new("POST", PATH), RequestSigner::HmacSm3(&secret));
    let made =
        sign_request(&client.id, &signer, &line, signed, server.now(), &mut UnwrapErr(SysRng)).unwrap();
    let pairs = made.pairs();
    let mut headers: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (*name, *value)).collect();
    headers.push(("content-type", "application/ofd"));
    let first = server.visitor().send("POST", PATH, &headers, sent.to_vec()).await;
    // Whatever came of the first, it has used the nonce up.
    server.visitor().send("POST", PATH, &headers, sent.to_vec()).await.problem("REPLAY");
    first
}

#[test]
fn a_program_brings_documents_larger_than_its_other_requests_and_what_it_signed_is_what_counts() {
    for_each_engine_with(
        |config| config.limits.material_bytes = 1 << 20,
        async |server| {
            let (program, secret) = client(server).await;
            let large = crate::documents::noise(2 << 20);
            let told = verify(&program, &large).await.ok();
            assert_eq!((&told["caller"], &told["by"]["id"]), (&json!("client"), &json!(program.id)));
            assert_eq!(ids(&program, "").await, [id(&told)], "its own, whatever its roles");
            assert_eq!(program.get(&path(&told)).await.ok()["digest"], digest(&large));
            exchanged(server, &program, &secret, &contract(1), &contract(1)).await.ok();
            let other = exchanged(server, &program, &secret, &contract(1), &contract(2)).await;
            other.problem("SIGNATURE_INVALID");
            assert_eq!(ids(&program, "").await.len(), 2, "nothing came of what was not signed");
        },
    );
}

#[test]
fn a_record_goes_when_its_time_is_over() {
    for_each_engine_with(
        |config| config.verification.keep_days = 30,
        async |server| {
            let user = server.account(Role::Supervisor, Some(CITY)).await;
            let old = verify(&user, b"old").await.ok();
            server.advance_days(20).await;
            let young = verify(&user, b"young").await.ok();
            let prune = async || {
                let mut tx = server.app.store.begin().await.unwrap();
                let gone = server.app.verifications.prune(&mut tx, server.now()).await.unwrap();
                tx.commit().await.unwrap();
                gone
            };
            assert_eq!(prune().await, 0);
            server.advance_days(11).await;
            assert_eq!(prune().await, 1);
            user.get(&path(&old)).await.problem("NOT_FOUND");
            assert_eq!(ids(&user, "").await, [id(&young)]);
            assert_eq!(prune().await, 0);
        },
    );
}

/// A session that must do something else first is not let in as somebody, and not as nobody either.
#[test]
fn who_must_change_his_password_first_verifies_nothing() {
    for_each_engine(async |server| {
        let body = json!({ "login": "sample.person", "name": "示例人员", "grants": [] });
        let made = server.admin("security").await.post("/accounts", body).await.ok();
        let restricted = server.login("sample.person", made["one_time_password"].as_str().unwrap()).await;
        verify(&restricted, b"x").await.problem("PASSWORD_CHANGE_REQUIRED");
        restricted.get("/verifications").await.problem("PASSWORD_CHANGE_REQUIRED");
    });
}
