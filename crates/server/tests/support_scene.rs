//! The scene most tests begin with comes about through the API alone, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::scene::Scene;
use support::{for_each_engine, sample};

#[test]
fn a_unit_applies_and_has_its_seal_in_force() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let owner = scene.owner(1).await;
        let seal = scene.legal_name_seal(&owner).await;
        let shown = owner.agent.get(&seal).await.ok();
        assert_eq!(
            (shown["state"].as_str(), shown["name"].as_str()),
            (Some("active"), Some(&*sample::unit_name(1)))
        );
        let status = owner.agent.get(&format!("{seal}/status")).await.ok();
        assert_eq!(status["standing"], "valid");
        server.advance_days(30).await;
        let contract = scene.seal_in_force(&owner, sample::contract_content(1)).await;
        assert_ne!(contract, seal);
    });
}
