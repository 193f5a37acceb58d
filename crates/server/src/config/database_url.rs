//! A database address whose password is never printed.

use std::fmt;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

/// Engine behind an address.
const SCHEMES: [&str; 3] = ["sqlite:", "postgres://", "postgresql://"];

/// Address of a database (数据库地址): `sqlite:<path>` or `postgres://user[:password]@host[:port]/name[?options]`.
/// `Debug`, `Display` and `Serialize` show `***` instead of the password.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The SQLite file at `path`; characters with a meaning in an address are escaped.
    pub fn sqlite(path: &Path) -> Self {
        let mut url = "sqlite:".to_owned();
        for c in path.to_string_lossy().chars() {
            match c {
                '%' => url.push_str("%25"),
                '?' => url.push_str("%3F"),
                '#' => url.push_str("%23"),
                c => url.push(c),
            }
        }
        Self(url)
    }

    /// Whether it is a PostgreSQL address.
    pub fn is_postgres(&self) -> bool {
        !self.0.starts_with("sqlite:")
    }

    /// The whole address with its password: for the connection only, never for output.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the address carries a password.
    pub fn has_password(&self) -> bool {
        self.user_info().is_some_and(|(_, password)| password.is_some())
    }

    /// The whole address with `password` put in, if it carries none.
    pub fn with_password(&self, password: &str) -> Zeroizing<String> {
        if self.has_password() || !self.is_postgres() {
            return Zeroizing::new(self.0.clone());
        }
        let Some((scheme, rest)) = self.0.split_once("://") else {
            return Zeroizing::new(self.0.clone());
        };
        let (user, rest) = match self.user_info() {
            Some((user, _)) => (user, rest.get(user.len() + 1..).unwrap_or_default()),
            None => ("postgres", rest),
        };
        let mut escaped = Zeroizing::new(String::with_capacity(password.len() * 3));
        for byte in password.bytes() {
            if byte.is_ascii_alphanumeric() {
                escaped.push(char::from(byte));
            } else {
                escaped.push_str(&format!("%{byte:02X}"));
            }
        }
        Zeroizing::new(format!("{scheme}://{user}:{}@{rest}", *escaped))
    }

    /// User and password of a PostgreSQL address that has a user.
    fn user_info(&self) -> Option<(&str, Option<&str>)> {
        let (_, rest) = self.0.split_once("://")?;
        let authority = rest.split(['/', '?', '#']).next()?;
        let (info, _) = authority.rsplit_once('@')?;
        Some(match info.split_once(':') {
            Some((user, password)) => (user, Some(password)),
            None => (info, None),
        })
    }

    /// The address with `***` for the password, also for one given as the parameter `password`.
    fn masked(&self) -> String {
        let mut shown = match self.user_info() {
            Some((user, Some(password))) => {
                let with = format!("{user}:{password}@");
                self.0.replacen(&with, &format!("{user}:***@"), 1)
            }
            _ => self.0.clone(),
        };
        if self.is_postgres()
            && let Some((base, query)) = shown.clone().split_once('?')
        {
            let parts: Vec<String> = query
                .split('&')
                .map(|part| match part.split_once('=') {
                    Some((name, _)) if name.to_ascii_lowercase().contains("password") => {
                        format!("{name}=***")
                    }
                    _ => part.to_owned(),
                })
                .collect();
            shown = format!("{base}?{}", parts.join("&"));
        }
        shown
    }
}

impl TryFrom<String> for DatabaseUrl {
    type Error = &'static str;

    fn try_from(mut url: String) -> Result<Self, Self::Error> {
        let named = SCHEMES.iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
        if named {
            Ok(Self(url))
        } else {
            url.zeroize();
            Err("a database address begins with sqlite: or postgres://")
        }
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.masked())
    }
}
