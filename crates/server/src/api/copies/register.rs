//! A copy is registered.

use super::view::CopyFormBody;
use super::{CopyView, only_who_may, subject};
use crate::api::text::check_line;
use crate::api::use_requests::{item_of, not_disposed};
use crate::app::{App, Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Path, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{CopyId, UseItemId, UseRequestId};
use yinxin_registry::usage::code;
use yinxin_registry::usage::copy::{CopyFacts, FORMAT, MOST, PURPOSE, RegisteredCopy};
use yinxin_registry::usage::request::UseRequest;
use yinxin_store::Access;

/// How often a code is drawn before something must be wrong.
const DRAWS: u32 = 4;

/// A copy to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterCopy {
    /// How it comes about.
    pub form: CopyFormBody,
    /// How many bear the code, 1 to 10,000.
    #[schema(minimum = 1, maximum = 10000, example = 3)]
    pub number: u32,
    /// What for, 1 to 200 characters.
    #[schema(min_length = 1, max_length = 200, example = "对方单位存档")]
    pub purpose: String,
}

impl RegisterCopy {
    fn facts(self) -> Result<CopyFacts, Problem> {
        let mut faults = Faults::new();
        if let CopyFormBody::Conversion { format } = &self.form {
            check_line("/form/format", format, 1..=FORMAT, &mut faults);
        }
        if !(1..=MOST).contains(&self.number) {
            faults.push("/number", "OUT_OF_RANGE", "份数应为 1 至 10000", "there are 1 to 10,000 copies");
        }
        check_line("/purpose", &self.purpose, 1..=PURPOSE, &mut faults);
        faults.into_result()?;
        let purpose = self.purpose.trim().to_owned();
        Ok(CopyFacts { form: self.form.into(), number: self.number, purpose })
    }
}

/// 登记副本。 Registers a print-out or a conversion of a sealed document, by who asked for the seal, the seal's custodian, or the unit's agent. It
/// gets a code of its own, which leads whoever holds it to the original.
#[utoipa::path(
    post, path = "/use-requests/{id}/items/{item}/copies", tag = "copies", operation_id = "copies.register", summary = "登记副本 · Register a copy",
    params(("id" = String, Path, description = "用印申请 · request"), ("item" = String, Path, description = "文件 · document"), IdempotencyKey),
    request_body = RegisterCopy,
    responses(
        (status = 201, description = "副本 · the copy", body = CopyView),
        (status = 410, description = "原件内容已销毁 · the original was disposed of")
    )
)]
pub async fn register(
    State(app): State<Shared>,
    caller: Caller,
    Path((id, item)): Path<(UseRequestId, UseItemId)>,
    command: Command<RegisterCopy>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let request = work.tx.get::<UseRequest>(id.as_str()).await?.value;
    let by = only_who_may(&mut work, &request).await?;
    let item = item_of(&mut work.tx, id.as_str(), item.as_str()).await?.value;
    not_disposed(&item)?;
    let facts = body.facts()?;
    let code = unused_code(&app, &mut work.tx).await?;
    let key = CopyId::new(work.now, &mut app.rng());
    let copy = RegisteredCopy::register(key, code, (&request, &item), facts, &by, work.now)?;
    let version = work.tx.insert(&copy).await?;
    let details = json!({
        "request": copy.request(), "item": copy.item(), "original": copy.original(), "form": copy.facts().form,
        "number": copy.facts().number, "code": copy.code(),
    });
    work.record(&by, "copy.register", &subject(&copy), Some(&copy.facts().purpose), details);
    let path = format!("/api/v1/copies/{}", copy.id());
    let answer = StoredResponse::created(path, &CopyView::of(&app, &copy, version))?;
    work.finish(answer.version(version)).await
}

/// A code that stands for nothing yet, neither for a document nor for a copy.
async fn unused_code(app: &App, access: &mut Access) -> Result<String, Stop> {
    for _ in 0..DRAWS {
        let code = code::new(&mut app.rng());
        if access.use_item_by_code(&code).await?.is_none() && access.copy_by_code(&code).await?.is_none() {
            return Ok(code);
        }
    }
    // A hundred random bits, four times the same as before: the generator does not work.
    tracing::error!("codes of copies repeat themselves");
    Err(Problem::new(Code::Internal).into())
}
