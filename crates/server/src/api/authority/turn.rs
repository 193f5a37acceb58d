//! The certificate that was asked for takes the place of the one in use.

use super::{AuthorityView, fault, subject};
use crate::api::csr::{push_fault, read_chain_pem};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use crate::making::authority::{CertificateFault, Expected, IssuedCertificate, check_certificate};
use crate::making::requested_key;
use crate::start::authority::{Next, described, renew_authority, turn as put_in_place};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;
use yinxin_registry::permission::{Action, Place};

/// The certificate that is to count.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TurnAuthority {
    /// What an authority outside issued for the request, with its issuers: PEM. Absent where the test CA issued it.
    #[serde(default)]
    #[schema(max_length = 65536)]
    pub chain: Option<String>,
}

/// 启用新证书。 From now on the authority signs under the certificate that was asked for; with a new key the old key is destroyed. What was
/// signed before stays good. Other nodes follow within seconds.
#[utoipa::path(
    post, path = "/authority/certificate", tag = "keys", operation_id = "authority.turn", summary = "启用主管部门新证书 · Put the authority's next certificate into use",
    params(IdempotencyKey), request_body = TurnAuthority,
    responses((status = 200, description = "主管部门 · the authority", body = AuthorityView))
)]
pub async fn turn(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<TurnAuthority>,
) -> Result<Response, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::KeyRotate, &Place::registry())?;
    let now = work.now;
    let next = Next::load(&mut work.tx).await.map_err(fault)?.ok_or_else(nothing_asked)?;
    let issued = checked(&app, &next, body.chain.as_deref(), now)?;
    let before = app.authority.signing();
    if !put_in_place(&mut work.tx, &app.vault(), &next, &issued, now).await.map_err(fault)? {
        return Err(nothing_asked().into());
    }
    let replaced = IssuedCertificate { leaf: before.certificate.clone(), chain: before.chain.clone() };
    let details = described(&issued, Some(&replaced), next.new_key);
    work.record(&by, "authority.certificate", &subject(), None, details);
    // As it is from the commit on.
    let mut view = AuthorityView::of(&app, None)?;
    let was = std::mem::replace(&mut view.current, super::CertificateView::of(&issued.leaf, None));
    view.former.insert(0, super::CertificateView { replaced_at: Some(now), ..was });
    let response = work.finish(StoredResponse::ok(&view)?).await?;
    renew_authority(&app).await.map_err(fault)?;
    Ok(response)
}

/// What was brought or lies here, as that of a seal is checked: key, name, use, time, chain.
fn checked(
    app: &Shared,
    next: &Next,
    chain: Option<&str>,
    now: Timestamp,
) -> Result<IssuedCertificate, Stop> {
    let issued = match (chain, next.issued().map_err(fault)?) {
        (Some(chain), _) => read_chain_pem(chain),
        (None, Some(issued)) => Ok(issued),
        (None, None) => return Err(missing().into()),
    };
    let key = requested_key(&next.csr().map_err(fault)?).map_err(|_| Problem::new(Code::Integrity))?;
    let expected = Expected { key: &key, organization: &app.authority.party.name, credit_code: None };
    let judged = issued.and_then(|issued| {
        check_certificate(&issued, expected, &app.authority.trust(), now).map(|()| issued)
    });
    judged.map_err(|found: CertificateFault| {
        let mut faults = Faults::new();
        push_fault("/chain", &found, &mut faults);
        faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Validation)).into()
    })
}

fn nothing_asked() -> Problem {
    Problem::new(Code::Conflict)
        .rule("NO_CERTIFICATE_ASKED")
        .detail("没有等待启用的证书：请先申请。", "No certificate was asked for: ask for one first.")
}

fn missing() -> Problem {
    let mut faults = Faults::new();
    faults.push("/chain", "REQUIRED", "缺少必填字段。", "This field is required.");
    faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Validation))
}
