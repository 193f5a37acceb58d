//! A document as a reader sees it that is given the bytes up to some end: the whole file, or what was signed.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use crate::crypt::{self, Crypt, Locked};
use crate::error::PdfError;
use crate::filter;
use crate::finding::Findings;
use crate::limits::Limits;
use crate::source::Bytes;
use crate::syntax::{Body, Dict, Lexer, Object, Ref, StreamBody, read_indirect};
use crate::xref::{Chain, Entry, follow};

/// Where an object stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// At a position in the file.
    At(u64),
    /// In the object stream at a position, at this place of its list.
    In(u64, u32),
}

/// An object as loaded; a stream's dictionary stands for it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The object.
    pub object: Object,
    /// Where.
    pub place: Place,
    pub(crate) stream: Option<StreamBody>,
}

impl Loaded {
    /// Whether it is a stream.
    pub fn is_stream(&self) -> bool {
        self.stream.is_some()
    }
}

/// An inflated object stream.
#[derive(Debug)]
struct Container {
    items: Vec<(u32, usize)>,
    data: Vec<u8>,
    at: u64,
}

impl Container {
    fn holds(&self, number: u32, index: u32) -> bool {
        let found = usize::try_from(index).ok().and_then(|i| self.items.get(i));
        found.is_some_and(|(n, _)| *n == number)
    }
}

/// Object streams kept inflated.
const KEPT: usize = 8;
/// References followed from one to the next.
const MAX_HOPS: usize = 16;

/// What a reader of the bytes before `end` sees.
#[derive(Debug, Clone)]
pub struct State {
    pub(crate) chain: Chain,
    end: u64,
    limits: Limits,
    kept: Vec<(u64, Rc<Container>)>,
    decoded: usize,
    crypt: Option<Rc<Crypt>>,
    locked: Option<Locked>,
}

impl State {
    /// Follows the cross-reference sections of the bytes before `end`.
    pub(crate) fn open(
        bytes: &mut dyn Bytes,
        end: u64,
        limits: &Limits,
        findings: &mut Findings,
    ) -> Result<Self, PdfError> {
        let chain = follow(bytes, end, limits, findings)?;
        Ok(Self {
            chain,
            end,
            limits: limits.clone(),
            kept: Vec::new(),
            decoded: 0,
            crypt: None,
            locked: None,
        })
    }

    /// Opens the encryption, where there is one, with a password or the empty one.
    pub(crate) fn unlock(&mut self, bytes: &mut dyn Bytes, password: Option<&str>) -> Result<(), PdfError> {
        match crypt::open(bytes, self, password)? {
            None => {}
            Some(Ok(found)) => self.crypt = Some(Rc::new(found)),
            Some(Err(why)) => self.locked = Some(why),
        }
        // What was read to find out was read as it stands.
        self.kept.clear();
        Ok(())
    }

    /// The same document as a reader of the bytes before an earlier end sees it.
    pub(crate) fn earlier(&self, bytes: &mut dyn Bytes, end: u64) -> Result<Self, PdfError> {
        let mut out = Self::open(bytes, end, &self.limits, &mut Findings::default())?;
        if out.trailer().get("Encrypt") == self.trailer().get("Encrypt") {
            out.crypt.clone_from(&self.crypt);
            out.locked = self.locked;
        } else if out.encrypted() {
            out.locked = Some(Locked::Unsupported("revisions that are encrypted in two ways"));
        }
        Ok(out)
    }

    /// Why the document stays closed, where it does.
    pub(crate) fn locked(&self) -> Option<Locked> {
        self.locked
    }

    /// How it is encrypted, where it is and could be opened.
    pub(crate) fn crypt(&self) -> Option<&Rc<Crypt>> {
        self.crypt.as_ref()
    }

    /// The trailer.
    pub fn trailer(&self) -> &Dict {
        static NONE: std::sync::OnceLock<Dict> = std::sync::OnceLock::new();
        self.chain.trailer().unwrap_or_else(|| NONE.get_or_init(Dict::default))
    }

    /// Whether the trailer asks for decryption.
    pub fn encrypted(&self) -> bool {
        self.chain.sections.iter().any(|s| s.trailer.get("Encrypt").is_some())
    }

    /// Where the object of a number stands; `None` where there is none.
    pub fn place(&self, number: u32) -> Option<Place> {
        match self.chain.map.get(&number)? {
            Entry::Free => None,
            Entry::At { offset, .. } => Some(Place::At(*offset)),
            Entry::In { stream, index } => match self.chain.map.get(stream)? {
                Entry::At { offset, .. } => Some(Place::In(*offset, *index)),
                _ => None,
            },
        }
    }

    /// Numbers of the objects in use.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.chain.map.iter().filter(|(_, e)| **e != Entry::Free).map(|(n, _)| *n)
    }

    /// The generation in use of an object number.
    pub(crate) fn generation(&self, number: u32) -> u16 {
        match self.chain.map.get(&number) {
            Some(Entry::At { generation, .. }) => *generation,
            _ => 0,
        }
    }

    /// Loads an object. One that the document does not have is `null`.
    pub(crate) fn load(&mut self, bytes: &mut dyn Bytes, id: Ref) -> Result<Loaded, PdfError> {
        let null = Loaded { object: Object::Null, place: Place::At(0), stream: None };
        let fault = |at, what| PdfError::Object { number: id.number, at, what };
        match self.locked {
            None => {}
            Some(Locked::Password) => return Err(PdfError::Encrypted),
            Some(Locked::Unsupported(what)) => return Err(PdfError::Encryption { what }),
        }
        match self.chain.map.get(&id.number).copied() {
            None | Some(Entry::Free) => Ok(null),
            Some(Entry::At { offset, generation }) => {
                if generation != id.generation {
                    return Err(fault(offset, "the reference names another generation"));
                }
                if offset >= self.end {
                    return Err(fault(offset, "the object lies behind the end"));
                }
                let found = read_indirect(bytes, offset, self.end, &self.limits)?;
                if found.id != id {
                    return Err(fault(offset, "another object stands where this one should"));
                }
                let place = Place::At(offset);
                let open = |object| match &self.crypt {
                    Some(c) => c.open_object(id, object),
                    None => Ok(object),
                };
                Ok(match found.body {
                    Body::Plain(object) => Loaded { object: open(object)?, place, stream: None },
                    // The section that tells where everything stands is read before anything can be decrypted.
                    Body::Stream(s) if s.dict.is("Type", "XRef") => {
                        Loaded { object: Object::Dict(s.dict.clone()), place, stream: Some(s) }
                    }
                    Body::Stream(s) => {
                        Loaded { object: open(Object::Dict(s.dict.clone()))?, place, stream: Some(s) }
                    }
                })
            }
            Some(Entry::In { stream, index }) => {
                if id.generation != 0 {
                    return Err(fault(0, "an object in a stream has generation 0"));
                }
                let container = self.container(bytes, stream)?;
                let place = Place::In(container.at, index);
                let object = item(&container, id.number, index, &self.limits)?;
                Ok(Loaded { object, place, stream: None })
            }
        }
    }

    /// Objects that do not stand in their object streams where the sections say.
    pub(crate) fn misplaced(&mut self, bytes: &mut dyn Bytes) -> Result<Vec<(u32, PdfError)>, PdfError> {
        let mut by_stream: BTreeMap<u32, Vec<(u32, u32)>> = BTreeMap::new();
        for (number, entry) in &self.chain.map {
            if let Entry::In { stream, index } = entry {
                by_stream.entry(*stream).or_default().push((*number, *index));
            }
        }
        let before = self.decoded;
        let mut out = Vec::new();
        for (stream, objects) in by_stream {
            match self.container(bytes, stream) {
                Ok(container) => {
                    for (number, index) in objects {
                        if !container.holds(number, index) {
                            let what = "the object stream holds another object at this place";
                            out.push((number, PdfError::Object { number, at: container.at, what }));
                        }
                    }
                }
                Err(e @ (PdfError::Io { .. } | PdfError::Limit { .. })) => return Err(e),
                Err(e) => out.push((stream, e)),
            }
        }
        // Looking once at each is not what the bound on reading them again and again is for.
        self.decoded = before;
        Ok(out)
    }

    /// The object behind references.
    pub(crate) fn resolve(&mut self, bytes: &mut dyn Bytes, object: &Object) -> Result<Object, PdfError> {
        let mut now = object.clone();
        for _ in 0..MAX_HOPS {
            match now {
                Object::Ref(r) => now = self.load(bytes, r)?.object,
                other => return Ok(other),
            }
        }
        Err(PdfError::Structure { at: 0, what: "references go in a circle" })
    }

    /// The value of a key behind references; `null` where there is none.
    pub(crate) fn value(
        &mut self,
        bytes: &mut dyn Bytes,
        dict: &Dict,
        key: &str,
    ) -> Result<Object, PdfError> {
        match dict.get(key) {
            None => Ok(Object::Null),
            Some(o) => self.resolve(bytes, o),
        }
    }

    /// The dictionary behind a key, or an empty one.
    pub(crate) fn dict(&mut self, bytes: &mut dyn Bytes, dict: &Dict, key: &str) -> Result<Dict, PdfError> {
        Ok(match self.value(bytes, dict, key)? {
            Object::Dict(d) => d,
            _ => Dict::default(),
        })
    }

    /// The catalog and its reference.
    pub(crate) fn catalog(&mut self, bytes: &mut dyn Bytes) -> Result<(Ref, Dict), PdfError> {
        let at = self.chain.sections.first().map_or(0, |s| s.at);
        let root = self.trailer().get("Root").and_then(Object::reference);
        let root = root.ok_or(PdfError::Structure { at, what: "the trailer names no /Root" })?;
        match self.load(bytes, root)?.object {
            Object::Dict(d) => Ok((root, d)),
            _ => Err(PdfError::Structure { at, what: "/Root is no dictionary" }),
        }
    }

    /// How many bytes a stream's data has.
    pub(crate) fn stream_length(
        &mut self,
        bytes: &mut dyn Bytes,
        stream: &StreamBody,
    ) -> Result<u64, PdfError> {
        let at = stream.at;
        let bad = |what| PdfError::Structure { at, what };
        let length = match stream.dict.get("Length") {
            Some(Object::Int(n)) => *n,
            // Only a plain object may hold it: no stream is asked for its own length.
            Some(Object::Ref(r)) => match self.chain.map.get(&r.number) {
                Some(Entry::At { offset, generation }) if *generation == r.generation => {
                    match read_indirect(bytes, *offset, self.end, &self.limits)? {
                        found if found.id != *r => {
                            return Err(bad("the length of a stream is not where it should be"));
                        }
                        found => match found.body {
                            Body::Plain(Object::Int(n)) => n,
                            _ => return Err(bad("the length of a stream is no number")),
                        },
                    }
                }
                Some(Entry::In { .. }) => {
                    self.load(bytes, *r)?.object.int().ok_or(bad("the length of a stream is no number"))?
                }
                _ => return Err(bad("the length of a stream is missing")),
            },
            _ => return Err(bad("the length of a stream is missing")),
        };
        u64::try_from(length).map_err(|_| bad("the length of a stream is negative"))
    }

    /// The data of a stream, its filters undone.
    pub(crate) fn data(
        &mut self,
        bytes: &mut dyn Bytes,
        id: Ref,
        loaded: &Loaded,
    ) -> Result<Vec<u8>, PdfError> {
        let data = self.raw(bytes, id, loaded)?;
        let Some(stream) = &loaded.stream else { return Ok(data) };
        filter::decode(&stream.dict, data, stream.at, self.limits.max_decoded)
    }

    /// The data of a stream as its filters take it.
    pub(crate) fn raw(
        &mut self,
        bytes: &mut dyn Bytes,
        id: Ref,
        loaded: &Loaded,
    ) -> Result<Vec<u8>, PdfError> {
        let Some(stream) = &loaded.stream else {
            return Err(PdfError::Structure { at: 0, what: "no stream where one should be" });
        };
        let at = stream.at;
        self.ends_inside(bytes, loaded)?;
        let limit = self.limits.max_decoded as u64;
        let length = self.stream_length(bytes, stream)?;
        if length > limit {
            return Err(PdfError::Limit { at, what: "size of a stream", limit });
        }
        let data = bytes.read(at, usize::try_from(length).unwrap_or(usize::MAX))?;
        self.decrypted(id, &stream.dict, data)
    }

    fn decrypted(&self, id: Ref, dict: &Dict, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
        match &self.crypt {
            Some(c) => c.open_stream(id, dict, data),
            None => Ok(data),
        }
    }

    /// Whether a stream ends before the end of this state: one that runs on would gain content by what is appended.
    pub(crate) fn ends_inside(&mut self, bytes: &mut dyn Bytes, loaded: &Loaded) -> Result<(), PdfError> {
        let Some(stream) = &loaded.stream else { return Ok(()) };
        let length = self.stream_length(bytes, stream)?;
        if stream.at.saturating_add(length) > self.end {
            return Err(PdfError::Structure { at: stream.at, what: "a stream runs on behind the end" });
        }
        Ok(())
    }

    fn container(&mut self, bytes: &mut dyn Bytes, number: u32) -> Result<Rc<Container>, PdfError> {
        let Some(Entry::At { offset, generation }) = self.chain.map.get(&number).copied() else {
            return Err(PdfError::Object { number, at: 0, what: "no such object stream" });
        };
        if let Some((_, kept)) = self.kept.iter().find(|(at, _)| *at == offset) {
            return Ok(Rc::clone(kept));
        }
        let fault = |what| PdfError::Object { number, at: offset, what };
        if offset >= self.end {
            return Err(fault("the object stream lies behind the end"));
        }
        let found = read_indirect(bytes, offset, self.end, &self.limits)?;
        if (found.id != Ref { number, generation }) || generation != 0 {
            return Err(fault("another object stands where this one should"));
        }
        let Body::Stream(stream) = found.body else { return Err(fault("no stream")) };
        if !stream.dict.is("Type", "ObjStm") {
            return Err(fault("the stream is no object stream"));
        }
        let length = match stream.dict.get("Length") {
            // A length inside an object stream could be inside this one.
            Some(Object::Ref(r)) if matches!(self.chain.map.get(&r.number), Some(Entry::In { .. })) => {
                return Err(fault("the length of an object stream stands in an object stream"));
            }
            _ => self.stream_length(bytes, &stream)?,
        };
        let length = usize::try_from(length).ok().filter(|n| *n <= self.limits.max_decoded);
        let data = bytes.read(stream.at, length.ok_or(fault("length of an object stream"))?)?;
        let data = self.decrypted(Ref { number, generation }, &stream.dict, data)?;
        let data = filter::decode(&stream.dict, data, offset, self.limits.max_decoded)?;
        self.decoded = self.decoded.saturating_add(data.len());
        if self.decoded > self.limits.max_decoded_total {
            let limit = self.limits.max_decoded_total as u64;
            return Err(PdfError::Limit { at: offset, what: "inflated size of all object streams", limit });
        }
        let container =
            Rc::new(Container { items: items(&stream.dict, &data, offset, &self.limits)?, data, at: offset });
        if self.kept.len() >= KEPT {
            self.kept.remove(0);
        }
        self.kept.push((offset, Rc::clone(&container)));
        Ok(container)
    }
}

/// Numbers and places of the objects in an object stream.
fn items(dict: &Dict, data: &[u8], at: u64, limits: &Limits) -> Result<Vec<(u32, usize)>, PdfError> {
    let bad = |what| PdfError::Structure { at, what };
    let number = |key: &str| dict.get(key).and_then(Object::int).and_then(|n| usize::try_from(n).ok());
    let (Some(count), Some(first)) = (number("N"), number("First")) else {
        return Err(bad("an object stream lacks /N or /First"));
    };
    if count > limits.max_objects {
        let limit = limits.max_objects as u64;
        return Err(PdfError::Limit { at, what: "number of objects", limit });
    }
    let mut lexer = Lexer::new(data.get(..first).unwrap_or(data), 0, limits);
    let mut out = Vec::new();
    let mut known = HashMap::new();
    for i in 0..count {
        let number =
            lexer.unsigned("the list of an object stream").map_err(|_| bad("list of an object stream"))?;
        let offset =
            lexer.unsigned("the list of an object stream").map_err(|_| bad("list of an object stream"))?;
        let number = u32::try_from(number).map_err(|_| bad("object number out of range"))?;
        let offset = usize::try_from(offset).ok().and_then(|o| o.checked_add(first));
        if known.insert(number, i).is_some() {
            return Err(bad("an object stream names one object twice"));
        }
        out.push((number, offset.ok_or(bad("list of an object stream"))?));
    }
    Ok(out)
}

fn item(container: &Container, number: u32, index: u32, limits: &Limits) -> Result<Object, PdfError> {
    let fault = |what| PdfError::Object { number, at: container.at, what };
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    let (found, offset) = container.items.get(index).ok_or(fault("no such place in the object stream"))?;
    if *found != number {
        return Err(fault("the object stream holds another object at this place"));
    }
    let end = container.items.get(index.saturating_add(1)).map_or(container.data.len(), |(_, o)| *o);
    let data = container.data.get(*offset..end).or_else(|| container.data.get(*offset..));
    let mut lexer = Lexer::new(data.ok_or(fault("its place lies outside the object stream"))?, 0, limits);
    lexer.object().map_err(|_| fault("it cannot be read in its object stream"))
}
