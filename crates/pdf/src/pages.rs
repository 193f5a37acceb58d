//! Pages in order, with what they inherit (ISO 32000-1 §7.7.3).

use std::collections::HashSet;

use crate::error::PdfError;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its object.
    pub id: Ref,
    /// Its dictionary.
    pub dict: Dict,
    /// The box that is shown, in points: left, bottom, right, top.
    pub shown: [f64; 4],
    /// Clockwise turn when shown: 0, 90, 180 or 270.
    pub rotate: i64,
    /// Size of a unit, in points.
    pub unit: f64,
}

impl Page {
    /// Width and height as shown, in millimeters.
    pub fn size_mm(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.shown;
        let (w, h) = ((right - left) * self.unit / MM, (top - bottom) * self.unit / MM);
        if self.rotate % 180 == 0 { (w, h) } else { (h, w) }
    }
}

/// Points in a millimeter.
pub(crate) const MM: f64 = 72.0 / 25.4;

/// US Letter, which readers take where a page states no box.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

#[derive(Clone, Default)]
struct Inherited {
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotate: Option<i64>,
}

/// The pages of a state.
pub(crate) fn pages(
    bytes: &mut dyn Bytes,
    state: &mut State,
    limits: &Limits,
) -> Result<Vec<Page>, PdfError> {
    let (_, catalog) = state.catalog(bytes)?;
    let bad = |what| PdfError::Structure { at: 0, what };
    let root = catalog.get("Pages").and_then(Object::reference).ok_or(bad("the catalog names no /Pages"))?;
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    let mut open: Vec<(Ref, Inherited, usize)> = vec![(root, Inherited::default(), 0)];
    while let Some((id, inherited, depth)) = open.pop() {
        if !seen.insert(id.number) {
            return Err(bad("the page tree names one object twice"));
        }
        if depth > limits.max_depth || seen.len() > limits.max_pages.saturating_mul(2) {
            let limit = limits.max_pages as u64;
            return Err(PdfError::Limit { at: 0, what: "size of the page tree", limit });
        }
        let Object::Dict(dict) = state.load(bytes, id)?.object else {
            return Err(bad("a node of the page tree is no dictionary"));
        };
        let inherited = inherit(bytes, state, &dict, inherited)?;
        if let Object::Array(kids) = state.value(bytes, &dict, "Kids")? {
            for kid in kids.iter().rev() {
                let kid = kid.reference().ok_or(bad("a page is not named by a reference"))?;
                open.push((kid, inherited.clone(), depth.saturating_add(1)));
            }
            continue;
        }
        if out.len() >= limits.max_pages {
            let limit = limits.max_pages as u64;
            return Err(PdfError::Limit { at: 0, what: "number of pages", limit });
        }
        let unit = dict.get("UserUnit").and_then(Object::number).filter(|u| *u > 0.0).unwrap_or(1.0);
        let media = inherited.media.unwrap_or(LETTER);
        let shown = inherited.crop.and_then(|c| intersect(c, media)).unwrap_or(media);
        out.push(Page { id, dict, shown, rotate: inherited.rotate.unwrap_or(0), unit });
    }
    Ok(out)
}

fn inherit(
    bytes: &mut dyn Bytes,
    state: &mut State,
    dict: &Dict,
    mut inherited: Inherited,
) -> Result<Inherited, PdfError> {
    if let Some(b) = rectangle(&state.value(bytes, dict, "MediaBox")?) {
        inherited.media = Some(b);
    }
    if let Some(b) = rectangle(&state.value(bytes, dict, "CropBox")?) {
        inherited.crop = Some(b);
    }
    if let Some(r) = state.value(bytes, dict, "Rotate")?.int() {
        inherited.rotate = Some(r.rem_euclid(360) / 90 * 90);
    }
    Ok(inherited)
}

/// A rectangle with its corners in order; `None` where it is none or has no area.
pub(crate) fn rectangle(object: &Object) -> Option<[f64; 4]> {
    let numbers: Vec<f64> = object.array()?.iter().map(Object::number).collect::<Option<_>>()?;
    let [a, b, c, d] = numbers.as_slice() else { return None };
    let out = [a.min(*c), b.min(*d), a.max(*c), b.max(*d)];
    let [left, bottom, right, top] = out;
    (right > left && top > bottom).then_some(out)
}

fn intersect(a: [f64; 4], b: [f64; 4]) -> Option<[f64; 4]> {
    let [al, ab, ar, at] = a;
    let [bl, bb, br, bt] = b;
    let [left, bottom, right, top] = [al.max(bl), ab.max(bb), ar.min(br), at.min(bt)];
    (right > left && top > bottom).then_some([left, bottom, right, top])
}
