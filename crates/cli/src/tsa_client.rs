//! The timestamp service that the command line names.

use crate::failure::Failure;
use yinxin_server::signing::timestamp::{HttpTimestamp, TIMEOUT};

/// A client for the responder at `url`.
///
/// # Errors
/// `TSA_URL` unless it begins with `http://` or `https://` and names a host.
pub fn client(url: &str) -> Result<HttpTimestamp, Failure> {
    HttpTimestamp::new(url, TIMEOUT).map_err(|error| Failure::new("TSA_URL", error.to_string()))
}
