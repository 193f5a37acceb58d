/// A reference to an indirect object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ref {
    /// Object number.
    pub number: u32,
    /// Generation.
    pub generation: u16,
}

/// A string, with where it stands in the file.
#[derive(Debug, Clone, Eq)]
pub struct Str {
    /// Decoded bytes.
    pub bytes: Vec<u8>,
    /// Position of its first delimiter.
    pub start: u64,
    /// Position after its last delimiter.
    pub end: u64,
    /// Whether it is written in hexadecimal.
    pub hex: bool,
    /// Whether it is hexadecimal with nothing but an even number of digits between the delimiters.
    pub plain_hex: bool,
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

/// An object (ISO 32000-1 §7.3). Numbers with a fraction keep the characters they were written with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction, as written.
    Real(Vec<u8>),
    /// A name, escapes resolved.
    Name(Vec<u8>),
    /// A string.
    Str(Str),
    /// An array.
    Array(Vec<Object>),
    /// A dictionary.
    Dict(Dict),
    /// A reference.
    Ref(Ref),
}

impl Object {
    /// As a whole number.
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            _ => None,
        }
    }

    /// As a number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Int(n) => Some(*n as f64),
            Self::Real(text) => std::str::from_utf8(text).ok()?.parse::<f64>().ok().filter(|n| n.is_finite()),
            _ => None,
        }
    }

    /// As a name.
    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(n) => Some(n),
            _ => None,
        }
    }

    /// As a string.
    pub fn string(&self) -> Option<&Str> {
        match self {
            Self::Str(s) => Some(s),
            _ => None,
        }
    }

    /// As an array.
    pub fn array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(a) => Some(a),
            _ => None,
        }
    }

    /// As a dictionary.
    pub fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(d) => Some(d),
            _ => None,
        }
    }

    /// As a reference.
    pub fn reference(&self) -> Option<Ref> {
        match self {
            Self::Ref(r) => Some(*r),
            _ => None,
        }
    }

    /// Every reference in it.
    pub(crate) fn references(&self, out: &mut Vec<Ref>) {
        match self {
            Self::Ref(r) => out.push(*r),
            Self::Array(a) => a.iter().for_each(|o| o.references(out)),
            Self::Dict(d) => d.entries.iter().for_each(|(_, o)| o.references(out)),
            _ => {}
        }
    }

    /// Whether a dictionary inside names one key twice.
    pub(crate) fn repeated_key(&self) -> Option<&[u8]> {
        match self {
            Self::Array(a) => a.iter().find_map(Self::repeated_key),
            Self::Dict(d) => {
                d.repeated.as_deref().or_else(|| d.entries.iter().find_map(|(_, o)| o.repeated_key()))
            }
            _ => None,
        }
    }
}

/// A dictionary, entries in the order written. A key written twice keeps its first value and is remembered.
#[derive(Debug, Clone, Default, Eq)]
pub struct Dict {
    pub(crate) entries: Vec<(Vec<u8>, Object)>,
    pub(crate) repeated: Option<Vec<u8>>,
    /// A key written with an escape that it does not need.
    pub(crate) disguised: Option<Vec<u8>>,
}

impl PartialEq for Dict {
    fn eq(&self, other: &Self) -> bool {
        self.repeated == other.repeated
            && self.entries.len() == other.entries.len()
            && self.entries.iter().all(|(k, v)| other.value(k) == Some(v))
    }
}

impl Dict {
    /// The value of a key; `null` is as good as none.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.value(key.as_bytes()).filter(|o| **o != Object::Null)
    }

    pub(crate) fn value(&self, key: &[u8]) -> Option<&Object> {
        self.entries.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The keys in the order written.
    pub fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|(k, _)| k.as_slice())
    }

    /// Whether the key's value is this name.
    pub fn is(&self, key: &str, name: &str) -> bool {
        self.get(key).and_then(Object::name) == Some(name.as_bytes())
    }

    /// Puts a value in place of the old one, or behind the others.
    pub(crate) fn set(&mut self, key: &str, value: Object) {
        match self.entries.iter_mut().find(|(k, _)| k == key.as_bytes()) {
            Some((_, old)) => *old = value,
            None => self.entries.push((key.as_bytes().to_vec(), value)),
        }
    }
}
