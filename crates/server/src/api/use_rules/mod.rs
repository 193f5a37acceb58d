//! Rules of use of units (印章使用管理制度): handed in by the unit, read by it and by the departments, who also see which units have none.

mod list;
mod put;
mod review;
mod show;
mod view;

pub use view::UseRulesView;

use crate::app::Shared;
use crate::http::{Problem, StoredResponse};
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::use_rules::UseRules;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(show::show, put::put))
        .routes(routes!(show::document))
        .routes(routes!(review::review))
}

/// The answer to a change.
fn answer(rules: &UseRules, version: i64, now: Timestamp) -> Result<StoredResponse, Problem> {
    let view = UseRulesView::of(rules.unit().as_str(), Some(rules), version, now);
    Ok(StoredResponse::ok(&view)?.version(version))
}
