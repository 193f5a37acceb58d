//! A person's own notices (站内通知).

mod list;
mod read;
mod view;

pub use list::NoticeList;
pub use view::{NoticeView, WordsView};

use crate::app::{Shared, Stop};
use crate::auth::Caller;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::permission::Action;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list))
        .routes(routes!(list::show))
        .routes(routes!(read::read))
        .routes(routes!(read::read_all))
}

/// Whose notices: the person's own, whatever his roles. Which action is named makes no difference for a person; it is asked for what his
/// session must do first.
fn own(caller: &Caller) -> Result<String, Stop> {
    let account = caller.person()?.0.id.to_string();
    caller.unrestricted(Action::UnitRead)?;
    Ok(account)
}
