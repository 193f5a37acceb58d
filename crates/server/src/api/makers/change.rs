//! License, areas, entrusting and certificate of a maker change.

use super::body::{EntrustedBody, LicenseBody, check_jurisdictions, check_record};
use super::{MakerView, answer, certificate, place, subject};
use crate::api::scope::AreaPathText;
use crate::api::text::check_line;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Command, Faults, IdempotencyKey, IfMatch, Path};
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use yinxin_registry::area::AreaPath;
use yinxin_registry::ids::MakerId;
use yinxin_registry::maker::Maker;
use yinxin_registry::permission::Action;

/// What holds of a maker from now on.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMaker {
    /// Paths of the areas it makes for, all within the area that registered it.
    #[schema(value_type = Vec<AreaPathText>, min_items = 1, max_items = 200, example = json!(["/100000/610000/610100/"]))]
    pub jurisdictions: Vec<AreaPath>,
    /// License.
    pub license: LicenseBody,
    /// Who entrusts it; absent: nobody.
    #[serde(default)]
    pub entrusted: Option<EntrustedBody>,
    /// Certificate it signs seals with, DER, base64; absent: the one it has stays.
    #[serde(default)]
    #[schema(max_length = 16384)]
    pub certificate: Option<String>,
    /// Person who answers for it.
    #[schema(min_length = 1, max_length = 64, example = "示例甲")]
    pub responsible: String,
}

/// 变更制作单位。 Replaces license, areas, entrusting, certificate and the person who answers. Name and credit code stay.
#[utoipa::path(
    put, path = "/makers/{id}", tag = "makers", operation_id = "makers.change", summary = "变更制作单位 · Change a maker",
    params(("id" = String, Path, description = "制作单位 · maker"), IdempotencyKey, IfMatch), request_body = ChangeMaker,
    responses((status = 200, description = "制作单位 · the maker", body = MakerView))
)]
pub async fn change(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<MakerId>,
    if_match: IfMatch,
    command: Command<ChangeMaker>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Maker>(id.as_str()).await?;
    let by = work.permit(Action::MakerWrite, &place(&found.value))?;
    if_match.check(found.version)?;
    let before = described(&found.value);
    let maker = changed(&mut work, found.value, body).await?;
    let version = work.tx.save(&maker, found.version).await?;
    let details = json!({ "before": before, "after": described(&maker) });
    work.record(&by, "maker.change", &subject(&maker), None, details);
    work.finish(answer(&maker, version)?).await
}

/// The maker as it is to be, with every fault of the request named.
async fn changed(work: &mut Work, maker: Maker, body: ChangeMaker) -> Result<Maker, Stop> {
    let now = work.now;
    let mut faults = Faults::new();
    check_line("/responsible", &body.responsible, 1..=64, &mut faults);
    faults.within("/license", |faults| body.license.check(now, faults));
    if let Some(entrusted) = &body.entrusted {
        faults.within("/entrusted", |faults| entrusted.check(now, faults));
    }
    let certificate = body.certificate.and_then(|text| certificate::read(&text, now, &mut faults));
    check_jurisdictions(work, &maker.area_path, &body.jurisdictions, &mut faults).await?;
    let mut maker = Maker {
        jurisdictions: body.jurisdictions,
        license: body.license.into(),
        entrusted: body.entrusted.map(Into::into),
        responsible: body.responsible.trim().to_owned(),
        ..maker
    };
    if let Some(certificate) = certificate {
        maker.replace_certificate(certificate, now);
    }
    if faults.is_empty() {
        check_record(&maker, &mut faults);
    }
    faults.into_result()?;
    Ok(maker)
}

/// What may change, for the audit log; of the certificate its SM3.
fn described(maker: &Maker) -> Value {
    json!({
        "license": maker.license,
        "jurisdictions": maker.jurisdictions,
        "entrusted": maker.entrusted,
        "responsible": maker.responsible,
        "certificate": maker.certificate.as_ref().map(|text| hex::encode(yinxin_crypto::sm3(text.as_bytes()))),
    })
}
