//! Copies of sealed documents (打印件、转换件): registered and withdrawn by those whose document it is, and what a code on paper stands for,
//! told to everybody.

mod by_code;
mod list;
mod qr;
mod register;
mod trace;
mod view;
mod withdraw;
mod words;

pub(crate) use qr::svg;
pub(crate) use trace::{Traced, trace};
pub use view::{CodeAnswer, CopyView};
pub(crate) use words::{NOTICE, page_ranges, status_words};

use crate::api::custody::load;
use crate::api::use_requests;
use crate::app::{App, Shared, Stop, Subject, Work};
use crate::http::{Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::lifecycle::{By, Refused};
use yinxin_registry::permission::{Action, Place, permit};
use yinxin_registry::role::{Grant, Role};
use yinxin_registry::usage::copy::RegisteredCopy;
use yinxin_registry::usage::request::UseRequest;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, register::register))
        .routes(routes!(list::show))
        .routes(routes!(withdraw::withdraw))
        .routes(routes!(by_code::by_code))
        .routes(routes!(by_code::qr))
}

/// Where a copy stands, for permissions.
fn place(copy: &RegisteredCopy) -> Place {
    Place::unit(copy.unit(), copy.parent_unit(), copy.area_path())
}

/// What the audit log says it is about.
fn subject(copy: &RegisteredCopy) -> Subject {
    Subject::unit(copy.id().as_str(), copy.area_path(), copy.unit())
}

/// The answer to a step.
fn answer(app: &App, copy: &RegisteredCopy, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&CopyView::of(app, copy, version))?.version(version))
}

/// In which role the caller registers and withdraws copies of the documents of a request: who asked, who keeps the seal, or an agent of the
/// unit.
///
/// # Errors
/// `FORBIDDEN`, `NOT_FOUND`; `CONFLICT` by `COPY_PERSON`; problems of the database.
async fn only_who_may(work: &mut Work, request: &UseRequest) -> Result<By, Stop> {
    let place = use_requests::place(request);
    let by = work.permit(Action::UseCopy, &place)?;
    if request.asked_by().id == by.id {
        return Ok(by);
    }
    // A person may have several roles; the first that fits is not always the one that counts.
    let agent: Vec<Grant> =
        work.caller().grants().iter().filter(|grant| grant.role == Role::UnitAgent).cloned().collect();
    if permit(&agent, Action::UseCopy, &place, work.now).is_ok() {
        return Ok(By { role: Role::UnitAgent.as_str().to_owned(), ..by });
    }
    match load(&mut work.tx, request.seal().as_str()).await?.only_the_keeper(&by) {
        Ok(()) => Ok(by),
        Err(_) => Err(Refused::rule(
            "COPY_PERSON",
            "副本由申请人、印章保管人或者单位经办人登记和撤回",
            "copies are registered and withdrawn by who asked, the seal's custodian, or the unit's agent",
        )
        .into()),
    }
}
