//! Puts the sources together, checks every value, and keeps where each came from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use figment::Figment;
use figment::value::{Dict, Value};

use super::fault::{ConfigError, Fault, Origin};
use super::sources::{FileLayer, Layer, Sources, TextValue, from_text, from_variable, insert, join};
use super::validate::{check_kind, printable, unknown_key};
use super::whole::check_whole;
use super::{Config, KEYS, KeyDoc, Kind};

/// Settings that may be used.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// Where each key's value came from; keys that are not set and have no default are absent.
    pub origins: BTreeMap<String, Origin>,
    /// The file that was read, if any.
    pub file: Option<PathBuf>,
    /// What may be used but deserves a second look: Chinese and English.
    pub warnings: Vec<(String, String)>,
}

const DEFAULT: &str = "default";
const FILE: &str = "file";
const ENVIRONMENT: &str = "environment";
const FLAG: &str = "flag";

/// Reads, merges and checks.
///
/// # Errors
/// [`ConfigError`] with every fault.
pub fn load(sources: &Sources) -> Result<Loaded, ConfigError> {
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    let file = match sources.chosen_file().map(FileLayer::read) {
        Some(Ok(layer)) => Some(layer),
        Some(Err(fault)) => return Err(ConfigError { faults: vec![*fault] }),
        None => None,
    };
    let mut file_values = file.as_ref().map(|layer| layer.values.clone()).unwrap_or_default();
    let mut variables = Dict::new();
    for (name, text) in &sources.environment {
        let Some(TextValue { key, value }) = from_variable(name, text) else { continue };
        if is_known(&key) {
            insert(&mut variables, &key, value);
        } else if name.contains("__") || variable_meant(name).is_some() {
            faults.push(unknown_variable(name));
        } else {
            warnings.push((
                format!("环境变量 {name} 不是配置项，已忽略"),
                format!("the environment variable {name} is no setting and was ignored"),
            ));
        }
    }
    let mut flags = Dict::new();
    for (key, text) in &sources.flags {
        insert(&mut flags, key, from_text(key, text).value);
    }
    // A secret's place is replaced as a whole: a file named below and a variable named above must not meet.
    for doc in KEYS.iter().filter(|doc| doc.kind == Kind::Secret) {
        if present(&variables, doc.key) || present(&flags, doc.key) {
            remove(&mut file_values, doc.key);
        }
        if present(&flags, doc.key) {
            remove(&mut variables, doc.key);
        }
    }

    let upper = Figment::new()
        .merge(Layer { name: FILE, values: file_values })
        .merge(Layer { name: ENVIRONMENT, values: variables })
        .merge(Layer { name: FLAG, values: flags });
    let data_dir = upper.extract_inner::<PathBuf>("data_dir").ok();
    let defaults = match &data_dir {
        Some(dir) => Config::defaults_in(dir),
        None => Config::default(),
    };
    let figment = upper.join(Layer { name: DEFAULT, values: default_values(&defaults) });

    let place = Place { figment: &figment, file: file.as_ref() };
    let mut origins = BTreeMap::new();
    if let Ok(Value::Dict(_, all)) = figment.find_value("") {
        place.walk("", &all, &mut origins, &mut faults);
    }
    if faults.is_empty() {
        match figment.extract::<Config>() {
            Ok(config) => {
                check_whole(&config, &origins, &mut faults, &mut warnings);
                if faults.is_empty() {
                    return Ok(Loaded { config, origins, file: file.map(|layer| layer.path), warnings });
                }
            }
            Err(error) => faults.push(place.unforeseen(&error)),
        }
    }
    let order = |fault: &Fault| KEYS.iter().position(|doc| doc.key == fault.key);
    faults.sort_by_key(|fault| order(fault).unwrap_or(usize::MAX));
    Err(ConfigError { faults })
}

/// The defaults as values; a `Config` always turns into a dictionary.
fn default_values(defaults: &Config) -> Dict {
    match Value::serialize(defaults) {
        Ok(Value::Dict(_, values)) => values,
        _ => Dict::new(),
    }
}

/// Whether it is a key, or lies below a secret's.
fn is_known(key: &str) -> bool {
    KEYS.iter().any(|doc| {
        doc.key == key
            || (doc.kind == Kind::Secret
                && key.strip_prefix(doc.key).is_some_and(|rest| rest.starts_with('.')))
    })
}

/// The key's variable that someone may have meant who wrote one underscore for two.
fn variable_meant(name: &str) -> Option<String> {
    let flat = |name: &str| name.replace("__", "_");
    KEYS.iter().map(KeyDoc::variable).find(|variable| flat(variable) == flat(name))
}

fn unknown_variable(name: &str) -> Fault {
    let (fix_zh, fix_en) = match variable_meant(name) {
        Some(variable) => (format!("是否应为 {variable}"), format!("perhaps {variable} was meant")),
        None => (
            "删除该变量，或用 yinxin config check 查看全部配置项".to_owned(),
            "remove the variable, or see all keys with yinxin config check".to_owned(),
        ),
    };
    Fault {
        key: String::new(),
        value: None,
        origin: Origin::Environment(name.to_owned()),
        zh: "没有这个配置项".to_owned(),
        en: "there is no such setting".to_owned(),
        fix_zh,
        fix_en,
    }
}

fn present(dict: &Dict, key: &str) -> bool {
    match key.split_once('.') {
        None => dict.contains_key(key),
        Some((head, rest)) => matches!(dict.get(head), Some(Value::Dict(_, inner)) if present(inner, rest)),
    }
}

fn remove(dict: &mut Dict, key: &str) {
    match key.split_once('.') {
        None => {
            dict.remove(key);
        }
        Some((head, rest)) => {
            if let Some(Value::Dict(_, inner)) = dict.get_mut(head) {
                remove(inner, rest);
            }
        }
    }
}

/// Finds where values came from.
struct Place<'a> {
    figment: &'a Figment,
    file: Option<&'a FileLayer>,
}

impl Place<'_> {
    fn walk(
        &self,
        above: &str,
        dict: &Dict,
        origins: &mut BTreeMap<String, Origin>,
        faults: &mut Vec<Fault>,
    ) {
        for (name, value) in dict {
            let key = join(above, name);
            if matches!(value, Value::Empty(..)) {
                continue;
            }
            let origin = self.origin(&key, value);
            if let Some(doc) = KeyDoc::find(&key) {
                if let Some(fault) = check_kind(doc, value, &origin) {
                    faults.push(fault);
                }
                origins.insert(key, origin);
            } else if KEYS
                .iter()
                .any(|doc| doc.key.strip_prefix(&key).is_some_and(|rest| rest.starts_with('.')))
            {
                match value {
                    Value::Dict(_, inner) => self.walk(&key, inner, origins, faults),
                    other => faults.push(Fault {
                        value: printable(None, other),
                        origin,
                        zh: format!("[{key}] 是一节，不是单个值"),
                        en: format!("[{key}] is a section, not a value"),
                        fix_zh: format!("写成 [{key}] 并在其下列出各项"),
                        fix_en: format!("write [{key}] and the keys below it"),
                        key,
                    }),
                }
            } else {
                faults.push(unknown_key(key, origin));
            }
        }
    }

    fn origin(&self, key: &str, value: &Value) -> Origin {
        // A merged table belongs to nobody: ask its first value.
        let (key, value) = match value {
            Value::Dict(_, inner) => match inner.iter().next() {
                Some((name, first)) => (join(key, name), first),
                None => (key.to_owned(), value),
            },
            _ => (key.to_owned(), value),
        };
        let name = self.figment.get_metadata(value.tag()).map(|metadata| metadata.name.as_ref());
        match (name, self.file) {
            (Some(FILE), Some(file)) => Origin::File { path: file.path.clone(), line: file.line(&key) },
            (Some(ENVIRONMENT), _) => {
                Origin::Environment(format!("YINXIN_{}", key.replace('.', "__").to_ascii_uppercase()))
            }
            (Some(FLAG), _) => Origin::Flag(format!("--{}", key.replace(['.', '_'], "-"))),
            _ => Origin::Default,
        }
    }

    /// Something the table of keys let through and the settings refused; the message of the library may show values, so only
    /// the key is told.
    fn unforeseen(&self, error: &figment::Error) -> Fault {
        let key = error.path.join(".");
        let origin = match self.figment.find_value(&key) {
            Ok(value) => self.origin(&key, &value),
            Err(_) => Origin::Default,
        };
        let doc = KeyDoc::find(&key);
        Fault {
            value: None,
            origin,
            zh: doc.map_or_else(|| "值不可用".to_owned(), |doc| format!("应为{}", doc.kind.expects_zh())),
            en: doc.map_or_else(
                || "the value cannot be used".to_owned(),
                |doc| format!("expected {}", doc.kind.expects_en()),
            ),
            fix_zh: "改正该值".to_owned(),
            fix_en: "mend the value".to_owned(),
            key,
        }
    }
}
