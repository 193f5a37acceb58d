//! Log lines: one event a line, times in UTC, fields of the spans around it, secrets masked.

use std::fmt::{Debug, Write as _};
use std::io::Write as _;

use jiff::Timestamp;
use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use super::redact;
use crate::config::{LogConfig, LogFormat, LogLevel};

/// Logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter cannot be read.
    #[error("log.filter 无法解析：{0} / log.filter cannot be read: {0}")]
    Filter(String),
    /// It is set up already.
    #[error("日志或指标已初始化 / logging or metrics are set up already")]
    Twice,
}

impl TelemetryError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Filter(_) => "LOG_FILTER",
            Self::Twice => "TELEMETRY_TWICE",
        }
    }
}

/// Sends log lines of the whole process to standard error, panics included. Standard output stays free for results.
///
/// # Errors
/// [`TelemetryError::Filter`]; [`TelemetryError::Twice`] when the process logs already.
pub fn init(config: &LogConfig) -> Result<(), TelemetryError> {
    let layer = LogLayer::new(config.format, std::io::stderr).with_filter(filter(config)?);
    tracing_subscriber::registry().with(layer).try_init().map_err(|_| TelemetryError::Twice)?;
    std::panic::set_hook(Box::new(|panic| {
        let payload = panic.payload();
        let what = payload.downcast_ref::<&str>().copied();
        let what = what.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("panic");
        let place = panic.location().map(ToString::to_string);
        tracing::error!(code = "PANIC", place, "{what}");
    }));
    Ok(())
}

/// Level and exceptions from it.
fn filter(config: &LogConfig) -> Result<Targets, TelemetryError> {
    let level = match config.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let exceptions = config.filter.as_deref().unwrap_or_default();
    let exceptions: Targets = if exceptions.is_empty() {
        Targets::new()
    } else {
        exceptions.parse().map_err(|error| TelemetryError::Filter(format!("{error}")))?
    };
    Ok(exceptions.into_iter().fold(Targets::new().with_default(level), |targets, (target, level)| {
        targets.with_target(target, level)
    }))
}

/// Writes events as lines.
pub struct LogLayer<W> {
    format: LogFormat,
    writer: W,
}

impl<W> LogLayer<W> {
    /// In a format, to a writer.
    pub fn new(format: LogFormat, writer: W) -> Self {
        Self { format, writer }
    }
}

/// Fields in the order they were given; a later one of the same name replaces the earlier.
#[derive(Debug, Clone, Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn put(&mut self, name: &'static str, value: Value) {
        let value = if redact::is_secret(name) { Value::from(redact::MASK) } else { value };
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let text = format!("{value:?}");
        self.put(field.name(), Value::from(redact::text(&text)));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field.name(), Value::from(redact::text(value)));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field.name(), Value::from(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field.name(), Value::from(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field.name(), Value::from(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field.name(), Value::from(value));
    }
}

impl<S, W> Layer<S> for LogLayer<W>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        if let Some(span) = context.span(id) {
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        let mut span_name = None;
        for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
            span_name = Some(span.name());
            if let Some(known) = span.extensions().get::<Fields>() {
                known.0.iter().for_each(|(name, value)| fields.put(name, value.clone()));
            }
        }
        event.record(&mut fields);
        let at = fields.0.iter().position(|(name, _)| *name == "message");
        let message = at.map(|at| fields.0.remove(at).1);
        let message = message.as_ref().and_then(Value::as_str).unwrap_or_default();
        let line = Line {
            level: *event.metadata().level(),
            target: event.metadata().target(),
            span_name,
            message,
            fields,
        };
        let mut text = match self.format {
            LogFormat::Json => line.json(Timestamp::now()),
            LogFormat::Text => line.text(Timestamp::now()),
        };
        text.push('\n');
        // A log that cannot be written has nowhere to complain.
        let _ = self.writer.make_writer_for(event.metadata()).write_all(text.as_bytes());
    }
}

struct Line<'a> {
    level: Level,
    target: &'a str,
    span_name: Option<&'static str>,
    message: &'a str,
    fields: Fields,
}

impl Line<'_> {
    fn json(&self, now: Timestamp) -> String {
        let mut out = String::from("{");
        let fixed = [
            ("time", Some(format!("{now:.6}"))),
            ("level", Some(self.level.to_string())),
            ("target", Some(self.target.to_owned())),
            ("span", self.span_name.map(str::to_owned)),
            ("message", Some(self.message.to_owned())),
        ];
        for (name, value) in fixed.iter().filter_map(|(name, value)| Some((name, value.as_ref()?))) {
            let _ = write!(out, "{}\"{name}\":{}", comma(&out), Value::from(value.as_str()));
        }
        for (name, value) in &self.fields.0 {
            let taken = fixed.iter().any(|(known, _)| known == name);
            let name = if taken { format!("field_{name}") } else { (*name).to_owned() };
            let _ = write!(out, "{}{}:{value}", comma(&out), Value::from(name));
        }
        out.push('}');
        out
    }

    fn text(&self, now: Timestamp) -> String {
        let mut out = format!("{now:.6} {:>5} {}: {}", self.level, self.target, one_line(self.message));
        for (name, value) in &self.fields.0 {
            let value = match value {
                Value::String(text) if plain(text) => text.clone(),
                other => other.to_string(),
            };
            let _ = write!(out, " {name}={value}");
        }
        out
    }
}

fn comma(out: &str) -> &'static str {
    if out.len() > 1 { "," } else { "" }
}

fn plain(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != '"' && c != '=')
}

/// Line breaks and other controls escaped, so that nobody can forge a line.
fn one_line(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}
