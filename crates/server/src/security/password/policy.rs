//! Which passwords are good enough.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::strength;
use crate::security::Secret;

/// Parts a login name must have before passwords are searched for it; shorter ones occur by chance.
const SHORTEST_LOGIN: usize = 3;
/// Kinds of characters that make a shorter password acceptable.
const CLASSES: usize = 3;

/// What a password must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordPolicy {
    /// Characters a password must have.
    pub min_length: usize,
    /// Characters it must have if three of the four kinds small letter, capital, digit, other occur.
    pub min_length_mixed: usize,
    /// Characters it may have, at most 256.
    pub max_length: usize,
    /// Days after which it must be changed (定期更换); 0 for never.
    pub max_age_days: u32,
    /// So many former passwords may not be used again.
    pub history: usize,
}

impl Default for PasswordPolicy {
    /// 12 characters, or 10 of three kinds; at most 128; changed every 90 days; none of the last five.
    fn default() -> Self {
        Self { min_length: 12, min_length_mixed: 10, max_length: 128, max_age_days: 90, history: 5 }
    }
}

/// Why a password is not accepted. Says nothing of the password itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordRefused {
    /// Too short.
    #[error(
        "口令至少 {min} 个字符，或至少 {min_mixed} 个字符且包含大写字母、小写字母、数字、其他字符中的三种 / a password has at least {min} characters, or {min_mixed} with three of: capital, small letter, digit, other"
    )]
    TooShort {
        /// Characters needed.
        min: usize,
        /// Characters needed if mixed.
        min_mixed: usize,
    },
    /// Too long.
    #[error("口令最多 {max} 个字符 / a password has at most {max} characters")]
    TooLong {
        /// Characters allowed.
        max: usize,
    },
    /// It has a character that cannot be typed.
    #[error("口令不能包含控制字符 / a password cannot contain control characters")]
    ControlCharacter,
    /// It contains the login name, forwards or backwards.
    #[error("口令不能包含登录名 / a password cannot contain the login name")]
    ContainsLogin,
    /// It consists of what everybody tries first.
    #[error(
        "口令过于常见：由常用词、连续或重复的字符组成，容易被猜中 / the password is too common: well-known words, runs and repetitions are guessed first"
    )]
    Common,
    /// It was used lately.
    #[error("不能使用最近 {last} 次用过的口令 / the last {last} passwords cannot be used again")]
    Reused {
        /// How many are remembered.
        last: usize,
    },
}

impl PasswordRefused {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort { .. } => "PASSWORD_TOO_SHORT",
            Self::TooLong { .. } => "PASSWORD_TOO_LONG",
            Self::ControlCharacter => "PASSWORD_CONTROL_CHARACTER",
            Self::ContainsLogin => "PASSWORD_CONTAINS_LOGIN",
            Self::Common => "PASSWORD_COMMON",
            Self::Reused { .. } => "PASSWORD_REUSED",
        }
    }
}

impl PasswordPolicy {
    /// Checks a new password. Former passwords are looked at by [`PasswordHasher::is_reused`](super::PasswordHasher::is_reused), which
    /// the caller turns into [`PasswordRefused::Reused`].
    ///
    /// # Errors
    /// The first [`PasswordRefused`].
    pub fn check(&self, password: &Secret, login: &str) -> Result<(), PasswordRefused> {
        let text = password.reveal();
        let max = self.max_length.min(256);
        let length = text.chars().count();
        if length > max {
            return Err(PasswordRefused::TooLong { max });
        }
        if text.chars().any(char::is_control) {
            return Err(PasswordRefused::ControlCharacter);
        }
        if length < self.min_length && (length < self.min_length_mixed || classes(text) < CLASSES) {
            return Err(PasswordRefused::TooShort { min: self.min_length, min_mixed: self.min_length_mixed });
        }
        if contains_login(text, login) {
            return Err(PasswordRefused::ContainsLogin);
        }
        if strength::is_common(text) { Err(PasswordRefused::Common) } else { Ok(()) }
    }

    /// Whether a password set at a moment must be changed by now.
    pub fn is_expired(&self, set_at: Timestamp, now: Timestamp) -> bool {
        let limit = SignedDuration::from_hours(24 * i64::from(self.max_age_days));
        self.max_age_days > 0 && now.duration_since(set_at) > limit
    }
}

fn classes(text: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| !c.is_ascii_alphanumeric(),
    ];
    kinds.into_iter().filter(|kind| text.chars().any(kind)).count()
}

fn contains_login(text: &str, login: &str) -> bool {
    let login: Vec<char> = login.chars().flat_map(char::to_lowercase).collect();
    if login.len() < SHORTEST_LOGIN {
        return false;
    }
    let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
    text.windows(login.len()).any(|w| w.iter().eq(&login) || w.iter().rev().eq(&login))
}
