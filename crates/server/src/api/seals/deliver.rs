//! A maker hands a filed seal to its unit.

use super::{SealView, answer, place, subject};
use crate::api::text::check_line;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path, Problem};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent};
use yinxin_registry::permission::Action;

/// Hands a seal over.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverSeal {
    /// Who receives it, 1 to 64 characters.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub to: String,
}

impl DeliverSeal {
    fn check(&self) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_line("/to", &self.to, 1..=64, &mut faults);
        faults.into_result()
    }
}

/// 交付。 Hands it over; only what is filed can be.
#[utoipa::path(
    post, path = "/seals/{id}/deliver", tag = "seals", operation_id = "seals.deliver", summary = "交付 · Hand over",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey, IfMatch), request_body = DeliverSeal,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn deliver(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    if_match: IfMatch,
    command: Command<DeliverSeal>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check()?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealDeliver, &place(&found.value))?;
    if_match.check(found.version)?;
    let event = SealEvent::Deliver { to: body.to.trim().to_owned() };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await?;
    work.record(&by, "seal.deliver", &subject(&seal), None, json!({}));
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}
