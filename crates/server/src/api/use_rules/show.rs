//! The rules of one unit, and their document.

use super::UseRulesView;
use crate::api::applications::download;
use crate::api::units::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Path, StoredResponse, Versioned};
use axum::extract::State;
use axum::response::Response;
use serde_json::json;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;
use yinxin_registry::use_rules::UseRules;

/// 查看用印制度。 Reads the rules of a unit; where it has none, `state` is `missing`.
#[utoipa::path(
    get, path = "/units/{id}/use-rules", tag = "use_rules", operation_id = "use_rules.show", summary = "查看用印制度 · Read the rules of use",
    params(("id" = String, Path, description = "单位 · unit")),
    responses((status = 200, description = "用印制度 · the rules", body = UseRulesView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
) -> Result<Versioned<UseRulesView>, Stop> {
    let now = app.now()?;
    let mut read = app.store.read().await?;
    let unit = read.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::UseRulesRead, &place(&unit), now)?;
    let found = read.load::<UseRules>(id.as_str()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    let rules = found.as_ref().map(|found| &found.value);
    Ok(Versioned { version, body: UseRulesView::of(id.as_str(), rules, version, now) })
}

/// 下载用印制度。 Reads the document of the rules; the reading is recorded.
#[utoipa::path(
    get, path = "/units/{id}/use-rules/document", tag = "use_rules", operation_id = "use_rules.document", summary = "下载用印制度 · Read the document of the rules",
    params(("id" = String, Path, description = "单位 · unit")),
    responses((status = 200, description = "用印制度 · the document", content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp"))))
)]
pub async fn document(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::UseRulesRead, &place(&unit))?;
    let rules = work.tx.get::<UseRules>(id.as_str()).await?.value;
    let details = json!({ "digest": rules.document().digest });
    work.record(&by, "use_rules.read_document", &subject(&unit), None, details);
    work.finish(StoredResponse::no_content()).await?;
    download(&app, &rules.document().digest, &rules.document().media_type).await
}
