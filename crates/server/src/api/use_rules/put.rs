//! A unit hands in its rules of use, in place of those before.

use super::{UseRulesView, answer};
use crate::api::applications::{claim, is_file_name, media_type};
use crate::api::units::{place, subject};
use crate::api::use_requests::may_be_sealed;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, IfMatch, Path, Problem, Query};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;
use yinxin_registry::ids::UnitId;
use yinxin_registry::permission::Action;
use yinxin_registry::unit::Unit;
use yinxin_registry::use_rules::{Adoption, RulesDocument, UseRules};

/// What is said of the document.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AboutRules {
    /// 文件名 · As the unit knows the file.
    #[param(min_length = 1, max_length = 120, example = "印章使用管理制度.pdf")]
    pub file_name: String,
    /// 主管机构 · Body or post in charge.
    #[param(min_length = 2, max_length = 100, example = "办公室")]
    pub body_in_charge: String,
    /// 审阅日期 · Day on which the unit last looked at them: not ahead, not before the last one.
    #[param(value_type = String, format = Date, example = "2026-11-01")]
    pub reviewed_on: Date,
}

/// 报送用印制度。 Hands in a unit's rules of use: a document, the body in charge, the day of the last review. Rules before stay on record.
#[utoipa::path(
    put, path = "/units/{id}/use-rules", tag = "use_rules", operation_id = "use_rules.put", summary = "报送用印制度 · Hand in the rules of use",
    params(("id" = String, Path, description = "单位 · unit"), AboutRules, IfMatch),
    request_body(content((Vec<u8> = "application/pdf"), (Vec<u8> = "application/ofd"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"), (Vec<u8> = "image/bmp")), description = "PDF、OFD、PNG、JPEG、BMP"),
    responses((status = 200, description = "用印制度 · the rules", body = UseRulesView))
)]
pub async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<UnitId>,
    Query(about): Query<AboutRules>,
    if_match: IfMatch,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Stop> {
    let media_type = media_type(&headers, &body)?;
    if !is_file_name(&about.file_name) || about.body_in_charge.chars().any(char::is_control) {
        return Err(Problem::new(Code::BadRequest)
            .detail("文件名或者主管机构不正确。", "The file name or the body in charge is not acceptable.")
            .into());
    }
    let unit = app.store.read().await?.get::<Unit>(id.as_str()).await?.value;
    caller.permit(Action::UseRulesWrite, &place(&unit), app.now()?)?;
    if may_be_sealed(media_type) {
        claim(&app, &Digest::of(&body).to_string(), id.as_str()).await?;
    }
    // Stored before the transaction: what nobody names in the end is swept.
    let stored = app.documents.put(body, media_type).await?;
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let unit = work.tx.get::<Unit>(id.as_str()).await?.value;
    let by = work.permit(Action::UseRulesWrite, &place(&unit))?;
    let found = work.tx.load::<UseRules>(id.as_str()).await?;
    let version = found.as_ref().map_or(0, |found| found.version);
    if_match.check(version)?;
    let adoption = Adoption {
        of: (unit.id.clone(), unit.parent.clone(), unit.area_path.clone()),
        unit_name: unit.name.clone(),
        document: RulesDocument {
            digest: stored.digest.to_string(),
            file_name: about.file_name,
            size: stored.size,
            media_type: media_type.to_owned(),
        },
        body_in_charge: about.body_in_charge,
        reviewed_on: about.reviewed_on,
    };
    let rules = UseRules::adopt(found.map(|found| found.value), adoption, &by, work.now)?;
    let version = match version {
        0 => work.tx.insert(&rules).await?,
        version => work.tx.save(&rules, version).await?,
    };
    let details = json!({
        "digest": rules.document().digest, "body_in_charge": rules.body_in_charge(), "reviewed_on": rules.reviewed_on(),
    });
    work.record(&by, "use_rules.put", &subject(&unit), None, details);
    let answer = answer(&rules, version, work.now)?;
    work.finish(answer).await
}
