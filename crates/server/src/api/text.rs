//! Texts in requests: names, numbers of documents, reasons.

use crate::http::{Code, Faults, FieldError, Problem};
use std::ops::RangeInclusive;
use yinxin_registry::text::has_length;

/// Notes a text that is not one line of so many characters, white space around it not counted.
pub fn check_line(pointer: &str, text: &str, length: RangeInclusive<usize>, faults: &mut Faults) {
    if has_length(text, length.clone()) && !text.chars().any(char::is_control) {
        return;
    }
    let (least, most) = (length.start(), length.end());
    faults.push(
        pointer,
        "TEXT",
        format!("应为 {least} 至 {most} 个字，不得换行"),
        format!("{least} to {most} characters in one line"),
    );
}

/// Notes a reason that says nothing or too much.
pub fn check_reason(pointer: &str, text: &str, faults: &mut Faults) {
    if !has_length(text, 2..=2000) {
        faults.push(pointer, "REASON", "应写明理由，2 至 2000 字", "give a reason, 2 to 2000 characters");
    }
}

/// `VALIDATION` for one field.
pub fn refuse(pointer: &str, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Problem {
    let (zh, en) = (zh.into(), en.into());
    Problem::new(Code::Validation)
        .detail(format!("{zh}。"), format!("{en}."))
        .with_error(FieldError::body(pointer, code, zh, en))
}
