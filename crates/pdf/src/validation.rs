//! Certificates and revocation data that a document carries to be verified by (DSS, ISO 32000-2 §12.8.4.3).

use std::collections::HashSet;

use crate::error::PdfError;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// What the document security store holds, as written; nothing of it is trusted for standing there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ValidationData {
    /// Whether the document has one at all.
    pub present: bool,
    /// Certificates, DER.
    pub certificates: Vec<Vec<u8>>,
    /// Revocation lists, DER.
    pub crls: Vec<Vec<u8>>,
    /// OCSP answers, DER.
    pub ocsp: Vec<Vec<u8>>,
}

/// Items read in all.
const MAX_ITEMS: usize = 2_000;
/// Bytes of all items together.
const MAX_BYTES: usize = 256 << 20;

/// Reads the store of a state.
pub(crate) fn read(bytes: &mut dyn Bytes, state: &mut State) -> Result<ValidationData, PdfError> {
    let mut out = ValidationData::default();
    let (_, catalog) = state.catalog(bytes)?;
    let Object::Dict(store) = state.value(bytes, &catalog, "DSS")? else { return Ok(out) };
    out.present = true;
    let mut taken = Taken::default();
    out.certificates = taken.list(bytes, state, &store, "Certs")?;
    out.crls = taken.list(bytes, state, &store, "CRLs")?;
    out.ocsp = taken.list(bytes, state, &store, "OCSPs")?;
    // What some writers note for one signature only.
    let each = state.dict(bytes, &store, "VRI")?;
    for (_, entry) in each.entries.iter().take(MAX_ITEMS) {
        let Object::Dict(entry) = state.resolve(bytes, entry)? else { continue };
        out.certificates.extend(taken.list(bytes, state, &entry, "Cert")?);
        out.crls.extend(taken.list(bytes, state, &entry, "CRL")?);
        out.ocsp.extend(taken.list(bytes, state, &entry, "OCSP")?);
    }
    Ok(out)
}

/// The streams of a list of the store.
pub(crate) fn references(
    bytes: &mut dyn Bytes,
    state: &mut State,
    store: &Dict,
    key: &str,
) -> Result<Vec<Ref>, PdfError> {
    let list = state.value(bytes, store, key)?;
    Ok(list.array().unwrap_or_default().iter().filter_map(Object::reference).collect())
}

#[derive(Default)]
struct Taken {
    seen: HashSet<u32>,
    bytes: usize,
}

impl Taken {
    fn list(
        &mut self,
        bytes: &mut dyn Bytes,
        state: &mut State,
        store: &Dict,
        key: &str,
    ) -> Result<Vec<Vec<u8>>, PdfError> {
        let mut out = Vec::new();
        for r in references(bytes, state, store, key)? {
            if !self.seen.insert(r.number) {
                continue;
            }
            if self.seen.len() > MAX_ITEMS {
                let limit = MAX_ITEMS as u64;
                return Err(PdfError::Limit { at: 0, what: "items of validation data", limit });
            }
            let loaded = state.load(bytes, r)?;
            let data = state.data(bytes, r, &loaded)?;
            self.bytes = self.bytes.saturating_add(data.len());
            if self.bytes > MAX_BYTES {
                let limit = MAX_BYTES as u64;
                return Err(PdfError::Limit { at: 0, what: "size of validation data", limit });
            }
            out.push(data);
        }
        Ok(out)
    }
}
