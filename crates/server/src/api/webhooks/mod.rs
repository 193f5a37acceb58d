//! Webhooks (事件推送): addresses that are told of events, and what became of each event.

mod body;
mod create;
mod deliveries;
mod end;
mod list;
mod secret;
mod test;
mod view;

pub use create::CreateWebhook;
pub use view::{WebhookDeliveryView, WebhookView, WebhookWithSecret};

use crate::app::{App, Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Code, Problem};
use crate::security::Secret;
use crate::security::request_signature::generate_client_secret;
use crate::security::vault::Place as VaultPlace;
use jiff::Timestamp;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::ids::WebhookId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::{Action, Place};
use yinxin_registry::role::Role;
use yinxin_registry::webhook::Webhook;
use yinxin_store::Versioned;

/// Field of the secrets in the vault.
pub const SECRET_FIELD: &str = "webhook.secret";

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list::list, create::create))
        .routes(routes!(list::show))
        .routes(routes!(end::end))
        .routes(routes!(secret::rotate))
        .routes(routes!(test::test))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::retry))
}

/// What the audit log says it is about.
fn subject(webhook: &Webhook) -> Subject {
    match webhook.unit() {
        Some(unit) => Subject::unit(webhook.id.as_str(), &webhook.area_path, unit),
        None => Subject::area(webhook.id.as_str(), &webhook.area_path),
    }
}

/// Which action the caller's role stands on: a system administrator's, or that of an agent in his unit.
fn action(caller: &Caller, now: Timestamp) -> Action {
    match caller.has_role(Role::SystemAdministrator, now) {
        true => Action::WebhookWrite,
        false => Action::WebhookOwn,
    }
}

/// In which role the caller may have to do with a webhook at a place.
fn permitted(caller: &Caller, place: &Place, now: Timestamp) -> Result<By, Stop> {
    caller.permit(action(caller, now), place, now)
}

/// The webhook a step is about, in which role the caller may take it.
async fn loaded(work: &mut Work, id: &WebhookId) -> Result<(By, Versioned<Webhook>), Stop> {
    // Before it is known whether there is such a webhook: who has no role at all learns nothing.
    let now = work.now;
    work.caller().reach(action(work.caller(), now), now)?;
    let found = work.tx.get::<Webhook>(id.as_str()).await?;
    let by = permitted(work.caller(), &found.value.place(), now)?;
    Ok((by, found))
}

/// A new secret and its cipher text.
fn new_secret(app: &App, id: &WebhookId) -> Result<(Secret, String), Problem> {
    let secret = generate_client_secret(&mut app.rng());
    let place = VaultPlace::new(SECRET_FIELD, id.as_str());
    let cipher = app.vault().encrypt(place, secret.reveal(), &mut app.rng()).map_err(|error| {
        tracing::error!(code = error.code(), "a webhook's secret cannot be encrypted");
        Problem::new(Code::Internal)
    })?;
    Ok((secret, cipher))
}
