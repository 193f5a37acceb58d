//! A personal detail in clear, for a reason that is recorded.

use super::{place, subject};
use crate::api::people::{ID_NUMBER, PHONE};
use crate::api::text::check_reason;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Faults, Json, Path, Problem, StoredResponse};
use crate::security::vault::Place;
use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::Protected;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;

/// A personal detail of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
pub enum PersonalField {
    /// Identity number of the legal representative.
    #[serde(rename = "legal_representative.id_number")]
    RepresentativeIdNumber,
    /// Telephone of the legal representative.
    #[serde(rename = "legal_representative.phone")]
    RepresentativePhone,
    /// Identity number of the seal administrator.
    #[serde(rename = "seal_administrator.id_number")]
    AdministratorIdNumber,
    /// Telephone of the seal administrator.
    #[serde(rename = "seal_administrator.phone")]
    AdministratorPhone,
}

impl PersonalField {
    /// The protected value and the vault's name of its kind.
    fn of(self, unit: &Unit) -> Option<(&Protected, &'static str)> {
        let (representative, administrator) =
            (Some(&unit.legal_representative), unit.seal_administrator.as_ref());
        match self {
            Self::RepresentativeIdNumber => representative.map(|p| (&p.id_number, ID_NUMBER)),
            Self::AdministratorIdNumber => administrator.map(|p| (&p.id_number, ID_NUMBER)),
            Self::RepresentativePhone => representative.and_then(|p| p.phone.as_ref()).map(|p| (p, PHONE)),
            Self::AdministratorPhone => administrator.and_then(|p| p.phone.as_ref()).map(|p| (p, PHONE)),
        }
    }
}

/// Which detail, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealDetail {
    /// Which.
    pub field: PersonalField,
    /// 2 to 2000 characters; the audit log keeps them.
    #[schema(min_length = 2, max_length = 2000, example = "核对申请人身份证原件")]
    pub reason: String,
}

/// A personal detail in clear.
#[derive(Serialize, ToSchema)]
pub struct RevealedDetail {
    /// Which.
    pub field: PersonalField,
    /// In clear.
    pub value: String,
}

/// 查看个人信息原文。 Shows one detail in clear. Who asked, for what and why is recorded before the answer goes out.
#[utoipa::path(
    post, path = "/units/{id}/reveal", tag = "units", operation_id = "units.reveal", summary = "查看个人信息原文 · Reveal a personal detail",
    params(("id" = String, Path, description = "单位 · unit")), request_body = RevealDetail,
    // Nothing of it is kept, so there is nothing to replay: asking again is asking once more, and is recorded once more.
    extensions(("x-no-idempotency-key" = json!(true))),
    responses((status = 200, description = "原文 · the detail", body = RevealedDetail))
)]
pub async fn reveal(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Json(body): Json<RevealDetail>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let mut faults = Faults::new();
    check_reason("/reason", &body.reason, &mut faults);
    faults.into_result()?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::PersonReveal, &place(&unit))?;
    let (detail, kind) = body.field.of(&unit).ok_or_else(|| {
        Problem::new(Code::NotFound).detail("该单位没有登记这一项。", "The unit has no such detail.")
    })?;
    let clear = app.vault().reveal(Place::new(kind, unit.id.as_str()), &detail.cipher).map_err(|error| {
        tracing::error!(code = error.code(), unit = %unit.id, "a personal detail does not open");
        Problem::new(Code::Integrity)
    })?;
    let details = json!({ "field": body.field });
    work.record(&by, "person.reveal", &subject(&unit), Some(body.reason.trim()), details);
    let view = RevealedDetail { field: body.field, value: clear.reveal().to_owned() };
    work.finish(StoredResponse::ok(&view)?).await
}
