//! A list from its address, bounded in time and size.

use super::ListFault;
use crate::making::transport::client;
use std::time::Duration;
use yinxin_formats::crl::Crl;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;

const TIMEOUT: Duration = Duration::from_secs(30);
/// Largest list, bytes: some hundred thousand certificates.
const MOST: u64 = 10 << 20;

/// Fetches a list, DER or PEM. Blocks.
pub(super) fn fetch(url: &str) -> Result<Crl, ListFault> {
    let away = |error: ureq::Error| ListFault::Unreachable(error.to_string());
    let mut answer = client(TIMEOUT).get(url).call().map_err(away)?;
    let status = answer.status();
    if !status.is_success() {
        return Err(ListFault::Unreachable(format!("HTTP {status}")));
    }
    let bytes = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(away)?;
    let limits = Limits::default();
    let blocks = pem::parse_pem_or_der(&bytes, &limits).map_err(|e| ListFault::Form(e.to_string()))?;
    let Some(block) = blocks.into_iter().next() else { return Err(ListFault::Form("empty".to_owned())) };
    Crl::from_vec(block.der, &limits).map_err(|e| ListFault::Form(e.to_string()))
}
