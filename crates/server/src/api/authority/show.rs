//! Which certificates the authority has and had.

use super::{AuthorityView, fault};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::Json;
use crate::start::authority::{Next, renew_authority};
use axum::extract::State;
use yinxin_registry::permission::{Action, Place};

/// 主管部门证书。 The certificate in use, those before, and one that was asked for.
#[utoipa::path(
    get, path = "/authority", tag = "keys", operation_id = "authority.show", summary = "主管部门证书 · Certificates of the authority",
    responses((status = 200, description = "主管部门 · the authority", body = AuthorityView))
)]
pub async fn show(State(app): State<Shared>, caller: Caller) -> Result<Json<AuthorityView>, Stop> {
    caller.permit(Action::KeyRotate, &Place::registry(), app.now()?)?;
    // Another node may have been faster.
    renew_authority(&app).await.map_err(fault)?;
    let next = Next::load(&mut app.store.read().await?).await.map_err(fault)?;
    Ok(Json(AuthorityView::of(&app, next.as_ref())?))
}
