//! The bytes of a new revision: objects, then a cross-reference section of the kind the document has.

use std::collections::BTreeMap;
use std::io::{Read, Seek};
use std::rc::Rc;

use super::error::SignError;
use crate::crypt::Crypt;
use crate::document::Document;
use crate::source::Bytes as _;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref, Str, write_object};
use crate::xref::SectionKind;

/// A revision being written.
pub(super) struct Revision {
    /// Bytes, to stand behind the old ones.
    pub out: Vec<u8>,
    base: u64,
    offsets: BTreeMap<u32, (u64, u16)>,
    next: u32,
    crypt: Option<Rc<Crypt>>,
    failed: bool,
}

impl Revision {
    /// Begins behind `base` old bytes.
    fn new(state: &State, base: u64, ends_line: bool) -> Result<Self, SignError> {
        let highest = state.chain.map.keys().next_back().copied().unwrap_or(0);
        let sizes = state.chain.sections.iter().filter_map(|s| s.trailer.get("Size").and_then(Object::int));
        let size = sizes.filter_map(|n| u32::try_from(n).ok()).max().unwrap_or(0);
        let next = highest.checked_add(1).ok_or(SignError::TooLarge)?.max(size);
        let out = if ends_line { Vec::new() } else { b"\n".to_vec() };
        let crypt = state.crypt().cloned();
        Ok(Self { out, base, offsets: BTreeMap::new(), next, crypt, failed: false })
    }

    /// Begins behind a document.
    pub fn behind<R: Read + Seek>(document: &mut Document<R>) -> Result<Self, SignError> {
        let size = document.size();
        let last = document.source.read(size.saturating_sub(1), 1)?;
        Self::new(&document.state, size, matches!(last.first(), Some(b'\n' | b'\r')))
    }

    /// A number for a new object.
    pub fn reserve(&mut self) -> Result<Ref, SignError> {
        let number = self.next;
        // Readers stop there (ISO 32000-1 annex C).
        self.next = number.checked_add(1).filter(|n| *n <= 8_388_607).ok_or(SignError::TooLarge)?;
        Ok(Ref { number, generation: 0 })
    }

    fn begin(&mut self, id: Ref) {
        let at = self.base.saturating_add(self.out.len() as u64);
        self.offsets.insert(id.number, (at, id.generation));
        self.out.extend(format!("{} {} obj\n", id.number, id.generation).bytes());
    }

    /// An object as it is to stand in the file: its strings encrypted where the document is.
    pub fn closed(&mut self, id: Ref, object: &Object) -> Object {
        let Some(crypt) = &self.crypt else { return object.clone() };
        let closed = crypt.close_object(id, object.clone());
        self.failed |= closed.is_none();
        closed.unwrap_or(Object::Null)
    }

    /// Writes an object.
    pub fn object(&mut self, id: Ref, object: &Object) {
        let object = self.closed(id, object);
        self.begin(id);
        write_object(&object, &mut self.out);
        self.out.extend(b"\nendobj\n");
    }

    /// Writes a stream; its length is put into the dictionary.
    pub fn stream(&mut self, id: Ref, mut dict: Dict, data: &[u8]) {
        let closed = self.crypt.as_ref().map(|c| c.close_stream(id, &dict, data));
        self.failed |= matches!(closed, Some(None));
        let data = closed.as_ref().and_then(Option::as_deref).unwrap_or(data);
        dict.set("Length", Object::Int(data.len() as i64));
        // The section that tells where everything stands is read before anything can be decrypted.
        let head = Object::Dict(dict);
        let open = head.dict().is_some_and(|d| d.is("Type", "XRef"));
        let head = if open { head } else { self.closed(id, &head) };
        self.begin(id);
        write_object(&head, &mut self.out);
        self.out.extend(b"\nstream\n");
        self.out.extend(data);
        self.out.extend(b"\nendstream\nendobj\n");
    }

    /// Writes an object whose bytes are at hand; gives the position of their first byte in this revision.
    pub fn raw(&mut self, id: Ref, bytes: &[u8]) -> usize {
        self.begin(id);
        let at = self.out.len();
        self.out.extend(bytes);
        self.out.extend(b"\nendobj\n");
        at
    }

    /// Writes the section and the end of the file.
    pub fn finish(&mut self, state: &State, id: [u8; 16]) -> Result<(), SignError> {
        let Some(newest) = state.chain.sections.first() else { return Err(SignError::Malformed) };
        if self.failed {
            return Err(SignError::Malformed);
        }
        let mut trailer = Dict::default();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(o) = state.trailer().get(key) {
                trailer.set(key, o.clone());
            }
        }
        trailer.set("Prev", Object::Int(i64::try_from(newest.at).map_err(|_| SignError::TooLarge)?));
        let fresh = Object::Str(Str { bytes: id.to_vec(), start: 0, end: 0, hex: true, plain_hex: true });
        let first = state.trailer().get("ID").and_then(Object::array).and_then(<[_]>::first);
        trailer.set("ID", Object::Array(vec![first.cloned().unwrap_or_else(|| fresh.clone()), fresh]));
        let at = self.base.saturating_add(self.out.len() as u64);
        if newest.kind == SectionKind::Stream {
            self.stream_section(trailer)?;
        } else {
            self.table(trailer)?;
        }
        self.out.extend(format!("startxref\n{at}\n%%EOF\n").bytes());
        Ok(())
    }

    /// Runs of consecutive numbers.
    fn runs(&self) -> Vec<Vec<(u32, u64, u16)>> {
        let mut runs: Vec<Vec<(u32, u64, u16)>> = Vec::new();
        for (number, (at, generation)) in &self.offsets {
            let follows =
                |r: &Vec<(u32, u64, u16)>| r.last().is_some_and(|(n, ..)| n.checked_add(1) == Some(*number));
            match runs.last_mut().filter(|r| follows(r)) {
                Some(run) => run.push((*number, *at, *generation)),
                None => runs.push(vec![(*number, *at, *generation)]),
            }
        }
        runs
    }

    fn table(&mut self, mut trailer: Dict) -> Result<(), SignError> {
        self.out.extend(b"xref\n");
        for run in self.runs() {
            let first = run.first().map_or(0, |(n, ..)| *n);
            self.out.extend(format!("{first} {}\n", run.len()).bytes());
            for (_, at, generation) in run {
                if at > 9_999_999_999 {
                    return Err(SignError::TooLarge);
                }
                self.out.extend(format!("{at:010} {generation:05} n \n").bytes());
            }
        }
        trailer.set("Size", Object::Int(i64::from(self.next)));
        self.out.extend(b"trailer\n");
        write_object(&Object::Dict(trailer), &mut self.out);
        self.out.push(b'\n');
        Ok(())
    }

    fn stream_section(&mut self, mut dict: Dict) -> Result<(), SignError> {
        let id = self.reserve()?;
        let here = self.base.saturating_add(self.out.len() as u64);
        self.offsets.insert(id.number, (here, 0));
        let mut data = Vec::new();
        let mut index = Vec::new();
        for run in self.runs() {
            index.push(Object::Int(run.first().map_or(0, |(n, ..)| i64::from(*n))));
            index.push(Object::Int(run.len() as i64));
            for (_, at, generation) in run {
                data.push(1);
                data.extend(at.to_be_bytes().iter().skip(2));
                data.extend(generation.to_be_bytes());
            }
        }
        dict.set("Type", Object::Name(b"XRef".to_vec()));
        dict.set("Size", Object::Int(i64::from(self.next)));
        dict.set("W", Object::Array(vec![Object::Int(1), Object::Int(6), Object::Int(2)]));
        dict.set("Index", Object::Array(index));
        self.stream(id, dict, &data);
        Ok(())
    }
}
