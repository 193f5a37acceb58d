//! What the objects of a document are for.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::Role;
use crate::error::PdfError;
use crate::form::{Form, form};
use crate::limits::Limits;
use crate::pages::pages;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// The objects with a place in the document's frame.
pub(super) struct Roles {
    pub root: Ref,
    pub acro: Dict,
    pub acro_id: Option<Ref>,
    pub fields_id: Option<Ref>,
    pub form: Form,
    /// Pages by object number.
    pub pages: HashMap<u32, Dict>,
    /// Their numbers in order.
    pub order: Vec<u32>,
    /// Lists of annotations that are objects of their own, with their page.
    pub lists: HashMap<u32, u32>,
    pub dss: HashSet<u32>,
    pub info: Option<Ref>,
    pub metadata: Option<Ref>,
}

/// Objects followed from one root.
const MAX_CLOSURE: usize = 20_000;

pub(super) fn roles(bytes: &mut dyn Bytes, state: &mut State, limits: &Limits) -> Result<Roles, PdfError> {
    let (root, catalog) = state.catalog(bytes)?;
    let acro_id = catalog.get("AcroForm").and_then(Object::reference);
    let acro = state.dict(bytes, &catalog, "AcroForm")?;
    let fields_id = acro.get("Fields").and_then(Object::reference);
    let form = form(bytes, state, limits)?;
    let mut by_number = HashMap::new();
    let mut order = Vec::new();
    let mut lists = HashMap::new();
    for page in pages(bytes, state, limits)? {
        if let Some(Object::Ref(r)) = page.dict.get("Annots") {
            lists.insert(r.number, page.id.number);
        }
        order.push(page.id.number);
        by_number.insert(page.id.number, page.dict);
    }
    let mut dss = HashSet::new();
    if let Some(o) = catalog.get("DSS") {
        dss = closure(bytes, state, o, &|_| true)?;
    }
    let info = state.trailer().get("Info").and_then(Object::reference);
    let metadata = catalog.get("Metadata").and_then(Object::reference);
    Ok(Roles { root, acro, acro_id, fields_id, form, pages: by_number, order, lists, dss, info, metadata })
}

/// Numbers of all objects that can be reached from a value through objects that `enter` lets in.
pub(super) fn closure(
    bytes: &mut dyn Bytes,
    state: &mut State,
    from: &Object,
    enter: &dyn Fn(u32) -> bool,
) -> Result<HashSet<u32>, PdfError> {
    let mut seen = HashSet::new();
    let mut open = Vec::new();
    from.references(&mut open);
    while let Some(r) = open.pop() {
        if !enter(r.number) || !seen.insert(r.number) {
            continue;
        }
        if seen.len() > MAX_CLOSURE {
            let limit = MAX_CLOSURE as u64;
            return Err(PdfError::Limit { at: 0, what: "number of objects below one", limit });
        }
        state.load(bytes, r)?.object.references(&mut open);
    }
    Ok(seen)
}

/// Which objects of a state refer to each of these numbers.
pub(super) fn referrers(
    bytes: &mut dyn Bytes,
    state: &mut State,
    wanted: &BTreeSet<u32>,
) -> Result<HashMap<u32, HashSet<u32>>, PdfError> {
    let mut out: HashMap<u32, HashSet<u32>> = HashMap::new();
    let numbers: Vec<u32> = state.numbers().collect();
    let mut found = Vec::new();
    for number in numbers {
        let generation = state.generation(number);
        found.clear();
        let loaded = state.load(bytes, Ref { number, generation })?;
        state.ends_inside(bytes, &loaded)?;
        loaded.object.references(&mut found);
        for r in found.iter().filter(|r| wanted.contains(&r.number)) {
            out.entry(r.number).or_default().insert(number);
        }
    }
    Ok(out)
}

/// The role of an object in a state's frame.
pub(super) fn role(roles: &Roles, number: u32) -> Role {
    let is = |r: Option<Ref>| r.is_some_and(|r| r.number == number);
    if roles.root.number == number {
        Role::Catalog
    } else if is(roles.acro_id) || is(roles.fields_id) {
        Role::Form
    } else if roles.pages.contains_key(&number) {
        Role::Page
    } else if roles.lists.contains_key(&number) {
        Role::AnnotationList
    } else if is(roles.info) {
        Role::Info
    } else if is(roles.metadata) {
        Role::Metadata
    } else if roles.dss.contains(&number) {
        Role::ValidationData
    } else {
        Role::Other
    }
}
