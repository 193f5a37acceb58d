//! A digest alone.

use crate::documents::{contract, digest, sealed};
use crate::stage::Stage;
use crate::support::{Answer, Client, for_each_engine, on_sqlite};
use serde_json::json;

async fn ask(who: &Client, digest: &str) -> Answer {
    who.json("POST", "/verifications/digest", &[], json!({ "digest": digest })).await
}

#[test]
fn a_document_sealed_here_is_known_by_its_digest_and_nothing_else_is_told() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, original) = sealed(&stage, 1).await;
        let seal = stage.agent.get(&stage.seal).await.ok();
        for (bytes, which) in [(&document, "sealed"), (&original, "original")] {
            let answer = ask(&server.visitor(), &digest(bytes)).await;
            let told = answer.ok();
            let found = &told["seals"][0];
            assert_eq!((&found["document"], &found["code"]), (&json!(which), &seal["code"]));
            assert_eq!((&found["status_then"], &found["status_now"]), (&json!("valid"), &json!("valid")));
            let members: Vec<&String> = found.as_object().unwrap().keys().collect();
            assert_eq!(
                members,
                ["code", "document", "name", "owner", "sealed_at", "status_now", "status_then"]
            );
            // Reason and name of the document, people, and the other digest.
            let other = digest(if which == "sealed" { &original } else { &document });
            for secret in ["签订年度采购合同", "采购合同.ofd", "示例人员", &other, &stage.user.id]
            {
                assert!(!answer.text().contains(secret), "{secret}: {}", answer.text());
            }
        }
        let reason = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        // A signature tells its second, and a status begins with its own.
        server.advance(jiff::SignedDuration::from_secs(5)).await;
        stage.agent.post(&format!("{}/report-loss", stage.seal), reason).await.ok();
        let found = ask(&server.visitor(), &digest(&document)).await.ok()["seals"][0].clone();
        assert_eq!((&found["status_then"], &found["status_now"]), (&json!("valid"), &json!("suspended")));
        ask(&server.visitor(), &digest(&contract(2))).await.problem("NOT_FOUND");
        ask(&stage.user, &digest(&contract(2))).await.problem("NOT_FOUND");
    });
}

#[test]
fn what_is_no_digest_is_refused() {
    on_sqlite(async |server| {
        let long = "ab".repeat(33);
        let capital = "AB".repeat(32);
        for wrong in ["", "ab", &long, &capital, &"zz".repeat(32)] {
            let faults = ask(&server.visitor(), wrong).await.faults();
            assert_eq!(faults, [("/digest".to_owned(), "DIGEST".to_owned())], "{wrong}");
        }
        let body = json!({ "digest": "ab".repeat(32), "name": "x" });
        server.visitor().json("POST", "/verifications/digest", &[], body).await.problem("UNKNOWN_FIELD");
    });
}
