//! Rights to use a seal.

use crate::stage::{Stage, rule};
use crate::support::{Role, for_each_engine};
use serde_json::json;

#[test]
fn rights_are_given_by_the_keeper_and_taken_back() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let path = format!("{}/use-grants", stage.seal);
        let given = stage.grant(|_| {}).await;
        assert_eq!((&given["state"], &given["left"]), (&json!("live"), &json!(10)));
        let body = json!({ "to": stage.user.id, "until": stage.in_days(3) });
        stage.agent.post(&path, body.clone()).await.problem("FORBIDDEN");
        let other = stage.another(Role::Custodian).await;
        assert_eq!(rule(&other.post(&path, body.clone()).await), "NOT_THE_KEEPER");
        let stranger = stage.stranger().await;
        stranger.post(&path, body).await.problem("NOT_FOUND");
        stranger.get(&path).await.problem("NOT_FOUND");
        for to in [stage.approver.id.as_str(), "clnt_01k0000000000000000000000a", stranger.id.as_str()] {
            let body = json!({ "to": to, "until": stage.in_days(3) });
            assert_eq!(stage.custodian.post(&path, body).await.faults()[0].1, "NOT_ABLE", "{to}");
        }
        let past = json!({ "to": stage.user.id, "until": stage.in_days(-1) });
        assert_eq!(rule(&stage.custodian.post(&path, past).await), "GRANT_TIME");
        let none = json!({ "to": stage.user.id, "until": stage.in_days(3), "most": 0 });
        assert_eq!(rule(&stage.custodian.post(&path, none).await), "GRANT_LIMIT");

        let short = stage.grant(|body| body["until"] = stage.in_days(2)).await;
        let one = format!("/use-grants/{}", given["id"].as_str().unwrap());
        stranger.get(&one).await.problem("NOT_FOUND");
        let why = json!({ "reason": "离开岗位" });
        stage.user.post_at(1, &format!("{one}/revoke"), why.clone()).await.problem("FORBIDDEN");
        stage.agent.step(&one, "revoke", why.clone()).await.ok();
        stage.agent.step(&one, "revoke", why).await.problem("STATE_CONFLICT");
        server.advance_days(3).await;
        server.tick().await;
        let over = stage.user.get(&format!("/use-grants/{}", short["id"].as_str().unwrap())).await.ok();
        assert_eq!(over["state"], "over");
        let states = |listed: serde_json::Value| {
            let items = listed["items"].as_array().unwrap().clone();
            items.iter().map(|i| i["state"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(states(stage.user.get(&path).await.ok()), ["revoked", "over"]);
        assert_eq!(states(stage.user.get(&format!("{path}?state=over")).await.ok()), ["over"]);
        let log = stage.log(&stage.seal).await;
        for action in ["use_grant.give", "use_grant.revoke", "use_grant.over"] {
            assert!(log.contains(&action.to_owned()), "{action}: {log:?}");
        }
    });
}
