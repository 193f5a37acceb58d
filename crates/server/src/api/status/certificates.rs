//! The certificates that seals and signatures of this registry are judged by.

use crate::app::{Shared, Stop};
use crate::http::accept::choose;
use crate::status::certificates::{all, as_pem, as_pkcs7};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

const PEM: &str = "application/pem-certificate-chain";
const PKCS7: &str = "application/pkcs7-mime";

/// 证书链下载。 Certificates of the authority, the makers and the certificate authorities, those of before too: as PEM, or with `Accept:
/// application/pkcs7-mime` as PKCS#7. What of it is trusted is for the reader to decide.
#[utoipa::path(
    get, path = "/certificates", tag = "status", operation_id = "status.certificates", summary = "证书链下载 · Certificate chains",
    responses((status = 200, description = "证书 · the certificates", content(
        (String = "application/pem-certificate-chain"), (Vec<u8> = "application/pkcs7-mime")))),
    security(())
)]
pub async fn certificates(State(app): State<Shared>, headers: HeaderMap) -> Result<Response, Stop> {
    let form = choose(&headers, &[PEM, PKCS7])?;
    let found = all(&app).await?;
    let body = if form == PEM { as_pem(&found).into_bytes() } else { as_pkcs7(&found) };
    Ok(([(header::CONTENT_TYPE, form)], body).into_response())
}
