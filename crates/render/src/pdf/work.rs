//! What interpreting content costs, told before it begins: it cannot be stopped on the way.
//!
//! A form may be drawn many times by another, that one by a third: a page of a few lines can ask for work without end. The
//! weight of content is its length with the weights of what it draws, as often as it draws them.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};

/// Forms inside one another that are followed; hayro goes to 50.
const MAX_DEPTH: usize = 50;
/// What an instruction costs that looks things up, in bytes of plain content.
const LOOK_UP: u64 = 200;

/// Weights of the heaviest content of each kind.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Weights {
    /// The page with its annotations.
    pub page: u64,
    /// One form.
    pub form: u64,
    /// One cell of a pattern.
    pub pattern: u64,
    /// One glyph that is a drawing.
    pub glyph: u64,
}

/// By the numbers of a form and of whose resources it uses; `None` while it is being weighed.
type Known = HashMap<(u32, u32), Option<u64>>;

pub(super) fn weigh(pdf: &Pdf, page: &Page<'_>) -> Weights {
    let mut known = Known::new();
    let mut out = Weights::default();
    let content = page.page_stream().unwrap_or_default();
    out.page = weight(content, page.resources(), 0, 0, &mut known);
    for annotation in
        page.raw().get::<Array<'_>>(b"Annots".as_slice()).iter().flat_map(|a| a.iter::<Dict<'_>>())
    {
        let Some(normal) = annotation
            .get::<Dict<'_>>(b"AP".as_slice())
            .and_then(|appearance| appearance.get::<Object<'_>>(b"N".as_slice()))
        else {
            continue;
        };
        let shown: Vec<Stream<'_>> = match normal {
            Object::Stream(stream) => vec![stream],
            Object::Dict(states) => states.keys().filter_map(|key| states.get::<Stream<'_>>(&*key)).collect(),
            _ => Vec::new(),
        };
        for stream in shown {
            out.page = out.page.saturating_add(form(&stream, page.resources(), 0, 0, &mut known));
        }
    }
    for object in pdf.objects() {
        match object {
            Object::Stream(stream) => {
                let kind = |key: &str, name: &[u8]| {
                    stream.dict().get::<Name<'_>>(key.as_bytes()).is_some_and(|n| *n == *name)
                };
                let tile = stream.dict().get::<u8>(b"PatternType".as_slice()) == Some(1);
                if tile || kind("Subtype", b"Form") {
                    let own = form(&stream, page.resources(), 0, 0, &mut known);
                    let most = if tile { &mut out.pattern } else { &mut out.form };
                    *most = own.max(*most);
                }
            }
            Object::Dict(font) => {
                let Some(drawings) = font.get::<Dict<'_>>(b"CharProcs".as_slice()) else { continue };
                let resources = font.get::<Dict<'_>>(b"Resources".as_slice()).map(Resources::new);
                let resources = resources.as_ref().unwrap_or(page.resources());
                let number = font.obj_id().map_or(0, |id| id.obj_number);
                for key in drawings.keys() {
                    if let Some(drawing) = drawings.get::<Stream<'_>>(&*key) {
                        out.glyph = out.glyph.max(form(&drawing, resources, number, 0, &mut known));
                    }
                }
            }
            _ => {}
        }
    }
    out
}

/// The weight of a form, by its own resources or by those of `owner`.
fn form<'a>(stream: &Stream<'a>, above: &Resources<'a>, owner: u32, depth: usize, known: &mut Known) -> u64 {
    if depth > MAX_DEPTH {
        return 0;
    }
    let number = stream.obj_id().obj_number;
    let own = stream.dict().get::<Dict<'_>>(b"Resources".as_slice()).map(Resources::new);
    let owner = if own.is_some() { number } else { owner };
    match known.get(&(number, owner)) {
        Some(Some(weight)) => return *weight,
        // It draws itself.
        Some(None) => return u64::MAX,
        None => {}
    }
    known.insert((number, owner), None);
    let content = stream.decoded_data().unwrap_or_default();
    let found = weight(&content, own.as_ref().unwrap_or(above), owner, depth, known);
    known.insert((number, owner), Some(found));
    found
}

fn weight(content: &[u8], resources: &Resources<'_>, owner: u32, depth: usize, known: &mut Known) -> u64 {
    let mut sum = content.len() as u64;
    let mut instructions = TypedIter::new(content);
    while let Some(instruction) = instructions.next() {
        let more = match instruction {
            TypedInstruction::XObject(named) => {
                let drawn = resources.get_x_object(named.0);
                let form_drawn = drawn.filter(|x| {
                    x.dict().get::<Name<'_>>(b"Subtype".as_slice()).is_some_and(|n| *n == *b"Form")
                });
                form_drawn.map_or(LOOK_UP, |x| {
                    form(&x, resources, owner, depth.saturating_add(1), known).saturating_add(LOOK_UP)
                })
            }
            TypedInstruction::Shading(named) => resources.get_shading(named.0).as_ref().map_or(LOOK_UP, mesh),
            TypedInstruction::NonStrokeColorNamed(named) => {
                named.1.and_then(|name| resources.get_pattern(name)).as_ref().map_or(0, mesh)
            }
            TypedInstruction::StrokeColorNamed(named) => {
                named.1.and_then(|name| resources.get_pattern(name)).as_ref().map_or(0, mesh)
            }
            TypedInstruction::SetGraphicsState(_) | TypedInstruction::TextFont(_) => LOOK_UP,
            _ => 0,
        };
        sum = sum.saturating_add(more);
    }
    sum
}

/// A mesh is read each time it is named.
fn mesh(object: &Object<'_>) -> u64 {
    let length = |stream: Stream<'_>| stream.raw_data().len() as u64;
    let found = match object {
        Object::Stream(stream) => {
            // The cell of a pattern is weighed when it is drawn.
            let tile = stream.dict().contains_key(b"PatternType".as_slice());
            if tile { 0 } else { length(stream.clone()) }
        }
        Object::Dict(dict) => dict.get::<Stream<'_>>(b"Shading".as_slice()).map_or(0, length),
        _ => 0,
    };
    found.saturating_add(LOOK_UP)
}
