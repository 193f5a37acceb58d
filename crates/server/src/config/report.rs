//! The effective configuration with the origin of every value: `yinxin config check`.

use std::fmt;

use figment::value::Value;
use serde::Serialize;

use super::load::{Loaded, load};
use super::{ConfigError, KEYS, Origin, Sources};

/// One key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Dotted key.
    pub key: &'static str,
    /// Value as written in TOML, passwords masked; `None` where nothing is set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// The effective configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The file that was read, if any.
    pub file: Option<std::path::PathBuf>,
    /// All keys in the order of [`KEYS`].
    pub rows: Vec<Row>,
    /// What deserves a second look: Chinese, English.
    pub warnings: Vec<(String, String)>,
}

/// Loads and reports.
///
/// # Errors
/// [`ConfigError`] as [`load`].
pub fn check(sources: &Sources) -> Result<Report, ConfigError> {
    load(sources).map(|loaded| Report::of(&loaded))
}

impl Report {
    /// The report of settings at hand.
    pub fn of(loaded: &Loaded) -> Self {
        let values = Value::serialize(&loaded.config).ok();
        let rows = KEYS
            .iter()
            .map(|doc| Row {
                key: doc.key,
                value: values.as_ref().and_then(|all| all.find_ref(doc.key)).and_then(written),
                origin: loaded.origins.get(doc.key).cloned().unwrap_or(Origin::Default),
            })
            .collect();
        Self { file: loaded.file.clone(), rows, warnings: loaded.warnings.clone() }
    }
}

/// A value as TOML would write it.
fn written(value: &Value) -> Option<String> {
    Some(match value {
        Value::Empty(..) => return None,
        Value::String(_, text) => toml::Value::from(text.as_str()).to_string(),
        Value::Array(_, items) => {
            format!("[{}]", items.iter().filter_map(written).collect::<Vec<_>>().join(", "))
        }
        Value::Dict(_, dict) => {
            let parts: Vec<String> = dict
                .iter()
                .filter_map(|(name, inner)| Some(format!("{name} = {}", written(inner)?)))
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Value::Bool(_, b) => b.to_string(),
        Value::Char(_, c) => toml::Value::from(c.to_string()).to_string(),
        Value::Num(..) => {
            value.to_i128().map(|n| n.to_string()).or_else(|| value.to_u128().map(|n| n.to_string()))?
        }
    })
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(path) => writeln!(f, "# 配置文件 / file: {}", path.display())?,
            None => writeln!(f, "# 没有配置文件 / no file")?,
        }
        for row in &self.rows {
            match &row.value {
                Some(value) => writeln!(f, "{} = {value}    # {}", row.key, row.origin)?,
                None => writeln!(f, "# {} 未设置 / not set", row.key)?,
            }
        }
        for (zh, en) in &self.warnings {
            writeln!(f, "! {zh} / {en}")?;
        }
        Ok(())
    }
}
