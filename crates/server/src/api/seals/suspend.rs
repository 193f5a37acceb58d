//! A seal is suspended (停用): by its unit for reasons of its own, by the authority for others.

use super::{DOCUMENT, SealView, answer, place, profile_here, subject};
use crate::api::text::{check_line, check_reason};
use crate::api::times;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::reasons::SuspensionReason;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, Suspension};
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::permission::Action;
use yinxin_registry::role::Role;

/// Suspends a seal.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspendSeal {
    /// Why. A unit gives `unit_request` or what it reports as a loss; the others are the authority's.
    #[schema(value_type = String, example = "unit_request",
        pattern = "^(loss|theft|key_leak|device_damage|unit_request|correction|authority|certificate_authority|unlawful)$")]
    pub reason: SuspensionReason,
    /// In words, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "年度盘点期间暂停使用")]
    pub detail: String,
    /// Number of the decision, for the authority's reasons; of the letter of authorization where the area asks units for one.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 200)]
    pub document: Option<String>,
    /// Until when, for a correction with a term: then the authority is reminded.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// Since when; not in the future. Now when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub effective_at: Option<Timestamp>,
}

impl SuspendSeal {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/detail", &self.detail, &mut faults);
        if let Some(document) = &self.document {
            check_line("/document", document, DOCUMENT, &mut faults);
        }
        let moments = [("/until", self.until), ("/effective_at", self.effective_at)];
        for (pointer, moment) in moments {
            if let Some(moment) = moment {
                times::check(pointer, moment, now, &mut faults);
            }
        }
        if self.until.is_some_and(|until| until <= now) {
            faults.push("/until", "PAST", "期限应晚于现在", "the term lies in the past");
        }
        faults.into_result()
    }
}

/// 暂停使用。 Suspends it; a suspended one gets a further ground.
#[utoipa::path(
    post, path = "/seals/{id}/suspend", tag = "seals", operation_id = "seals.suspend", summary = "暂停使用 · Suspend",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = SuspendSeal,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn suspend(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<SuspendSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealSuspend, &place(&found.value))?;
    if_match.check(found.version)?;
    entitled(&mut work, &found.value, &body, &by).await?;
    let suspension = Suspension {
        reason: body.reason,
        detail: body.detail.clone(),
        effective_at: body.effective_at.unwrap_or(work.now),
        until: body.until,
        document: body.document.clone(),
        ticket: None,
    };
    let (seal, effects) = found.value.apply(SealEvent::Suspend { suspension }, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    let details = json!({ "reason": body.reason, "document": body.document, "until": body.until });
    work.record(&by, "seal.suspend", &subject(&seal), Some(&body.detail), details);
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

/// Whose reason it is, and the paper it needs.
async fn entitled(work: &mut Work, seal: &Seal, body: &SuspendSeal, by: &By) -> Result<(), Stop> {
    let missing = || {
        Refused::rule(
            "DOCUMENT_MISSING",
            "须填写授权书或者决定文号",
            "the number of the letter of authorization or of the decision is missing",
        )
    };
    if by.role == Role::UnitAgent.as_str() {
        if !body.reason.is_units_own() {
            return Err(Problem::new(Code::Forbidden)
                .detail("该原因只能由主管部门决定。", "This reason is the authority's to give.")
                .into());
        }
        // A loss waits for no paper.
        if !body.reason.is_loss() && body.document.is_none() {
            let profile = profile_here(work, seal.area_path()).await?;
            if profile.suspension.authorization_letter {
                return Err(missing().into());
            }
        }
    } else if !body.reason.is_units_own() && body.document.is_none() {
        return Err(missing().into());
    }
    Ok(())
}
