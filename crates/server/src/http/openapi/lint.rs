//! What a finished description must have, so that a client made from it works.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::{NO_IDEMPOTENCY_KEY, NO_IF_MATCH};
use crate::http::problem::PROBLEM_JSON;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Faults of a description, each in one line that begins with method and path; empty when there are none.
///
/// Checked per operation: an identifier `<resource>.<verb>` used once, summary, tag, a described success, a described
/// 4xx, problems as `application/problem+json`, `Idempotency-Key` on `POST` and `If-Match` on `PUT`, `PATCH`, `DELETE`
/// unless marked with [`NO_IDEMPOTENCY_KEY`] or [`NO_IF_MATCH`], every path parameter declared with a schema and none
/// declared that the path lacks; over all: every `$ref` leads somewhere.
pub fn lint(api: &OpenApi) -> Vec<String> {
    let document = match serde_json::to_value(api) {
        Ok(document) => document,
        Err(error) => return vec![format!("the description is no JSON: {error}")],
    };
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, item) in members(&document, "/paths") {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let check = Check { document: &document, item, operation, method, path };
            let place = format!("{} {path}", method.to_ascii_uppercase());
            let mut found = check.run();
            if let Some(id) = operation.get("operationId").and_then(Value::as_str)
                && !seen.insert(id.to_owned())
            {
                found.push(format!("operationId {id} is used twice"));
            }
            faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
        }
    }
    dangling(&document, &document, "#", &mut faults);
    faults
}

struct Check<'a> {
    document: &'a Value,
    item: &'a Value,
    operation: &'a Value,
    method: &'a str,
    path: &'a str,
}

impl Check<'_> {
    fn run(&self) -> Vec<String> {
        let mut faults = Vec::new();
        match self.operation.get("operationId").and_then(Value::as_str) {
            None => faults.push("no operationId".to_owned()),
            Some(id) if !is_operation_id(id) => {
                faults.push(format!("operationId {id} is not <resource>.<verb>"));
            }
            Some(_) => {}
        }
        let summary = self.operation.get("summary").and_then(Value::as_str).unwrap_or_default();
        if summary.trim().is_empty() {
            faults.push("no summary".to_owned());
        }
        if self.operation.get("tags").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            faults.push("no tag".to_owned());
        }
        self.check_responses(&mut faults);
        self.check_parameters(&mut faults);
        faults
    }

    fn check_responses(&self, faults: &mut Vec<String>) {
        let (mut success, mut refusal) = (false, false);
        for (status, response) in members(self.operation, "/responses") {
            let response = resolve(self.document, response);
            success |= status.starts_with(['2', '3']);
            refusal |= status.starts_with('4');
            if response.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
                faults.push(format!("response {status} has no description"));
            }
            let is_problem = response.get("content").and_then(|content| content.get(PROBLEM_JSON)).is_some();
            if status.starts_with(['4', '5']) && !is_problem {
                faults.push(format!("response {status} is no {PROBLEM_JSON}"));
            }
        }
        if !success {
            faults.push("no response for success".to_owned());
        }
        if !refusal {
            faults.push("no 4xx response".to_owned());
        }
    }

    fn check_parameters(&self, faults: &mut Vec<String>) {
        let parameters: Vec<&Value> = [self.item, self.operation]
            .iter()
            .filter_map(|holder| holder.get("parameters").and_then(Value::as_array))
            .flatten()
            .map(|parameter| resolve(self.document, parameter))
            .collect();
        let text = |parameter: &Value, member: &str| {
            parameter.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let header = |name: &str| {
            parameters.iter().any(|p| text(p, "in") == "header" && text(p, "name").eq_ignore_ascii_case(name))
        };
        let marked = |mark: &str| self.operation.get(mark) == Some(&Value::Bool(true));
        if self.method == "post" && !header("Idempotency-Key") && !marked(NO_IDEMPOTENCY_KEY) {
            faults.push("POST takes no Idempotency-Key".to_owned());
        }
        if matches!(self.method, "put" | "patch" | "delete") && !header("If-Match") && !marked(NO_IF_MATCH) {
            faults.push("a change takes no If-Match".to_owned());
        }
        let named: BTreeSet<&str> =
            self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect();
        for name in &named {
            let declared = parameters.iter().find(|p| text(p, "in") == "path" && text(p, "name") == *name);
            match declared {
                None => faults.push(format!("path parameter {name} is not declared")),
                Some(parameter) if parameter.get("schema").is_none() => {
                    faults.push(format!("path parameter {name} has no schema"));
                }
                Some(_) => {}
            }
        }
        for parameter in parameters.iter().filter(|p| text(p, "in") == "path") {
            let name = text(parameter, "name");
            if !named.contains(name.as_str()) {
                faults.push(format!("path parameter {name} is not in the path"));
            }
        }
    }
}

/// `<resource>.<verb>`: small letters, digits and `_`, one point or more.
fn is_operation_id(id: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    id.contains('.') && id.split('.').all(word)
}

fn members<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v String, &'v Value)> {
    value.pointer(pointer).and_then(Value::as_object).into_iter().flatten()
}

/// What a reference leads to; the value itself if it is none, or leads nowhere (told by [`dangling`]).
fn resolve<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn dangling(document: &Value, value: &Value, place: &str, faults: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                if name == "$ref"
                    && let Some(target) = member.as_str()
                    && target.strip_prefix('#').is_none_or(|pointer| document.pointer(pointer).is_none())
                {
                    faults.push(format!("{place}: $ref {target} leads nowhere"));
                }
                dangling(document, member, &format!("{place}/{name}"), faults);
            }
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                dangling(document, element, &format!("{place}/{index}"), faults);
            }
        }
        _ => {}
    }
}
