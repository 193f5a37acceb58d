//! The imprint of an application as a picture, and how it differs from the one on record.

use super::{place, subject};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Path, Problem, StoredResponse};
use crate::imprints::Looked;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::permission::Action;

/// 查看印模。 The imprint as it would stand in the seal: the picture handed in, or drawn by the rules.
#[utoipa::path(
    get, path = "/applications/{id}/imprint", tag = "applications", operation_id = "applications.imprint", summary = "查看印模 · Look at the imprint",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "印模 · the imprint", content((Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp"), (Vec<u8> = "image/gif"), (Vec<u8> = "image/svg+xml"))))
)]
pub async fn imprint(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Response, Stop> {
    pictured(looked(&app, &caller, &id, "application.read_imprint").await?)
}

/// The picture; why there is none.
///
/// # Errors
/// `CONFLICT` with the rule that an imprint cannot be made by.
pub fn pictured(looked: Looked) -> Result<Response, Stop> {
    let picture = looked.picture.map_err(|fault| {
        let (zh, en) = crate::api::words::both(&fault.to_string());
        Problem::new(Code::Conflict).rule(fault.code()).detail(zh, en)
    })?;
    let media_type = match picture.picture.kind.as_str() {
        "PNG" => "image/png",
        "JPG" => "image/jpeg",
        "BMP" => "image/bmp",
        "GIF" => "image/gif",
        _ => "image/svg+xml",
    };
    Ok(shown(media_type, picture.picture.data))
}

/// 查看印模差异。 Where the imprint differs from the one on record: gray both, red only the one on record, blue only the new one.
#[utoipa::path(
    get, path = "/applications/{id}/imprint/difference", tag = "applications", operation_id = "applications.imprint_difference", summary = "查看印模差异 · Look at the difference from the imprint on record",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "差异图 · the difference", body = Vec<u8>, content_type = "image/png"))
)]
pub async fn difference(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Response, Stop> {
    let looked = looked(&app, &caller, &id, "application.read_imprint_difference").await?;
    let found = looked.compared.and_then(|compared| compared.found.ok());
    let found = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    Ok(shown("image/png", found.difference.0))
}

/// What is found of the imprint as it is now. The reading is recorded: the pictures are documents of the application.
async fn looked(app: &Shared, caller: &Caller, id: &ApplicationId, action: &str) -> Result<Looked, Stop> {
    let mut work = Work::begin_keyless(app, caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?.value;
    let by = work.permit(Action::ApplicationRead, &place(&found))?;
    work.record(&by, action, &subject(&found), None, json!({}));
    work.finish(StoredResponse::no_content()).await?;
    Ok(app.imprints.look(&found, &app.documents, None).await?)
}

/// Never shown in place, as other documents of strangers.
fn shown(media_type: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, "attachment")];
    (headers, bytes).into_response()
}
