//! The issuing department writes what it found or orders.

use super::{SupervisionView, subject};
use crate::api::text::{check_line, check_reason};
use crate::api::{makers, times};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, Path, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::ids::{MakerId, SupervisionId};
use yinxin_registry::lifecycle::Effect;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;
use yinxin_registry::supervision::{SupervisionEntry, SupervisionKind};

/// An entry to be written.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteSupervision {
    /// `inspection`, `finding` or `order`.
    #[schema(value_type = String, pattern = "^(inspection|finding|order)$", example = "order")]
    pub kind: SupervisionKind,
    /// What was seen or is ordered; the maker reads it.
    #[schema(min_length = 2, max_length = 2000, example = "印模库未双人保管，责令整改")]
    pub text: String,
    /// Number of the document.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 100, example = "示例责改〔2026〕1号")]
    pub document: Option<String>,
    /// Until when an order is to be carried out; only and always with an order.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// Entry of the same maker it comes from.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "sup_01k0000000000000000000000a")]
    pub follows: Option<SupervisionId>,
}

impl WriteSupervision {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_reason("/text", &self.text, &mut faults);
        if let Some(document) = &self.document {
            check_line("/document", document, 1..=100, &mut faults);
        }
        if let Some(due) = self.due {
            times::check("/due", due, now, &mut faults);
        }
        faults.into_result()
    }
}

/// 记录监管。 Writes an entry about a maker and tells the maker.
#[utoipa::path(
    post, path = "/makers/{id}/supervision", tag = "supervision", operation_id = "supervision.write", summary = "记录监管 · Write an entry",
    params(("id" = String, Path, description = "制作单位 · maker"), IdempotencyKey), request_body = WriteSupervision,
    responses((status = 201, description = "监管记录 · the entry", body = SupervisionView))
)]
pub async fn write(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    command: Command<WriteSupervision>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let maker = work.tx.get::<Maker>(id.as_str()).await?.value;
    let by = work.permit(Action::SupervisionWrite, &makers::place(&maker))?;
    if let Some(follows) = &body.follows {
        let before = work.tx.load::<SupervisionEntry>(follows.as_str()).await?;
        if before.is_none_or(|before| before.value.maker != id) {
            let mut faults = Faults::new();
            faults.push(
                "/follows",
                "UNKNOWN",
                "该制作单位没有这条记录",
                "there is no such entry about this maker",
            );
            faults.into_result()?;
        }
    }
    let entry = SupervisionEntry {
        id: SupervisionId::new(work.now, &mut app.rng()),
        maker: maker.id.clone(),
        maker_name: maker.name.clone(),
        area_path: maker.area_path.clone(),
        kind: body.kind,
        text: body.text.trim().to_owned(),
        document: body.document.map(|text| text.trim().to_owned()),
        entrusted_by: maker.entrusted.as_ref().map(|entrusted| entrusted.by.clone()),
        due: body.due,
        follows: body.follows,
        by: by.clone(),
        at: work.now,
        settled: None,
    };
    entry.check()?;
    let version = work.tx.insert(&entry).await?;
    let details = json!({
        "entry": entry.id.as_str(), "kind": entry.kind.as_str(), "document": entry.document, "due": entry.due,
        "entrusted_by": entry.entrusted_by,
    });
    work.record(&by, "supervision.write", &subject(&entry), Some(&entry.text), details);
    work.enact(&subject(&entry), &[Effect::NotifyMaker { template: "supervision.written".to_owned() }]);
    let path = format!("/api/v1/supervision/{}", entry.id);
    let view = SupervisionView::of(&entry, version, work.now);
    work.finish(StoredResponse::created(path, &view)?.version(version)).await
}
