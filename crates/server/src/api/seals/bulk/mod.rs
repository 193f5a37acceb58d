//! Suspension in bulk (批量停用): every seal whose certificate an issuer gave out, or a range of its serial numbers, those of a unit, an area
//! or a maker, within the area of who decides. Looked at first, then done: up to a thousand at once, more as a job.

mod body;
mod impact;
mod measure;
mod run;

pub use body::{BulkSuspension, WhichSeals};
pub use impact::{Impact, ImpactView, look};
pub use measure::{Measure, Progress, Wanted, without_authority};
pub use run::run;

use super::subject;
use crate::api::text::refuse;
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Json, Path, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use yinxin_registry::area::AreaPath;
use yinxin_registry::drill::{Drill, Target};
use yinxin_registry::ids::{DrillId, JobId};
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::Scope;

/// Most seals suspended within the request.
const AT_ONCE: usize = 1000;

/// A measure, planned, done or under way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkSuspensionView {
    /// `dry_run`, `done`, `running`.
    #[schema(example = "dry_run")]
    pub state: String,
    /// Key of the measure, to ask how far it has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Seals suspended so far.
    pub suspended: u64,
    /// Whom it concerns.
    pub impact: ImpactView,
}

/// 批量停用。 Shows whom it concerns (`dry_run`), or does it.
#[utoipa::path(
    post, path = "/seals/bulk-suspensions", tag = "seals", operation_id = "seals.bulk_suspend", summary = "批量停用 · Suspend in bulk",
    params(IdempotencyKey), request_body = BulkSuspension,
    responses(
        (status = 200, description = "影响清单，或者已停用 · the impact, or done", body = BulkSuspensionView),
        (status = 202, description = "数量较多，后台执行 · many: done as a job", body = BulkSuspensionView)
    )
)]
pub async fn suspend(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<BulkSuspension>,
) -> Result<Response, Stop> {
    command.body.check()?;
    let areas = areas(&caller, app.now()?)?;
    // Looked at before the transaction, which must be short; versions tell what has changed since.
    let wanted = Wanted::of(&command.body, areas.clone())?;
    let impact = look(&app, &wanted, AT_ONCE).await?;
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let [first, ..] = areas.as_slice() else { return Err(Problem::new(Code::Forbidden).into()) };
    let by = work.permit(Action::SealBulkSuspend, &Place::area(first))?;
    let about = Subject::area(JobId::new(work.now, &mut app.rng()).as_str(), first);
    if let Some(drill) = &body.drill {
        refer(&mut work, drill, &about.id, &body.target()?, &areas, &by).await?;
    }
    let measure = Measure::new(&work, about.id.clone(), areas.clone(), body, &by);
    let (state, suspended) = match (measure.order.dry_run, impact.all_in_hand()) {
        (true, _) => ("dry_run", 0),
        (false, true) => ("done", at_once(&mut work, &measure, &impact).await?),
        (false, false) => {
            Progress::begin(&measure).save(&mut work.tx, work.now).await?;
            work.job("bulk_suspend", &about.id, measure.payload()?, work.now);
            ("running", 0)
        }
    };
    let action = if state == "dry_run" { "seal.bulk_suspend_dry_run" } else { "seal.bulk_suspend" };
    let details = details(&measure, state, suspended, &impact);
    work.record(&by, action, &about, Some(&measure.order.detail), details);
    let view = BulkSuspensionView {
        state: state.to_owned(),
        measure: (state != "dry_run").then(|| about.id.clone()),
        suspended,
        impact: impact.view(),
    };
    let answer = match state {
        "running" => StoredResponse::accepted(&view)?,
        _ => StoredResponse::ok(&view)?,
    };
    work.finish(answer).await
}

/// The drill in which the measure was rehearsed knows of it.
async fn refer(
    work: &mut Work,
    drill: &DrillId,
    measure: &str,
    target: &Target,
    areas: &[AreaPath],
    by: &By,
) -> Result<(), Stop> {
    let found = work.tx.load::<Drill>(drill.as_str()).await?;
    let found = found.filter(|found| areas.iter().any(|area| area.covers(&found.value.area_path)));
    let unknown = || refuse("/drill", "UNKNOWN", "没有这次演练", "there is no such drill");
    let found = found.ok_or_else(unknown)?;
    let measure = JobId::parse(measure).map_err(|_| Problem::new(Code::Internal))?;
    let drill = found.value.carry_out(target, measure, by, work.now)?;
    work.tx.save(&drill, found.version).await.map_err(super::raced)?;
    Ok(())
}

async fn at_once(work: &mut Work, measure: &Measure, impact: &Impact) -> Result<u64, Stop> {
    let mut suspended = 0;
    for found in &impact.concerned {
        let event = measure.event();
        let (seal, effects) = found.value.clone().apply(event, &measure.by, work.now)?;
        work.tx.save(&seal, found.version).await.map_err(super::raced)?;
        work.record(
            &measure.by,
            "seal.suspend",
            &subject(&seal),
            Some(&measure.order.detail),
            measure.details(),
        );
        work.enact(&subject(&seal), &measure::without_authority(effects));
        suspended += 1;
    }
    let progress = Progress { suspended, done: true, ..Progress::begin(measure) };
    progress.save(&mut work.tx, work.now).await?;
    Ok(suspended)
}

fn details(measure: &Measure, state: &str, suspended: u64, impact: &Impact) -> Value {
    json!({
        "issuer": measure.order.issuer,
        "first_serial": measure.order.first_serial,
        "last_serial": measure.order.last_serial,
        "unit": measure.order.unit,
        "area": measure.order.area,
        "maker": measure.order.maker,
        "drill": measure.order.drill,
        "reason": measure.order.reason,
        "document": measure.order.document,
        "areas": measure.areas,
        "state": state,
        "suspended": suspended,
        "concerned": impact.count(),
    })
}

fn areas(caller: &Caller, now: jiff::Timestamp) -> Result<Vec<AreaPath>, Stop> {
    areas_for(caller, Action::SealBulkSuspend, now)
}

/// The areas in which the caller may, the widest first.
///
/// # Errors
/// What a restricted session lacks.
pub fn areas_for(caller: &Caller, action: Action, now: jiff::Timestamp) -> Result<Vec<AreaPath>, Stop> {
    let mut areas: Vec<AreaPath> = Vec::new();
    for scope in caller.reach(action, now)? {
        let area = match scope {
            Scope::All => AreaPath::nation(),
            Scope::Area(area) => area,
            Scope::Unit(_) | Scope::Maker(_) => continue,
        };
        // The widest come first.
        if !areas.iter().any(|wider| wider.covers(&area)) {
            areas.push(area);
        }
    }
    Ok(areas)
}

/// How far a measure has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProgressView {
    /// Key of the measure.
    pub measure: String,
    /// `running`, `done`.
    #[schema(example = "running")]
    pub state: String,
    /// Seals looked at so far.
    pub looked_at: u64,
    /// Seals suspended so far.
    pub suspended: u64,
}

/// 批量停用进度。 How far it has come.
#[utoipa::path(
    get, path = "/seals/bulk-suspensions/{id}", tag = "seals", operation_id = "seals.bulk_suspension", summary = "批量停用进度 · How far a measure has come",
    params(("id" = String, Path, description = "措施 · measure", example = "job_01k0000000000000000000000a")),
    responses((status = 200, description = "进度 · how far", body = ProgressView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<JobId>,
) -> Result<Json<ProgressView>, Stop> {
    let now = app.now()?;
    let found = Progress::load(&mut app.store.read().await?, id.as_str()).await?;
    let progress = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    let own = areas(&caller, now)?;
    if !progress.areas.iter().all(|area| own.iter().any(|wider| wider.covers(area))) {
        return Err(Problem::new(Code::NotFound).into());
    }
    Ok(Json(ProgressView {
        measure: progress.measure,
        state: if progress.done { "done" } else { "running" }.to_owned(),
        looked_at: progress.looked_at,
        suspended: progress.suspended,
    }))
}
