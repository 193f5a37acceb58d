//! A maker takes an order up: the registry checks license and separation once more, and the seal gets its key.

use super::order::{Papers, order};
use super::{ForMaker, barred};
use crate::api::applications::{place, subject};
use crate::api::seals::raced;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, IdempotencyKey, Path, Problem, Query, StoredResponse};
use crate::making::dto::{OrderDto, TakeOrderDto};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::{ApplicationId, SealId};
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::lifecycle::seal::{Seal, Start};
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;

/// 领取制作任务。 Takes it up after the second check (二次核验); the answer is the order with what the registry gave the seal.
#[utoipa::path(
    post, path = "/applications/{id}/making", tag = "orders", operation_id = "orders.take", summary = "领取制作任务 · Take an order up",
    params(("id" = String, Path, description = "申请 · application"), ForMaker, IdempotencyKey), request_body = TakeOrderDto,
    responses((status = 200, description = "任务 · the order", body = OrderDto))
)]
pub async fn take(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    Query(named): Query<ForMaker>,
    command: Command<TakeOrderDto>,
) -> Result<Response, Stop> {
    let now = app.now()?;
    let maker = named.choose(&caller, now)?;
    // Read before the transaction, as documents take their time; the version tells whether it is still so.
    let mut access = app.store.read().await?;
    let found = access.get::<Application>(id.as_str()).await?;
    let maker = access.get::<Maker>(maker.as_str()).await?.value;
    drop(access);
    maker.may_make(found.value.area_path(), now).map_err(|fault| barred(&fault))?;
    separate(&app.authority.party.code, &maker)?;
    let by = caller.permit(Action::SealMake, &place(&found.value).with_maker(Some(&maker.id)), now)?;
    let papers = Papers::of(&app, &found.value).await?;
    let (mut work, TakeOrderDto {}) = Work::begin(&app, &caller, command).await?;
    let start = Start { id: SealId::new(work.now, &mut app.rng()), maker: maker.id.clone() };
    let event = ApplicationEvent::Take { maker: maker.id.clone(), seal: start.id.clone() };
    let (application, effects) = found.value.apply(event, &by, work.now)?;
    let seal = Seal::begin(start, &application, &by, work.now)?;
    work.tx.save(&application, found.version).await.map_err(raced)?;
    work.tx.insert(&seal).await?;
    let details = json!({ "seal": seal.id(), "seal_code": seal.code(), "maker": maker.id, "license": maker.license.number });
    work.record(&by, "order.take", &subject(&application), None, details);
    work.enact(&subject(&application), &effects);
    let papers = papers.ok_or_else(|| Problem::new(Code::Conflict))?;
    work.finish(StoredResponse::ok(&order(&application, &maker.id, papers, Some(&seal)))?).await
}

/// Who issues approvals makes no seals.
fn separate(authority: &str, maker: &Maker) -> Result<(), Problem> {
    match maker.credit_code.to_string() == authority {
        true => Err(Problem::new(Code::MakerIsIssuer).rule("MAKER_IS_ISSUER")),
        false => Ok(()),
    }
}
