//! What path and query parameters of one name have in common everywhere, and what the refusal of unknown members means for the
//! alternatives of a body: said by rule, so that no endpoint forgets it.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{AdditionalProperties, ArrayItems};
use utoipa::openapi::{Array, Components, Object, OpenApi, Ref, RefOr, Schema};

/// Prefixes of identifiers, by the resource whose path they stand in.
const PREFIXES: [(&str, &str); 27] = [
    ("accounts", "acct"),
    ("applications", "app"),
    ("blocks", "blk"),
    ("bulk-suspensions", "job"),
    ("changes", "chg"),
    ("clients", "clnt"),
    ("copies", "copy"),
    ("deliveries", "dlv"),
    ("designations", "dsg"),
    ("disposals", "dsp"),
    ("drills", "drl"),
    ("exchange-deliveries", "xdl"),
    ("failed-mails", "job"),
    ("flows", "flow"),
    ("makers", "mkr"),
    ("notices", "ntc"),
    ("peers", "peer"),
    ("seals", "seal"),
    ("sessions", "ses"),
    ("standings", "stnd"),
    ("supervision", "sup"),
    ("tickets", "tkt"),
    ("units", "unit"),
    ("use-grants", "grnt"),
    ("use-requests", "use"),
    ("verifications", "ver"),
    ("webhooks", "whk"),
];
/// What stands behind a prefix: 130 bits in Crockford's Base32.
const BODY: &str = "[0-7][0-9a-hjkmnp-tv-z]{25}";
/// Codes of areas.
const AREA: &str = "^[0-9]{6,12}$";

/// Gives a parameter of a known name the pattern of its values, unless the endpoint says one.
pub(super) fn add_patterns(path: &str, operation: &mut Operation) {
    let known = |place: &ParameterIn, name: &str| match (place, name) {
        (ParameterIn::Path, "code") if path.starts_with("/api/v1/areas/") => Some(AREA.to_owned()),
        (ParameterIn::Path, "id") => {
            let before = path.split("/{id}").next().and_then(|head| head.rsplit('/').next());
            let prefix = PREFIXES.iter().find(|(resource, _)| Some(*resource) == before);
            prefix.map(|(_, prefix)| format!("^{prefix}_{BODY}$"))
        }
        (ParameterIn::Path, "item") => Some(format!("^item_{BODY}$")),
        (ParameterIn::Query, "maker") => Some(format!("^mkr_{BODY}$")),
        (ParameterIn::Query, "scope") => Some(format!("^(/([0-9]{{6,12}}/){{1,8}}|(unit|mkr)_{BODY})$")),
        _ => None,
    };
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        if let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema
            && schema.pattern.is_none()
        {
            schema.pattern = known(&parameter.parameter_in, &parameter.name);
        }
    }
}

/// Closes the alternatives of bodies: a member that the API does not define is refused in them, too. Members of bodies whose example
/// is an identifier get the pattern of identifiers.
pub(super) fn tighten_bodies(api: &OpenApi, components: &mut Components) {
    let mut open = BTreeSet::new();
    for item in api.paths.paths.values() {
        for operation in [&item.post, &item.put, &item.patch].into_iter().flatten() {
            let Some(RefOr::T(body)) = &operation.request_body else { continue };
            for content in body.content.values() {
                let RefOr::T(content) = content else { continue };
                content.schema.iter().for_each(|schema| name(schema, components, &mut open));
            }
        }
    }
    for named in open {
        match components.schemas.get_mut(&named) {
            Some(RefOr::T(Schema::OneOf(one))) => {
                for item in &mut one.items {
                    if let RefOr::T(Schema::Object(object)) = item {
                        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                        identify(object);
                    }
                }
            }
            Some(RefOr::T(Schema::Object(object))) => identify(object),
            _ => {}
        }
    }
}

fn identify(object: &mut Object) {
    for property in object.properties.values_mut() {
        if let RefOr::T(Schema::Array(list)) = property {
            identify_items(list);
            continue;
        }
        let RefOr::T(Schema::Object(property)) = property else { continue };
        let example = property.example.as_ref().and_then(Value::as_str).unwrap_or_default();
        if property.pattern.is_none() {
            property.pattern = pattern_of(example);
        }
    }
}

/// The same for lists of identifiers.
fn identify_items(list: &mut Array) {
    let example = list.example.as_ref().and_then(|example| example.get(0)).and_then(Value::as_str);
    let pattern = example.and_then(pattern_of);
    if let ArrayItems::RefOrSchema(items) = &mut list.items
        && let RefOr::T(Schema::Object(item)) = &mut **items
        && item.pattern.is_none()
    {
        item.pattern = pattern;
    }
}

/// The pattern of identifiers like this one.
fn pattern_of(example: &str) -> Option<String> {
    let (prefix, _) = example.split_once('_')?;
    PREFIXES.iter().any(|(_, known)| *known == prefix).then(|| format!("^{prefix}_{BODY}$"))
}

/// Notes the names of all schemas that one is made of.
fn name(schema: &RefOr<Schema>, components: &Components, open: &mut BTreeSet<String>) {
    match schema {
        RefOr::Ref(reference) => named(reference, components, open),
        RefOr::T(Schema::Object(object)) => {
            object.properties.values().for_each(|inner| name(inner, components, open));
        }
        RefOr::T(Schema::OneOf(one)) => one.items.iter().for_each(|inner| name(inner, components, open)),
        RefOr::T(Schema::AllOf(all)) => all.items.iter().for_each(|inner| name(inner, components, open)),
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(inner) = &array.items {
                name(inner, components, open);
            }
        }
        RefOr::T(_) => {}
    }
}

fn named(reference: &Ref, components: &Components, open: &mut BTreeSet<String>) {
    let Some(target) = reference.ref_location.strip_prefix("#/components/schemas/") else { return };
    if open.insert(target.to_owned())
        && let Some(schema) = components.schemas.get(target)
    {
        name(schema, components, open);
    }
}
