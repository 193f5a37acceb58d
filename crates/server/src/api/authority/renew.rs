//! A certificate is asked for that is to follow the one in use (续期、换钥).

use super::{NextCertificateView, fault, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::config::CaKind;
use crate::http::{Code, Command, IdempotencyKey, Problem, StoredResponse};
use crate::start::authority::{ask, keep, password};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// Which certificate is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewAuthority {
    /// Whether for a new key (换钥); else for the key in use (续期).
    #[serde(default)]
    pub new_key: bool,
}

/// 申请新证书。 Asks for a certificate that follows the one in use, in place of one that was asked for before. The test CA issues it at once;
/// with `ca.kind = "import"` the request has to be signed outside. It counts from `POST /authority/certificate` on.
#[utoipa::path(
    post, path = "/authority/renewals", tag = "keys", operation_id = "authority.renew", summary = "申请主管部门新证书 · Ask for the authority's next certificate",
    params(IdempotencyKey), request_body = RenewAuthority,
    responses((status = 200, description = "所申请的证书 · the certificate asked for", body = NextCertificateView))
)]
pub async fn renew(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<RenewAuthority>,
) -> Result<Response, Stop> {
    let now = app.now()?;
    caller.permit(Action::KeyRotate, &Place::registry(), now)?;
    let test = match app.config.ca.kind {
        CaKind::Import => None,
        CaKind::Test => Some(app.test_authority.get().cloned().ok_or_else(elsewhere)?),
    };
    let password = password(&app.store, &app.vault(), now).await.map_err(fault)?;
    // Before the transaction: making a key takes a while.
    let (new, making) = (command.body.new_key, app.clone());
    let asked = tokio::task::spawn_blocking(move || {
        let signing = making.authority.signing();
        ask(&making.authority.party.name, &*signing.key, new, &password, test.as_deref(), now)
    });
    let asked = asked.await.map_err(|_| Problem::new(Code::Internal))?.map_err(fault)?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::KeyRotate, &Place::registry())?;
    let now = work.now;
    keep(&mut work.tx, &app.vault(), &asked, now).await.map_err(fault)?;
    let issued = asked.next.issued().map_err(fault)?;
    let details = json!({
        "new_key": body.new_key,
        "reference": asked.next.reference,
        "sm3": issued.map(|issued| hex::encode(issued.leaf.sm3())),
    });
    work.record(&by, "authority.renewal", &subject(), None, details);
    work.finish(StoredResponse::ok(&NextCertificateView::of(&asked.next)?)?).await
}

fn elsewhere() -> Problem {
    Problem::new(Code::Conflict).rule("NO_TEST_CA").detail(
        "测试证书机构不在本节点，请向持有它的节点提出。",
        "The test CA is not on this node: ask the one that has it.",
    )
}
