//! Forms: what was sent, and fields that show it again with what is wrong.
//!
//! A field that goes into the body of an API request is named by its place there, a JSON pointer, after a letter for its type: `s:` text,
//! `n:` number, `b:` yes or no, `l:` one text per line, `m:` one of several ticked texts, `t:` a day from its beginning, `u:` a day to its
//! end. So the API's own words about a place stand beside the field that fills it.

use super::{Fault, Lang, moment_of};
use crate::api::Problem;
use askama::Template;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde_json::{Map, Value};

/// Largest form.
const MOST_BYTES: usize = 256 << 10;
/// Most fields: a hundred places for a seal with six fields each, and some more.
const MOST_FIELDS: usize = 800;
/// Deepest place.
const DEEPEST: usize = 6;

/// What a form sent.
#[derive(Debug, Clone, Default)]
pub struct Sent(Vec<(String, String)>);

impl Sent {
    /// Reads the body of a form, or a query.
    pub fn read(bytes: &[u8]) -> Self {
        Self(
            form_urlencoded::parse(bytes)
                .take(MOST_FIELDS)
                .map(|(k, v)| (k.into_owned(), v.into_owned()))
                .collect(),
        )
    }

    /// From pairs.
    pub fn pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Every field, as it was sent.
    pub fn fields(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    /// A field, trimmed; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// A field as it was typed: passwords may end with a space.
    pub fn exact(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// All values of a field that may be there several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked.
    pub fn has(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The version a change is based on.
    pub fn version(&self) -> Option<i64> {
        self.get("version").parse().ok()
    }

    /// The body of an API request that the typed fields fill. Empty texts and numbers are left out.
    pub fn body(&self) -> Value {
        let mut body = Value::Object(Map::new());
        for (name, value) in &self.0 {
            let Some((kind, pointer)) = name.split_once(':') else { continue };
            let Some(value) = as_json(kind, value) else { continue };
            match (kind, body.pointer_mut(pointer).and_then(Value::as_array_mut)) {
                ("m", Some(chosen)) => chosen.push(value),
                ("m", None) => put(&mut body, pointer, Value::Array(vec![value])),
                _ => put(&mut body, pointer, value),
            }
        }
        body
    }
}

/// The value of a typed field; `None` where there is nothing to say.
fn as_json(kind: &str, text: &str) -> Option<Value> {
    let text = text.trim();
    match kind {
        "s" | "m" if !text.is_empty() => Some(Value::from(text.replace("\r\n", "\n"))),
        // What is no day goes as it is: the API says what is wrong with it.
        "t" | "u" if !text.is_empty() => {
            Some(Value::from(moment_of(text, kind == "u").unwrap_or_else(|| text.to_owned())))
        }
        // What is no number goes as it is: the API says what is wrong with it.
        "n" if !text.is_empty() => Some(text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from)),
        "b" => Some(Value::from(matches!(text, "1" | "true" | "on"))),
        "l" => {
            let lines: Vec<Value> =
                text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Value::from).collect();
            Some(Value::Array(lines))
        }
        _ => None,
    }
}

/// Puts a value at its place, objects made on the way.
pub fn put(body: &mut Value, pointer: &str, value: Value) {
    let Some(path) = pointer.strip_prefix('/') else { return };
    let parts: Vec<&str> = path.split('/').collect();
    if parts.len() > DEEPEST {
        return;
    }
    let Some((last, parents)) = parts.split_last() else { return };
    let mut at = body;
    for part in parents {
        let Some(members) = at.as_object_mut() else { return };
        at = members.entry((*part).to_owned()).or_insert_with(|| Value::Object(Map::new()));
    }
    if let Some(members) = at.as_object_mut() {
        members.insert((*last).to_owned(), value);
    }
}

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Fault;

    async fn from_request(request: Request<Body>, _state: &S) -> Result<Self, Fault> {
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if !kind.starts_with("application/x-www-form-urlencoded") {
            return Err(Fault::BadForm);
        }
        let bytes = to_bytes(request.into_body(), MOST_BYTES).await.map_err(|_| Fault::BadForm)?;
        Ok(Self::read(&bytes))
    }
}

/// A field of a form.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "part/field.html")]
pub struct Field {
    /// Name, see above.
    pub name: String,
    /// `text`, `date`, `number`, `password`, `area`, `select`, `check`, `many`.
    pub kind: &'static str,
    /// What to fill in.
    pub label: String,
    /// What helps to.
    pub help: String,
    /// What stands in it.
    pub value: String,
    /// What is wrong with it.
    pub error: String,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Word for that.
    pub optional_word: &'static str,
    /// Choices: value and words.
    pub choices: Vec<(String, String)>,
    /// What the script checks as one types: `credit-code`, `resident-id`, `phone`, or nothing.
    pub check: &'static str,
    /// Value of `autocomplete`.
    pub complete: &'static str,
    /// Longest text.
    pub most: u32,
    /// `short` or nothing.
    pub width: &'static str,
    /// What tells it from another field of the same name on the page.
    pub suffix: &'static str,
}

impl Field {
    /// Identifier in the page: the name without what selectors would trip over.
    pub fn id(&self) -> String {
        let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
        format!("f-{}{}", self.name.chars().map(plain).collect::<String>(), self.suffix)
    }

    /// Whether one of several is chosen.
    pub fn chosen(&self, code: &str) -> bool {
        self.value.lines().any(|line| line == code)
    }
}

/// A form under construction: fields take what was sent, or what stands already, and what is wrong.
#[derive(Debug, Clone, Default)]
pub struct Form {
    lang: Lang,
    sent: Option<Sent>,
    problem: Problem,
    /// Prefix of the pointers in the problem that the names do not have.
    base: &'static str,
}

impl Form {
    /// An empty form.
    pub fn new(lang: Lang) -> Self {
        Self { lang, ..Self::default() }
    }

    /// The form again, with what was sent and what is wrong.
    pub fn again(lang: Lang, sent: &Sent, problem: &Problem) -> Self {
        Self { lang, sent: Some(sent.clone()), problem: problem.clone(), base: "" }
    }

    /// What the pointers of the problem begin with.
    #[must_use]
    pub fn under(self, base: &'static str) -> Self {
        Self { base, ..self }
    }

    /// A field with this label; `present` is shown before anything was sent.
    pub fn field(&self, name: &str, kind: &'static str, label: &str, present: &str) -> Field {
        let value = match &self.sent {
            _ if kind == "password" => String::new(),
            Some(sent) if kind == "many" => sent.all(name).collect::<Vec<_>>().join("\n"),
            Some(sent) => sent.get(name).to_owned(),
            None => present.to_owned(),
        };
        let pointer = name
            .split_once(':')
            .map_or_else(|| format!("/{name}"), |(_, place)| format!("{}{place}", self.base));
        let error = self.problem.at(&pointer).map_or("", |fault| fault.text(self.lang)).to_owned();
        Field {
            name: name.to_owned(),
            kind,
            label: label.to_owned(),
            value,
            error,
            optional_word: self.lang.pick("选填", "optional"),
            ..Field::default()
        }
    }
}

impl Field {
    /// With a line of help.
    #[must_use]
    pub fn help(self, text: &str) -> Self {
        Self { help: text.to_owned(), ..self }
    }

    /// May stay empty.
    #[must_use]
    pub fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// Checked as one types.
    #[must_use]
    pub fn checked(self, check: &'static str) -> Self {
        Self { check, ..self }
    }

    /// Not wider than this many characters, and not longer.
    #[must_use]
    pub fn most(self, most: u32) -> Self {
        Self { most, ..self }
    }

    /// A short one.
    #[must_use]
    pub fn short(self) -> Self {
        Self { width: "short", ..self }
    }

    /// What the browser may fill in.
    #[must_use]
    pub fn complete(self, complete: &'static str) -> Self {
        Self { complete, ..self }
    }

    /// Choices.
    #[must_use]
    pub fn choices(self, choices: Vec<(String, String)>) -> Self {
        Self { choices, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn typed_fields_fill_the_body_at_their_places() {
        let sent = Sent::read("csrf=x&s%3A%2Fcontent%2Fseal_name=%E7%A4%BA%E4%BE%8B+&n%3A%2Fyears=3&n%3A%2Fwidth=wide&b%3A%2Finternal=&l%3A%2Freasons=a%0D%0A%0D%0Ab&s%3A%2Fempty=".as_bytes());
        assert_eq!(
            sent.body(),
            json!({ "content": { "seal_name": "示例" }, "years": 3, "width": "wide", "internal": false, "reasons": ["a", "b"] })
        );
    }

    #[test]
    fn a_place_inside_a_text_or_too_deep_is_left_out() {
        let pair = |name: &str| (name.to_owned(), "1".to_owned());
        let sent = Sent::pairs(vec![
            pair("s:/a"),
            pair("s:/a/b"),
            pair("s:no"),
            pair("s:/1/2/3/4/5/6/7"),
            pair("q:/x"),
        ]);
        assert_eq!(sent.body(), json!({ "a": "1" }));
    }

    #[test]
    fn what_is_wrong_stands_at_its_field_and_passwords_are_not_shown_again() {
        let problem: Problem = serde_json::from_value(json!({
            "code": "VALIDATION",
            "errors": [{ "pointer": "/agent/id_number", "code": "RESIDENT_ID_CHECK", "detail": "校验位不正确", "detail_en": "wrong" }]
        }))
        .unwrap();
        let sent = Sent::pairs(vec![
            ("s:/agent/id_number".to_owned(), "1".to_owned()),
            ("s:/current".to_owned(), "secret".to_owned()),
        ]);
        let form = Form::again(Lang::Zh, &sent, &problem);
        let field = form.field("s:/agent/id_number", "text", "号码", "");
        assert_eq!((field.value.as_str(), field.error.as_str()), ("1", "校验位不正确"));
        assert_eq!(field.id(), "f-s--agent-id-number");
        assert_eq!(form.field("s:/current", "password", "口令", "").value, "");
    }
}
