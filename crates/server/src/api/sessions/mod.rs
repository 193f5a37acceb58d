//! Sessions of people (会话): logging in and out, passwords, second factors. These endpoints work in restricted sessions too: here
//! a person does what his session still lacks.

mod certificate;
mod challenge;
mod current;
mod form;
mod list;
mod login;
mod open;
mod password;
mod tally;
mod totp;
mod unknown;
mod view;
mod visitor;

pub use totp::FIELD as TOTP_FIELD;
pub use view::{CurrentSession, SecondFactor};

use crate::app::{Shared, Stop};
use crate::http::{Code, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_store::StoreError;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, login::login))
        .routes(routes!(list::end))
        .routes(routes!(certificate::login))
        .routes(routes!(challenge::for_login))
        .routes(routes!(challenge::for_binding))
        .routes(routes!(current::show, current::logout))
        .routes(routes!(password::change))
        .routes(routes!(totp::begin, totp::confirm))
        .routes(routes!(certificate::bind))
        .routes(routes!(certificate::unbind))
}

/// These requests carry no `If-Match`: an account that changed since the request was let in is a conflict to be tried again.
fn raced(error: StoreError) -> Stop {
    match error {
        StoreError::Stale { .. } => Problem::new(Code::Conflict).into(),
        other => other.into(),
    }
}
