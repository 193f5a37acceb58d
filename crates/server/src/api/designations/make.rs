//! An area designates its department.

use super::{DesignationView, subject};
use crate::api::text::check_line;
use crate::api::{areas, times};
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaCode, Designation, DesignationState};
use yinxin_registry::ids::DesignationId;
use yinxin_registry::permission::{Action, Place};

/// A department to be designated.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeDesignation {
    /// Area that designates.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610113")]
    pub area: AreaCode,
    /// Department.
    #[schema(min_length = 2, max_length = 100, example = "示例区行政审批局")]
    pub department: String,
    /// Person who answers for it.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub responsible: String,
    /// Number of the document that names it.
    #[schema(min_length = 1, max_length = 100, example = "示例政发〔2026〕1号")]
    pub document: String,
    /// From when; absent: from now.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub from: Option<Timestamp>,
}

impl MakeDesignation {
    fn check(&self, now: Timestamp) -> Result<(), Problem> {
        let mut faults = Faults::new();
        check_line("/department", &self.department, 2..=100, &mut faults);
        check_line("/responsible", &self.responsible, 1..=64, &mut faults);
        check_line("/document", &self.document, 1..=100, &mut faults);
        if let Some(from) = self.from {
            times::check("/from", from, now, &mut faults);
        }
        faults.into_result()
    }
}

/// 指定制发部门。 Designates a department; an area has one at a time.
#[utoipa::path(
    post, path = "/designations", tag = "designations", operation_id = "designations.make", summary = "指定制发部门 · Designate a department",
    params(IdempotencyKey), request_body = MakeDesignation,
    responses(
        (status = 201, description = "指定 · the designation", body = DesignationView),
        (status = 404, description = "没有这个区划，或者不在管辖范围内 · no such area, or outside the caller's scope")
    )
)]
pub async fn make(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<MakeDesignation>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    body.check(work.now)?;
    let found = work.tx.get::<Area>(body.area.as_str()).await?;
    let by = work.permit(Action::DesignationWrite, &Place::area(&found.value.path))?;
    if let Some(present) = &found.value.designation {
        return Err(Problem::new(Code::Conflict)
            .rule("DESIGNATED_ALREADY")
            .detail(
                format!("该区划已有指定（{present}），请先终止。"),
                format!("The area has a designation ({present}); end it first."),
            )
            .into());
    }
    let designation = Designation {
        id: DesignationId::new(work.now, &mut app.rng()),
        area: found.value.code.clone(),
        area_path: found.value.path.clone(),
        department: body.department.trim().to_owned(),
        responsible: body.responsible.trim().to_owned(),
        document: body.document.trim().to_owned(),
        from: body.from.unwrap_or(work.now),
        until: None,
        receipt: None,
        state: DesignationState::Made,
    };
    let version = work.tx.insert(&designation).await?;
    let area = Area { designation: Some(designation.id.clone()), ..found.value };
    work.tx.save(&area, found.version).await?;
    let details = json!({ "department": designation.department, "document": designation.document });
    work.record(&by, "designation.make", &subject(&designation), None, details);
    let details = json!({ "designation": designation.id.as_str() });
    work.record(&by, "area.designate", &areas::subject(&area), None, details);
    let path = format!("/api/v1/designations/{}", designation.id);
    let answer = StoredResponse::created(path, &DesignationView::of(&designation, version))?;
    work.finish(answer.version(version)).await
}
