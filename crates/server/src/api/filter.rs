//! Filters of lists: what no row can have is refused, lest a misspelt word look like an empty list.

use crate::http::{Code, FieldError, Problem};
use std::ops::RangeInclusive;
use yinxin_registry::lifecycle::State;

fn refuse(parameter: &str, zh: String, en: String) -> Problem {
    Problem::new(Code::BadRequest)
        .detail(format!("参数 {parameter}：{zh}"), format!("Parameter {parameter}: {en}"))
        .with_error(FieldError::parameter(parameter, "BAD_VALUE", zh, en))
}

/// Lets one of the known words pass, or none.
///
/// # Errors
/// `BAD_REQUEST` naming the parameter and the words.
pub fn check_word(parameter: &str, asked: Option<&str>, known: &[&str]) -> Result<(), Problem> {
    if asked.is_none_or(|word| known.contains(&word)) {
        return Ok(());
    }
    let (zh, en) = (known.join("、"), known.join(", "));
    Err(refuse(parameter, format!("应为下列之一：{zh}。"), format!("Not one of: {en}.")))
}

/// Lets a state of this table pass, or none.
///
/// # Errors
/// `BAD_REQUEST` naming the states.
pub fn check_state<S: State>(asked: Option<&str>) -> Result<(), Problem> {
    let states: Vec<&str> = S::ALL.iter().map(|state| state.as_str()).collect();
    check_word("state", asked, &states)
}

/// Lets a beginning of a name pass that some name can have.
///
/// # Errors
/// `BAD_REQUEST` for more than `most` characters.
pub fn check_name(asked: Option<&str>, most: usize) -> Result<(), Problem> {
    check_length("name", asked, 0..=most)
}

/// Lets a text of so many characters pass, or none.
///
/// # Errors
/// `BAD_REQUEST` naming the parameter and how long it may be.
pub fn check_length(
    parameter: &str,
    asked: Option<&str>,
    allowed: RangeInclusive<usize>,
) -> Result<(), Problem> {
    if asked.is_none_or(|text| allowed.contains(&text.chars().count())) {
        return Ok(());
    }
    let (least, most) = allowed.into_inner();
    let (zh, en) = match least {
        0 => (format!("至多 {most} 个字。"), format!("At most {most} characters.")),
        _ => (format!("应为 {least} 至 {most} 个字。"), format!("{least} to {most} characters.")),
    };
    Err(refuse(parameter, zh, en))
}

/// Whether a text is an SM3 value: 64 small hexadecimal digits.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Lets an SM3 value pass, or none.
///
/// # Errors
/// `BAD_REQUEST`.
pub fn check_digest(asked: Option<&str>) -> Result<(), Problem> {
    if asked.is_none_or(is_digest) {
        return Ok(());
    }
    Err(refuse(
        "digest",
        "应为 64 位小写十六进制 SM3 值。".to_owned(),
        "SM3 as 64 small hex digits.".to_owned(),
    ))
}
