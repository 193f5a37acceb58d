//! Why a value does not fit the type asked for, with the place found while unwinding.

use core::fmt::Display;

use serde::de::{Expected, Unexpected};

use crate::http::problem::{Code, FieldError, Problem};

/// A value that does not fit. Never repeats the value received: it may be a secret.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// Names from the innermost outwards.
    path: Vec<String>,
    code: &'static str,
    zh: String,
    en: String,
}

impl Fault {
    pub(crate) fn new(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: Vec::new(), code, zh: zh.into(), en: en.into() }
    }

    pub(crate) fn unknown_field() -> Self {
        Self::new("UNKNOWN_FIELD", "接口没有定义此字段。", "The API does not define this field.")
    }

    /// Text the stores refuse: PostgreSQL has no U+0000 in text.
    pub(crate) fn nul() -> Self {
        Self::new("BAD_VALUE", "文本不得含有空字符（U+0000）。", "Text must not contain U+0000.")
    }

    /// Says that the fault lies within `name`.
    pub(crate) fn within(mut self, name: impl Into<String>) -> Self {
        self.path.push(name.into());
        self
    }

    pub(crate) fn code(&self) -> &'static str {
        self.code
    }

    /// The place as a JSON pointer (RFC 6901).
    pub(crate) fn pointer(&self) -> String {
        let mut pointer = String::new();
        for name in self.path.iter().rev() {
            pointer.push('/');
            pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
        }
        pointer
    }

    /// A fault of a request body.
    pub(crate) fn into_body_problem(self) -> Problem {
        let code = if self.code == "UNKNOWN_FIELD" { Code::UnknownField } else { Code::Validation };
        let pointer = self.pointer();
        let shown = if pointer.is_empty() { "请求体" } else { pointer.as_str() };
        let shown_en = if pointer.is_empty() { "body" } else { pointer.as_str() };
        Problem::new(code)
            .detail(format!("{shown}：{}", self.zh), format!("{shown_en}: {}", self.en))
            .with_error(FieldError::body(pointer.as_str(), self.code, self.zh, self.en))
    }

    /// A fault of a query parameter: the outermost name is the parameter's.
    pub(crate) fn into_parameter_problem(self) -> Problem {
        let name = self.path.last().cloned().unwrap_or_default();
        Problem::new(Code::BadRequest)
            .detail(format!("参数 {name}：{}", self.zh), format!("Parameter {name}: {}", self.en))
            .with_error(FieldError::parameter(name, self.code, self.zh, self.en))
    }
}

impl Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.pointer(), self.en)
    }
}

impl core::error::Error for Fault {}

impl serde::de::Error for Fault {
    /// A type's own rule: its words are taken over, in English as types of the domain write them.
    fn custom<T: Display>(message: T) -> Self {
        Self::new("BAD_VALUE", format!("值不符合要求：{message}"), message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let (found_zh, found_en) = found_words(&found);
        let expected = expected.to_string();
        Self::new(
            "WRONG_TYPE",
            format!("应为{}，收到的是{found_zh}。", expected_zh(&expected)),
            format!("Expected {expected}, found {found_en}."),
        )
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let numeric = matches!(found, Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_));
        let expected = expected.to_string();
        Self::new(
            if numeric { "OUT_OF_RANGE" } else { "BAD_VALUE" },
            format!("值不在允许的范围内，应为{}。", expected_zh(&expected)),
            format!("The value is not allowed; expected {expected}."),
        )
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let expected = expected.to_string();
        Self::new(
            "BAD_LENGTH",
            format!("元素个数为 {length}，应为{}。", expected_zh(&expected)),
            format!("Found {length} elements, expected {expected}."),
        )
    }

    fn unknown_variant(_variant: &str, expected: &'static [&'static str]) -> Self {
        Self::new(
            "BAD_VALUE",
            format!("不在可选值之列：{}。", expected.join("、")),
            format!("Not one of: {}.", expected.join(", ")),
        )
    }

    fn unknown_field(field: &str, _expected: &'static [&'static str]) -> Self {
        Self::unknown_field().within(field)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("REQUIRED", "缺少必填字段。", "This field is required.").within(field)
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new("DUPLICATE", "字段重复。", "The field appears twice.").within(field)
    }
}

fn found_words(found: &Unexpected<'_>) -> (&'static str, &'static str) {
    match found {
        Unexpected::Bool(_) => ("布尔值", "a boolean"),
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => ("整数", "an integer"),
        Unexpected::Float(_) => ("小数", "a fraction"),
        Unexpected::Str(_) | Unexpected::Char(_) => ("字符串", "a string"),
        Unexpected::Unit | Unexpected::Option => ("null", "null"),
        Unexpected::Seq | Unexpected::Bytes(_) => ("数组", "an array"),
        Unexpected::Map => ("对象", "an object"),
        _ => ("其他类型的值", "another kind of value"),
    }
}

/// Serde's own phrases in Chinese; others are left as they are.
fn expected_zh(expected: &str) -> &str {
    match expected {
        "a boolean" => "布尔值（true/false）",
        "a string" | "a borrowed string" | "a character" => "字符串",
        "unit" => " null",
        "a sequence" => "数组",
        "a map" => "对象",
        "i8" | "i16" | "i32" | "i64" | "isize" => "整数",
        "u8" | "u16" | "u32" | "u64" | "usize" => "非负整数",
        "f32" | "f64" => "数字",
        other if other.starts_with("struct ") => "对象",
        other if other.starts_with("enum ") => "规定的可选值之一",
        other if other.starts_with("a tuple") || other.starts_with("an array") => "规定长度的数组",
        other => other,
    }
}
