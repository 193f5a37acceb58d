//! What the frame writes to the log. Alone in its process: tracing decides per process which lines anybody wants.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod http_client;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use http_client::client;

/// Collects log lines.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn log_lines_carry_the_identifier_and_no_query() {
    async fn talks() -> StatusCode {
        tracing::info!("said by the handler");
        StatusCode::CONFLICT
    }
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = client(Router::new().route("/talks/{id}", get(talks)));
    let id = [("x-request-id", "example-request-1")];
    app.call("GET", "/talks/unit_1?phone=13800000000", &id, "").await.problem("CONFLICT");
    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for line in ["said by the handler", "answered"] {
        let line = text.lines().find(|l| l.contains(line)).unwrap_or_else(|| panic!("{text}"));
        assert!(line.contains("example-request-1") && line.contains("/talks/{id}"), "{line}");
    }
    assert!(text.contains("status=409") && text.contains("code=\"CONFLICT\""), "{text}");
    assert!(!text.contains("13800000000") && !text.contains("unit_1"), "{text}");
}
