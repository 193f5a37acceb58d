//! A person is put on the list.

use super::{BlockView, subject};
use crate::api::people::{ID_NUMBER, protect};
use crate::api::text::{check_line, check_reason};
use crate::api::times;
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use crate::security::redact::{Mask, mask_name};
use crate::security::vault::Place as VaultPlace;
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaCode};
use yinxin_registry::block::BlockedAgent;
use yinxin_registry::ids::BlockId;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::profile::day_of;
use yinxin_registry::resident_id::ResidentId;

/// A person who is not to apply.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddBlock {
    /// Area it is to count in, with everything within.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610100")]
    pub area: AreaCode,
    /// Name; only its first character is kept.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub name: String,
    /// Resident identity number; kept encrypted and shown masked only.
    #[schema(pattern = "^[0-9]{17}[0-9Xx]$", example = "11010519491231002X")]
    pub id_number: String,
    /// Why, 2 to 2000 characters.
    #[schema(min_length = 2, max_length = 2000, example = "提交虚假材料")]
    pub reason: String,
    /// Number of the decision.
    #[schema(min_length = 1, max_length = 100, example = "示例决〔2026〕1号")]
    pub document: String,
    /// Until when; absent: until lifted.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
}

impl std::fmt::Debug for AddBlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddBlock").field("area", &self.area).finish_non_exhaustive()
    }
}

impl AddBlock {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_line("/name", &self.name, 1..=64, &mut faults);
        check_line("/document", &self.document, 1..=100, &mut faults);
        check_reason("/reason", &self.reason, &mut faults);
        if let Err(fault) = ResidentId::parse(&self.id_number, day_of(now)) {
            let (zh, en) = both(&fault.to_string());
            faults.push("/id_number", fault.code(), zh, en);
        }
        if let Some(until) = self.until {
            times::check("/until", until, now, &mut faults);
            if until <= now {
                faults.push("/until", "TIME_ORDER", "应晚于现在", "it has to be in the future");
            }
        }
        faults.into_result()
    }
}

/// 列入限制申请名单。 Puts a person on the list: applications he acts for no longer pass the check `AGENT_ALLOWED`.
#[utoipa::path(
    post, path = "/blocks", tag = "blocks", operation_id = "blocks.add", summary = "列入限制申请名单 · Block an agent",
    params(IdempotencyKey), request_body = AddBlock,
    responses(
        (status = 201, description = "名单条目 · the entry", body = BlockView),
        (status = 404, description = "没有这个区划，或者不在管辖范围内 · no such area, or outside the caller's scope")
    )
)]
pub async fn add(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<AddBlock>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let area = work.tx.get::<Area>(body.area.as_str()).await?.value;
    let by = work.permit(Action::BlockWrite, &Place::area(&area.path))?;
    let id = BlockId::new(work.now, &mut app.rng());
    let number = protect(&app, VaultPlace::new(ID_NUMBER, id.as_str()), &body.id_number, Mask::IdNumber)?;
    let block = BlockedAgent {
        id,
        area_path: area.path,
        index: number.index.ok_or_else(|| Problem::new(Code::Internal))?,
        cipher: Some(number.cipher),
        person: format!("{} {}", mask_name(&body.name), number.masked),
        reason: body.reason.trim().to_owned(),
        document: body.document.trim().to_owned(),
        from: work.now,
        until: body.until,
        by: by.clone(),
        lifted_at: None,
    };
    let version = work.tx.insert(&block).await?;
    let details = json!({ "person": block.person, "document": block.document, "until": block.until });
    work.record(&by, "block.add", &subject(&block), Some(&block.reason), details);
    let path = format!("/api/v1/blocks/{}", block.id);
    work.finish(StoredResponse::created(path, &BlockView::of(&block, version))?.version(version)).await
}
