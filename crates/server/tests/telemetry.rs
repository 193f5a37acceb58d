//! Log lines carry what they must and never a secret; the page of metrics shows what was recorded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::middleware::from_fn;
use axum::routing::get;
use serde_json::Value;
use tower::ServiceExt;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use yinxin_server::config::LogFormat;
use yinxin_server::documents::{Digest, DocumentError};
use yinxin_server::telemetry::metrics::{self, METRICS, MetricKind, Metrics};
use yinxin_server::telemetry::{LogLayer, redact};

/// Where lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is logged while `work` runs.
fn logged(format: LogFormat, work: impl FnOnce()) -> Vec<String> {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(LogLayer::new(format, lines.clone()));
    tracing::subscriber::with_default(subscriber, work);
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn json_line_has_time_level_and_the_request_it_belongs_to() {
    let lines = logged(LogFormat::Json, || {
        let span = tracing::info_span!(
            "request",
            request_id = "req-1",
            method = "POST",
            status = tracing::field::Empty
        );
        let _in = span.enter();
        span.record("status", 201);
        tracing::info_span!("step", seal = "seal_1").in_scope(|| {
            tracing::warn!(target: "yinxin_server::x", seals = 3, ok = true, time = "noon", "made \"one\"");
        });
    });
    assert_eq!(lines.len(), 1);
    let line: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["target"], "yinxin_server::x");
    assert_eq!(line["message"], "made \"one\"");
    assert_eq!(line["request_id"], "req-1");
    assert_eq!(line["status"], 201);
    assert_eq!(line["span"], "step");
    assert_eq!(line["seal"], "seal_1");
    assert_eq!(line["seals"], 3);
    assert_eq!(line["ok"], true);
    assert_eq!(line["field_time"], "noon", "a field cannot take the place of the time");
    let time = line["time"].as_str().unwrap();
    assert!(time.ends_with('Z') && time.len() == "2026-01-02T03:04:05.678901Z".len(), "{time}");
    assert!(time.parse::<jiff::Timestamp>().is_ok());
}

#[test]
fn text_line_is_one_line_whatever_is_logged() {
    let lines = logged(LogFormat::Text, || {
        tracing::info!(name = "two\nlines", plain = "word", "first\nsecond\u{1b}[31m");
    });
    assert_eq!(lines.len(), 1);
    assert!(lines[0].contains(r" INFO telemetry: first\nsecond\u{1b}[31m"), "{}", lines[0]);
    assert!(lines[0].ends_with(r#"name="two\nlines" plain=word"#), "{}", lines[0]);
}

#[test]
fn fields_with_a_secret_name_never_print() {
    for format in [LogFormat::Json, LogFormat::Text] {
        let lines = logged(format, || {
            let span = tracing::info_span!("login", password = "hunter2-a", user = "sample");
            let _in = span.enter();
            tracing::info!(
                new_password = "hunter2-b",
                totp = 123_456_u64,
                session_token = ?Some("hunter2-c"),
                "x-csrf-token" = "hunter2-d",
                api_key = %"hunter2-e",
                resident_id = "hunter2-f",
                set_cookie = "hunter2-g",
                client_secret = "hunter2-h",
                footprint = 7,
                "logged in"
            );
        });
        assert!(!lines[0].contains("hunter2") && !lines[0].contains("123456"), "{}", lines[0]);
        assert!(lines[0].contains("sample"));
        assert!(lines[0].contains("footprint"));
        assert!(!lines[0].contains("footprint=***"));
    }
}

#[test]
fn secrets_inside_text_are_masked() {
    let cases = [
        ("connect postgres://u:hunter2@db/x failed", "connect postgres://u:***@db/x failed"),
        ("https://a.example.invalid/x?q=1", "https://a.example.invalid/x?q=1"),
        ("Authorization: Bearer hunter2.hunter2.hunter2", "Authorization: *** ***"),
        ("got Basic aHVudGVyMjpodW50ZXIy, refused", "got Basic ***, refused"),
        ("Basic rule", "Basic rule"),
        ("password=hunter2 user=x", "password=*** user=x"),
        ("{\"password\":\"hunter2 with blank\",\"user\":\"x\"}", "{\"password\":***,\"user\":\"x\"}"),
        ("LoginForm { user: \"x\", password: \"hunter2\" }", "LoginForm { user: \"x\", password: *** }"),
        ("a -----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", "a ***"),
        ("applicant 11010519491231002X came", "applicant *** came"),
        ("number 110105194912310021 is no resident id", "number 110105194912310021 is no resident id"),
        ("call 13800138000 or seal 1380013800012", "call *** or seal 1380013800012"),
        (
            "took 1763776277123456 µs, 42 rows, sm3 138001380001",
            "took 1763776277123456 µs, 42 rows, sm3 138001380001",
        ),
        ("印章密码不正确：token=hunter2，请重试", "印章密码不正确：token=***"),
    ];
    for (text, wanted) in cases {
        let masked = redact::text(text);
        assert!(!masked.contains("hunter2"), "{text}: {masked}");
        assert!(masked.starts_with(wanted), "{text}: {masked}");
    }
    let lines =
        logged(LogFormat::Json, || tracing::error!(error = "password=hunter2", "url https://u:hunter2@h/"));
    assert!(!lines[0].contains("hunter2"), "{}", lines[0]);
}

#[test]
fn masking_takes_any_text() {
    for text in [
        "=",
        ":",
        "://",
        "密=",
        "\"=\"",
        "password=",
        "password:\"",
        "a://@",
        "Bearer ",
        "1",
        "-----BEGIN",
        "PRIVATE KEY-----",
        "ü:ü@ü://ü:ü@ü",
    ] {
        let _ = redact::text(text);
    }
}

/// Value of a sample on the page; zero if it is not there.
fn sample(page: &str, line: &str) -> f64 {
    page.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok()).unwrap_or(0.0)
}

#[tokio::test]
async fn requests_count_by_template_method_and_class() {
    let metrics = Metrics::install().unwrap();
    let app = Router::new()
        .route("/t/units/{id}", get(async || StatusCode::NO_CONTENT).post(async || StatusCode::CONFLICT))
        .layer(from_fn(metrics::track));
    let ask = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap().status()
    };
    assert_eq!(ask("GET", "/t/units/unit_1").await, 204);
    assert_eq!(ask("GET", "/t/units/unit_2").await, 204);
    assert_eq!(ask("POST", "/t/units/unit_2").await, 409);
    assert_eq!(ask("FROBNICATE", "/t/units/unit_2").await, 405);
    assert_eq!(ask("GET", "/no/such/path").await, 404);
    let page = metrics.render();
    let count = |labels: &str| sample(&page, &format!("yinxin_http_requests_total{{{labels}}}"));
    assert_eq!(count("method=\"GET\",route=\"/t/units/{id}\",status=\"2xx\""), 2.0, "{page}");
    assert_eq!(count("method=\"POST\",route=\"/t/units/{id}\",status=\"4xx\""), 1.0);
    assert_eq!(count("method=\"OTHER\",route=\"/t/units/{id}\",status=\"4xx\""), 1.0);
    assert_eq!(count("method=\"GET\",route=\"unmatched\",status=\"4xx\""), 1.0);
    assert!(!page.contains("unit_1"), "ids are no labels");
    assert!(page.contains("yinxin_http_request_duration_seconds_bucket{method=\"GET\",route=\"/t/units/{id}\",status=\"2xx\",le=\"0.001\"}"));
}

#[tokio::test]
async fn client_that_goes_away_leaves_no_request_in_flight() {
    let metrics = Metrics::install().unwrap();
    let app = Router::new()
        .route("/t/never", get(async || std::future::pending::<()>().await))
        .layer(from_fn(metrics::track));
    let request = Request::builder().uri("/t/never").body(Body::empty()).unwrap();
    let waiting = tokio::spawn(app.oneshot(request));
    while sample(&metrics.render(), "yinxin_http_requests_in_flight") < 1.0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waiting.abort();
    let _ = waiting.await;
    let deadline = std::time::Instant::now() + Duration::from_secs(5);
    while sample(&metrics.render(), "yinxin_http_requests_in_flight") > 0.0 {
        assert!(std::time::Instant::now() < deadline);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn every_metric_of_the_table_appears_with_its_kind_and_labels() {
    let metrics = Metrics::install().unwrap();
    metrics::database_pool("registry", 3, 2, 16);
    metrics::database_round_trip("registry", Duration::from_millis(2));
    metrics::step_round_trips("/api/v1/units", 7);
    metrics::document_bytes("in", 10);
    let absent: Result<(), DocumentError> =
        metrics::timed_documents("get", async { Err(DocumentError::NotFound(Digest::of(b""))) }).await;
    assert!(absent.is_err());
    metrics::jobs_waiting("notify", 4);
    metrics::job_done("notify", "done", Duration::from_millis(9));
    metrics::lifecycle_event("seal_filed");
    metrics::order("made");
    metrics::gate("signed");
    metrics::list_hours_left("http://127.0.0.1/ca.crl", 20);
    metrics::login("password", "refused");
    metrics::rate_limited("login");
    metrics::verification("valid", "anonymous");
    metrics::verification_took(Duration::from_millis(30));
    metrics::verifications_in_flight(1.0);
    metrics::verification_refused("full");
    metrics::audit_head_age(Duration::from_secs(12));
    metrics::certificate_days_left("authority", 29);
    metrics::clock_behind(Duration::ZERO);
    metrics::ready("database", true);
    let app = Router::new().route("/t/all", get(async || "")).layer(from_fn(metrics::track));
    app.oneshot(Request::builder().uri("/t/all").body(Body::empty()).unwrap()).await.unwrap();
    metrics.upkeep();
    let page = metrics.render();
    for metric in METRICS {
        assert!(
            page.contains(&format!("# TYPE {} {}\n", metric.name, metric.kind.name())),
            "{}",
            metric.name
        );
        assert!(page.contains(&format!("# HELP {} {}\n", metric.name, metric.en)), "{}", metric.name);
        let suffix = if matches!(metric.kind, MetricKind::Histogram(_)) { "_count" } else { "" };
        let name = format!("{}{suffix}", metric.name);
        let line = page
            .lines()
            .find(|line| line.strip_prefix(&name).is_some_and(|rest| rest.starts_with([' ', '{'])));
        let line = line.unwrap_or_else(|| panic!("{name} has no sample:\n{page}"));
        let labels = line.split_once('{').map_or("", |(_, rest)| rest.split_once('}').unwrap().0);
        let names: Vec<&str> =
            labels.split("\",").filter_map(|pair| pair.split_once('=')).map(|(n, _)| n).collect();
        assert_eq!(names, metric.labels, "{line}");
    }
    assert_eq!(sample(&page, "yinxin_database_connections{database=\"registry\",state=\"used\"}"), 3.0);
    assert_eq!(sample(&page, "yinxin_step_database_round_trips_sum{step=\"/api/v1/units\"}"), 7.0);
    let missed =
        "yinxin_document_operation_duration_seconds_count{operation=\"get\",result=\"DOCUMENT_NOT_FOUND\"}";
    assert_eq!(sample(&page, missed), 1.0);
    assert!(sample(&page, "process_resident_memory_bytes") > 1e6);
}
