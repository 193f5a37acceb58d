//! The certificate of a disposal (销毁证明): who, when, how many, which list; signed by the authority, so that anybody can verify it without
//! this system.

use super::place;
use crate::app::{App, Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Json, Path, Problem};
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use std::fmt::Write as _;
use utoipa::ToSchema;
use yinxin_formats::pem;
use yinxin_registry::ids::DisposalId;
use yinxin_registry::lifecycle::State as _;
use yinxin_registry::permission::Action;
use yinxin_registry::retention::disposal::{Disposal, DisposalState};
use yinxin_registry::unit::Unit;

/// The certificate of a disposal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DisposalCertificate {
    /// What it says, UTF-8, one fact a line.
    pub text: String,
    /// Signature of the authority over exactly the bytes of `text`: SM2 with SM3, user id 1234567812345678, DER, Base64.
    pub signature: String,
    /// Certificate of the authority, PEM.
    pub certificate: String,
}

/// 销毁证明。 Certifies a disposal that is done: who proposed it and who agreed, when it was done, how many documents, and the digest of its list.
#[utoipa::path(
    get, path = "/disposals/{id}/certificate", tag = "retention", operation_id = "disposals.certificate", summary = "销毁证明 · Certificate of a disposal",
    params(("id" = String, Path, description = "销毁清单 · list")),
    responses(
        (status = 200, description = "销毁证明 · the certificate", body = DisposalCertificate),
        (status = 409, description = "尚未销毁完毕 · not done yet")
    )
)]
pub async fn certificate(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<DisposalId>,
) -> Result<Json<DisposalCertificate>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let disposal = read.get::<Disposal>(id.as_str()).await?.value;
    caller.permit(Action::DisposalRead, &place(&disposal), now)?;
    if disposal.state() != DisposalState::Done {
        let events =
            yinxin_registry::retention::disposal::TABLE.iter().filter(|rule| rule.from == disposal.state());
        let allowed: Vec<&str> = events.map(|rule| rule.event).collect();
        return Err(Problem::state_conflict(disposal.state().as_str(), "certify", allowed).into());
    }
    let unit = read.get::<Unit>(disposal.unit().as_str()).await?.value;
    drop(read);
    let text = text(&app, &disposal, &unit.name);
    let (signature, signing) = app.authority.sign(text.as_bytes()).map_err(|error| {
        tracing::error!(error, "the certificate of a disposal could not be signed");
        Problem::new(Code::Internal)
    })?;
    Ok(Json(DisposalCertificate {
        text,
        signature: STANDARD.encode(signature),
        certificate: pem::encode("CERTIFICATE", signing.certificate.raw()),
    }))
}

/// The first line makes these bytes nothing but a certificate of disposal. The same list gives the same text.
fn text(app: &App, disposal: &Disposal, unit: &str) -> String {
    let party = app.authority.party();
    let count = disposal.count();
    let done = disposal.history().iter().find(|step| step.event == "finish").map(|step| step.at);
    let agreed = disposal.history().iter().find(|step| step.event == "approve").map(|step| step.at);
    let moment = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let decided = disposal.decided_by().map(|by| by.name.clone()).unwrap_or_default();
    let mut text = String::from("yinxin-disposal-certificate-1\n");
    let facts = [
        ("authority 登记机关", party.name),
        ("list 销毁清单", disposal.id().to_string()),
        ("unit 单位", unit.to_owned()),
        ("reason 理由", disposal.reason().to_owned()),
        ("cutoff 截止时间", disposal.cutoff().to_string()),
        ("digest 清单摘要(SM3)", disposal.digest().to_owned()),
        ("proposed_by 提出人", disposal.proposed_by().name.clone()),
        ("proposed_at 提出时间", disposal.created_at().to_string()),
        ("approved_by 批准人", decided),
        ("approved_at 批准时间", moment(agreed)),
        ("done_at 完成时间", moment(done)),
        ("requests 申请件数", count.requests.to_string()),
        ("documents 文件份数", count.documents.to_string()),
        ("deleted 删除内容数", count.deleted.to_string()),
        ("shared 因他处引用而保留的内容数", count.shared.to_string()),
    ];
    for (name, value) in facts {
        // One fact a line, whatever a person wrote.
        let value: String = value.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(text, "{name}: {value}");
    }
    text
}
