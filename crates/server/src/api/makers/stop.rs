//! A maker is stopped and resumed. While it is stopped it takes up nothing.

use super::{MakerView, answer, place, subject};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::MakerId;
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;

/// Why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopOrResume {
    /// 2 to 2000 characters; the maker reads them.
    #[schema(min_length = 2, max_length = 2000, example = "许可证核查")]
    pub reason: String,
}

/// 责令停业。 Stops it.
#[utoipa::path(
    post, path = "/makers/{id}/stop", tag = "makers", operation_id = "makers.stop", summary = "停止制作单位业务 · Stop a maker",
    params(("id" = String, Path, description = "制作单位 · maker"), IdempotencyKey, IfMatch), request_body = StopOrResume,
    responses((status = 200, description = "制作单位 · the maker", body = MakerView))
)]
pub async fn stop(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    if_match: IfMatch,
    command: Command<StopOrResume>,
) -> Result<Response, Stop> {
    turn(&app, &caller, &id, &if_match, command, true).await
}

/// 恢复业务。 Lets it work again.
#[utoipa::path(
    post, path = "/makers/{id}/resume", tag = "makers", operation_id = "makers.resume", summary = "恢复制作单位业务 · Resume a maker",
    params(("id" = String, Path, description = "制作单位 · maker"), IdempotencyKey, IfMatch), request_body = StopOrResume,
    responses((status = 200, description = "制作单位 · the maker", body = MakerView))
)]
pub async fn resume(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    if_match: IfMatch,
    command: Command<StopOrResume>,
) -> Result<Response, Stop> {
    turn(&app, &caller, &id, &if_match, command, false).await
}

async fn turn(
    app: &Shared,
    caller: &Caller,
    id: &MakerId,
    if_match: &IfMatch,
    command: Command<StopOrResume>,
    stop: bool,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(app, caller, command).await?;
    let mut faults = Faults::new();
    check_reason("/reason", &body.reason, &mut faults);
    faults.into_result()?;
    let found = work.tx.get::<Maker>(id.as_str()).await?;
    let by = work.permit(Action::MakerWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let (action, template) =
        if stop { ("maker.stop", "maker.stopped") } else { ("maker.resume", "maker.resumed") };
    match (found.value.stopped.is_some(), stop) {
        (true, true) => return Err(Problem::state_conflict("stopped", "stop", ["resume"]).into()),
        (false, false) => return Err(Problem::state_conflict("active", "resume", ["stop"]).into()),
        _ => {}
    }
    let reason = body.reason.trim().to_owned();
    let maker = Maker { stopped: stop.then(|| reason.clone()), ..found.value };
    let version = work.tx.save(&maker, found.version).await?;
    work.record(&by, action, &subject(&maker), Some(&reason), json!({}));
    work.enact(&subject(&maker), &[Effect::NotifyMaker { template: template.to_owned() }]);
    work.finish(answer(&maker, version)?).await
}
