//! A maker is registered.

use super::body::{EntrustedBody, LicenseBody, check_jurisdictions, check_record};
use super::{MakerView, certificate, subject};
use crate::api::scope::AreaPathText;
use crate::api::text::check_line;
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Problem, StoredResponse};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_registry::area::{Area, AreaCode, AreaPath};
use yinxin_registry::credit_code::CreditCode;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::{Action, Place};

/// A maker to be registered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterMaker {
    /// Area that registers it.
    #[schema(value_type = String, pattern = "^[0-9]{6,12}$", example = "610100")]
    pub area: AreaCode,
    /// Name.
    #[schema(min_length = 2, max_length = 100, example = "示例印章制作有限公司")]
    pub name: String,
    /// Unified social credit code.
    #[schema(
        pattern = "^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$",
        example = "91610100MA00000011"
    )]
    pub credit_code: String,
    /// Paths of the areas it makes for, all within the area that registers it.
    #[schema(value_type = Vec<AreaPathText>, min_items = 1, max_items = 200, example = json!(["/100000/610000/610100/"]))]
    pub jurisdictions: Vec<AreaPath>,
    /// License.
    pub license: LicenseBody,
    /// Who entrusts it, when it works for another.
    #[serde(default)]
    pub entrusted: Option<EntrustedBody>,
    /// Certificate it signs seals with, DER, base64.
    #[serde(default)]
    #[schema(max_length = 16384)]
    pub certificate: Option<String>,
    /// Person who answers for it.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub responsible: String,
}

/// 登记制作单位。 Registers a maker.
#[utoipa::path(
    post, path = "/makers", tag = "makers", operation_id = "makers.register", summary = "登记制作单位 · Register a maker",
    params(IdempotencyKey), request_body = RegisterMaker,
    responses(
        (status = 201, description = "制作单位 · the maker", body = MakerView),
        (status = 404, description = "没有这个区划，或者不在管辖范围内 · no such area, or outside the caller's scope")
    )
)]
pub async fn register(
    State(app): State<Shared>,
    caller: Caller,
    command: Command<RegisterMaker>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let area = work.tx.get::<Area>(body.area.as_str()).await?.value;
    let by = work.permit(Action::MakerWrite, &Place::area(&area.path))?;
    let maker = checked(&mut work, &area, body).await?;
    let version = work.tx.insert(&maker).await?;
    let details =
        json!({ "name": maker.name, "license": maker.license, "jurisdictions": maker.jurisdictions });
    work.record(&by, "maker.register", &subject(&maker), None, details);
    let path = format!("/api/v1/makers/{}", maker.id);
    work.finish(StoredResponse::created(path, &MakerView::of(&maker, version))?.version(version)).await
}

/// The maker, with every fault of the request named.
async fn checked(work: &mut Work, area: &Area, body: RegisterMaker) -> Result<Maker, Stop> {
    let now = work.now;
    let mut faults = Faults::new();
    check_line("/name", &body.name, 2..=100, &mut faults);
    check_line("/responsible", &body.responsible, 1..=64, &mut faults);
    let credit_code = faults.take("/credit_code", CreditCode::parse(&body.credit_code), |fault| {
        let (zh, en) = both(&fault.to_string());
        (fault.code(), zh, en)
    });
    faults.within("/license", |faults| body.license.check(now, faults));
    if let Some(entrusted) = &body.entrusted {
        faults.within("/entrusted", |faults| entrusted.check(now, faults));
    }
    let certificate = body.certificate.and_then(|text| certificate::read(&text, now, &mut faults));
    check_jurisdictions(work, &area.path, &body.jurisdictions, &mut faults).await?;
    let Some(credit_code) = credit_code else {
        return Err(faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Internal)).into());
    };
    let maker = Maker {
        id: MakerId::new(now, &mut work.app().rng()),
        name: body.name.trim().to_owned(),
        credit_code,
        area: area.code.clone(),
        area_path: area.path.clone(),
        jurisdictions: body.jurisdictions,
        license: body.license.into(),
        entrusted: body.entrusted.map(Into::into),
        certificate,
        former_certificates: Vec::new(),
        responsible: body.responsible.trim().to_owned(),
        stopped: None,
        created_by: work.caller().person()?.0.id.clone(),
    };
    if faults.is_empty() {
        check_record(&maker, &mut faults);
    }
    faults.into_result()?;
    Ok(maker)
}
