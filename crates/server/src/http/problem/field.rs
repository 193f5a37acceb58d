//! Fields and parameters at fault, collected together so that one answer names them all.

use serde::Serialize;
use utoipa::ToSchema;

use super::{Code, Problem};

/// One field or parameter at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Place in the request body, a JSON pointer (RFC 6901): `/unit/name`; the whole body is the empty string.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/unit/name")]
    pub pointer: Option<String>,
    /// Name of the query parameter, path parameter or header, when the fault is not in the body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// Stable code of the fault: `REQUIRED`, `WRONG_TYPE`, `UNKNOWN_FIELD`, `BAD_VALUE`, `OUT_OF_RANGE`, …
    #[schema(value_type = String, example = "REQUIRED")]
    pub code: &'static str,
    /// What is wrong, in Chinese.
    pub detail: String,
    /// What is wrong, in English.
    pub detail_en: String,
}

impl FieldError {
    /// A fault in the body at a JSON pointer.
    pub fn body(
        pointer: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { pointer: Some(pointer.into()), parameter: None, code, detail: zh.into(), detail_en: en.into() }
    }

    /// A fault in a query parameter, path parameter or header.
    pub fn parameter(
        name: impl Into<String>,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { pointer: None, parameter: Some(name.into()), code, detail: zh.into(), detail_en: en.into() }
    }
}

/// Collects the faults of a request body; a request with three bad fields is told of all three.
#[derive(Debug, Default)]
pub struct Faults {
    base: String,
    found: Vec<FieldError>,
}

impl Faults {
    /// Nothing found yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a fault at a pointer relative to where the collector stands.
    pub fn push(&mut self, pointer: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.found.push(FieldError::body(format!("{}{pointer}", self.base), code, zh, en));
    }

    /// Takes the value out of a result; notes the error at the pointer, told by `say` as code, Chinese, English.
    pub fn take<T, E>(
        &mut self,
        pointer: &str,
        result: Result<T, E>,
        say: impl FnOnce(E) -> (&'static str, String, String),
    ) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let (code, zh, en) = say(error);
                self.push(pointer, code, zh, en);
                None
            }
        }
    }

    /// Checks a part of the body: pointers noted inside are relative to `pointer`.
    pub fn within<T>(&mut self, pointer: &str, check: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.base.len();
        self.base.push_str(pointer);
        let result = check(self);
        self.base.truncate(length);
        result
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// `VALIDATION` with every fault noted.
    ///
    /// # Errors
    /// The problem, when any fault was noted.
    pub fn into_result(self) -> Result<(), Problem> {
        if self.found.is_empty() {
            return Ok(());
        }
        Err(Problem::new(Code::Validation)
            .detail(
                format!("请求中有 {} 处不符合要求，见 errors。", self.found.len()),
                format!("{} field(s) do not meet the rules; see errors.", self.found.len()),
            )
            .with_errors(self.found))
    }
}

/// A request body that turns into checked values of the domain, noting all its faults.
pub trait Checked {
    /// What the body becomes.
    type Into;

    /// The checked values, or `None` with at least one fault noted.
    fn checked(self, faults: &mut Faults) -> Option<Self::Into>;
}

/// Checks a body: its domain values, or a `VALIDATION` problem that names every fault.
///
/// # Errors
/// `VALIDATION` with the faults; `INTERNAL` when a check gave nothing and noted nothing.
pub fn checked<T: Checked>(body: T) -> Result<T::Into, Problem> {
    let mut faults = Faults::new();
    let value = body.checked(&mut faults);
    faults.into_result()?;
    value.ok_or_else(|| Problem::new(Code::Internal))
}
