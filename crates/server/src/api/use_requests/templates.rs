//! Places of a seal that a person keeps under names for the next document.

use super::view::{PlacementBody, places};
use crate::app::{Shared, Stop, Subject, Work};
use crate::auth::Caller;
use crate::http::{Command, IdempotencyKey, IfMatch, StoredResponse, Versioned};
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::permission::Action;
use yinxin_registry::usage::templates::{PlaceTemplate, PlaceTemplates};

/// Places under a name.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceTemplateBody {
    /// Its name, 1 to 40 characters, without space around it.
    #[schema(min_length = 1, max_length = 40, example = "合同末页右下")]
    pub name: String,
    /// Where the seal goes, 1 to 100 places.
    #[schema(min_items = 1, max_items = 100)]
    pub placements: Vec<PlacementBody>,
}

/// All templates of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlaceTemplatesView {
    /// In the order they were given.
    pub templates: Vec<PlaceTemplateBody>,
    /// Version, as in the ETag; 0 before any was kept.
    pub version: i64,
}

/// Templates to be kept.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPlaceTemplates {
    /// In place of all before; 50 at most, each name once.
    #[schema(max_items = 50)]
    pub templates: Vec<PlaceTemplateBody>,
}

fn view(kept: Option<&PlaceTemplates>, version: i64) -> PlaceTemplatesView {
    let shown = |one: &PlaceTemplate| PlaceTemplateBody {
        name: one.name.clone(),
        placements: places(&one.placements),
    };
    let templates = kept.map(|kept| kept.templates().iter().map(shown).collect()).unwrap_or_default();
    PlaceTemplatesView { templates, version }
}

/// 我的位置模板。 Reads the caller's own templates.
#[utoipa::path(
    get, path = "/session/place-templates", tag = "use", operation_id = "place_templates.show", summary = "我的位置模板 · My templates of places",
    responses((status = 200, description = "模板 · the templates", body = PlaceTemplatesView))
)]
pub async fn show(State(app): State<Shared>, caller: Caller) -> Result<Versioned<PlaceTemplatesView>, Stop> {
    let id = caller.person()?.0.id.clone();
    caller.reach(Action::UseAsk, app.now()?)?;
    let found = app.store.read().await?.load::<PlaceTemplates>(id.as_str()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    Ok(Versioned { version, body: view(found.as_ref().map(|found| &found.value), version) })
}

/// 保存我的位置模板。 Keeps these templates in place of all before.
#[utoipa::path(
    put, path = "/session/place-templates", tag = "use", operation_id = "place_templates.put", summary = "保存我的位置模板 · Keep my templates of places",
    params(IdempotencyKey, IfMatch), request_body = KeepPlaceTemplates,
    responses((status = 200, description = "模板 · the templates", body = PlaceTemplatesView))
)]
pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    if_match: IfMatch,
    command: Command<KeepPlaceTemplates>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let id = caller.person()?.0.id.clone();
    caller.reach(Action::UseAsk, work.now)?;
    let found = work.tx.load::<PlaceTemplates>(id.as_str()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    if_match.check(version)?;
    let placed = |one: PlaceTemplateBody| PlaceTemplate {
        name: one.name,
        placements: one.placements.into_iter().map(Into::into).collect(),
    };
    let kept = PlaceTemplates::of(id.clone(), body.templates.into_iter().map(placed).collect())?;
    let version = match version {
        0 => work.tx.insert(&kept).await?,
        version => work.tx.save(&kept, version).await?,
    };
    let names: Vec<&str> = kept.templates().iter().map(|one| one.name.as_str()).collect();
    let subject = Subject::registry(id.as_str());
    work.record(&caller.myself(), "place_templates.put", &subject, None, json!({ "names": names }));
    work.finish(StoredResponse::ok(&view(Some(&kept), version))?.version(version)).await
}
