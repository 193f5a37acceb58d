//! Where values are looked for: the file and its lines, the environment, the command line.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use figment::value::{Dict, Map, Value};
use figment::{Metadata, Profile, Provider};
use toml::de::{DeTable, DeValue};

use super::{Fault, KeyDoc, Kind, Origin};

/// Prefix of all environment variables.
const PREFIX: &str = "YINXIN_";
/// Files looked for when none is named.
const USUAL_FILES: [&str; 2] = ["yinxin.toml", "/etc/yinxin/yinxin.toml"];

/// Where to look, as values, so that a test can hand in what it likes.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The file that must be read; an absent one is a fault.
    pub file: Option<PathBuf>,
    /// Files of which the first that exists is read, if `file` is `None`.
    pub usual_files: Vec<PathBuf>,
    /// Environment variables.
    pub environment: Vec<(String, String)>,
    /// Flags of the command line: dotted key, value as text.
    pub flags: Vec<(String, String)>,
}

impl Sources {
    /// Those of this process, with the file named by `--config` and values given by other flags.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| name.starts_with(PREFIX))
            .collect();
        Self { file, usual_files: USUAL_FILES.iter().map(PathBuf::from).collect(), environment, flags }
    }

    /// The file to read, if any.
    pub(super) fn chosen_file(&self) -> Option<PathBuf> {
        self.file.clone().or_else(|| self.usual_files.iter().find(|path| path.is_file()).cloned())
    }
}

/// A file that was read: its values and the line of every key.
pub(super) struct FileLayer {
    pub(super) path: PathBuf,
    pub(super) values: Dict,
    pub(super) lines: BTreeMap<String, usize>,
}

impl FileLayer {
    /// Reads and parses.
    pub(super) fn read(path: PathBuf) -> Result<Self, Box<Fault>> {
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Box::new(Fault {
                key: String::new(),
                value: None,
                origin: Origin::File { path: path.clone(), line: None },
                zh: format!("无法读取配置文件：{error}"),
                en: format!("cannot read the configuration file: {error}"),
                fix_zh: "检查路径和权限，或去掉 --config".to_owned(),
                fix_en: "check path and permissions, or leave out --config".to_owned(),
            })
        })?;
        let table = DeTable::parse(&text).map_err(|error| {
            Box::new(Fault {
                key: String::new(),
                value: None,
                origin: Origin::File { path: path.clone(), line: error.span().map(|at| line_of(&text, &at)) },
                zh: format!("不是有效的 TOML：{}", error.message()),
                en: format!("not valid TOML: {}", error.message()),
                fix_zh: "改正该行；文本要加引号".to_owned(),
                fix_en: "mend that line; text stands in quotes".to_owned(),
            })
        })?;
        let mut lines = BTreeMap::new();
        let values = dict(&text, "", table.get_ref(), &mut lines);
        Ok(Self { path, values, lines })
    }

    /// Line of a key, or of the nearest table around it.
    pub(super) fn line(&self, key: &str) -> Option<usize> {
        let mut key = key;
        loop {
            if let Some(line) = self.lines.get(key) {
                return Some(*line);
            }
            key = key.rsplit_once('.')?.0;
        }
    }
}

/// Line of the start of a span, counted from one.
fn line_of(text: &str, span: &Range<usize>) -> usize {
    text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1
}

fn dict(text: &str, above: &str, table: &DeTable<'_>, lines: &mut BTreeMap<String, usize>) -> Dict {
    let mut out = Dict::new();
    for (name, value) in table {
        let key = join(above, name.get_ref());
        lines.insert(key.clone(), line_of(text, &name.span()));
        out.insert(name.get_ref().to_string(), value_of(text, &key, value.get_ref(), lines));
    }
    out
}

fn value_of(text: &str, key: &str, value: &DeValue<'_>, lines: &mut BTreeMap<String, usize>) -> Value {
    match value {
        DeValue::String(s) => Value::from(s.to_string()),
        DeValue::Boolean(b) => Value::from(*b),
        DeValue::Integer(i) => match i64::from_str_radix(i.as_str(), i.radix()) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(i.as_str()),
        },
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(number.as_str()),
        },
        DeValue::Datetime(time) => Value::from(time.to_string()),
        DeValue::Array(array) => {
            Value::from(array.iter().map(|v| value_of(text, key, v.get_ref(), lines)).collect::<Vec<_>>())
        }
        DeValue::Table(table) => Value::from(dict(text, key, table, lines)),
    }
}

/// `above.name`.
pub(super) fn join(above: &str, name: &str) -> String {
    if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") }
}

/// Values of one source, for merging.
pub(super) struct Layer {
    pub(super) name: &'static str,
    pub(super) values: Dict,
}

impl Provider for Layer {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.name)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        Ok(Map::from([(Profile::Default, self.values.clone())]))
    }
}

/// One value given as text: by a variable or a flag.
pub(super) struct TextValue {
    pub(super) key: String,
    pub(super) value: Value,
}

/// A variable's key and value; `Ok(None)` if the variable is empty, no configuration or not known to be.
pub(super) fn from_variable(name: &str, text: &str) -> Option<TextValue> {
    let key = name.strip_prefix(PREFIX)?.to_ascii_lowercase().replace("__", ".");
    if text.is_empty() {
        return None;
    }
    Some(from_text(&key, text))
}

/// Text turned into what the key takes; text that cannot be turned stays text and is refused by the check of kinds.
pub(super) fn from_text(key: &str, text: &str) -> TextValue {
    let value = match KeyDoc::find(key).map(|doc| doc.kind) {
        Some(Kind::Integer { .. }) => match text.trim().parse::<u64>() {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(text),
        },
        Some(kind) if kind.is_list() => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Value::from(parts.map(Value::from).collect::<Vec<_>>())
        }
        _ => Value::from(text),
    };
    TextValue { key: key.to_owned(), value }
}

/// Puts a value at a dotted key.
pub(super) fn insert(dict: &mut Dict, key: &str, value: Value) {
    match key.split_once('.') {
        None => {
            dict.insert(key.to_owned(), value);
        }
        Some((head, rest)) => {
            let inner = dict.entry(head.to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if !matches!(inner, Value::Dict(..)) {
                *inner = Value::from(Dict::new());
            }
            if let Value::Dict(_, inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
