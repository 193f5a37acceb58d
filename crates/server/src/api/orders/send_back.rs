//! A maker's second check found a fault: the order goes back to who approved it, and what was begun is given up.

use super::{ForMaker, barred};
use crate::api::applications::{ApplicationView, answer, place, subject};
use crate::api::seals;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Path, Problem, Query};
use crate::making::dto::SendBackDto;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::lifecycle::application::{Application, ApplicationEvent};
use yinxin_registry::lifecycle::seal::{Seal, SealEvent};
use yinxin_registry::maker::{Maker, MakerFault};
use yinxin_registry::permission::Action;
use yinxin_registry::text::has_length;
use yinxin_store::Versioned;

/// Characters of a reason that are kept.
const MOST: usize = 2000;

/// 退回制作任务。 Sends it back with the fault found.
#[utoipa::path(
    post, path = "/applications/{id}/send-back", tag = "orders", operation_id = "orders.send_back", summary = "退回制作任务 · Send an order back",
    params(("id" = String, Path, description = "申请 · application"), ForMaker, IdempotencyKey), request_body = SendBackDto,
    responses((status = 200, description = "申请 · the application", body = ApplicationView))
)]
pub async fn send_back(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
    Query(named): Query<ForMaker>,
    command: Command<SendBackDto>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    check(&body)?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let place = match found.value.maker() {
        Some(_) => place(&found.value),
        None => {
            // Not taken up yet: any maker of the area may say what is wrong with it.
            let maker = named.choose(&caller, work.now)?;
            let maker = work.tx.get::<Maker>(maker.as_str()).await?.value;
            if maker.may_make(found.value.area_path(), work.now) == Err(MakerFault::Jurisdiction) {
                return Err(barred(&MakerFault::Jurisdiction).into());
            }
            place(&found.value).with_maker(Some(&maker.id))
        }
    };
    let by = work.permit(Action::SealMake, &place)?;
    let seal = match found.value.seal() {
        Some(seal) => Some(work.tx.get::<Seal>(seal.as_str()).await?),
        None => None,
    };
    let reason: String = format!("{}：{}", body.code, body.detail).chars().take(MOST).collect();
    let back = send_back_to_review(&mut work, found, seal, &reason, &by).await?;
    let SentBack { application, version, .. } = back;
    let details = json!({ "code": body.code });
    work.record(&by, "order.send_back", &subject(&application), Some(&reason), details);
    work.finish(answer(&application, version)?).await
}

fn check(body: &SendBackDto) -> Result<(), Problem> {
    let mut faults = Faults::new();
    let word = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    if !(1..=64).contains(&body.code.len()) || !body.code.bytes().all(word) {
        faults.push("/code", "CODE", "应为 1 至 64 个大写字母、数字或下划线", "1 to 64 of A-Z, 0-9, _");
    }
    if !has_length(&body.detail, 1..=4000) {
        faults.push("/detail", "DETAIL", "应为 1 至 4000 字", "1 to 4000 characters");
    }
    faults.into_result()
}

/// An application that went back, and the seal that was given up for it.
#[derive(Debug)]
pub struct SentBack {
    /// The application, waiting for a decision again.
    pub application: Application,
    /// Its version.
    pub version: i64,
    /// The seal and its version.
    pub seal: Option<(Seal, i64)>,
}

/// Sends an application back to review and gives up the seal that was begun for it; saved and enacted, not yet recorded.
///
/// # Errors
/// `STATE_CONFLICT` once the seal is filed; problems of the database.
pub async fn send_back_to_review(
    work: &mut Work,
    application: Versioned<Application>,
    seal: Option<Versioned<Seal>>,
    reason: &str,
    by: &By,
) -> Result<SentBack, Stop> {
    let profile = application.value.profile().clone();
    let profile = work.app().profiles.version(&profile.id, profile.version);
    let due = profile.ok_or_else(|| Problem::new(Code::Internal))?.deadline_review(work.now);
    let abandoned = match seal {
        Some(seal) => {
            let event = SealEvent::Abandon { reason: reason.to_owned() };
            let (abandoned, effects) = seal.value.apply(event, by, work.now)?;
            let version = work.tx.save(&abandoned, seal.version).await?;
            work.enact(&seals::subject(&abandoned), &effects);
            Some((abandoned, version))
        }
        None => None,
    };
    let event = ApplicationEvent::SendBack { reason: reason.to_owned(), due };
    let (sent, effects) = application.value.apply(event, by, work.now)?;
    let version = work.tx.save(&sent, application.version).await?;
    work.enact(&subject(&sent), &effects);
    Ok(SentBack { application: sent, version, seal: abandoned })
}
