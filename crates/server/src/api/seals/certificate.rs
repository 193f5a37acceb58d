//! A certificate from an authority outside (证书导入): the workshop hands in its request, the maker's operator takes it out, has it signed
//! there, and brings the certificate. Then the making goes on by itself.

use super::{SealView, answer, place, raced, subject};
use crate::api::csr;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::http::{Code, Command, Faults, IdempotencyKey, Path, Problem};
use crate::making::authority::{Expected, check_certificate};
use crate::making::dto::CertificateRequestDto;
use crate::making::requested_key;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_crypto::PublicKey;
use yinxin_formats::pem;
use yinxin_registry::ids::SealId;
use yinxin_registry::lifecycle::application::Application;
use yinxin_registry::lifecycle::seal::{Seal, SealEvent, TABLE};
use yinxin_registry::lifecycle::{Refused, next};
use yinxin_registry::permission::Action;

/// 提交证书申请。 The workshop waits for a certificate. The same request again changes nothing.
#[utoipa::path(
    post, path = "/seals/{id}/certificate-request", tag = "seals", operation_id = "seals.request_certificate", summary = "提交证书申请 · Hand in a certification request",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = CertificateRequestDto,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn request(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<CertificateRequestDto>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let mut faults = Faults::new();
    let read = csr::read_request("/request", &body.request, &mut faults);
    faults.into_result()?;
    let (request, key) = read.ok_or_else(|| Problem::new(Code::Validation))?;
    let (found, application, _) = work.tx.case_of_seal(id.as_str()).await?;
    let by = work.permit(Action::SealMake, &place(&found.value))?;
    if own_key(&application.value).is_some_and(|own| own != key) {
        return Err(Refused::rule(
            "OTHER_KEY",
            "不是用章单位智能密码钥匙的密钥",
            "not the key of the unit's own device",
        )
        .into());
    }
    let (seal, effects) = found.value.apply(SealEvent::RequestCertificate { request }, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await.map_err(raced)?;
    work.record(&by, "seal.request_certificate", &subject(&seal), None, json!({}));
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

/// The key in the unit's own device, where the application names one.
fn own_key(application: &Application) -> Option<PublicKey> {
    let der = STANDARD.decode(application.content().key_request.as_ref()?).ok()?;
    requested_key(&der).ok()
}

/// 下载证书申请。 The request as PEM (PKCS#10), to be signed by an authority outside.
#[utoipa::path(
    get, path = "/seals/{id}/certificate-request", tag = "seals", operation_id = "seals.certificate_request", summary = "下载证书申请 · The certification request",
    params(("id" = String, Path, description = "印章 · seal")),
    responses(
        (status = 200, description = "证书申请 · the request", body = String, content_type = "application/x-pem-file"),
        (status = 404, description = "没有待签发的申请 · no request waits")
    )
)]
pub async fn download(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
) -> Result<Response, Stop> {
    let seal = app.store.read().await?.get::<Seal>(id.as_str()).await?.value;
    caller.permit(Action::SealMake, &place(&seal), app.now()?)?;
    let request = seal.certificate_request().and_then(|text| STANDARD.decode(text).ok());
    let request = request.ok_or_else(|| {
        Problem::new(Code::NotFound)
            .detail("该印章没有待签发的证书申请。", "No certification request waits for this seal.")
    })?;
    let headers = [
        (header::CONTENT_TYPE, "application/x-pem-file".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}.csr\"", seal.code())),
    ];
    Ok((headers, pem::encode("CERTIFICATE REQUEST", &request)).into_response())
}

/// A certificate that was issued outside.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportCertificate {
    /// The certificate and then its issuers, PEM.
    #[schema(max_length = 65536, example = "-----BEGIN CERTIFICATE-----…")]
    pub chain: String,
}

/// 导入证书。 Brings the certificate that was issued for the request. It must be for the request's key and the unit, for signatures, valid
/// now, and lead to an anchor of `ca.trust_anchors`. The seal will not outlive it.
#[utoipa::path(
    post, path = "/seals/{id}/certificate", tag = "seals", operation_id = "seals.import_certificate", summary = "导入证书 · Import the certificate",
    params(("id" = String, Path, description = "印章 · seal"), IdempotencyKey), request_body = ImportCertificate,
    responses((status = 200, description = "印章 · the seal", body = SealView))
)]
pub async fn import(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<SealId>,
    command: Command<ImportCertificate>,
) -> Result<Response, Stop> {
    let (mut work, body) = Work::begin(&app, &caller, command).await?;
    let found = work.tx.get::<Seal>(id.as_str()).await?;
    let by = work.permit(Action::SealMake, &place(&found.value))?;
    next(TABLE, found.value.state(), "import_certificate")?;
    let request = found.value.certificate_request().and_then(|text| STANDARD.decode(text).ok());
    let certificates = match request.and_then(|der| requested_key(&der).ok()) {
        // Without a request the state machine refuses, and says so.
        None => Vec::new(),
        Some(key) => checked(&work, &found.value, &key, &body.chain)?,
    };
    let event = SealEvent::ImportCertificate { certificates };
    let (seal, effects) = found.value.apply(event, &by, work.now)?;
    let version = work.tx.save(&seal, found.version).await.map_err(raced)?;
    let digests: Vec<String> =
        seal.certificates().iter().map(|c| hex::encode(yinxin_crypto::sm3(c.as_bytes()))).collect();
    work.record(&by, "seal.import_certificate", &subject(&seal), None, json!({ "certificates": digests }));
    work.enact(&subject(&seal), &effects);
    work.finish(answer(&seal, version)?).await
}

fn checked(work: &Work, seal: &Seal, key: &PublicKey, chain: &str) -> Result<Vec<String>, Problem> {
    let expected = Expected { key, organization: seal.unit_name(), credit_code: seal.credit_code() };
    let trust = work.app().authority.trust();
    let issued = csr::read_chain_pem(chain)
        .and_then(|issued| check_certificate(&issued, expected, &trust, work.now).map(|()| issued));
    match issued {
        Ok(issued) => Ok(csr::kept(&issued)),
        Err(fault) => {
            let mut faults = Faults::new();
            csr::push_fault("/chain", &fault, &mut faults);
            Err(faults.into_result().err().unwrap_or_else(|| Problem::new(Code::Validation)))
        }
    }
}
