//! What is wrong with a configuration, with everything needed to mend it.

use std::fmt;
use std::path::PathBuf;

use serde::Serialize;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Built in, or derived from `data_dir`.
    Default,
    /// A file, with the line where the key stands.
    File {
        /// The file.
        path: PathBuf,
        /// Line, counted from one; `None` where it cannot be told.
        line: Option<usize>,
    },
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("默认值 / default"),
            Self::File { path, line: Some(line) } => write!(f, "{}:{line}", path.display()),
            Self::File { path, line: None } => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "环境变量 / environment variable {name}"),
            Self::Flag(name) => write!(f, "命令行 / command line {name}"),
        }
    }
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Dotted key; empty when the file as a whole is at fault.
    pub key: String,
    /// Its value as given; `None` for secrets and where there is none.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
    /// What is wrong or expected, Chinese.
    pub zh: String,
    /// What is wrong or expected, English.
    pub en: String,
    /// How to mend it, Chinese.
    pub fix_zh: String,
    /// How to mend it, English.
    pub fix_en: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.key, &self.value) {
            (key, _) if key.is_empty() => write!(f, "{}", self.origin)?,
            (key, Some(value)) => write!(f, "{key} = {value}（{}）", self.origin)?,
            (key, None) => write!(f, "{key}（{}）", self.origin)?,
        }
        write!(f, "\n    {} / {}\n    → {} / {}", self.zh, self.en, self.fix_zh, self.fix_en)
    }
}

/// The configuration cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// Everything that is wrong, in the order of the keys; at least one.
    pub faults: Vec<Fault>,
}

impl ConfigError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        "CONFIG_INVALID"
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "配置有 {} 处错误 / the configuration has {} fault(s)",
            self.faults.len(),
            self.faults.len()
        )?;
        for fault in &self.faults {
            write!(f, "\n  {fault}")?;
        }
        Ok(())
    }
}
