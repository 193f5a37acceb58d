//! Configuration: order of sources, messages about bad values, secrets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use yinxin_server::config::{
    Config, ConfigError, DatabaseUrl, KEYS, Loaded, Network, Origin, Role, SecretSource, Sources, check, load,
};
use yinxin_server::security::Secret;

/// A folder with a file `yinxin.toml` of this text.
fn file(text: &str) -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yinxin.toml");
    std::fs::write(&path, text).unwrap();
    (dir, path)
}

fn from_file(text: &str) -> Result<Loaded, ConfigError> {
    let (_dir, path) = file(text);
    load(&Sources { file: Some(path), ..Sources::default() })
}

fn from_environment(pairs: &[(&str, &str)]) -> Result<Loaded, ConfigError> {
    let environment = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    load(&Sources { environment, ..Sources::default() })
}

/// The one fault of a refused configuration.
fn only_fault(result: Result<Loaded, ConfigError>) -> yinxin_server::config::Fault {
    let faults = result.unwrap_err().faults;
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.into_iter().next().unwrap()
}

#[test]
fn runs_without_any_source() {
    let loaded = load(&Sources::default()).unwrap();
    assert_eq!(loaded.config, Config::default());
    assert_eq!(loaded.config.database.url.reveal(), "sqlite:yinxin-data/registry.db");
    assert_eq!(loaded.config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(loaded.config.roles, [Role::Registry, Role::Maker]);
    assert!(loaded.origins.values().all(|origin| *origin == Origin::Default));
}

#[test]
fn every_key_is_described_and_every_description_has_a_key() {
    let report = check(&Sources::default()).unwrap();
    let absent = [
        "public_url",
        "database.password",
        "documents.s3.endpoint",
        "documents.s3.bucket",
        "documents.s3.prefix",
        "documents.s3.access_key",
        "documents.s3.secret_key",
        "workshop.registry_url",
        "workshop.maker",
        "workshop.client_id",
        "workshop.client_secret",
        "imprint.rules",
        "imprint.font",
        "log.filter",
        "metrics.listen",
        "mail.host",
        "mail.port",
        "mail.from",
        "mail.user",
        "mail.password",
        "timestamp.url",
        "signer.url",
    ];
    for row in &report.rows {
        assert_eq!(row.value.is_none(), absent.contains(&row.key), "{row:?}");
    }
    let json = serde_json::to_value(Config::default()).unwrap();
    let mut leaves = Vec::new();
    leaf_keys("", &json, &mut leaves);
    let mut described: Vec<String> = KEYS.iter().map(|doc| doc.key.to_owned()).collect();
    leaves.sort();
    described.sort();
    assert_eq!(leaves, described);
}

fn leaf_keys(above: &str, value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, inner) in object {
                let key = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
                leaf_keys(&key, inner, out);
            }
        }
        _ => out.push(above.to_owned()),
    }
}

#[test]
fn later_sources_win_and_origins_are_told() {
    let (_dir, path) = file("listen = \"127.0.0.1:1\"\n\n[log]\nlevel = \"warn\"\nformat = \"json\"\n");
    let loaded = load(&Sources {
        file: Some(path.clone()),
        environment: vec![
            ("YINXIN_LISTEN".to_owned(), "127.0.0.1:2".to_owned()),
            ("YINXIN_LOG__LEVEL".to_owned(), "debug".to_owned()),
        ],
        flags: vec![("listen".to_owned(), "127.0.0.1:3".to_owned())],
        ..Sources::default()
    })
    .unwrap();
    assert_eq!(loaded.config.listen.port(), 3);
    assert_eq!(loaded.config.log.level.name(), "debug");
    assert_eq!(loaded.origins["listen"], Origin::Flag("--listen".to_owned()));
    assert_eq!(loaded.origins["log.level"], Origin::Environment("YINXIN_LOG__LEVEL".to_owned()));
    assert_eq!(loaded.origins["log.format"], Origin::File { path, line: Some(5) });
    assert_eq!(loaded.origins["data_dir"], Origin::Default);
}

#[test]
fn first_usual_file_that_exists_is_read() {
    let (_dir, path) = file("listen = \"127.0.0.1:7\"\n");
    let usual_files = vec![Path::new("/nowhere/yinxin.toml").to_owned(), path.clone()];
    let loaded = load(&Sources { usual_files, ..Sources::default() }).unwrap();
    assert_eq!(loaded.file, Some(path));
    assert_eq!(loaded.config.listen.port(), 7);
}

#[test]
fn paths_not_set_lie_in_the_data_directory() {
    let loaded = from_environment(&[("YINXIN_DATA_DIR", "/srv/yin xin?")]).unwrap();
    assert_eq!(loaded.config.database.url.reveal(), "sqlite:/srv/yin xin%3F/registry.db");
    assert_eq!(loaded.config.documents.folder, Path::new("/srv/yin xin?/documents"));
    assert_eq!(loaded.config.security.master_key_file, Path::new("/srv/yin xin?/keys/master.key"));
    let kept = from_file("data_dir = \"/srv/a\"\n[documents]\nfolder = \"/srv/b\"\n").unwrap();
    assert_eq!(kept.config.documents.folder, Path::new("/srv/b"));
}

#[test]
fn environment_needs_no_quotes_even_where_a_value_looks_like_a_number() {
    let loaded = from_environment(&[
        ("YINXIN_AREA__CODE", "610113"),
        ("YINXIN_AREA__NAME", "示例区"),
        ("YINXIN_ROLES", "registry"),
        ("YINXIN_SECURITY__TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("YINXIN_DATABASE__MAX_CONNECTIONS", "32"),
        ("YINXIN_PUBLIC_URL", ""),
    ])
    .unwrap();
    assert_eq!(loaded.config.area.code, "610113");
    assert_eq!(loaded.config.roles, [Role::Registry]);
    assert_eq!(loaded.config.security.trusted_proxies.len(), 2);
    assert_eq!(loaded.config.database.max_connections, 32);
    assert_eq!(loaded.config.public_url, None, "an empty variable sets nothing");
}

#[test]
fn bad_value_is_told_with_key_value_line_expectation_and_remedy() {
    let (_dir, path) = file("# head\n[security]\nlockout_failures = 0\n");
    let error = load(&Sources { file: Some(path.clone()), ..Sources::default() }).unwrap_err();
    assert_eq!(error.code(), "CONFIG_INVALID");
    let text = error.to_string();
    for part in [
        "security.lockout_failures = 0",
        &format!("{}:3", path.display()),
        "3 到 20 之间的整数",
        "a whole number from 3 to 20",
        "改正第 3 行",
    ] {
        assert!(text.contains(part), "{part} not in {text}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_the_keys() {
    let (_dir, path) =
        file("roles = [\"engraver\"]\n[log]\nlevel = \"loud\"\n[limits]\njson_bytes = \"2M\"\ncolour = 1\n");
    let error = load(&Sources {
        file: Some(path),
        environment: vec![("YINXIN_LISTEN".to_owned(), "8080".to_owned())],
        ..Sources::default()
    })
    .unwrap_err();
    let keys: Vec<&str> = error.faults.iter().map(|fault| fault.key.as_str()).collect();
    assert_eq!(keys, ["listen", "roles", "limits.json_bytes", "log.level", "limits.colour"]);
    assert_eq!(error.faults[0].origin, Origin::Environment("YINXIN_LISTEN".to_owned()));
    assert_eq!(error.faults[1].value.as_deref(), Some("[\"engraver\"]"));
}

#[test]
fn misspelt_keys_are_refused_with_the_nearest_name() {
    let fault = only_fault(from_file("[security]\nlockout_minute = 5\n"));
    assert!(fault.fix_en.contains("security.lockout_minutes"), "{fault:?}");
    let fault = only_fault(from_environment(&[("YINXIN_DATABASE_URL", "sqlite:x")]));
    assert!(fault.fix_en.contains("YINXIN_DATABASE__URL"), "{fault:?}");
    let fault = only_fault(from_environment(&[("YINXIN_LOG__COLOUR", "red")]));
    assert_eq!(fault.origin, Origin::Environment("YINXIN_LOG__COLOUR".to_owned()));
    let fault = only_fault(from_file("database = \"sqlite:x\"\n"));
    assert!(fault.en.contains("section"), "{fault:?}");
}

#[test]
fn variables_that_are_no_settings_are_told_and_ignored() {
    let loaded = from_environment(&[("YINXIN_LANG", "zh")]).unwrap();
    assert!(loaded.warnings.iter().any(|(_, en)| en.contains("YINXIN_LANG")), "{:?}", loaded.warnings);
}

#[test]
fn broken_and_absent_files_are_told_with_their_place() {
    let fault = only_fault(from_file("listen = \"127.0.0.1:1\"\nlog = = 1\n"));
    assert!(matches!(fault.origin, Origin::File { line: Some(2), .. }), "{fault:?}");
    let absent = PathBuf::from("/nowhere/yinxin.toml");
    let fault = only_fault(load(&Sources { file: Some(absent.clone()), ..Sources::default() }));
    assert_eq!(fault.origin, Origin::File { path: absent, line: None });
}

#[test]
fn each_kind_refuses_what_it_cannot_take() {
    for text in [
        "data_dir = 1",
        "data_dir = \" \"",
        "listen = \"localhost\"",
        "public_url = \"example.invalid\"",
        "public_url = \"https://example.invalid/\"",
        "public_url = \"https://user:pw@example.invalid\"",
        "roles = []",
        "roles = [\"maker\", \"maker\", \"registry\"]",
        "roles = \"registry\"",
        "database = { url = \"mysql://x\" }",
        "database = { url = \"sqlite:\" }",
        "database = { max_connections = 1 }",
        "database = { max_connections = 2.5 }",
        "database = { max_connections = -2 }",
        "area = { code = 610113 }",
        "area = { code = \"6101\" }",
        "security = { trusted_proxies = [\"10.0.0.0/33\"] }",
        "security = { cookie_secure = true }",
        "metrics = { path = \"metrics\" }",
        "log = { filter = \"a=b=c\" }",
        "clock = { max_backward_seconds = 2020-01-01 }",
        "ca = { trust_anchors = \"a.pem\" }",
    ] {
        only_fault(from_file(text));
    }
}

#[test]
fn settings_that_belong_together_are_checked_together() {
    let keys = |text: &str| -> Vec<String> {
        from_file(text).unwrap_err().faults.into_iter().map(|fault| fault.key).collect()
    };
    assert_eq!(
        keys("roles = [\"maker\"]"),
        ["workshop.registry_url", "workshop.registry_signers", "workshop.maker", "workshop.client_id"]
    );
    assert_eq!(keys("roles = [\"signer\"]"), ["signer.issuers"]);
    assert_eq!(keys("roles = [\"signer\", \"registry\"]\n[signer]\nissuers = [\"a.pem\"]"), ["roles"]);
    assert_eq!(keys("[signer]\nurl = \"https://keys.example.invalid\""), ["signer.url"]);
    assert_eq!(
        keys("[documents]\nkind = \"s3\"\n"),
        ["documents.s3.bucket", "documents.s3.access_key", "documents.s3.secret_key"]
    );
    assert_eq!(keys("[database]\npassword = { env = \"X\" }"), ["database.password"]);
    assert_eq!(
        keys("[database]\nurl = \"postgres://u:p@h/d\"\npassword = { env = \"X\" }"),
        ["database.password"]
    );
    assert_eq!(keys("[security]\nsession_absolute_minutes = 5"), ["security.session_absolute_minutes"]);
    assert_eq!(keys("[security]\nrequest_burst = 1"), ["security.request_burst"]);
    assert_eq!(keys("[ca]\nkind = \"import\""), ["ca.trust_anchors"]);
    assert_eq!(keys("[metrics]\nlisten = \"127.0.0.1:8080\""), ["metrics.listen"]);
    assert_eq!(keys("[metrics]\npath = \"/api/v1\""), ["metrics.path"]);
    assert_eq!(keys("[limits]\nmaterial_bytes = 4096"), ["limits.json_bytes"]);
}

#[test]
fn no_secret_is_ever_printed() {
    let outputs = |sources: &Sources| match load(sources) {
        Ok(loaded) => format!("{loaded:?}{}", yinxin_server::config::Report::of(&loaded)),
        Err(error) => format!("{error}{error:?}"),
    };
    for text in [
        "[documents.s3]\nsecret_key = \"hunter2-hunter2\"\n",
        "[documents.s3]\nsecret_key = { text = \"hunter2-hunter2\" }\n",
        "[database]\npassword = \"hunter2-hunter2\"\n",
        "[database]\nurl = \"postgres://yinxin:hunter2-hunter2@db/yinxin\"\n",
        "[database]\nurl = \"postgres://db/yinxin?user=x&password=hunter2-hunter2\"\n",
        "[database]\nurl = \"mysql://yinxin:hunter2-hunter2@db/yinxin\"\n",
        "[workshop]\nregistry_url = \"https://x:hunter2-hunter2@registry\"\n",
        "password = \"hunter2-hunter2\"\n",
    ] {
        let (_dir, path) = file(text);
        let shown = outputs(&Sources { file: Some(path), ..Sources::default() });
        assert!(!shown.contains("hunter2"), "{text}: {shown}");
    }
    let variables =
        [("YINXIN_DATABASE__PASSWORD", "hunter2-hunter2"), ("YINXIN_PASSWORD", "hunter2-hunter2")];
    for (name, value) in variables {
        let environment = vec![(name.to_owned(), value.to_owned())];
        let shown = outputs(&Sources { environment, ..Sources::default() });
        assert!(!shown.contains("hunter2"), "{name}: {shown}");
    }
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(***)");
}

#[test]
fn place_of_a_secret_in_the_environment_replaces_the_one_in_the_file() {
    let (_dir, path) =
        file("[database]\nurl = \"postgres://u@h/d\"\npassword = { file = \"/etc/yinxin/pw\" }\n");
    let environment = vec![("YINXIN_DATABASE__PASSWORD__ENV".to_owned(), "DB_PW".to_owned())];
    let loaded = load(&Sources { file: Some(path), environment, ..Sources::default() }).unwrap();
    assert_eq!(loaded.config.database.password, Some(SecretSource::Env("DB_PW".to_owned())));
    assert_eq!(
        loaded.origins["database.password"],
        Origin::Environment("YINXIN_DATABASE__PASSWORD__ENV".to_owned())
    );
}

#[test]
fn secret_files_lose_one_line_break_and_must_hold_something() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("secret");
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        SecretSource::File(path.clone()).read()
    };
    assert_eq!(read(b" two words \r\n").unwrap().reveal(), " two words ");
    assert_eq!(read(b"\n").unwrap_err().code(), "SECRET_EMPTY");
    assert_eq!(read(b"\xff\xfe").unwrap_err().code(), "SECRET_NOT_TEXT");
    assert_eq!(read(&vec![b'a'; 70_000]).unwrap_err().code(), "SECRET_NOT_TEXT");
    assert_eq!(
        SecretSource::File(dir.path().join("none")).read().unwrap_err().code(),
        "SECRET_FILE_UNREADABLE"
    );
    assert_eq!(
        SecretSource::Env("YINXIN_NOT_SET_ANYWHERE".to_owned()).read().unwrap_err().code(),
        "SECRET_ENV_MISSING"
    );
}

#[cfg(unix)]
#[test]
fn secret_file_open_to_others_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let secret = dir.path().join("pw");
    std::fs::write(&secret, "x").unwrap();
    let config =
        format!("[database]\nurl = \"postgres://u@h/d\"\npassword = {{ file = \"{}\" }}\n", secret.display());
    let warned = |mode| {
        std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(mode)).unwrap();
        from_file(&config).unwrap().warnings.iter().any(|(_, en)| en.contains("open to other users"))
    };
    assert!(warned(0o644));
    assert!(!warned(0o600));
}

#[test]
fn password_is_put_into_a_database_address_escaped() {
    let with = |url: &str| {
        DatabaseUrl::try_from(url.to_owned()).unwrap().with_password("p@ß/ w:").as_str().to_owned()
    };
    let escaped = "p%40%C3%9F%2F%20w%3A";
    assert_eq!(with("postgres://u@h:5432/d"), format!("postgres://u:{escaped}@h:5432/d"));
    assert_eq!(with("postgresql://h/d"), format!("postgresql://postgres:{escaped}@h/d"));
    assert_eq!(with("postgres://u:own@h/d"), "postgres://u:own@h/d");
    assert_eq!(with("sqlite:x.db"), "sqlite:x.db");
}

#[test]
fn networks_contain_their_addresses_only() {
    let net = |text: &str| text.parse::<Network>().unwrap();
    let has = |network: &str, address: &str| net(network).contains(address.parse().unwrap());
    assert!(has("10.0.0.0/8", "10.255.0.1"));
    assert!(!has("10.0.0.0/8", "11.0.0.1"));
    assert!(has("0.0.0.0/0", "203.0.113.9"));
    assert!(!has("0.0.0.0/0", "::1"));
    assert!(has("127.0.0.1", "::ffff:127.0.0.1"));
    assert!(has("2001:db8::/32", "2001:db8:1::1"));
    assert!(!has("2001:db8::/32", "2001:db9::1"));
    assert!(has("::/0", "2001:db9::1"));
    assert_eq!(net("10.0.0.0/8").to_string(), "10.0.0.0/8");
    assert!("10.0.0.0/".parse::<Network>().is_err());
}

#[test]
fn cookies_are_secure_unless_all_stays_on_this_machine() {
    let secure = |pairs: &[(&str, &str)]| from_environment(pairs).unwrap().config.cookies_are_secure();
    assert!(!secure(&[]));
    assert!(secure(&[("YINXIN_PUBLIC_URL", "https://seal.example.invalid")]));
    assert!(secure(&[("YINXIN_LISTEN", "0.0.0.0:8080")]));
    assert!(!secure(&[("YINXIN_LISTEN", "0.0.0.0:8080"), ("YINXIN_SECURITY__COOKIE_SECURE", "never")]));
    assert!(secure(&[("YINXIN_SECURITY__COOKIE_SECURE", "always")]));
}

#[test]
fn passwords_cannot_be_made_weaker_than_is_safe() {
    for (key, weak, fine) in [
        ("password_min_length", 9, 16),
        ("password_min_length_mixed", 7, 8),
        ("password_max_age_days", 0, 365),
        ("password_history", 2, 24),
        ("password_hash_memory_kib", 19_455, 65_536),
        ("password_hash_passes", 1, 3),
        ("password_hash_lanes", 0, 4),
    ] {
        let with = |value: u32| {
            let flags = vec![(format!("security.{key}"), value.to_string())];
            load(&Sources { flags, ..Sources::default() })
        };
        let refused = with(weak).unwrap_err();
        assert_eq!(refused.code(), "CONFIG_INVALID");
        assert!(refused.to_string().contains(key), "{refused}");
        with(fine).unwrap_or_else(|e| panic!("{e}"));
    }
}
