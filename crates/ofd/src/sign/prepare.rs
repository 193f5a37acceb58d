use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use jiff::civil::DateTime;
use jiff::tz::Offset;
use yinxin_crypto::sm3;

use super::edit::{self, NewRecord};
use super::error::SignError;
use super::identity::{self, Ids};
use super::placement::place;
use super::prepared::{NewPart, Original, Prepared};
use super::request::{Mode, SealKind, SignRequest};
use super::signature_part::SignaturePart;
use crate::anomaly::{Anomaly, Severity};
use crate::document::{DocBody, Document, DocumentRoot, ENTRY_POINT};
use crate::package::Package;
use crate::signature_list::{SignatureList, SignatureRecord};
use crate::signature_xml::SignatureXml;

/// Decides what is protected and writes `Signature.xml`; nothing is signed yet.
///
/// Every part is hashed once. Protected are all files but, in continue mode, the signature lists; never the new signature
/// part itself and its value.
///
/// # Errors
/// [`SignError`]; among others where the package is unsound, where a placement misses its page, and where an earlier
/// signature protects what a further one must change.
pub fn prepare<R: Read + Seek>(
    package: &mut Package<R>,
    request: &SignRequest,
) -> Result<Prepared, SignError> {
    sound(package.anomalies())?;
    texts(request)?;
    let document = Document::load(package)?;
    sound(&document.notes)?;
    let count = document.bodies.len();
    let body =
        document.bodies.get(request.body).ok_or(SignError::NoSuchBody { asked: request.body, count })?;
    let existing = Existing::load(package, &document)?;
    let list = existing.list(body)?;
    if let Some(id) = &request.relative_to
        && !list.is_some_and(|list| list.records.iter().any(|record| record.id == *id))
    {
        return Err(SignError::NoSuchRelative { id: id.clone() });
    }
    let stamps = if request.placements.is_empty() {
        Vec::new()
    } else if request.kind == SealKind::Sign {
        return Err(SignError::StampWithoutSeal);
    } else {
        let root = DocumentRoot::load(package, &body.doc_root)?;
        sound(&root.notes)?;
        place(package, &root, &request.placements)?
    };
    let plan = Plan::new(package, body, list, request)?;
    let mut ids = Ids::new(list, existing.stamp_ids());
    let id = ids.next();
    let stamps: Vec<_> = stamps.into_iter().map(|stamp| (ids.next(), stamp)).collect();
    let record = NewRecord {
        id: &id,
        kind: request.kind.record(),
        path: &plan.signature_path,
        relative: request.relative_to.as_deref(),
        max_sign_id: &ids.highest(),
    };
    let limits = package.limits().clone();
    let list_bytes = match list {
        Some(list) => edit::extend_list(list, &record, &limits)?,
        None => edit::first_list(&record),
    };
    let mut changed = vec![NewPart { path: plan.list_path.clone(), content: list_bytes }];
    if list.is_none() {
        let content = edit::name_signatures(&document.raw, body, &plan.list_path, &limits)?;
        changed.push(NewPart { path: ENTRY_POINT.into(), content });
    }
    verify_edits(package, &changed, &plan, &id, body.index)?;
    existing.unharmed_by(&changed)?;
    let seal = match &request.kind {
        SealKind::Seal(bytes) => Some(NewPart { path: plan.seal_path.clone(), content: bytes.clone() }),
        SealKind::Sign => None,
    };
    let originals = hash_all(package)?;
    let references = protected(&originals, &changed, seal.as_ref(), request, &existing, &plan);
    let local = Offset::constant(8).to_datetime(request.date_time);
    let date_time = local.strftime("%Y-%m-%d %H:%M:%S").to_string();
    let signature_xml = SignaturePart {
        provider: &request.provider,
        method: &request.method,
        date_time: request.show_time.then_some(&*date_time),
        references: &references,
        stamps: &stamps,
        seal_path: seal.as_ref().map(|part| part.path.as_str()),
        value_path: &plan.value_path,
    }
    .write();
    let (dos_date, dos_time) = dos(local);
    Ok(Prepared {
        id,
        kind: request.kind.record(),
        data_hash: sm3(&signature_xml),
        signature: NewPart { path: plan.signature_path, content: signature_xml },
        value_path: plan.value_path,
        seal,
        changed,
        originals,
        dos_date,
        dos_time,
    })
}

/// Refuses on the first finding that makes a document mean two things.
fn sound(findings: &[Anomaly]) -> Result<(), SignError> {
    match findings.iter().find(|finding| finding.severity == Severity::Fatal) {
        None => Ok(()),
        Some(finding) => {
            let place = finding.path.as_deref().unwrap_or("the package");
            Err(SignError::Unsound { code: finding.code, detail: format!("{place}: {}", finding.detail) })
        }
    }
}

fn texts(request: &SignRequest) -> Result<(), SignError> {
    let bad = |text: &str| text.chars().any(char::is_control);
    let provider = &request.provider;
    let parts = [Some(&provider.name), provider.company.as_ref(), provider.version.as_ref()];
    if parts.into_iter().flatten().any(|text| bad(text)) {
        return Err(SignError::BadText { what: "the provider's name, company or version" });
    }
    if bad(&request.method) {
        return Err(SignError::BadText { what: "the signature method" });
    }
    Ok(())
}

/// The signatures already in the package, of all its documents.
struct Existing {
    lists: HashMap<String, SignatureList>,
    signatures: Vec<(String, SignatureXml)>,
}

impl Existing {
    fn load<R: Read + Seek>(package: &mut Package<R>, document: &Document) -> Result<Self, SignError> {
        let mut out = Self { lists: HashMap::new(), signatures: Vec::new() };
        for path in document.bodies.iter().filter_map(|body| body.signatures.as_ref()) {
            if out.lists.contains_key(path) {
                continue;
            }
            if !package.contains(path) {
                return Err(SignError::ListMissing { path: path.clone() });
            }
            let list = SignatureList::load(package, path)?;
            sound(&list.notes)?;
            for record in &list.records {
                let signature = load_signature(package, record)?;
                out.signatures.push((name(record), signature));
            }
            out.lists.insert(path.clone(), list);
        }
        Ok(out)
    }

    fn list(&self, body: &DocBody) -> Result<Option<&SignatureList>, SignError> {
        let Some(path) = &body.signatures else { return Ok(None) };
        match self.lists.get(path) {
            Some(list) => Ok(Some(list)),
            None => Err(SignError::ListMissing { path: path.clone() }),
        }
    }

    fn stamp_ids(&self) -> impl Iterator<Item = String> {
        self.signatures
            .iter()
            .flat_map(|(_, signature)| signature.stamps.iter().map(|stamp| stamp.id.clone()))
    }

    /// No earlier signature may protect what is about to change.
    fn unharmed_by(&self, changed: &[NewPart]) -> Result<(), SignError> {
        for (name, signature) in &self.signatures {
            for path in signature.references.iter().filter_map(|reference| reference.path.as_ref()) {
                if changed.iter().any(|part| part.path == *path) {
                    return Err(SignError::WouldBreak { signature: name.clone(), path: path.clone() });
                }
            }
        }
        Ok(())
    }
}

fn name(record: &SignatureRecord) -> String {
    if record.id.is_empty() { record.base_loc.clone() } else { record.id.clone() }
}

fn load_signature<R: Read + Seek>(
    package: &mut Package<R>,
    record: &SignatureRecord,
) -> Result<SignatureXml, SignError> {
    let unreadable = |detail: String| SignError::ExistingSignature { signature: name(record), detail };
    let path = record.path.as_deref().ok_or_else(|| unreadable("its location is unusable".into()))?;
    SignatureXml::load(package, path).map_err(|error| unreadable(error.to_string()))
}

/// Where the new parts go.
struct Plan {
    list_path: String,
    signature_path: String,
    value_path: String,
    seal_path: String,
}

impl Plan {
    fn new<R: Read + Seek>(
        package: &Package<R>,
        body: &DocBody,
        list: Option<&SignatureList>,
        request: &SignRequest,
    ) -> Result<Self, SignError> {
        let list_path = match list {
            Some(list) => list.path.clone(),
            None => {
                let taken: HashSet<String> =
                    package.entries().iter().map(|entry| entry.path.to_lowercase()).collect();
                identity::free_list(&body.doc_root, &|path| taken.contains(&path.to_lowercase()))
            }
        };
        let folder =
            identity::free_folder(&list_path, package.entries().iter().map(|entry| entry.path.as_str()));
        let plan = Self {
            list_path,
            signature_path: format!("{folder}/Signature.xml"),
            value_path: format!("{folder}/SignedValue.dat"),
            seal_path: format!("{folder}/Seal.esl"),
        };
        if matches!(request.kind, SealKind::Seal(_)) && !plan.signature_path.is_ascii() {
            return Err(SignError::PathNotAscii { path: plan.signature_path });
        }
        Ok(plan)
    }
}

/// Reads our own edits back: what a reader sees must be what was meant.
fn verify_edits<R: Read + Seek>(
    package: &Package<R>,
    changed: &[NewPart],
    plan: &Plan,
    id: &str,
    body: usize,
) -> Result<(), SignError> {
    let contains =
        |path: &str| package.contains(path) || path == plan.list_path || path == plan.signature_path;
    for part in changed {
        let fail = |detail: &str| SignError::Edit { path: part.path.clone(), detail: detail.to_owned() };
        if part.path == ENTRY_POINT {
            let document = Document::parse(part.content.clone(), package.limits(), &contains)?;
            let named = document.bodies.get(body).and_then(|body| body.signatures.as_deref());
            if named != Some(plan.list_path.as_str()) {
                return Err(fail("the signature list is not named as intended"));
            }
        } else {
            let list = SignatureList::parse(&part.path, part.content.clone(), package.limits(), &contains)?;
            let found = list
                .records
                .iter()
                .filter(|record| {
                    record.id == id && record.path.as_deref() == Some(plan.signature_path.as_str())
                })
                .count();
            if found != 1 {
                return Err(fail("the new record is not read back as intended"));
            }
        }
    }
    Ok(())
}

fn hash_all<R: Read + Seek>(package: &mut Package<R>) -> Result<Vec<Original>, SignError> {
    let parts: Vec<(String, u64, u32)> =
        package.parts().map(|entry| (entry.path.clone(), entry.size, entry.crc)).collect();
    let mut originals = Vec::with_capacity(parts.len());
    for (path, size, crc) in parts {
        let digest = package.sm3(&path)?;
        originals.push(Original { path, size, crc, sm3: digest });
    }
    Ok(originals)
}

/// Path and digest of every part the signature protects, as the signed package will hold them.
fn protected(
    originals: &[Original],
    changed: &[NewPart],
    seal: Option<&NewPart>,
    request: &SignRequest,
    existing: &Existing,
    plan: &Plan,
) -> Vec<(String, [u8; 32])> {
    let is_list = |path: &str| path == plan.list_path || existing.lists.contains_key(path);
    let kept = originals
        .iter()
        .filter(|original| !changed.iter().any(|part| part.path == original.path))
        .map(|original| (original.path.clone(), original.sm3));
    let new = changed.iter().map(|part| (part.path.clone(), sm3(&part.content)));
    let seal = seal.map(|part| (part.path.clone(), request.met.sm3(b"", &part.content)));
    kept.chain(new).chain(seal).filter(|(path, _)| request.mode == Mode::Whole || !is_list(path)).collect()
}

/// Date and time words of the zip format, which knows the years 1980 to 2107.
fn dos(local: DateTime) -> (u16, u16) {
    let word = |value: i8| u16::try_from(value).unwrap_or(0);
    let year = u16::try_from(local.year().clamp(1980, 2107).saturating_sub(1980)).unwrap_or(0);
    let date = (year << 9) | (word(local.month()) << 5) | word(local.day());
    let time = (word(local.hour()) << 11) | (word(local.minute()) << 5) | (word(local.second()) / 2);
    (date, time)
}
