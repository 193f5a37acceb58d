//! Seed values: what the author of a form asks of a signature in one of its fields (ISO 32000-1 §12.7.4.5, tables 234 and 235).

use super::error::SignError;
use super::prepare::SignRequest;
use crate::error::PdfError;
use crate::form::text;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object};

/// Entries that bind where their flag is set, in the order of the flags.
const FLAGS: [&str; 9] = [
    "Filter",
    "SubFilter",
    "V",
    "Reasons",
    "LegalAttestation",
    "AddRevInfo",
    "DigestMethod",
    "LockDocument",
    "AppearanceFilter",
];
/// Entries on the signer's certificate, likewise; the fifth flag means nothing.
const CERTIFICATE_FLAGS: [&str; 7] = ["Subject", "Issuer", "OID", "SubjectDN", "", "KeyUsage", "URL"];
/// The newest kind of seed values that is understood here: that of PDF 2.0.
const NEWEST: f64 = 3.0;
/// Values of one entry that are looked at.
const MOST: usize = 1000;
/// Longest part of an entry told in an error.
const MOST_TOLD: usize = 200;

/// Whether the field asks for a timestamp. What binds and cannot be met is an error; what is only advice is passed over.
pub(super) fn check(
    bytes: &mut dyn Bytes,
    state: &mut State,
    field: &Dict,
    request: &SignRequest,
) -> Result<bool, SignError> {
    let Object::Dict(seed) = state.value(bytes, field, "SV")? else { return Ok(false) };
    for entry in bound(bytes, state, &seed, &FLAGS)? {
        let value = values(bytes, state, &seed, entry)?;
        if !met(entry, &value, request) {
            return Err(unmet(entry, &value));
        }
    }
    certifying(bytes, state, &seed, request)?;
    certificate(bytes, state, &seed, request)?;
    let stamp = state.dict(bytes, &seed, "TimeStamp")?;
    Ok(state.value(bytes, &stamp, "Ff")?.int().unwrap_or(0) & 1 != 0)
}

/// Entries that bind. A flag that nobody knows binds to what nobody knows.
fn bound(
    bytes: &mut dyn Bytes,
    state: &mut State,
    seed: &Dict,
    names: &[&'static str],
) -> Result<Vec<&'static str>, SignError> {
    let flags = state.value(bytes, seed, "Ff")?.int().unwrap_or(0);
    if flags < 0 || flags >> names.len() != 0 {
        return Err(unmet("Ff", &[Object::Int(flags)]));
    }
    let set = |at: usize| flags >> at & 1 != 0;
    Ok(names.iter().enumerate().filter(|(at, n)| set(*at) && !n.is_empty()).map(|(_, n)| *n).collect())
}

/// An entry as a list; none where it is absent.
fn values(
    bytes: &mut dyn Bytes,
    state: &mut State,
    dict: &Dict,
    entry: &str,
) -> Result<Vec<Object>, PdfError> {
    match state.value(bytes, dict, entry)? {
        Object::Null => Ok(Vec::new()),
        Object::Array(list) => list.iter().take(MOST).map(|o| state.resolve(bytes, o)).collect(),
        one => Ok(vec![one]),
    }
}

/// Whether an entry that binds is met by a signature as it is made here. An entry that is absent binds to nothing.
fn met(entry: &str, value: &[Object], request: &SignRequest) -> bool {
    let (filter, sub_filter) = request.sub_filter.names();
    let names = |wanted: &str| value.iter().any(|o| o.name() == Some(wanted.as_bytes()));
    match (entry, value) {
        (_, []) => true,
        ("Filter", _) => names(filter),
        ("SubFilter", _) => names(sub_filter),
        ("V", [version]) => version.number().is_some_and(|v| v <= NEWEST),
        // No reason is written; a single dot asks for just that.
        ("Reasons", [one]) => one.string().is_some_and(|s| s.bytes == b"."),
        ("AddRevInfo" | "LockDocument", [one]) => *one == Object::Bool(false) || one.name() == Some(b"false"),
        ("DigestMethod", _) => value.iter().any(|o| o.string().is_some_and(|s| s.bytes == b"SM3")),
        _ => false,
    }
}

/// `/MDP`: whether the signature is to certify, and how.
fn certifying(
    bytes: &mut dyn Bytes,
    state: &mut State,
    seed: &Dict,
    request: &SignRequest,
) -> Result<(), SignError> {
    let Object::Dict(mdp) = state.value(bytes, seed, "MDP")? else { return Ok(()) };
    let wanted = state.value(bytes, &mdp, "P")?;
    if wanted.int() == Some(request.certify.map_or(0, |level| level.number())) {
        return Ok(());
    }
    Err(unmet("MDP", &[wanted]))
}

fn certificate(
    bytes: &mut dyn Bytes,
    state: &mut State,
    seed: &Dict,
    request: &SignRequest,
) -> Result<(), SignError> {
    let wanted = state.dict(bytes, seed, "Cert")?;
    for entry in bound(bytes, state, &wanted, &CERTIFICATE_FLAGS)? {
        let value = values(bytes, state, &wanted, entry)?;
        let listed = |o: &Object| o.string().is_some_and(|s| s.bytes == request.certificate);
        let met = match entry {
            "Subject" => value.is_empty() || value.iter().any(listed),
            // It says where to get a certificate, not what it must be like.
            "URL" => true,
            _ => value.is_empty(),
        };
        if !met {
            return Err(SignError::Seed { entry, wanted: "Cert".to_owned() });
        }
    }
    Ok(())
}

/// The error for an entry that binds.
pub(super) fn unmet(entry: &'static str, value: &[Object]) -> SignError {
    let words: Vec<String> = value.iter().map(word).collect();
    SignError::Seed { entry, wanted: words.join(", ").chars().take(MOST_TOLD).collect() }
}

fn word(o: &Object) -> String {
    match o {
        Object::Str(s) => text(&s.bytes),
        Object::Name(n) => String::from_utf8_lossy(n).into_owned(),
        Object::Int(n) => n.to_string(),
        Object::Bool(b) => b.to_string(),
        _ => o.number().map_or_else(|| "?".to_owned(), |n| n.to_string()),
    }
}
