//! The JSON Schema of the configuration file, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use super::{Config, KEYS, Kind};

/// JSON Schema (draft 2020-12). Meaning, bounds and defaults come from [`KEYS`] and [`Config::default`].
pub fn schema() -> Value {
    let generator = SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator();
    let mut schema = generator.into_root_schema_for::<Config>().to_value();
    set(&mut schema, "title", "yinxin.toml");
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    for doc in KEYS {
        let Some(property) = property(&mut schema, doc.key) else { continue };
        set(property, "description", format!("{} / {}", doc.zh, doc.en));
        if let Kind::Integer { min, max } = doc.kind {
            set(property, "minimum", min);
            set(property, "maximum", max);
            remove(property, "format");
        }
        if let Some(pattern) = pattern(doc.kind) {
            set(property, "pattern", pattern);
        }
        let pointer = format!("/{}", doc.key.replace('.', "/"));
        if let Some(default) = defaults.pointer(&pointer).filter(|value| !value.is_null()) {
            set(property, "default", default.clone());
        }
    }
    nothing_is_required(&mut schema);
    schema
}

/// Every key has a value without the file, so the file need not name any. The two forms of a secret's place are alternatives,
/// not properties, and keep theirs.
fn nothing_is_required(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("required");
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(nothing_is_required);
    }
}

fn pattern(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::AreaCode => Some("^[0-9]{6}$"),
        Kind::HttpUrl => Some("^https?://[^@?#]*[^@?#/]$"),
        Kind::Database => Some("^(sqlite:|postgres://|postgresql://)."),
        Kind::UrlPath => Some("^/.*[^/]$"),
        _ => None,
    }
}

fn property<'a>(schema: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    key.split('.').try_fold(schema, |at, name| at.get_mut("properties")?.get_mut(name))
}

fn set(at: &mut Value, name: &str, value: impl Into<Value>) {
    if let Some(object) = at.as_object_mut() {
        object.insert(name.to_owned(), value.into());
    } else {
        let mut object = Map::new();
        object.insert(name.to_owned(), value.into());
        *at = Value::Object(object);
    }
}

fn remove(at: &mut Value, name: &str) {
    if let Some(object) = at.as_object_mut() {
        object.remove(name);
    }
}
