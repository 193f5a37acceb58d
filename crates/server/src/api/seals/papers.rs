//! The seal's data and the certificates about it. Reading them is recorded.

use super::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, Path, Problem, StoredResponse};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Seal, SealState};
use yinxin_registry::lifecycle::{By, ProofRef, Refused};
use yinxin_registry::permission::Action;

/// 下载印章数据。 The seal as it was made, DER (GB/T 38540-2020 or GM/T 0031-2025). Its unit gets it when it is handed over, which is
/// never before filing.
#[utoipa::path(
    get, path = "/seals/{id}/data", tag = "seals", operation_id = "seals.data", summary = "下载印章数据 · The seal's data",
    params(("id" = String, Path, description = "印章 · seal")),
    responses((status = 200, description = "印章数据 · the data", body = Vec<u8>, content_type = "application/octet-stream"))
)]
pub async fn data(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let seal = work.tx.get::<Seal>(id.as_str()).await?.value;
    let by = reader(&work, &seal)?;
    let made = seal.made().ok_or_else(|| Problem::new(Code::NotFound))?;
    work.record(&by, "seal.read_data", &subject(&seal), None, json!({ "digest": made.digest }));
    work.finish(StoredResponse::no_content()).await?;
    let bytes = app.documents.get(digest(&made.digest)?).await?;
    let disposition = format!("attachment; filename=\"{}.esl\"", seal.code());
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, bytes.to_vec()).into_response())
}

/// Before the hand-over only who makes and who files it may have it.
fn reader(work: &Work, seal: &Seal) -> Result<By, Stop> {
    let handed_over = !matches!(
        seal.state(),
        SealState::Making | SealState::Made | SealState::Filed | SealState::Lapsed | SealState::Abandoned
    );
    let place = place(seal);
    if handed_over {
        return work.permit(Action::SealRead, &place);
    }
    if let Ok(by) = work.permit(Action::SealMake, &place).or_else(|_| work.permit(Action::SealFile, &place)) {
        return Ok(by);
    }
    work.permit(Action::SealRead, &place)?;
    Err(Refused::rule(
        "NOT_DELIVERED",
        "印章尚未交付，不能下载",
        "the seal has not been handed over and cannot be had yet",
    )
    .into())
}

/// Which certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofName {
    /// Approval to make it.
    Approval,
    /// Receipt of its filing.
    Filing,
    /// Certificate of its cancellation.
    Cancellation,
}

impl ProofName {
    fn of(self, seal: &Seal) -> Option<&ProofRef> {
        match self {
            Self::Approval => Some(seal.approval()),
            Self::Filing => seal.filing().map(|filing| &filing.proof),
            Self::Cancellation => seal.end().and_then(|end| end.proof.as_ref()),
        }
    }
}

/// 下载凭证。 A signed certificate about the seal, DER (GB/T 35275 SignedData).
#[utoipa::path(
    get, path = "/seals/{id}/proofs/{proof}", tag = "seals", operation_id = "seals.proof", summary = "下载凭证 · A certificate about a seal",
    params(
        ("id" = String, Path, description = "印章 · seal"),
        ("proof" = String, Path, description = "凭证 · which: approval, filing, cancellation", pattern = "^(approval|filing|cancellation)$")
    ),
    responses((status = 200, description = "凭证 · the certificate", body = Vec<u8>, content_type = "application/pkcs7-mime"))
)]
pub async fn proof(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, name)): Path<(SealId, ProofName)>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let seal = work.tx.get::<Seal>(id.as_str()).await?.value;
    let by = work.permit(Action::SealRead, &place(&seal))?;
    let proof = name.of(&seal).ok_or_else(|| Problem::new(Code::NotFound))?;
    work.record(&by, "seal.read_proof", &subject(&seal), None, json!({ "number": proof.number }));
    work.finish(StoredResponse::no_content()).await?;
    let bytes = app.documents.get(digest(&proof.digest)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/pkcs7-mime")], bytes.to_vec()).into_response())
}

fn digest(text: &str) -> Result<Digest, Problem> {
    text.parse().map_err(|_| Problem::new(Code::Integrity))
}
