//! What programs of other systems may tell, and what not.

use crate::link::recognize;
use crate::neighbor::elsewhere;
use crate::support::scene::Scene;
use crate::support::{Answer, Client, Engine, Server, for_each_engine};
use jiff::SignedDuration;
use serde_json::{Value, json};
use yinxin_registry::ids::ExchangeDeliveryId;

/// A message of 示例州 about a seal of its own.
fn message(server: &Server, number: u8, sequence: u64) -> Value {
    let now = server.now();
    json!({
        "format": "yinxin-exchange-1",
        "message": format!("xdl_{number:026}"),
        "sequence": sequence,
        "event": "seal.active",
        "seal": {
            "code": "6201000000018", "name": "示例州第一示例有限公司", "kind": "legal_name", "owner": "示例州第一示例有限公司",
            "area": "620100", "valid_from": now - SignedDuration::from_hours(48), "valid_until": now + SignedDuration::from_hours(48),
            "certificate_issuer": "CN=示例", "certificate_serial": "01", "digest": "ab".repeat(32),
            "timeline": [{ "from": now - SignedDuration::from_hours(24), "status": "valid" }],
        },
    })
}

/// A program with the scope, and the system it speaks for.
async fn program(server: &Server, there: &Server, code: &str) -> (Client, String) {
    let body = json!({ "name": "对接系统程序", "key": { "kind": "hmac_sm3" }, "scopes": ["exchange"], "grants": [] });
    let made = server.admin("security").await.post("/clients", body).await.ok();
    let client = made["id"].as_str().unwrap();
    let peer = recognize(server, there, |body| {
        body["code"] = json!(code);
        body["client"] = json!(client);
    })
    .await;
    (Client::signing(server, client, made["secret"].as_str().unwrap()), peer)
}

async fn tell(who: &Client, message: &Value) -> Answer {
    who.post("/exchange/messages", message.clone()).await
}

fn receipt(answer: &Answer) -> Value {
    serde_json::from_str(answer.ok()["statement"].as_str().unwrap()).unwrap()
}

#[track_caller]
fn rule(answer: &Answer) -> String {
    answer.problem("CONFLICT")["rule"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_message_is_taken_in_once_in_order_and_each_time_with_a_signed_receipt() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let (program, peer) = program(server, &there, "620100").await;
        let first = message(server, 1, 2);
        let one = receipt(&tell(&program, &first).await);
        assert_eq!(
            (&one["taken"], &one["sequence"], &one["system"]),
            (&json!("taken"), &json!(2), &json!("620100"))
        );
        assert_eq!(one["message"], first["message"]);
        // Under another idempotency key, days later: the receipt it got then.
        server.advance_days(1).await;
        assert_eq!(receipt(&tell(&program, &first).await), one);
        let mut same = message(server, 1, 2);
        same["event"] = json!("seal.suspended");
        assert_eq!(rule(&tell(&program, &same).await), "MESSAGE_TAKEN");
        let mut older = first.clone();
        older["message"] = json!(format!("xdl_{:026}", 2));
        older["sequence"] = json!(1);
        older["seal"]["timeline"] = json!([]);
        assert_eq!(receipt(&tell(&program, &older).await)["taken"], "older");
        let shown = crate::link::status(server, "6201000000018").await;
        assert_eq!((&shown["status"], &shown["source"]["system"]), (&json!("valid"), &json!("620100")));
        older["message"] = json!(format!("xdl_{:026}", 3));
        older["sequence"] = json!(2);
        assert_eq!(rule(&tell(&program, &older).await), "SEQUENCE_TAKEN");
        let mut ended = message(server, 4, 3);
        ended["seal"]["timeline"] = json!([
            { "from": server.now() - SignedDuration::from_hours(30), "status": "valid" },
            { "from": server.now() - SignedDuration::from_hours(1), "status": "ended" },
        ]);
        assert_eq!(receipt(&tell(&program, &ended).await)["taken"], "taken");
        assert_eq!(crate::link::status(server, "6201000000018").await["status"], "ended");
        let history = server.visitor().get("/status/6201000000018/history").await.ok();
        assert!(history.get("steps").is_none());

        // All that it has told of, by their codes, part by part.
        let mut another = message(server, 5, 1);
        another["seal"]["code"] = json!("6201000000001");
        tell(&program, &another).await.ok();
        let admin = server.admin("system").await;
        let first = admin.get(&format!("{peer}/seals?limit=1")).await.ok();
        let seal = &first["items"][0];
        assert_eq!((&seal["code"], &seal["status"]), (&json!("6201000000001"), &json!("valid")), "{first}");
        let cursor = first["next"].as_str().unwrap();
        let second = admin.get(&format!("{peer}/seals?limit=1&cursor={cursor}")).await.ok();
        let seal = &second["items"][0];
        assert_eq!((&seal["code"], &seal["sequence"]), (&json!("6201000000018"), &json!(3)), "{second}");
        assert_eq!((&seal["status"], second.get("next")), (&json!("ended"), None));
        program.get(&format!("{peer}/seals")).await.problem("FORBIDDEN");
    });
}

#[test]
fn a_system_speaks_neither_of_our_seals_nor_of_anothers_and_a_code_stays_one_seals() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let scene = Scene::set(server).await;
        let owner = scene.owner(11).await;
        let seal = scene.legal_name_seal(&owner).await;
        let ours = owner.agent.get(&seal).await.ok();
        let (one, _) = program(server, &there, "620100").await;
        let (other, _) = program(server, &there, "620200").await;
        let mut about_ours = message(server, 1, 9);
        about_ours["seal"]["code"] = ours["code"].clone();
        assert_eq!(rule(&tell(&one, &about_ours).await), "SEAL_IS_OURS");
        let code = ours["code"].as_str().unwrap();
        assert_eq!(crate::link::status(server, code).await["status"], "valid");

        tell(&one, &message(server, 2, 1)).await.ok();
        assert_eq!(rule(&tell(&other, &message(server, 3, 9)).await), "SEAL_OF_ANOTHER_SYSTEM");
        let mut another = message(server, 4, 2);
        another["seal"]["digest"] = json!("cd".repeat(32));
        assert_eq!(rule(&tell(&one, &another).await), "SEAL_CODE_TAKEN");
        // The identifier of another system's message is not its own either.
        assert_eq!(rule(&tell(&other, &message(server, 2, 1)).await), "MESSAGE_TAKEN");
    });
}

#[test]
fn only_the_program_of_a_confirmed_system_is_heard() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let (program, peer) = program(server, &there, "620100").await;
        let told = message(server, 1, 1);
        server.visitor().post("/exchange/messages", told.clone()).await.problem("UNAUTHENTICATED");
        server.admin("system").await.post("/exchange/messages", told.clone()).await.problem("FORBIDDEN");
        let reason = json!({ "reason": "核查中" });
        let security = server.admin("security").await;
        security.step(&peer, "suspend", reason.clone()).await.ok();
        tell(&program, &told).await.problem("FORBIDDEN");
        security.step(&peer, "resume", reason.clone()).await.ok();
        tell(&program, &told).await.ok();
        // It reads nothing else, and speaks for no second system.
        program.get("/seals").await.problem("FORBIDDEN");
        program.get(&peer).await.problem("FORBIDDEN");
        let mut body = crate::neighbor::terms(&there);
        body["code"] = json!("620300");
        body["client"] = json!(program.id);
        server.admin("system").await.post("/peers", body).await.problem("DUPLICATE");
        security.step(&peer, "end", reason).await.ok();
        tell(&program, &message(server, 2, 2)).await.problem("FORBIDDEN");
    });
}

#[test]
fn what_no_seal_can_be_is_refused() {
    for_each_engine(async |server| {
        let there = Server::start_with(Engine::Sqlite, elsewhere).await;
        let (program, _) = program(server, &there, "620100").await;
        let ahead = server.now() + SignedDuration::from_hours(1);
        let ago = |hours| server.now() - SignedDuration::from_hours(hours);
        let changes: [(&str, Value); 6] = [
            ("code", json!("印章")),
            ("name", json!("")),
            ("digest", json!("AB".repeat(32))),
            ("valid_until", json!(server.now() - SignedDuration::from_hours(100))),
            ("timeline", json!([{ "from": ahead, "status": "valid" }])),
            (
                "timeline",
                json!([{ "from": ago(1), "status": "valid" }, { "from": ago(2), "status": "suspended" }]),
            ),
        ];
        for (name, value) in changes {
            let mut wrong = message(server, 1, 1);
            wrong["seal"][name] = value;
            assert_eq!(rule(&tell(&program, &wrong).await), "SEAL_TOLD_WRONG", "{name}");
        }
        let mut wrong = message(server, 1, 1);
        wrong["format"] = json!("yinxin-exchange-2");
        assert_eq!(tell(&program, &wrong).await.faults()[0].0, "/format");
        let mut wrong = message(server, 1, 1);
        wrong["seal"]["more"] = json!(1);
        tell(&program, &wrong).await.problem("UNKNOWN_FIELD");
        assert_eq!(crate::link::status(server, "6201000000018").await["status"], "unknown");
        assert!(ExchangeDeliveryId::parse(&format!("xdl_{:026}", 1)).is_ok());
    });
}
