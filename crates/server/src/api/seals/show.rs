//! Reading a seal, by its key and by its code.

use super::{SealView, place};
use crate::app::{Shared, Stop};
use crate::auth::Caller;
use crate::http::{Code, Path, Problem, Versioned};
use axum::extract::State;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::seal::Seal;
use yinxin_registry::permission::Action;

/// Longest code of a seal, characters.
const MAX_CODE: usize = 64;

/// 查看印章。 Reads one.
#[utoipa::path(
    get, path = "/seals/{id}", tag = "seals", operation_id = "seals.show", summary = "查看印章 · Read a seal",
    params(("id" = String, Path, description = "印章 · seal")),
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn show(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
) -> Result<Versioned<SealView>, Stop> {
    let found = app.store.read().await?.get::<Seal>(id.as_str()).await?;
    caller.permit(Action::SealRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: SealView::of(&found.value, found.version) })
}

/// 按印章编码查看。 Reads the seal with a code.
#[utoipa::path(
    get, path = "/seals/by-code/{code}", tag = "seals", operation_id = "seals.by_code", summary = "按编码查看印章 · Read a seal by its code",
    params(("code" = String, Path, description = "印章编码 · code of the seal", max_length = 64)),
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn by_code(
    State(app): State<Shared>,
    caller: Caller,
    Path(code): Path<String>,
) -> Result<Versioned<SealView>, Stop> {
    let found = match code.len() <= MAX_CODE && code.bytes().all(|b| b.is_ascii_graphic()) {
        true => app.store.read().await?.seal_by_code(&code).await?,
        false => None,
    };
    let found = found.ok_or_else(|| Problem::new(Code::NotFound))?;
    caller.permit(Action::SealRead, &place(&found.value), app.now()?)?;
    Ok(Versioned { version: found.version, body: SealView::of(&found.value, found.version) })
}
