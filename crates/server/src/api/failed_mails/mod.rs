//! Mails that were given up (发送失败的邮件): a system administrator sees why, and has one sent once more. Neither address nor words are shown.

use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{
    Code, Command, IdempotencyKey, List, NoBody, NoFilter, Page, PageQuery, Path, Problem, StoredResponse,
};
use crate::jobs::MAIL;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::ids::JobId;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::{Job, JobState};

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(retry))
}

/// A mail that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FailedMailView {
    /// Key.
    #[schema(example = "job_01k0000000000000000000000a")]
    pub id: String,
    /// The notice it carries.
    #[schema(example = "ntc_01k0000000000000000000000a")]
    pub notice: String,
    /// Why: `SMTP_550`, `UNREACHABLE`, `TIMEOUT`, `TLS`.
    #[schema(example = "SMTP_550")]
    pub fault: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it came about.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it was given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub given_up_at: Option<Timestamp>,
}

impl From<&Job> for FailedMailView {
    fn from(job: &Job) -> Self {
        Self {
            id: job.id.clone(),
            notice: job.subject.clone(),
            fault: job.last_error.clone().unwrap_or_default(),
            attempts: job.attempts,
            created_at: job.created_at,
            given_up_at: job.ended_at,
        }
    }
}

/// 发送失败的邮件。 Lists the mails that were given up, the longest ago first.
#[utoipa::path(
    get, path = "/failed-mails", tag = "notices", operation_id = "failed_mails.list", summary = "发送失败的邮件 · List mails given up",
    params(PageQuery),
    responses((status = 200, description = "列表 · the list", body = Page<FailedMailView>))
)]
pub async fn list(
    State(app): State<Shared>,
    caller: Caller,
    list: List<NoFilter>,
) -> Result<Page<FailedMailView>, Stop> {
    caller.permit(Action::MailWrite, &Place::registry(), app.now()?)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| Problem::new(Code::BadRequest));
    let after = match list.after::<2>()? {
        Some([at, seq]) => {
            let at = Timestamp::from_microsecond(number(at)?).map_err(|_| Problem::new(Code::BadRequest))?;
            Some((at, number(seq)?))
        }
        None => None,
    };
    let limit = u32::from(list.limit()).saturating_add(1);
    let jobs = app.store.read().await?.dead_jobs_in(MAIL, after, limit).await?;
    let page = list.page(jobs, |last| {
        let ended = last.ended_at.map_or(0, Timestamp::as_microsecond);
        vec![ended.to_string(), last.seq.to_string()]
    });
    Ok(page.map(|job| FailedMailView::from(&job)))
}

/// 重新发送。 Has a mail that was given up sent once more.
#[utoipa::path(
    post, path = "/failed-mails/{id}/retry", tag = "notices", operation_id = "failed_mails.retry", summary = "重新发送邮件 · Send a mail once more",
    params(("id" = String, Path, description = "邮件 · mail"), IdempotencyKey),
    responses((status = 200, description = "邮件 · the mail", body = FailedMailView))
)]
pub async fn retry(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<JobId>,
    command: Command<NoBody>,
) -> Result<Response, Stop> {
    let (mut work, NoBody) = Work::begin(&app, &caller, command).await?;
    let by = work.permit(Action::MailWrite, &Place::registry())?;
    let found = work.tx.job(id.as_str()).await?.filter(|job| job.queue == MAIL);
    let job = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    if job.state != JobState::Dead {
        return Err(Problem::state_conflict(job.state.as_str(), "retry", [""; 0]).into());
    }
    let now = work.now;
    work.tx.revive_job(id.as_str(), now).await?;
    work.record(&by, "mail.retry", &Subject::registry(id.as_str()), None, json!({ "notice": job.subject }));
    work.finish(StoredResponse::ok(&FailedMailView::from(&job))?).await
}
