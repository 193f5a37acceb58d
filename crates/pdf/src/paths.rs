//! A picture made of paths, as a form of its own.

use std::collections::BTreeSet;

use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// A picture made of paths. It fills the unit square, y up, as an image does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// Operators of a content stream.
    pub content: Vec<u8>,
    /// Opacities that it sets by [`Paths::opacity_name`], in thousandths.
    pub opacities: BTreeSet<u16>,
}

impl Paths {
    /// The name under which the content sets an opacity.
    pub fn opacity_name(thousandths: u16) -> String {
        format!("A{thousandths}")
    }

    /// The opacities as resources of a form.
    pub(crate) fn resources(&self) -> Dict {
        let mut states = Dict::default();
        for thousandths in &self.opacities {
            let value = opacity(*thousandths);
            let mut state = Dict::default();
            state.set("Type", Object::Name(b"ExtGState".to_vec()));
            state.set("ca", value.clone());
            state.set("CA", value);
            states.set(&Self::opacity_name(*thousandths), Object::Dict(state));
        }
        let mut out = Dict::default();
        if !self.opacities.is_empty() {
            out.set("ExtGState", Object::Dict(states));
        }
        out
    }

    /// Reads a form back, where it is one of paths that fills the unit square and has no resources but opacities.
    pub(crate) fn read(bytes: &mut dyn Bytes, state: &mut State, id: Ref) -> Result<Option<Self>, PdfError> {
        const KEYS: [&[u8]; 9] = [
            b"Type",
            b"Subtype",
            b"FormType",
            b"BBox",
            b"Group",
            b"Resources",
            b"Filter",
            b"DecodeParms",
            b"Length",
        ];
        let loaded = state.load(bytes, id)?;
        let Object::Dict(dict) = &loaded.object else { return Ok(None) };
        let unit = [0, 0, 1, 1].map(Object::Int);
        if dict.keys().any(|k| !KEYS.contains(&k))
            || dict.get("BBox").and_then(Object::array) != Some(unit.as_slice())
        {
            return Ok(None);
        }
        let resources = state.dict(bytes, dict, "Resources")?;
        if resources.keys().any(|k| k != b"ExtGState") {
            return Ok(None);
        }
        let states = state.dict(bytes, &resources, "ExtGState")?;
        let mut opacities = BTreeSet::new();
        for key in states.keys() {
            let named = std::str::from_utf8(key).ok().and_then(|k| k.strip_prefix('A')?.parse::<u16>().ok());
            opacities.extend(named.filter(|n| *n <= 1000));
        }
        let content = match state.data(bytes, id, &loaded) {
            Ok(content) => content,
            Err(PdfError::Unsupported { .. }) => return Ok(None),
            Err(e) => return Err(e),
        };
        let found = Self { content, opacities };
        // Whatever else its resources say would show something else.
        let said = if states.keys().next().is_some() { Some(Object::Dict(states)) } else { None };
        Ok((found.resources().get("ExtGState") == said.as_ref()).then_some(found))
    }
}

fn opacity(thousandths: u16) -> Object {
    match thousandths {
        0 => Object::Int(0),
        1..=999 => Object::Real(format!("0.{thousandths:03}").into_bytes()),
        _ => Object::Int(1),
    }
}
