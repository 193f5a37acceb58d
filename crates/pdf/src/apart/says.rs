//! Which characters the codes of a composite font stand for, where the font itself does not say (ISO 32000-1 §9.10.2).

use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object};

/// What takes the place of the map that is missing.
pub(super) enum Says {
    /// A map that every reader of such fonts knows, by its name.
    Known(String),
    /// Codes are UTF-16 themselves.
    Itself,
}

/// The collections whose characters are numbered by Adobe's technical notes.
const COLLECTIONS: [&[u8]; 4] = [b"GB1", b"CNS1", b"Japan1", b"Korea1"];

/// What an embedded composite font without `/ToUnicode` says by its encoding or its collection of characters.
pub(super) fn says(bytes: &mut dyn Bytes, state: &mut State, font: &Dict) -> Result<Option<Says>, PdfError> {
    if !font.is("Subtype", "Type0") || font.get("ToUnicode").is_some() {
        return Ok(None);
    }
    let descendants = state.value(bytes, font, "DescendantFonts")?;
    let Some(first) = descendants.array().and_then(<[_]>::first) else { return Ok(None) };
    let Object::Dict(descendant) = state.resolve(bytes, first)? else { return Ok(None) };
    let descriptor = state.dict(bytes, &descendant, "FontDescriptor")?;
    // A font from elsewhere is chosen by its characters already.
    if !["FontFile", "FontFile2", "FontFile3"].iter().any(|key| descriptor.get(key).is_some()) {
        return Ok(None);
    }
    let encoding = state.value(bytes, font, "Encoding")?;
    let encoding = encoding.name().unwrap_or_default();
    let holds = |word: &[u8]| encoding.windows(word.len()).any(|window| window == word);
    if encoding.starts_with(b"Uni") && (holds(b"UCS2") || holds(b"UTF16")) {
        return Ok(Some(Says::Itself));
    }
    if !matches!(encoding, b"Identity-H" | b"Identity-V") {
        return Ok(None);
    }
    let system = state.dict(bytes, &descendant, "CIDSystemInfo")?;
    let mut part = |key| {
        state.value(bytes, &system, key).map(|o| o.string().map(|s| s.bytes.clone()).unwrap_or_default())
    };
    let (registry, ordering) = (part("Registry")?, part("Ordering")?);
    if registry != b"Adobe" || !COLLECTIONS.contains(&ordering.as_slice()) {
        return Ok(None);
    }
    Ok(Some(Says::Known(format!("Adobe-{}-UCS2", String::from_utf8_lossy(&ordering)))))
}

/// A map by which each code of two bytes stands for itself.
pub(super) fn itself() -> Vec<u8> {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CMapName /Itself def\n/CMapType 2 def\n\
         1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n",
    );
    // Surrogates say nothing alone.
    let rows: Vec<u8> = (0..=255).filter(|row| !(0xd8..=0xdf).contains(row)).collect();
    for block in rows.chunks(100) {
        out.push_str(&format!("{} beginbfrange\n", block.len()));
        for row in block {
            out.push_str(&format!("<{row:02X}00> <{row:02X}FF> <{row:02X}00>\n"));
        }
        out.push_str("endbfrange\n");
    }
    out.push_str("endcmap\nend\nend\n");
    out.into_bytes()
}
