//! The comparison of two states, object by object.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::parts::{Known, Of, Parts, annotations, filled_fields, later_signatures};
use super::roles::{Roles, referrers, role, roles};
use super::{Change, ChangeKind, Changes, Role, standing};
use crate::error::PdfError;
use crate::limits::Limits;
use crate::rules::{Rules, Ruling};
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// What the comparison goes by.
struct Scene<'a> {
    rules: &'a Rules,
    old: Roles,
    new: Roles,
    /// Objects that differ.
    differing: BTreeSet<u32>,
    /// Who refers to them in the signed revision.
    referrers: HashMap<u32, HashSet<u32>>,
    /// Objects of later signatures, filled fields and annotations.
    parts: Parts,
    /// New objects that nothing refers to now.
    unused: HashSet<u32>,
}

pub(super) fn compare(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    strays: &[(u64, u64)],
    rules: &Rules,
    limits: &Limits,
) -> Result<Changes, PdfError> {
    let mut out = Changes::default();
    outside(signed, now, strays, &mut out);
    let mut differing = BTreeSet::new();
    for number in signed.numbers().chain(now.numbers()) {
        if signed.place(number) != now.place(number) {
            differing.insert(number);
        }
    }
    let old = roles(bytes, signed, limits)?;
    let new = roles(bytes, now, limits)?;
    let referrers = referrers(bytes, signed, &differing)?;
    let known = Known { old: &old, new: &new, differing: &differing, referrers: &referrers };
    let mut parts = later_signatures(bytes, signed, now, &known)?;
    filled_fields(bytes, signed, now, &known, &mut parts)?;
    if differing.iter().any(|n| role(&new, *n) == Role::Other && !parts.contains_key(n)) {
        annotations(bytes, signed, now, &known, &mut parts)?;
    }
    let mut scene = Scene { rules, old, new, differing, referrers, parts, unused: HashSet::new() };
    scene.unused = unused(bytes, signed, now, &scene)?;
    for number in scene.differing.iter().copied() {
        let change = judge(bytes, signed, now, &scene, number)?;
        out.push(change);
    }
    standing::fill(bytes, signed, now, (&scene.old, &scene.new), &mut out.list)?;
    Ok(out)
}

/// Bytes behind the signed part that belong to nothing, and the trailer.
fn outside(signed: &State, now: &State, strays: &[(u64, u64)], out: &mut Changes) {
    let mut bad = |kind, role, detail: String| {
        let change = Change {
            number: 0,
            kind,
            role,
            harmless: false,
            ruling: None,
            detail,
            part: None,
            pages: Vec::new(),
            at: None,
        };
        out.push(change);
    };
    for (from, to) in strays.iter().filter(|(_, to)| *to > signed.chain.end) {
        let detail = format!("bytes {from}–{to} belong to no object");
        bad(ChangeKind::Added, Role::Bytes, detail);
    }
    for key in ["Root", "Encrypt"] {
        if signed.trailer().get(key) != now.trailer().get(key) {
            bad(ChangeKind::Changed, Role::Trailer, format!("/{key} of the trailer differs"));
        }
    }
}

/// New objects without a role that nothing refers to: what some writers leave behind.
fn unused(
    bytes: &mut dyn Bytes,
    signed: &State,
    now: &mut State,
    scene: &Scene<'_>,
) -> Result<HashSet<u32>, PdfError> {
    let plain = |n: &u32| {
        signed.place(*n).is_none() && role(&scene.new, *n) == Role::Other && !scene.parts.contains_key(n)
    };
    let asked: BTreeSet<u32> = scene.differing.iter().copied().filter(plain).collect();
    if asked.is_empty() {
        return Ok(HashSet::new());
    }
    let named = super::roles::referrers(bytes, now, &asked)?;
    let trailer = now.trailer().entries.iter().map(|(_, o)| o.clone()).collect();
    let mut roots = Vec::new();
    Object::Array(trailer).references(&mut roots);
    Ok(asked.into_iter().filter(|n| !named.contains_key(n) && roots.iter().all(|r| r.number != *n)).collect())
}

fn judge(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    scene: &Scene<'_>,
    number: u32,
) -> Result<Change, PdfError> {
    let (before, after) = (signed.place(number).is_some(), now.place(number).is_some());
    let known = match role(&scene.new, number) {
        Role::Other => scene.parts.get(&number).map_or(Role::Other, |p| p.role),
        known => known,
    };
    let change =
        |kind, role, verdict: Result<String, String>| held_against(scene, number, kind, role, verdict);
    if !after {
        let role = role(&scene.old, number);
        return Ok(change(ChangeKind::Removed, role, Err("it was taken out".into())));
    }
    let id = Ref { number, generation: now.generation(number) };
    let new = now.load(bytes, id)?;
    if !before {
        let mut role = known;
        if role == Role::Other
            && let Object::Dict(d) = &new.object
            && (d.is("Type", "XRef") || d.is("Type", "ObjStm"))
            && new.is_stream()
        {
            role = Role::Structure;
        } else if role == Role::Other && scene.unused.contains(&number) {
            role = Role::Unused;
        }
        return Ok(change(ChangeKind::Added, role, added(scene, number, role, &new.object)));
    }
    let old_id = Ref { number, generation: signed.generation(number) };
    let old = signed.load(bytes, old_id)?;
    let tree = |o: &Object| o.dict().is_some_and(|d| d.is("Type", "Pages"));
    let known =
        if known == Role::Other && tree(&old.object) && tree(&new.object) { Role::PageTree } else { known };
    let alone = scene.referrers.get(&number).is_none_or(|r| r.iter().all(|n| *n == scene.old.root.number));
    let described = |d: &Object| d.dict().is_some_and(|d| d.is("Type", "Metadata") && d.is("Subtype", "XML"));
    if known == Role::Metadata && alone && described(&old.object) && described(&new.object) {
        return Ok(change(ChangeKind::Changed, known, Ok("the description of the document".into())));
    }
    let of = scene.parts.get(&number).filter(|_| known != Role::SignatureField).map(|p| &p.of);
    let replaceable =
        known == Role::Structure || (known == Role::Appearance && matches!(of, Some(Of::Field(_))));
    if old.is_stream() != new.is_stream() || (old.is_stream() && !replaceable) {
        let verdict = Err("a stream was replaced".to_owned());
        return Ok(change(ChangeKind::Changed, known, verdict));
    }
    if !old.is_stream() && old.object == new.object {
        return Ok(change(ChangeKind::Changed, known, Ok("written anew, the same".into())));
    }
    let kept = role(&scene.old, number) == known
        || known == Role::PageTree
        || known == Role::SignatureField
        || of.is_some();
    let role = if kept { known } else { Role::Other };
    let verdict = changed(bytes, signed, now, scene, number, role, &old.object, &new.object)?;
    Ok(change(ChangeKind::Changed, role, verdict))
}

/// What may differ in an annotation that somebody edits: not its kind, nor the page it stands on.
const NOTE_KEYS: [&str; 14] =
    ["AP", "C", "CA", "Contents", "CreationDate", "DA", "F", "IC", "M", "Popup", "RC", "Rect", "Subj", "T"];

/// A change with what the signatures say about it: a filled field and an annotation are never harmless, but may be permitted.
fn held_against(
    scene: &Scene<'_>,
    number: u32,
    kind: ChangeKind,
    role: Role,
    verdict: Result<String, String>,
) -> Change {
    let (mut harmless, mut detail) = (verdict.is_ok(), verdict.unwrap_or_else(|e| e));
    let mut ruling = None;
    let part = scene.parts.get(&number).filter(|_| harmless);
    match part.filter(|p| p.role == role).map(|p| &p.of) {
        Some(Of::Field(name)) => {
            (harmless, ruling) = (false, scene.rules.fill(name));
            detail = format!("field \"{name}\" was filled in");
        }
        Some(Of::Annotation(_)) => {
            (harmless, ruling) = (false, scene.rules.annotate());
            detail = "an annotation on a page".to_owned();
        }
        Some(Of::Signature(_)) if kind == ChangeKind::Changed && role == Role::SignatureField => {
            let field = scene.old.form.fields.iter().find(|f| f.owns(number));
            if let Some(f) = field.filter(|f| scene.rules.locks.iter().any(|l| l.holds(&f.name))) {
                (harmless, ruling) = (false, Some(Ruling::Locked));
                detail = format!("signature field \"{}\" is locked", f.name);
            }
        }
        _ => {}
    }
    let part = scene.parts.get(&number).map(|p| p.of.clone());
    Change { number, kind, role, harmless, ruling, detail, part, pages: Vec::new(), at: None }
}

/// A new object must have a role, and the signed revision must not have waited for it.
fn added(scene: &Scene<'_>, number: u32, role: Role, object: &Object) -> Result<String, String> {
    if scene.referrers.contains_key(&number) {
        return Err("the signed revision named this object before it was there".into());
    }
    let acts = |d: &Dict| d.get("A").is_some() || d.get("AA").is_some();
    match role {
        Role::SignatureField if object.dict().is_some_and(acts) => Err("a field that does something".into()),
        Role::Metadata => Ok("the description of the document".into()),
        Role::Unused => Ok("nothing refers to it".into()),
        Role::Other => Err("an object without a known purpose".into()),
        Role::Page => Err("a page".into()),
        Role::Info if scene.old.info.is_some() => Err("other information on the document".into()),
        _ => Ok(String::new()),
    }
}

#[allow(clippy::too_many_arguments, reason = "two states, what is known of both, and the two objects")]
fn changed(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    scene: &Scene<'_>,
    number: u32,
    role: Role,
    old: &Object,
    new: &Object,
) -> Result<Result<String, String>, PdfError> {
    let only = |allowed: &[u32]| {
        let all = scene.referrers.get(&number);
        all.is_none_or(|r| r.iter().all(|n| allowed.contains(n)))
    };
    let root = scene.old.root.number;
    let form = scene.old.acro_id.map_or(root, |r| r.number);
    let shared = || Ok(Err("the list is used in other places too".to_owned()));
    match (role, old, new) {
        (Role::Catalog, Object::Dict(old), Object::Dict(new)) => catalog(bytes, signed, now, scene, old, new),
        (Role::Form, Object::Dict(old), Object::Dict(new)) => {
            if only(&[root]) {
                acro(bytes, signed, now, scene, old, new)
            } else {
                shared()
            }
        }
        (Role::Form, Object::Array(old), Object::Array(new)) => {
            if only(&[form]) {
                Ok(grown(scene, old, new))
            } else {
                shared()
            }
        }
        (Role::AnnotationList, Object::Array(old), Object::Array(new)) => {
            let page = scene.old.lists.get(&number).copied().unwrap_or_default();
            if only(&[page]) { Ok(grown(scene, old, new)) } else { shared() }
        }
        (Role::Page, Object::Dict(old), Object::Dict(new)) => page(bytes, signed, now, scene, old, new),
        (Role::SignatureField, Object::Dict(old), Object::Dict(new)) => Ok(field(scene, number, old, new)),
        (Role::Field, Object::Dict(old), Object::Dict(new)) => {
            Ok(same_but(old, new, &["V", "AP", "AS", "I", "M"], "the field"))
        }
        (Role::Appearance, _, _) if scene.parts.contains_key(&number) => Ok(Ok(String::new())),
        (Role::Annotation, Object::Dict(old), Object::Dict(new)) => {
            Ok(same_but(old, new, &NOTE_KEYS, "the annotation"))
        }
        (Role::Info, Object::Dict(old), Object::Dict(new)) => {
            Ok(same_but(old, new, &["ModDate", "Producer"], "information on the document"))
        }
        (Role::ValidationData, _, _) => {
            let inside = scene.referrers.get(&number);
            let own = inside.is_none_or(|r| r.iter().all(|n| *n == root || scene.old.dss.contains(n)));
            Ok(if own { Ok(String::new()) } else { Err("it is used in other places too".into()) })
        }
        _ => Ok(Err("its content was changed".into())),
    }
}

/// Which of two dictionaries' keys differ.
fn differing(old: &Dict, new: &Dict) -> Vec<String> {
    let mut keys: BTreeSet<&[u8]> = old.keys().chain(new.keys()).collect();
    keys.retain(|k| old.value(k) != new.value(k));
    keys.into_iter().map(|k| String::from_utf8_lossy(k).into_owned()).collect()
}

fn same_but(old: &Dict, new: &Dict, allowed: &[&str], what: &str) -> Result<String, String> {
    let bad: Vec<String> =
        differing(old, new).into_iter().filter(|k| !allowed.contains(&k.as_str())).collect();
    if bad.is_empty() { Ok(String::new()) } else { Err(format!("{what}: /{} differs", bad.join(", /"))) }
}

fn catalog(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    scene: &Scene<'_>,
    old: &Dict,
    new: &Dict,
) -> Result<Result<String, String>, PdfError> {
    // /Perms names the certification; one that was there must stay.
    let allowed = ["AcroForm", "DSS", "Extensions", "Metadata", "Version"];
    let verdict = same_but(old, new, &allowed, "the catalog");
    if verdict.is_err() {
        return Ok(verdict);
    }
    let version = |d: &Dict| d.get("Version").and_then(Object::name).map(<[u8]>::to_vec);
    if version(new) < version(old) {
        return Ok(Err("the catalog: /Version was lowered".into()));
    }
    if new.get("Metadata").is_some_and(|o| o.reference().is_none()) {
        return Ok(Err("the catalog: /Metadata is no reference".into()));
    }
    if old.get("DSS").is_some() && new.get("DSS").is_none() {
        return Ok(Err("the catalog: /DSS was taken out".into()));
    }
    let keeps = scene.old.acro_id.is_some() && scene.old.acro_id == scene.new.acro_id;
    if keeps || old.get("AcroForm") == new.get("AcroForm") {
        return Ok(verdict);
    }
    acro(bytes, signed, now, scene, &scene.old.acro, &scene.new.acro)
}

fn acro(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    scene: &Scene<'_>,
    old: &Dict,
    new: &Dict,
) -> Result<Result<String, String>, PdfError> {
    let verdict = same_but(old, new, &["Fields", "SigFlags"], "the form");
    if verdict.is_err() {
        return Ok(verdict);
    }
    let before = signed.value(bytes, old, "Fields")?;
    let after = now.value(bytes, new, "Fields")?;
    Ok(grown(scene, before.array().unwrap_or_default(), after.array().unwrap_or_default()))
}

/// A list may grow by the fields of later signatures and otherwise stays as it was.
fn grown(scene: &Scene<'_>, old: &[Object], new: &[Object]) -> Result<String, String> {
    if !new.starts_with(old) {
        return Err("entries of the list were changed".into());
    }
    for o in new.iter().skip(old.len()) {
        let known = o.reference().and_then(|r| scene.parts.get(&r.number)).map(|p| p.role);
        // An annotation is judged by itself.
        if !matches!(known, Some(Role::SignatureField | Role::Annotation)) {
            return Err("the list gained what belongs to no later signature".into());
        }
    }
    Ok(String::new())
}

fn page(
    bytes: &mut dyn Bytes,
    signed: &mut State,
    now: &mut State,
    scene: &Scene<'_>,
    old: &Dict,
    new: &Dict,
) -> Result<Result<String, String>, PdfError> {
    let verdict = same_but(old, new, &["Annots"], "a page");
    if verdict.is_err() {
        return Ok(verdict);
    }
    let before = signed.value(bytes, old, "Annots")?;
    let after = now.value(bytes, new, "Annots")?;
    Ok(grown(scene, before.array().unwrap_or_default(), after.array().unwrap_or_default()))
}

/// An empty signature field may be signed: it gains a value and a picture.
fn field(scene: &Scene<'_>, number: u32, old: &Dict, new: &Dict) -> Result<String, String> {
    let empty = scene.old.form.fields.iter().any(|f| f.value.is_none() && f.owns(number));
    if !empty {
        return Err("it was no empty signature field".into());
    }
    same_but(old, new, &["V", "AP", "M", "MK", "F"], "the field")
}
