//! The recorder of this process and the page of all values.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram, gauge};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::process;
use super::table::{self, METRICS, MetricKind};
use crate::telemetry::TelemetryError;

/// Media type of the page.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Metrics of this process. Clones show the same values.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
}

static INSTALLED: OnceLock<Metrics> = OnceLock::new();
static INSTALLING: Mutex<()> = Mutex::new(());

impl Metrics {
    /// Begins to record; called again, gives the same metrics, since a process has one recorder.
    ///
    /// # Errors
    /// [`TelemetryError::Twice`] when other code has put a recorder in place.
    pub fn install() -> Result<Self, TelemetryError> {
        let _one = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = INSTALLED.get() {
            return Ok(metrics.clone());
        }
        let mut builder = PrometheusBuilder::new();
        for metric in METRICS {
            if let MetricKind::Histogram(buckets) = metric.kind {
                let name = Matcher::Full(metric.name.to_owned());
                builder = builder.set_buckets_for_metric(name, buckets).map_err(|_| TelemetryError::Twice)?;
            }
        }
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::Twice)?;
        describe();
        gauge!(table::BUILD_INFO, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        gauge!(table::PROCESS_START).set(started.as_secs_f64());
        let metrics = Self { handle };
        Ok(INSTALLED.get_or_init(|| metrics).clone())
    }

    /// The page in the text format of Prometheus.
    pub fn render(&self) -> String {
        process::update();
        self.handle.render()
    }

    /// Media type of the page.
    pub fn content_type(&self) -> &'static str {
        CONTENT_TYPE
    }

    /// Moves recorded values into their buckets. Call every few seconds, lest they pile up while nobody reads the page.
    pub fn upkeep(&self) {
        self.handle.run_upkeep();
    }
}

fn describe() {
    for metric in METRICS {
        let unit = match metric.unit {
            "seconds" => Unit::Seconds,
            "bytes" => Unit::Bytes,
            _ => Unit::Count,
        };
        match metric.kind {
            MetricKind::Counter => describe_counter!(metric.name, unit, metric.en),
            MetricKind::Gauge => describe_gauge!(metric.name, unit, metric.en),
            MetricKind::Histogram(_) => describe_histogram!(metric.name, unit, metric.en),
        }
    }
}
