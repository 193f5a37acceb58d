//! Figures of an area (概览): what is in which state, what is overdue, what ends soon.

mod months;
mod show;
mod view;

use crate::api::scope::{ScopeQuery, choose};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::area::AreaPath;
use yinxin_registry::permission::Action;
use yinxin_registry::role::Scope;

/// The area that is asked for within what the caller's roles reach; the widest where none is.
///
/// # Errors
/// `BAD_REQUEST` for what is no path; `NOT_FOUND` outside.
fn area_of(caller: &Caller, scope: Option<&str>, now: Timestamp) -> Result<AreaPath, Stop> {
    match choose(caller, Action::OverviewRead, ScopeQuery::parse(scope)?, now)? {
        Scope::Area(area) => Ok(area),
        Scope::All => Ok(AreaPath::nation()),
        Scope::Unit(_) | Scope::Maker(_) => Err(Problem::new(Code::NotFound).into()),
    }
}

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(show::show)).routes(routes!(months::months))
}
