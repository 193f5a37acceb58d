//! Filters of lists: what no row can have is refused.

use crate::stage::Stage;
use crate::support::for_each_engine;

#[test]
fn what_no_row_can_have_is_refused_and_a_scope_narrows_the_uses_of_a_seal() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        let long = "0".repeat(65);
        for path in [
            format!("{}/flow?document_kind=", stage.seal),
            format!("{}/flow?document_kind={long}", stage.seal),
            format!("{}/uses?scope=null", stage.seal),
            format!("/uses?document_kind={long}"),
            format!("/uses?asked_by={long}"),
            "/uses?digest=ab".to_owned(),
            format!("/uses/export?document_kind={long}"),
            format!("/verifications?seal={long}"),
            "/areas?parent=000000&name=%E7%A4%BA".to_owned(),
        ] {
            stage.custodian.get(&path).await.problem("BAD_REQUEST");
        }
        let within = |scope: &str| format!("{}/uses?scope={scope}", stage.seal);
        stage.custodian.get(&within(&stage.owner.id)).await.ok();
        stage.custodian.get(&within("unit_01k0000000000000000000000a")).await.problem("NOT_FOUND");
    });
}
