//! The harness of the tests at the level of HTTP does what the tests take for granted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use support::{CITY, Role, for_each_engine};

#[test]
fn administrators_and_accounts_log_in_with_their_roles_and_nothing_more() {
    for_each_engine(async |server| {
        let security = server.admin("security").await;
        let session = security.get("/session").await.ok();
        assert_eq!(session["method"], "password_totp");
        assert_eq!(session["account"]["grants"][0]["role"], "security_administrator");
        assert_eq!(server.admin("security").await.session(), security.session(), "one session for all");

        let reviewer = server.account(Role::IssuingReviewer, Some(CITY)).await;
        let session = reviewer.get("/session").await.ok();
        assert_eq!(session["account"]["id"], reviewer.id);
        assert_eq!(session["account"]["grants"][0]["scope"], CITY);
        reviewer.get("/accounts").await.problem("FORBIDDEN");
        server.visitor().get("/accounts").await.problem("UNAUTHENTICATED");

        let again = server.login_again(&security).await;
        assert_ne!(again.session(), security.session());
        again.get("/session").await.ok();
        server.advance_days(100).await;
        security.get("/session").await.ok();
        assert_eq!(server.tick().await, 0);
    });
}
