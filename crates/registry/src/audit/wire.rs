//! The bytes of an entry that are hashed and kept.
//!
//! ```text
//! content  = text("yinxin-audit-entry-v1") u64(seq) i64(at, µs since 1970 UTC)
//!            text(actor kind) text(actor id) text(actor name) text(role) option(address)
//!            text(action) text(subject) text(area path) option(unit) text(outcome) option(reason)
//!            text(details as JSON, keys sorted, no blanks) text(request id)
//! text     = u32(number of bytes) bytes, UTF-8
//! option   = 0x00 | 0x01 text
//! ```
//! Numbers are big-endian. Every part is length-prefixed, so no two entries share their bytes; the leading text keeps
//! them apart from anything else that is hashed. The row's number stands inside, so a moved row still tells its place.
//! Fractions in the details are written as text: JSON readers disagree on their last digit, and an entry has to read
//! the same everywhere.

use jiff::Timestamp;
use serde_json::Value;

use super::entry::{ActorKind, ActorRef, Entry, Outcome};

/// First field of every entry.
const TAG: &str = "yinxin-audit-entry-v1";

/// Most bytes an entry may take: what is written to the audit is a summary, never a document.
pub const MAX_CONTENT: usize = 256 * 1024;

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// Longer than [`MAX_CONTENT`].
    #[error("审计内容过大：{0} 字节 / the entry is too large: {0} bytes")]
    TooLarge(usize),
    /// A part is cut off, carries an unknown word or has bytes behind it.
    #[error("审计内容无法解析：{0} / the entry cannot be read at its {0}")]
    Malformed(&'static str),
}

impl WireError {
    /// Stable, language-free code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge(_) => "AUDIT_ENTRY_TOO_LARGE",
            Self::Malformed(_) => "AUDIT_ENTRY_MALFORMED",
        }
    }
}

/// The bytes of `entry` as row `seq`.
pub(super) fn encode(seq: u64, entry: &Entry) -> Result<Vec<u8>, WireError> {
    let mut out = Vec::with_capacity(512);
    text(&mut out, TAG)?;
    out.extend(seq.to_be_bytes());
    out.extend(entry.at.as_microsecond().to_be_bytes());
    text(&mut out, entry.actor.kind.as_str())?;
    text(&mut out, &entry.actor.id)?;
    text(&mut out, &entry.actor.name)?;
    text(&mut out, &entry.actor.role)?;
    option(&mut out, entry.actor.address.as_deref())?;
    text(&mut out, &entry.action)?;
    text(&mut out, &entry.subject)?;
    text(&mut out, &entry.area_path)?;
    option(&mut out, entry.unit.as_deref())?;
    text(&mut out, entry.outcome.as_str())?;
    option(&mut out, entry.reason.as_deref())?;
    text(&mut out, &sorted(&entry.details).to_string())?;
    text(&mut out, &entry.request_id)?;
    if out.len() > MAX_CONTENT {
        return Err(WireError::TooLarge(out.len()));
    }
    Ok(out)
}

/// Row number and entry that `content` says.
pub(super) fn decode(content: &[u8]) -> Result<(u64, Entry), WireError> {
    if content.len() > MAX_CONTENT {
        return Err(WireError::TooLarge(content.len()));
    }
    let mut r = Reader(content);
    if r.text("tag")? != TAG {
        return Err(WireError::Malformed("tag"));
    }
    let seq = u64::from_be_bytes(r.eight("seq")?);
    let at = i64::from_be_bytes(r.eight("at")?);
    let entry = Entry {
        at: Timestamp::from_microsecond(at).map_err(|_| WireError::Malformed("at"))?,
        actor: ActorRef {
            kind: ActorKind::from_code(r.text("actor kind")?).ok_or(WireError::Malformed("actor kind"))?,
            id: r.text("actor id")?.to_owned(),
            name: r.text("actor name")?.to_owned(),
            role: r.text("role")?.to_owned(),
            address: r.option("address")?,
        },
        action: r.text("action")?.to_owned(),
        subject: r.text("subject")?.to_owned(),
        area_path: r.text("area path")?.to_owned(),
        unit: r.option("unit")?,
        outcome: Outcome::from_code(r.text("outcome")?).ok_or(WireError::Malformed("outcome"))?,
        reason: r.option("reason")?,
        details: serde_json::from_str(r.text("details")?).map_err(|_| WireError::Malformed("details"))?,
        request_id: r.text("request id")?.to_owned(),
    };
    if r.0.is_empty() { Ok((seq, entry)) } else { Err(WireError::Malformed("end")) }
}

fn text(out: &mut Vec<u8>, text: &str) -> Result<(), WireError> {
    let length = u32::try_from(text.len()).map_err(|_| WireError::TooLarge(text.len()))?;
    out.extend(length.to_be_bytes());
    out.extend(text.as_bytes());
    Ok(())
}

fn option(out: &mut Vec<u8>, value: Option<&str>) -> Result<(), WireError> {
    match value {
        None => {
            out.push(0);
            Ok(())
        }
        Some(value) => {
            out.push(1);
            text(out, value)
        }
    }
}

/// The value with the keys of every object in order, whatever order the JSON library keeps them in, and fractions as text.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_by_key(|(key, _)| key.as_str());
            Value::Object(pairs.into_iter().map(|(key, item)| (key.clone(), sorted(item))).collect())
        }
        Value::Number(number) if number.is_f64() => Value::String(number.to_string()),
        other => other.clone(),
    }
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], WireError> {
        let (head, tail) = self.0.split_at_checked(count).ok_or(WireError::Malformed(what))?;
        self.0 = tail;
        Ok(head)
    }

    fn eight(&mut self, what: &'static str) -> Result<[u8; 8], WireError> {
        self.take(8, what)?.try_into().map_err(|_| WireError::Malformed(what))
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, WireError> {
        let length: [u8; 4] = self.take(4, what)?.try_into().map_err(|_| WireError::Malformed(what))?;
        let length = usize::try_from(u32::from_be_bytes(length)).map_err(|_| WireError::Malformed(what))?;
        std::str::from_utf8(self.take(length, what)?).map_err(|_| WireError::Malformed(what))
    }

    fn option(&mut self, what: &'static str) -> Result<Option<String>, WireError> {
        match self.take(1, what)? {
            [0] => Ok(None),
            [1] => Ok(Some(self.text(what)?.to_owned())),
            _ => Err(WireError::Malformed(what)),
        }
    }
}
