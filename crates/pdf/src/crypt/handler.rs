//! The encryption dictionary, and what it does to objects.

use super::cipher::Method;
use super::password::Terms;
use super::{Access, Locked};
use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// The key of a document, and how it is used.
#[derive(Clone)]
pub(crate) struct Crypt {
    key: Vec<u8>,
    strings: Method,
    streams: Method,
    encrypt_metadata: bool,
    permissions: i32,
    /// Whether `/Perms`, where the version has it, states other permissions.
    altered: bool,
    access: Access,
    /// The object of the dictionary itself, which is never encrypted.
    own: Option<u32>,
}

impl std::fmt::Debug for Crypt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Crypt({:?}, {:?})", self.strings, self.access)
    }
}

/// Opens an encrypted document; `None` where it is not encrypted.
pub(crate) fn open(
    bytes: &mut dyn Bytes,
    state: &mut State,
    password: Option<&str>,
) -> Result<Option<Result<Crypt, Locked>>, PdfError> {
    let Some(named) = state.trailer().get("Encrypt").cloned() else {
        // An older section that speaks of encryption would be read in two ways.
        let what = "an earlier revision is encrypted, the last is not";
        return Ok(state.encrypted().then_some(Err(Locked::Unsupported(what))));
    };
    let Object::Dict(dict) = state.resolve(bytes, &named)? else {
        return Ok(Some(Err(Locked::Unsupported("no encryption dictionary"))));
    };
    let own = named.reference().map(|r| r.number);
    let id = match state.trailer().get("ID") {
        Some(id) => {
            let id = id.clone();
            let list = state.resolve(bytes, &id)?;
            let first = list.array().and_then(<[Object]>::first).cloned();
            first.map(|o| state.resolve(bytes, &o)).transpose()?
        }
        None => None,
    };
    let id = id.and_then(|o| o.string().map(|s| s.bytes.clone())).unwrap_or_default();
    Ok(Some(read(&dict, id, own, password.unwrap_or_default())))
}

fn read(dict: &Dict, id: Vec<u8>, own: Option<u32>, password: &str) -> Result<Crypt, Locked> {
    if !dict.is("Filter", "Standard") {
        return Err(Locked::Unsupported("a security handler other than that of passwords"));
    }
    let int = |key: &str, default: i64| dict.get(key).map_or(Some(default), Object::int);
    let bytes =
        |key: &str| dict.get(key).and_then(Object::string).map(|s| s.bytes.clone()).unwrap_or_default();
    let (Some(version), Some(revision)) = (int("V", 0), int("R", 0)) else {
        return Err(Locked::Unsupported("version of the encryption"));
    };
    let encrypt_metadata = !matches!(dict.get("EncryptMetadata"), Some(Object::Bool(false)));
    let bits = int("Length", 40).filter(|n| (40..=256).contains(n) && n % 8 == 0);
    let bits = bits.ok_or(Locked::Unsupported("length of the key"))?;
    let (strings, streams, length) = match (version, revision) {
        (1, 2 | 3) => (Method::Rc4, Method::Rc4, 5),
        (2, 2 | 3) => (Method::Rc4, Method::Rc4, usize::try_from(bits / 8).unwrap_or(5).min(16)),
        (4, 4) => (filter(dict, "StrF")?, filter(dict, "StmF")?, 16),
        (5, 5 | 6) => (filter(dict, "StrF")?, filter(dict, "StmF")?, 32),
        _ => return Err(Locked::Unsupported("this version of the encryption")),
    };
    let wide = |m: Method| m == Method::Aes256;
    if [strings, streams].into_iter().any(|m| m != Method::Identity && wide(m) != (version == 5)) {
        return Err(Locked::Unsupported("a cipher that does not fit the version"));
    }
    let permissions = int("P", 0).ok_or(Locked::Unsupported("permissions"))?;
    let terms = Terms {
        revision,
        length: if revision == 2 { 5 } else { length },
        owner: bytes("O"),
        user: bytes("U"),
        owner_key: bytes("OE"),
        user_key: bytes("UE"),
        perms: bytes("Perms"),
        // Some write it without its sign.
        permissions: permissions as i32,
        encrypt_metadata,
        id,
    };
    let (key, access) = terms.key(password).ok_or(Locked::Password)?;
    let altered = revision >= 5 && terms.stated(&key) != Some(terms.permissions);
    // Who altered them could have meant to give more than the owner gave.
    let permissions =
        if altered { terms.permissions & terms.stated(&key).unwrap_or(0) } else { terms.permissions };
    Ok(Crypt { key, strings, streams, encrypt_metadata, permissions, altered, access, own })
}

/// The method that a named crypt filter uses.
fn filter(dict: &Dict, key: &str) -> Result<Method, Locked> {
    let Some(name) = dict.get(key).and_then(Object::name).filter(|n| *n != b"Identity") else {
        return Ok(Method::Identity);
    };
    let all = dict.get("CF").and_then(Object::dict);
    let one = all.and_then(|d| d.value(name)).and_then(Object::dict);
    match one.and_then(|d| d.get("CFM")).and_then(Object::name) {
        Some(b"V2") => Ok(Method::Rc4),
        Some(b"AESV2") => Ok(Method::Aes128),
        Some(b"AESV3") => Ok(Method::Aes256),
        _ => Err(Locked::Unsupported("a crypt filter")),
    }
}

impl Crypt {
    pub(crate) fn access(&self) -> Access {
        self.access
    }

    /// Whether the permissions are not those of their encrypted copy, and the object that states them.
    pub(crate) fn altered(&self) -> Option<Option<u32>> {
        self.altered.then_some(self.own)
    }

    /// Whether a signature may be added: in a field that is there (ISO 32000-1 table 22, bit 9, or 6 as for any other), or in
    /// a new one (bits 4 and 6).
    pub(crate) fn may_sign(&self, in_field: bool) -> bool {
        const NEW: i32 = 0b10_1000;
        const FILL: i32 = 0b1_0010_0000;
        let may = if in_field { self.permissions & FILL != 0 } else { self.permissions & NEW == NEW };
        self.access == Access::Owner || may
    }

    /// Decrypts the strings of an object that stands by itself in the file.
    pub(crate) fn open_object(&self, id: Ref, object: Object) -> Result<Object, PdfError> {
        let what = "a string cannot be decrypted";
        let turn = |data: &[u8]| self.strings.decrypt(&self.key, id, data);
        self.each(id, object, &turn).ok_or(PdfError::Object { number: id.number, at: 0, what })
    }

    /// Encrypts the strings of an object to be written.
    pub(crate) fn close_object(&self, id: Ref, object: Object) -> Option<Object> {
        self.each(id, object, &|data| self.strings.encrypt(&self.key, id, data))
    }

    fn each(&self, id: Ref, object: Object, turn: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Object> {
        if self.own == Some(id.number) {
            return Some(object);
        }
        strings(object, turn)
    }

    /// Decrypts the data of a stream.
    pub(crate) fn open_stream(&self, id: Ref, dict: &Dict, data: Vec<u8>) -> Result<Vec<u8>, PdfError> {
        let what = "a stream cannot be decrypted";
        match self.method(dict) {
            Method::Identity => Ok(data),
            m => m.decrypt(&self.key, id, &data).ok_or(PdfError::Object { number: id.number, at: 0, what }),
        }
    }

    /// Encrypts the data of a stream to be written.
    pub(crate) fn close_stream(&self, id: Ref, dict: &Dict, data: &[u8]) -> Option<Vec<u8>> {
        self.method(dict).encrypt(&self.key, id, data)
    }

    fn method(&self, dict: &Dict) -> Method {
        let plain_metadata = !self.encrypt_metadata && dict.is("Type", "Metadata");
        let first = match dict.get("Filter") {
            Some(Object::Array(list)) => list.first(),
            one => one,
        };
        // A filter of its own; the only one that writers use is Identity.
        let own = first.and_then(Object::name) == Some(b"Crypt");
        if dict.is("Type", "XRef") || plain_metadata || own { Method::Identity } else { self.streams }
    }
}

/// Every string but the value of a signature.
fn strings(object: Object, turn: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Object> {
    Some(match object {
        Object::Str(mut s) => {
            s.bytes = turn(&s.bytes)?;
            // What was plain need not be any more, and the other way round: written in hexadecimal it is always right.
            s.hex = true;
            Object::Str(s)
        }
        Object::Array(a) => Object::Array(a.into_iter().map(|o| strings(o, turn)).collect::<Option<_>>()?),
        Object::Dict(mut d) => {
            let signature = d.get("ByteRange").is_some();
            for (key, value) in &mut d.entries {
                if !(signature && key == b"Contents") {
                    *value = strings(std::mem::replace(value, Object::Null), turn)?;
                }
            }
            Object::Dict(d)
        }
        other => other,
    })
}
