//! A person or a program opens a request.

use super::view::RightBody;
use super::{UseRequestView, subject};
use crate::api::custody::{belongs, load};
use crate::api::text::{check_line, check_reason, refuse};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{SealId, StandingId, UseGrantId, UseRequestId};
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::request::{Asked, Right, UseRequest};

/// Days a draft may lie.
const DRAFT_DAYS: i64 = 30;

/// A request to be opened.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenUseRequest {
    /// Seal.
    #[schema(value_type = String, example = "seal_01k0000000000000000000000a")]
    pub seal: SealId,
    /// By which right of the caller's.
    pub right: RightBody,
    /// Kind of document, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64, example = "合同")]
    pub document_kind: String,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "签订年度采购合同")]
    pub reason: String,
    /// To whom the documents go.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub recipient: Option<String>,
}

impl OpenUseRequest {
    fn asked(self) -> Result<Asked, Problem> {
        let mut faults = Faults::new();
        check_line("/document_kind", &self.document_kind, 1..=64, &mut faults);
        check_reason("/reason", &self.reason, &mut faults);
        if let Some(recipient) = &self.recipient {
            check_line("/recipient", recipient, 1..=200, &mut faults);
        }
        faults.into_result()?;
        let unknown = |pointer| refuse(pointer, "BAD_VALUE", "标识不正确", "not an identifier of this kind");
        let right = match self.right {
            RightBody::Grant { grant } => {
                Right::Grant { grant: UseGrantId::parse(&grant).map_err(|_| unknown("/right/grant"))? }
            }
            RightBody::Standing { standing, template } => Right::Standing {
                standing: StandingId::parse(&standing).map_err(|_| unknown("/right/standing"))?,
                template,
            },
        };
        let (document_kind, reason) = (self.document_kind.trim().to_owned(), self.reason);
        Ok(Asked { right, document_kind, reason, recipient: self.recipient })
    }
}

/// 新建用印申请（草稿）。 Opens a request; its documents are added next, then it is handed in.
#[utoipa::path(
    post, path = "/use-requests", tag = "use", operation_id = "use_requests.open", summary = "新建用印申请 · Ask for the use of a seal",
    params(IdempotencyKey), request_body = OpenUseRequest,
    responses(
        (status = 201, description = "草稿 · the draft", body = UseRequestView),
        (status = 404, description = "没有这枚印章，或者不在范围内 · no such seal, or outside the caller's scope")
    )
)]
pub async fn open(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<OpenUseRequest>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let kept = load(&mut work.tx, body.seal.as_str()).await?;
    let by = work.permit(Action::UseAsk, &kept.place())?;
    let asked = body.asked()?;
    let id = UseRequestId::new(work.now, &mut app.rng());
    let number = number(&id, kept.seal.area().as_str(), work.now);
    let request = UseRequest::open(id, number, belongs(&kept.seal), asked, &by, work.now)?;
    let version = work.tx.insert(&request).await?;
    let asked = request.asked();
    let details =
        json!({ "seal": request.seal(), "right": asked.right, "document_kind": asked.document_kind });
    work.record(&by, "use.open", &subject(&request), Some(&asked.reason), details);
    let end = work.now.saturating_add(SignedDuration::from_hours(24 * DRAFT_DAYS)).unwrap_or(work.now);
    work.enact(&subject(&request), &[Effect::Clock { name: "use_draft_over".to_owned(), at: end }]);
    let path = format!("/api/v1/use-requests/{}", request.id());
    let answer = StoredResponse::created(path, &UseRequestView::of(&request, version))?;
    work.finish(answer.version(version)).await
}

/// Number of a request: area, day, and the end of its key, which is random.
fn number(id: &UseRequestId, area: &str, now: Timestamp) -> String {
    let day = yinxin_registry::profile::day_of(now).strftime("%Y%m%d").to_string();
    let id = id.as_str();
    let tail = id.get(id.len().saturating_sub(10)..).unwrap_or(id).to_ascii_uppercase();
    format!("YY{area}{day}{tail}")
}
