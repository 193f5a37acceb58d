//! Clients of the API (业务系统接入): programs that sign their requests, registered by security administrators.

mod close;
mod create;
mod read;
mod view;

pub use view::{ClientScopeBody, ClientView};

use crate::app::{Shared, Stop, Subject, Work};
use crate::http::{IfMatch, Problem, StoredResponse};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use yinxin_registry::client::ApiClient;
use yinxin_registry::ids::ClientId;
use yinxin_registry::lifecycle::By;
use yinxin_registry::permission::{Action, Place};
use yinxin_store::Versioned;

/// The endpoints.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(read::list, create::create))
        .routes(routes!(read::show))
        .routes(routes!(close::disable))
        .routes(routes!(close::enable))
}

/// What the audit log says it is about.
fn subject(client: &ApiClient) -> Subject {
    Subject::registry(client.id.as_str())
}

/// The answer to a step.
fn answer(client: &ApiClient, version: i64) -> Result<StoredResponse, Problem> {
    Ok(StoredResponse::ok(&ClientView::of(client, version))?.version(version))
}

/// The client a step is about, in which role the caller may take it.
async fn loaded(
    work: &mut Work,
    id: &ClientId,
    if_match: &IfMatch,
) -> Result<(By, Versioned<ApiClient>), Stop> {
    let by = work.permit(Action::ClientWrite, &Place::registry())?;
    let found = work.tx.get::<ApiClient>(id.as_str()).await?;
    if_match.check(found.version)?;
    Ok((by, found))
}
