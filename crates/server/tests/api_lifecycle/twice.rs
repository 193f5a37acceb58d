//! The same request twice at the same moment, as an impatient client or proxy sends it.

use crate::stage::Stage;
use crate::support::for_each_engine;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn a_request_sent_twice_at_once_is_done_once_and_never_refused() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await;
        let application = stage.draft(json!({ "kind": "new" }), stage.content()).await;
        stage.owner.submit(&application).await;
        let version = stage.reviewer.get(&application).await.version();
        let path = format!("{application}/approve");
        let tag = format!("\"{version}\"");
        let headers = [("idempotency-key", "approve-once"), ("if-match", &*tag)];
        let tries = (0..6).map(|_| stage.reviewer.json("POST", &path, &headers, json!({})));
        let answers = futures_util::future::join_all(tries).await;
        let fresh = |answer: &&crate::support::Answer| {
            answer.status.is_success() && !answer.headers.contains_key("idempotency-replayed")
        };
        assert_eq!(answers.iter().filter(fresh).count(), 1);
        let told: BTreeSet<&[u8]> =
            answers.iter().filter(|a| a.status.is_success()).map(|a| &a.body[..]).collect();
        assert_eq!(told.len(), 1, "one answer to all");
        for other in answers.iter().filter(|a| !a.status.is_success()) {
            other.problem("IDEMPOTENCY_KEY_IN_PROGRESS");
        }
        assert_eq!(stage.state(&application).await, "approved");
    });
}
