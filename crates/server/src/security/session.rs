//! Sessions of people (会话): the token in the cookie, what is stored of it, and when it ends (GB/T 22239: timeout).
//!
//! A new token is made at login and at every change of rights; the old one is dropped, so that a token planted before login is
//! worth nothing.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use rand_core::CryptoRng;
use yinxin_crypto::Sm3;
use zeroize::Zeroizing;

use super::Secret;

/// Bytes of a token: 256 bits.
const TOKEN_LEN: usize = 32;
/// A session whose last use is older than this is written again; younger ones are left, to spare a write per request.
const TOUCH_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How far a clock may have been set back before a session counts as one of the future.
const CLOCK_SLIP: SignedDuration = SignedDuration::from_mins(5);

/// A session token: 32 random bytes. It is in the cookie and nowhere else.
#[derive(Clone)]
pub struct SessionToken(Zeroizing<[u8; TOKEN_LEN]>);

impl SessionToken {
    /// A new token.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut token = Zeroizing::new([0; TOKEN_LEN]);
        rng.fill_bytes(&mut *token);
        Self(token)
    }

    /// Reads the written form; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The written form: 43 characters of Base64url.
    pub fn to_text(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// What is stored in its place and looked up: SM3 over a label and the token.
    pub fn hash(&self) -> [u8; 32] {
        let mut digest = Sm3::new();
        digest.update(b"yinxin session 1:");
        digest.update(&*self.0);
        digest.finalize()
    }
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionToken(***)")
    }
}

/// How the cookie travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieTransport {
    /// Over TLS, as in production: `__Host-yinxin` with `Secure`.
    Tls,
    /// Over plain HTTP on the loopback interface, for trying out only: `yinxin` without `Secure`, as browsers refuse the other.
    Loopback,
}

impl CookieTransport {
    /// Name of the cookie. The prefix `__Host-` binds it to this very host, path `/` and TLS (RFC 6265bis).
    pub fn cookie_name(self) -> &'static str {
        match self {
            Self::Tls => "__Host-yinxin",
            Self::Loopback => "yinxin",
        }
    }

    /// Value of `Set-Cookie` that hands out a token, to be dropped by the browser after the absolute limit.
    pub fn set(self, token: &SessionToken, limits: SessionLimits) -> Secret {
        let (name, attributes) = (self.cookie_name(), self.attributes());
        let seconds = limits.absolute.as_secs();
        Secret::new(format!("{name}={}; Max-Age={seconds}; {attributes}", token.to_text().reveal()))
    }

    /// Value of `Set-Cookie` that takes it back.
    pub fn clear(self) -> String {
        format!("{}=; Max-Age=0; {}", self.cookie_name(), self.attributes())
    }

    /// The token in a `Cookie` header. `None` if there is none, if it is no token, or if two different ones claim the name: then
    /// somebody planted one.
    pub fn read(self, header: &str) -> Option<SessionToken> {
        let mut found: Option<&str> = None;
        for pair in header.split(';') {
            let Some((name, value)) = pair.trim().split_once('=') else { continue };
            if name != self.cookie_name() {
                continue;
            }
            if found.is_some_and(|seen| seen != value) {
                return None;
            }
            found = Some(value);
        }
        found.and_then(SessionToken::parse)
    }

    fn attributes(self) -> &'static str {
        match self {
            Self::Tls => "Path=/; Secure; HttpOnly; SameSite=Strict",
            Self::Loopback => "Path=/; HttpOnly; SameSite=Strict",
        }
    }
}

/// How long a session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    /// Without a request.
    pub idle: SignedDuration,
    /// At all.
    pub absolute: SignedDuration,
}

impl Default for SessionLimits {
    /// 15 minutes idle, 8 hours at all.
    fn default() -> Self {
        Self { idle: SignedDuration::from_mins(15), absolute: SignedDuration::from_hours(8) }
    }
}

/// Whether a session may still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// It may.
    Live {
        /// The last use is to be written again.
        touch: bool,
    },
    /// No request for too long: `SESSION_IDLE`.
    Idle,
    /// Too old: `SESSION_EXPIRED`.
    Expired,
}

impl SessionState {
    /// Stable code of an ended session.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Live { .. } => None,
            Self::Idle => Some("SESSION_IDLE"),
            Self::Expired => Some("SESSION_EXPIRED"),
        }
    }
}

impl SessionLimits {
    /// State of a session begun and last used at these moments. The last moments of both limits are still inside. A session begun in
    /// the future (the clock was set back) is expired, as nobody can tell its age.
    pub fn judge(self, begun_at: Timestamp, used_at: Timestamp, now: Timestamp) -> SessionState {
        let age = now.duration_since(begun_at);
        let idle = now.duration_since(used_at);
        if age > self.absolute || age < -CLOCK_SLIP {
            SessionState::Expired
        } else if idle > self.idle {
            SessionState::Idle
        } else {
            SessionState::Live { touch: idle >= TOUCH_AFTER.min(self.idle) }
        }
    }

    /// The moment a session ends if nothing more is asked.
    pub fn ends_at(self, begun_at: Timestamp, used_at: Timestamp) -> Timestamp {
        let end = |from: Timestamp, limit| from.saturating_add(limit).unwrap_or(Timestamp::MAX);
        end(begun_at, self.absolute).min(end(used_at, self.idle))
    }
}
