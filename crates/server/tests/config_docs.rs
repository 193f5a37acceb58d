//! The schema, the annotated file and the manual say what the code does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::{Path, PathBuf};

use yinxin_server::config::{KEYS, Origin, Sources, load, schema};
use yinxin_server::telemetry::metrics::METRICS;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a checked-in file, or writes it anew with `UPDATE_DOCS=1`.
fn compare(path: &str, wanted: &str) {
    let full = root().join(path);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&full, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(
        found == wanted,
        "{path} is out of date: run UPDATE_DOCS=1 cargo test -p yinxin-server --test config_docs"
    );
}

#[test]
fn schema_is_the_checked_in_one() {
    let text = serde_json::to_string_pretty(&schema()).unwrap();
    compare("docs/generated/config.schema.json", &format!("{text}\n"));
}

#[test]
fn schema_describes_every_key_and_demands_none() {
    let schema = schema();
    for doc in KEYS {
        let pointer = format!("/properties/{}", doc.key.replace('.', "/properties/"));
        let property = schema.pointer(&pointer).unwrap_or_else(|| panic!("{} has no property", doc.key));
        assert_eq!(property["description"], format!("{} / {}", doc.zh, doc.en));
    }
    assert_eq!(schema["additionalProperties"], false);
    assert!(schema.get("required").is_none());
    assert!(schema["properties"]["audit"].get("required").is_none());
    assert_eq!(schema["properties"]["limits"]["properties"]["json_bytes"]["minimum"], 1024);
}

/// The annotated file with the comment sign taken from lines that set a key.
fn annotated() -> (String, String) {
    let text = std::fs::read_to_string(root().join("packaging/yinxin.toml")).unwrap();
    let live: Vec<&str> = text
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') => rest,
            _ => line,
        })
        .collect();
    (text.clone(), live.join("\n"))
}

#[test]
fn annotated_file_names_every_key_in_order_with_its_meaning() {
    let (text, live) = annotated();
    let table: toml::Table = live.parse().unwrap();
    let mut at = 0;
    for doc in KEYS {
        let mut value = Some(&toml::Value::Table(table.clone())).cloned();
        for name in doc.key.split('.') {
            value = value.and_then(|value| value.get(name).cloned());
        }
        assert!(value.is_some(), "packaging/yinxin.toml does not name {}", doc.key);
        let note = format!("# {} / {}", doc.zh, doc.en);
        let place = text.find(&note).unwrap_or_else(|| panic!("packaging/yinxin.toml lacks the line {note}"));
        assert!(place >= at, "{} stands out of order", doc.key);
        at = place;
    }
}

#[test]
fn annotated_file_is_accepted_as_shipped_and_with_every_key_set() {
    let shipped =
        load(&Sources { file: Some(root().join("packaging/yinxin.toml")), ..Sources::default() }).unwrap();
    assert_eq!(shipped.config.data_dir, Path::new("/var/lib/yinxin"));
    let (_, live) = annotated();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yinxin.toml");
    // A process that has the keys of seals itself names no other.
    let live = live.replacen("roles = [\"registry\", \"maker\"]", "roles = [\"registry\"]", 1);
    std::fs::write(&path, live).unwrap();
    let loaded = load(&Sources { file: Some(path), ..Sources::default() }).unwrap();
    for doc in KEYS {
        assert!(matches!(loaded.origins.get(doc.key), Some(Origin::File { .. })), "{}", doc.key);
    }
}

#[test]
fn annotated_file_says_the_defaults() {
    let (_, live) = annotated();
    let table: toml::Value = live.parse::<toml::Table>().unwrap().into();
    let defaults = yinxin_server::config::Config::defaults_in(Path::new("/var/lib/yinxin"));
    let defaults = toml::Value::try_from(&defaults).unwrap();
    // Keys that a packaged service sets otherwise than one started by hand.
    let packaged = [
        "area.code",
        "area.name",
        "area.profile",
        "log.format",
        "database.url",
        "documents.kind",
        "ca.kind",
        "ca.trust_anchors",
        "ca.revocation_lists",
        "signer.issuers",
        "workshop.registry_signers",
        "security.trusted_proxies",
    ];
    let find = |table: &toml::Value, key: &str| {
        key.split('.').try_fold(table.clone(), |at, name| at.get(name).cloned())
    };
    for doc in KEYS.iter().filter(|doc| !packaged.contains(&doc.key)) {
        if let Some(default) = find(&defaults, doc.key) {
            assert_eq!(find(&table, doc.key), Some(default), "{}", doc.key);
        }
    }
}

#[test]
fn manual_lists_every_setting_and_every_metric() {
    // One after the other: both rewrite the same file.
    manual_table("<!-- settings -->\n", &settings_table());
    manual_table("<!-- metrics -->\n", &metrics_table());
}

fn metrics_table() -> String {
    let mut table = String::from(
        "| 名称 name | 类型 kind | 单位 unit | 标签 labels | 含义 meaning |\n|---|---|---|---|---|\n",
    );
    for metric in METRICS {
        let labels = metric.labels.iter().map(|label| format!("`{label}`")).collect::<Vec<_>>().join(", ");
        table.push_str(&format!(
            "| `{}` | {} | {} | {labels} | {} / {} |\n",
            metric.name,
            metric.kind.name(),
            metric.unit,
            metric.zh,
            metric.en
        ));
    }
    table
}

fn settings_table() -> String {
    let defaults = serde_json::to_value(yinxin_server::config::Config::default()).unwrap();
    let mut table =
        String::from("| 配置项 key | 默认值 default | 取值 takes | 含义 meaning |\n|---|---|---|---|\n");
    for doc in KEYS {
        let value =
            defaults.pointer(&format!("/{}", doc.key.replace('.', "/"))).filter(|value| !value.is_null());
        let value = value.map(|value| format!("`{value}`")).unwrap_or_default();
        table.push_str(&format!(
            "| `{}` | {value} | {} / {} | {} / {} |\n",
            doc.key,
            doc.kind.expects_zh(),
            doc.kind.expects_en(),
            doc.zh,
            doc.en
        ));
    }
    table
}

/// Compares what stands between two marks in the manual.
fn manual_table(mark: &str, wanted: &str) {
    let path = "docs/operations.md";
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let parts: Vec<&str> = text.split(mark).collect();
    assert_eq!(parts.len(), 3, "{path} must have {mark:?} twice");
    compare(path, &format!("{}{mark}{wanted}{mark}{}", parts[0], parts[2]));
}
