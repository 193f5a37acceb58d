//! Against requests that other sites make in a user's name (跨站请求伪造): a token bound to the session, and where a request came from.
//!
//! Three walls: the cookie is `SameSite=Strict`, changing requests carry the token in `x-csrf-token` or a form field, and a browser
//! that says another origin is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Secret;
use super::keyring::{KeyRing, Purpose};

/// Header that carries the token.
pub const CSRF_HEADER: &str = "x-csrf-token";
/// Form field that carries the token.
pub const CSRF_FIELD: &str = "csrf";

/// Why a request was taken for a forged one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsrfRefused {
    /// No token.
    #[error(
        "请求缺少防伪令牌，请刷新页面后重试 / the request has no anti-forgery token: reload the page and try again"
    )]
    Missing,
    /// Token of another session, or none of ours.
    #[error(
        "防伪令牌无效，请刷新页面后重试 / the anti-forgery token is not of this session: reload the page and try again"
    )]
    Wrong,
    /// The browser says that another site asked.
    #[error("请求来自其他网站，已拒绝 / the request came from another site and was refused")]
    OtherOrigin,
}

impl CsrfRefused {
    /// Stable code for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing => "CSRF_MISSING",
            Self::Wrong => "CSRF_WRONG",
            Self::OtherOrigin => "CSRF_OTHER_ORIGIN",
        }
    }
}

/// The token of a session. `session_hash` is [`SessionToken::hash`](super::session::SessionToken::hash), so a new session has a new one.
pub fn issue(ring: &KeyRing, session_hash: &[u8; 32]) -> Secret {
    Secret::new(URL_SAFE_NO_PAD.encode(ring.mac(Purpose::Token, &parts(session_hash))))
}

/// Verifies the token that came with a request, in constant time.
///
/// # Errors
/// [`CsrfRefused::Missing`], [`CsrfRefused::Wrong`].
pub fn verify(ring: &KeyRing, session_hash: &[u8; 32], token: Option<&str>) -> Result<(), CsrfRefused> {
    let token = token.filter(|t| !t.is_empty()).ok_or(CsrfRefused::Missing)?;
    let code = URL_SAFE_NO_PAD.decode(token).map_err(|_| CsrfRefused::Wrong)?;
    ring.verify_mac(Purpose::Token, &parts(session_hash), &code).map_err(|_| CsrfRefused::Wrong)
}

fn parts(session_hash: &[u8; 32]) -> [&[u8]; 2] {
    [b"yinxin csrf 1", session_hash]
}

/// Refuses a changing request that the browser says another site made. `origin` and `fetch_site` are the headers `Origin` and
/// `Sec-Fetch-Site`, `own` is the server's origin, `https://seal.example.gov.cn`. Programs send neither and pass.
///
/// # Errors
/// [`CsrfRefused::OtherOrigin`].
pub fn check_origin(origin: Option<&str>, fetch_site: Option<&str>, own: &str) -> Result<(), CsrfRefused> {
    let foreign_site = fetch_site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    let foreign_origin = origin.is_some_and(|o| !o.eq_ignore_ascii_case(own));
    if foreign_site || foreign_origin { Err(CsrfRefused::OtherOrigin) } else { Ok(()) }
}
