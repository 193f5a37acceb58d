//! A drill is held.

use super::{DrillView, subject};
use crate::api::seals::{Wanted, WhichSeals, areas_for, look};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use std::time::Instant;
use utoipa::ToSchema;
use yinxin_registry::drill::{Drill, Target};
use yinxin_registry::ids::DrillId;
use yinxin_registry::permission::{Action, Place};

/// Seals named in the record of a drill.
const NAMED: usize = 50;

/// A drill to be held.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldDrill {
    /// Emergency plan and what is rehearsed, 2 to 2000 characters.
    #[schema(
        min_length = 2,
        max_length = 2000,
        example = "认证机构根密钥泄露应急预案：停用其签发证书的全部印章"
    )]
    pub plan: String,
    /// Which seals the measure is about.
    pub seals: WhichSeals,
}

impl HoldDrill {
    fn check(&self) -> Result<Target, Problem> {
        let mut faults = Faults::new();
        check_reason("/plan", &self.plan, &mut faults);
        let target = self.seals.target("/seals", &mut faults);
        faults.into_result()?;
        target.ok_or_else(|| Problem::new(Code::Internal))
    }
}

/// 应急演练。 Rehearses a suspension in bulk within the area of who asks: whom it would concern, and how long finding that out took, is written
/// down as a drill. No seal is changed. `POST /seals/bulk-suspensions` upon the same seals may refer to it.
#[utoipa::path(
    post, path = "/drills", tag = "drills", operation_id = "drills.hold", summary = "应急演练 · Hold a drill",
    params(IdempotencyKey), request_body = HoldDrill,
    responses((status = 201, description = "演练记录 · the drill", body = DrillView))
)]
pub async fn hold(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<HoldDrill>,
) -> Result<Response, Stop> {
    let target = command.body.check()?;
    let areas = areas_for(&caller, Action::DrillHold, app.now()?)?;
    // Looked at before the transaction, which must be short.
    let begun = Instant::now();
    let impact = look(&app, &Wanted::rehearsed(target.clone(), areas.clone()), NAMED).await?;
    let took = begun.elapsed();
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let [first, ..] = areas.as_slice() else { return Err(Problem::new(Code::Forbidden).into()) };
    let by = work.permit(Action::DrillHold, &Place::area(first))?;
    let drill = Drill {
        id: DrillId::new(work.now, &mut app.rng()),
        area_path: first.clone(),
        areas: areas.clone(),
        plan: body.plan.trim().to_owned(),
        target,
        found: impact.found(),
        took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        by: by.clone(),
        at: work.now,
        carried_out: Vec::new(),
    };
    let version = work.tx.insert(&drill).await?;
    let found = &drill.found;
    let details = json!({
        "target": drill.target, "areas": drill.areas, "seals": found.seals, "units": found.units,
        "complete": found.complete, "took_ms": drill.took_ms,
    });
    work.record(&by, "drill.hold", &subject(&drill), Some(&drill.plan), details);
    let path = format!("/api/v1/drills/{}", drill.id);
    work.finish(StoredResponse::created(path, &DrillView::of(&drill, version))?.version(version)).await
}
