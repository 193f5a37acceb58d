//! Copying objects, as far as they are drawn.

use std::collections::HashMap;

use super::says::{Says, itself, says};
use super::unpack::{Unpacked, unpack};
use super::{Apart, ApartOptions};
use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::{Loaded, State};
use crate::syntax::{Dict, Object, Ref, write_object};

/// Objects inside one another by references; fonts, colors and functions come to six.
const MAX_PATH: usize = 12;
/// Arrays and dictionaries inside one another in one object.
const MAX_NESTING: usize = 16;
/// Values of an object with all it leads to, met again wherever it is named again: what a reader without memory would read.
const MAX_WEIGHT: u64 = 4_000_000;
/// What is named in the list of what was left out.
const MAX_LEFT_OUT: usize = 50;
/// Keys that lead to what is not drawn, or away from the page.
const NOT_DRAWN: [&[u8]; 12] = [
    b"Parent",
    b"Metadata",
    b"PieceInfo",
    b"StructParent",
    b"StructParents",
    b"Popup",
    b"IRT",
    b"Alternates",
    b"OPI",
    b"LastModified",
    b"Dest",
    b"AA",
];
/// Keys of a stream that say how its data are packed or where else they lie.
const PACKING: [&[u8]; 8] =
    [b"Length", b"Filter", b"DecodeParms", b"F", b"FFilter", b"FDecodeParms", b"DL", b"DP"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// A number is given; it is written later.
    Named,
    /// Being copied: who leads here leads in a circle.
    Open,
    /// Written, with its weight.
    Done(u64),
}

/// Where a value stands while it is copied.
#[derive(Debug, Clone, Copy)]
struct Here {
    /// Objects above it.
    path: usize,
    /// Arrays and dictionaries around it in its object.
    nesting: usize,
    /// In a list of resources: what is named is copied later, for such lists may lead in circles.
    later: bool,
}

pub(super) struct Copier<'a> {
    pub bytes: &'a mut dyn Bytes,
    pub state: &'a mut State,
    options: &'a ApartOptions,
    known: HashMap<Ref, (u32, Stage)>,
    later: Vec<Ref>,
    out: Vec<u8>,
    /// Where each object begins, by its new number.
    places: Vec<usize>,
    unpacked: usize,
    weight: u64,
    left_out: Vec<(&'static str, String)>,
}

impl<'a> Copier<'a> {
    pub fn new(bytes: &'a mut dyn Bytes, state: &'a mut State, options: &'a ApartOptions) -> Self {
        Self {
            bytes,
            state,
            options,
            known: HashMap::new(),
            later: Vec::new(),
            out: b"%PDF-1.7\n".to_vec(),
            // 0 is never used; then catalog, page tree and page.
            places: vec![0; 4],
            unpacked: 0,
            weight: 0,
            left_out: Vec::new(),
        }
    }

    /// Notes what is missing from the copy.
    pub fn leave(&mut self, code: &'static str, detail: String) {
        if self.left_out.len() < MAX_LEFT_OUT {
            self.left_out.push((code, detail));
        }
    }

    /// Writes the whole small document.
    pub fn document(mut self, page: Dict, layers: Option<Object>) -> Result<Apart, PdfError> {
        let name = |n: &str| Object::Name(n.as_bytes().to_vec());
        let to = |number| Object::Ref(Ref { number, generation: 0 });
        let start = Here { path: 0, nesting: 0, later: false };
        let mut page = match self.value(&Object::Dict(page), start)? {
            Object::Dict(page) => page,
            _ => Dict::default(),
        };
        page.set("Parent", to(2));
        let mut catalog = Dict::default();
        catalog.set("Type", name("Catalog"));
        catalog.set("Pages", to(2));
        if let Some(layers) = layers {
            let layers = self.value(&layers, start)?;
            catalog.set("OCProperties", layers);
        }
        while let Some(id) = self.later.pop() {
            if self.known.get(&id).is_some_and(|(_, stage)| *stage == Stage::Named) {
                self.object(id, 0)?;
            }
        }
        let mut tree = Dict::default();
        tree.set("Type", name("Pages"));
        tree.set("Kids", Object::Array(vec![to(3)]));
        tree.set("Count", Object::Int(1));
        for (number, dict) in [(1, catalog), (2, tree), (3, page)] {
            self.put(number, &Object::Dict(dict), None);
        }
        self.finish();
        Ok(Apart { bytes: self.out, left_out: self.left_out })
    }

    fn finish(&mut self) {
        let at = self.out.len();
        let size = self.places.len();
        self.out.extend(format!("xref\n0 {size}\n0000000000 65535 f \n").bytes());
        for place in self.places.iter().skip(1) {
            let entry = match place {
                0 => "0000000000 65535 f \n".to_owned(),
                place => format!("{place:010} 00000 n \n"),
            };
            self.out.extend(entry.bytes());
        }
        self.out.extend(format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").bytes());
    }

    fn put(&mut self, number: u32, object: &Object, data: Option<&[u8]>) {
        if let Some(place) = self.places.get_mut(number as usize) {
            *place = self.out.len();
        }
        self.out.extend(format!("{number} 0 obj\n").bytes());
        write_object(object, &mut self.out);
        if let Some(data) = data {
            self.out.extend(b"\nstream\n");
            self.out.extend(data);
            self.out.extend(b"\nendstream");
        }
        self.out.extend(b"\nendobj\n");
    }

    /// A copy of a value, with references to the copies of what it leads to.
    fn value(&mut self, value: &Object, here: Here) -> Result<Object, PdfError> {
        self.weight = self.weight.saturating_add(1);
        let inner = Here { nesting: here.nesting.saturating_add(1), ..here };
        if inner.nesting > MAX_NESTING && matches!(value, Object::Array(_) | Object::Dict(_)) {
            self.leave("NESTING_LIMIT", "values inside one another too deeply".into());
            return Ok(Object::Null);
        }
        Ok(match value {
            Object::Array(list) => {
                Object::Array(list.iter().map(|one| self.value(one, inner)).collect::<Result<_, _>>()?)
            }
            Object::Dict(dict) => Object::Dict(self.dict(dict, inner)?),
            Object::Ref(id) => self.reference(*id, here)?,
            plain => plain.clone(),
        })
    }

    fn dict(&mut self, dict: &Dict, inner: Here) -> Result<Dict, PdfError> {
        let mut out = Dict::default();
        for (key, value) in &dict.entries {
            // `P` is a page in an annotation and a policy, which is drawn, in a group of layers.
            let away = NOT_DRAWN.contains(&key.as_slice()) || key == b"P" && value.reference().is_some();
            if away {
                continue;
            }
            let at = if key == b"Resources" { Here { later: true, ..inner } } else { inner };
            let value = self.value(value, at)?;
            out.entries.push((key.clone(), value));
        }
        Ok(out)
    }

    fn reference(&mut self, id: Ref, here: Here) -> Result<Object, PdfError> {
        let to = |number| Object::Ref(Ref { number, generation: 0 });
        let (number, stage) = match self.known.get(&id) {
            Some(found) => *found,
            None => {
                if self.places.len() >= self.options.max_objects {
                    self.leave("OBJECT_LIMIT", format!("more than {} objects", self.options.max_objects));
                    return Ok(Object::Null);
                }
                let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                self.places.push(0);
                self.known.insert(id, (number, Stage::Named));
                (number, Stage::Named)
            }
        };
        let weight = match stage {
            Stage::Named if here.later => {
                self.later.push(id);
                return Ok(to(number));
            }
            Stage::Named => {
                if here.path >= MAX_PATH {
                    self.leave("NESTING_LIMIT", format!("object {} lies too deep", id.number));
                    return Ok(Object::Null);
                }
                let above = std::mem::take(&mut self.weight);
                self.object(id, here.path.saturating_add(1))?;
                std::mem::replace(&mut self.weight, above)
            }
            Stage::Open | Stage::Done(_) if here.later => return Ok(to(number)),
            Stage::Open => {
                self.leave("OBJECT_CIRCLE", format!("object {} leads to itself", id.number));
                return Ok(Object::Null);
            }
            Stage::Done(weight) => weight,
        };
        let sum = self.weight.saturating_add(weight);
        if sum > MAX_WEIGHT {
            self.leave("OBJECT_LIMIT", format!("object {} leads to too much", id.number));
            return Ok(Object::Null);
        }
        self.weight = sum;
        Ok(to(number))
    }

    /// Writes the copy of an object; its weight is left in `self.weight`.
    fn object(&mut self, id: Ref, path: usize) -> Result<(), PdfError> {
        let Some((number, _)) = self.known.get(&id).copied() else { return Ok(()) };
        self.known.insert(id, (number, Stage::Open));
        self.weight = 0;
        let loaded = match self.state.load(self.bytes, id) {
            Ok(loaded) => loaded,
            Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
            Err(e) => {
                self.leave("OBJECT_UNREADABLE", e.to_string());
                self.known.insert(id, (number, Stage::Done(1)));
                self.put(number, &Object::Null, None);
                return Ok(());
            }
        };
        let elsewhere = ["Page", "Pages", "Catalog"];
        let object = match &loaded.object {
            Object::Dict(d) if !loaded.is_stream() && elsewhere.iter().any(|t| d.is("Type", t)) => {
                Object::Null
            }
            Object::Ref(_) => Object::Null,
            other => other.clone(),
        };
        let here = Here { path, nesting: 0, later: false };
        if loaded.is_stream() {
            let dict = object.dict().cloned().unwrap_or_default();
            self.stream((id, number), &dict, &loaded, here)?;
        } else {
            let mut copy = self.value(&object, here)?;
            if let (Object::Dict(copy), Some(font)) =
                (&mut copy, object.dict().filter(|d| d.is("Type", "Font")))
            {
                self.characters(font, copy);
            }
            self.put(number, &copy, None);
        }
        self.known.insert(id, (number, Stage::Done(self.weight)));
        Ok(())
    }

    /// Gives a font that says nothing of its characters the map that follows from its encoding.
    fn characters(&mut self, font: &Dict, copy: &mut Dict) {
        match says(self.bytes, self.state, font) {
            Ok(Some(Says::Known(name))) => copy.set("ToUnicode", Object::Name(name.into_bytes())),
            Ok(Some(Says::Itself)) if self.places.len() < self.options.max_objects => {
                let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
                self.places.push(0);
                let data = itself();
                let mut head = Dict::default();
                head.set("Length", Object::Int(i64::try_from(data.len()).unwrap_or(i64::MAX)));
                self.put(number, &Object::Dict(head), Some(&data));
                copy.set("ToUnicode", Object::Ref(Ref { number, generation: 0 }));
            }
            // What cannot be read is told where it is drawn.
            _ => {}
        }
    }

    fn stream(
        &mut self,
        (id, number): (Ref, u32),
        dict: &Dict,
        loaded: &Loaded,
        here: Here,
    ) -> Result<(), PdfError> {
        let mut plain = Dict::default();
        let drawn = |key: &Vec<u8>| !PACKING.contains(&key.as_slice());
        plain.entries.extend(dict.entries.iter().filter(|(key, _)| drawn(key)).cloned());
        let mut copy = self.dict(&plain, Here { nesting: 1, ..here })?;
        let image = dict.is("Subtype", "Image");
        let unpacked = if image && !self.options.images {
            Unpacked::default()
        } else {
            let left = self.options.max_bytes.saturating_sub(self.unpacked);
            match unpack(self.bytes, self.state, id, loaded, left) {
                Ok(unpacked) => unpacked,
                Err(e @ PdfError::Io { .. }) => return Err(e),
                Err(e) => {
                    self.leave("STREAM_UNREADABLE", e.to_string());
                    return {
                        self.put(number, &Object::Null, None);
                        Ok(())
                    };
                }
            }
        };
        self.unpacked = self.unpacked.saturating_add(unpacked.data.len());
        if unpacked.damaged {
            self.leave("STREAM_DAMAGED", "the data of a stream end too early".into());
        }
        if let Some((filter, parameters)) = unpacked.packed {
            copy.set("Filter", Object::Name(filter));
            if let Some(parameters) = parameters {
                let parameters = self.value(&parameters, here)?;
                copy.set("DecodeParms", parameters);
            }
        }
        copy.set("Length", Object::Int(i64::try_from(unpacked.data.len()).unwrap_or(i64::MAX)));
        self.put(number, &Object::Dict(copy), Some(&unpacked.data));
        Ok(())
    }
}
