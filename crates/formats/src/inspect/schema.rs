//! How the members of a structure are named: tables of fields in the standard's order.

use const_oid::ObjectIdentifier;

use crate::der::{Node, Tag};

/// One member of a structure. Every member may be absent: a table names what is there, it judges nothing.
pub(super) struct Field {
    /// Identifier bytes it may have; empty for any.
    pub(super) tags: &'static [u8],
    /// Name in the standard's ASN.1.
    pub(super) en: &'static str,
    /// Chinese name.
    pub(super) zh: &'static str,
    /// What stands inside.
    pub(super) shape: Shape,
}

/// What stands inside a value.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Nothing that has names.
    Plain,
    /// These members in this order.
    Fields(&'static [Field]),
    /// Members all alike.
    Each(&'static Field),
    /// Members each of one of these kinds, told by its tag.
    EachOf(&'static [Field]),
    /// A list of such members, or (under an IMPLICIT tag) the members themselves.
    ListOrItems(&'static Field, &'static Field),
    /// A string that holds one encoded value.
    Holds(&'static Field),
    /// What the OBJECT IDENTIFIER beside it says.
    ByOid,
    /// Named bits, the first bit first.
    Bits(&'static [&'static str]),
    /// Secret: never shown.
    Secret,
}

impl Field {
    /// Whether a value with this tag can be this member.
    pub(super) fn accepts(&self, tag: Tag) -> bool {
        // Strings may be constructed in BER; other tags carry their form in the table.
        let primitive = if tag.0 < 0x30 { tag.0 & !0x20 } else { tag.0 };
        self.tags.is_empty() || self.tags.contains(&tag.0) || self.tags.contains(&primitive)
    }
}

/// Writes a table of fields: `TAGS "english" "中文" shape;`
macro_rules! fields {
    ($($tags:ident $en:literal $zh:literal $shape:expr;)*) => {
        &[$(Field { tags: $tags, en: $en, zh: $zh, shape: $shape }),*]
    };
}
/// Writes one named field.
macro_rules! field {
    ($tags:ident $en:literal $zh:literal $shape:expr) => {
        Field { tags: $tags, en: $en, zh: $zh, shape: $shape }
    };
}
pub(super) use {field, fields};

pub(super) const ANY: &[u8] = &[];
pub(super) const BOOL: &[u8] = &[0x01];
pub(super) const INT: &[u8] = &[0x02];
pub(super) const BITS: &[u8] = &[0x03];
pub(super) const OCTETS: &[u8] = &[0x04];
pub(super) const BITS_OR_OCTETS: &[u8] = &[0x03, 0x04];
pub(super) const OID: &[u8] = &[0x06];
pub(super) const ENUM: &[u8] = &[0x0a];
pub(super) const SEQ: &[u8] = &[0x30];
pub(super) const SET: &[u8] = &[0x31];
pub(super) const TIME: &[u8] = &[0x17, 0x18];
pub(super) const TEXT: &[u8] = &[0x0c, 0x12, 0x13, 0x14, 0x16, 0x1a, 0x1b, 0x1e];
pub(super) const TIME_OR_TEXT: &[u8] = &[0x17, 0x18, 0x0c, 0x13, 0x16];
pub(super) const TIME_OR_BITS: &[u8] = &[0x17, 0x18, 0x03, 0x0c, 0x13, 0x16];
pub(super) const C0: &[u8] = &[0xa0];
pub(super) const C0_ANY: &[u8] = &[0xa0, 0x80];
pub(super) const C1_ANY: &[u8] = &[0xa1, 0x81];
pub(super) const C2_ANY: &[u8] = &[0xa2, 0x82];
pub(super) const C3_ANY: &[u8] = &[0xa3, 0x83];
pub(super) const C4_ANY: &[u8] = &[0xa4, 0x84];
pub(super) const C5_ANY: &[u8] = &[0xa5, 0x85];
pub(super) const C1: &[u8] = &[0xa1];
pub(super) const C2: &[u8] = &[0xa2];
pub(super) const C3: &[u8] = &[0xa3];

/// The field of each member: the table is walked once, members that fit no further field stay without a name.
pub(super) fn name_members(shape: Shape, members: &[Node<'_>]) -> Vec<Option<&'static Field>> {
    match shape {
        Shape::Each(field) => members.iter().map(|m| Some(field).filter(|f| f.accepts(m.tag))).collect(),
        Shape::ListOrItems(list, item) => {
            let is_list = |m: &Node<'_>| m.content.first().is_none_or(|b| *b == Tag::SEQUENCE.0);
            members.iter().map(|m| Some(if is_list(m) { list } else { item })).collect()
        }
        Shape::EachOf(kinds) => members.iter().map(|m| kinds.iter().find(|f| f.accepts(m.tag))).collect(),
        Shape::Fields(table) => {
            let mut next = 0;
            let mut name = |m: &Node<'_>| {
                let rest = table.get(next..).unwrap_or_default();
                let skip = rest.iter().position(|f| f.accepts(m.tag))?;
                next += skip + 1;
                rest.get(skip)
            };
            members.iter().map(&mut name).collect()
        }
        _ => members.iter().map(|_| None).collect(),
    }
}

/// The first OBJECT IDENTIFIER among the members: it says what a [`Shape::ByOid`] member holds.
pub(super) fn selector(members: &[Node<'_>]) -> Option<ObjectIdentifier> {
    members.iter().find(|m| m.tag == Tag::OID).and_then(|m| m.oid("selector").ok())
}
