//! The statement of truth signed with a certificate (真实性承诺): what is handed in instead of the confirmation in a session.

use super::{place, subject};
use crate::api::encoded::{bad, bytes, certificate};
use crate::api::words::both;
use crate::app::{Shared, Stop, Work};
use crate::auth::Caller;
use crate::documents::Digest;
use crate::http::{Code, FieldError, Path, Problem, StoredResponse};
use crate::proof::truth::{TruthSigner, declaration, verify};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use yinxin_crypto::SignatureAlgorithm;
use yinxin_formats::cms::{Family, SignedDataBuilder};
use yinxin_registry::ids::ApplicationId;
use yinxin_registry::lifecycle::application::{Application, TruthCertificate};
use yinxin_registry::permission::Action;

/// What is kept of a statement; it is shown and stored under this type.
const SIGNED_DATA: &str = "application/pkcs7-mime";
/// Longest SignedData, characters of Base64: 256 KiB of DER.
const LONGEST: usize = 349_528;

/// A declaration signed with the agent's or the unit's SM2 certificate; `declaration` of `GET …/checks` is what to sign.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "form", deny_unknown_fields)]
pub enum SignedTruth {
    /// A bare signature and its certificate, as a signing device gives them.
    Signature {
        /// SM2 with SM3 over the declaration, user identifier 1234567812345678: DER in Base64.
        #[schema(max_length = 512)]
        signature: String,
        /// Certificate, DER in Base64.
        #[schema(max_length = 16384)]
        certificate: String,
        /// Issuers of the certificate, DER in Base64, where the server may not have them.
        #[serde(default)]
        #[schema(max_items = 5)]
        chain: Vec<String>,
    },
    /// SignedData of GB/T 35275 or RFC 5652 with the certificate inside, the declaration inside or left out.
    SignedData {
        /// DER in Base64.
        #[schema(max_length = 349528)]
        signed_data: String,
    },
}

impl SignedTruth {
    /// As SignedData, whichever form it was handed in.
    fn into_signed_data(self, declaration: &[u8]) -> Result<Vec<u8>, Problem> {
        match self {
            SignedTruth::SignedData { signed_data } => bytes(&signed_data, "/signed/signed_data", LONGEST),
            SignedTruth::Signature { signature, certificate: text, chain } => {
                let signature = bytes(&signature, "/signed/signature", 512)?;
                let signer = certificate(&text, "/signed/certificate")?;
                if chain.len() > 5 {
                    return Err(bad("/signed/chain", "最多 5 张证书", "at most five certificates"));
                }
                let mut builder = SignedDataBuilder::attached(Family::Gbt35275, declaration)
                    .without_attributes()
                    .certificate(signer.raw());
                for (index, text) in chain.iter().enumerate() {
                    let issuer = certificate(text, &format!("/signed/chain/{index}"))?;
                    builder = builder.certificate(issuer.raw());
                }
                let prepared = builder.prepare(&signer, SignatureAlgorithm::Sm2Sm3).map_err(|_| {
                    bad("/signed/certificate", "证书不能用于签名", "this certificate cannot sign")
                })?;
                Ok(prepared.assemble(&signature))
            }
        }
    }
}

/// A statement that was verified and stored.
#[derive(Debug)]
pub struct AcceptedTruth {
    /// The content it covers.
    pub content_digest: String,
    /// Where the SignedData is in the document store: its SM3, hex.
    pub signature: String,
    /// Who signed.
    pub certificate: TruthCertificate,
}

/// Verifies a statement on the content as it is now, compares its signer with those who apply, and stores it.
///
/// # Errors
/// `VALIDATION` naming what does not hold; what reading an application refuses.
pub async fn accept(
    app: &Shared,
    caller: &Caller,
    id: &ApplicationId,
    signed: SignedTruth,
) -> Result<AcceptedTruth, Stop> {
    let now = app.now()?;
    let found = app.store.read().await?.get::<Application>(id.as_str()).await?.value;
    caller.permit(Action::ApplicationSubmit, &place(&found), now)?;
    let content_digest = found.content_digest();
    let digest: Digest = content_digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    let signed = signed.into_signed_data(&declaration(digest.as_bytes()))?;
    let trust = app.authority.trust();
    let signer = verify(&signed, digest.as_bytes(), &trust, now).map_err(|fault| {
        let (zh, en) = both(&fault.to_string());
        fault_of(fault.code(), &zh, &en)
    })?;
    if !stands_for(&signer, &found, caller) {
        return Err(fault_of(
            "TRUTH_SIGNER",
            "签名证书不属于经办人或者申请单位",
            "the certificate is neither the agent's nor the unit's",
        )
        .into());
    }
    let stored = app.documents.put(signed.into(), SIGNED_DATA).await?;
    Ok(AcceptedTruth {
        content_digest,
        signature: stored.digest.to_string(),
        certificate: TruthCertificate {
            subject: signer.subject,
            issuer: signer.issuer,
            serial: signer.serial,
            digest: hex::encode(signer.certificate_digest),
        },
    })
}

fn fault_of(code: &'static str, zh: &str, en: &str) -> Problem {
    Problem::new(Code::Validation)
        .detail(format!("{zh}。"), format!("{en}."))
        .with_error(FieldError::body("/signed", code, zh, en))
}

/// Whether a certificate speaks for those who apply: bound to the account that hands in, or made out to the agent or the unit.
fn stands_for(signer: &TruthSigner, application: &Application, caller: &Caller) -> bool {
    let bound = caller.person().is_ok_and(|(account, ..)| {
        let digest = hex::encode(signer.certificate_digest);
        account.credentials.certificates.iter().any(|bound| bound.digest == digest)
    });
    let agent = &application.content().agent.person.name;
    bound
        || signer.common_name.as_deref().is_some_and(|name| name == agent || name == application.unit_name())
}

/// 下载签名的真实性承诺。 The statement of truth as it was signed; only where a certificate signed it.
#[utoipa::path(
    get, path = "/applications/{id}/truth", tag = "applications", operation_id = "applications.truth", summary = "下载签名的承诺书 · Signed statement of truth",
    params(("id" = String, Path, description = "申请 · application")),
    responses((status = 200, description = "GB/T 35275 SignedData", body = Vec<u8>, content_type = "application/pkcs7-mime"))
)]
pub async fn truth(
    State(app): State<Shared>,
    caller: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Response, Stop> {
    let mut work = Work::begin_keyless(&app, &caller).await?;
    let found = work.tx.get::<Application>(id.as_str()).await?;
    let by = work.permit(Action::ApplicationRead, &place(&found.value))?;
    let signature = found.value.truth().and_then(|truth| truth.signature.as_deref());
    let digest = signature.ok_or_else(|| Problem::new(Code::NotFound))?;
    let digest: Digest = digest.parse().map_err(|_| Problem::new(Code::Integrity))?;
    let bytes = app.documents.get(digest).await?;
    let details = json!({ "digest": digest.to_string() });
    work.record(&by, "application.read_truth", &subject(&found.value), None, details);
    work.finish(StoredResponse::no_content()).await?;
    Ok(([(header::CONTENT_TYPE, SIGNED_DATA)], bytes.to_vec()).into_response())
}
