//! The collection of good and bad cases under `vectors/`: what a case is, and the families.

mod archive;
mod dialects;
mod document;
mod pdf;
mod protection;
mod scene;
mod seals;
mod time;
mod trust;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

pub use scene::Scene;

/// A check that the report must contain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expected {
    /// Code of the check.
    pub code: String,
    /// `pass`, `fail`, `warn`, `indeterminate` or `not_run`.
    pub outcome: String,
    /// Names that must stand among its evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
}

/// One case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Case {
    /// Name, unique in its family.
    pub id: String,
    /// What it is, Chinese.
    pub zh: String,
    /// What it is, English.
    pub en: String,
    /// Kinds it belongs to: `valid`, `dialect`, `attack`, `broken`, `trust`, `time`.
    pub flags: Vec<String>,
    /// Input as base64, where it is small.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Input as a file under `vectors/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Moment to judge at, where it is not that of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// `strict`, where it is not `default`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// Certificates to trust or to build paths with, where they are not those of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Vec<String>>,
    /// Revocation lists, where they are not those of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crl: Option<Vec<String>>,
    /// OCSP answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ocsp: Vec<String>,
    /// `valid`, `invalid`, `indeterminate` or `unsigned`.
    pub verdict: String,
    /// Checks that the report must contain.
    pub checks: Vec<Expected>,
    /// The bytes, until they are written.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// A family of cases: one JSON file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Family {
    /// Name of the family.
    pub family: String,
    /// `ofd`, `pdf` (whole documents) or `seal` (seals by themselves).
    pub kind: String,
    /// Moment to judge at.
    pub at: String,
    /// Certificates: self-signed ones are anchors.
    pub trust: Vec<String>,
    /// Revocation lists.
    pub crl: Vec<String>,
    /// The cases.
    pub cases: Vec<Case>,
}

impl Case {
    /// A case with its verdict; checks follow.
    pub fn new(id: &str, flag: &str, zh: &str, en: &str, verdict: &str, bytes: Vec<u8>) -> Self {
        Self {
            id: id.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
            flags: flag.split(' ').map(str::to_owned).collect(),
            input: None,
            file: None,
            at: None,
            policy: None,
            trust: None,
            crl: None,
            ocsp: Vec::new(),
            verdict: verdict.to_owned(),
            checks: Vec::new(),
            bytes,
        }
    }

    /// Expects a check.
    #[must_use]
    pub fn check(self, code: &str, outcome: &str) -> Self {
        self.names(code, outcome, &[])
    }

    /// Expects a check whose evidence names these.
    #[must_use]
    pub fn names(mut self, code: &str, outcome: &str, evidence: &[&str]) -> Self {
        let evidence = evidence.iter().map(|e| (*e).to_owned()).collect();
        self.checks.push(Expected { code: code.to_owned(), outcome: outcome.to_owned(), evidence });
        self
    }

    /// Judged at another moment.
    #[must_use]
    pub fn at(mut self, at: &str) -> Self {
        self.at = Some(at.to_owned());
        self
    }

    /// Judged strictly.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.policy = Some("strict".to_owned());
        self
    }

    /// With other certificates.
    #[must_use]
    pub fn trust(mut self, files: &[&str]) -> Self {
        self.trust = Some(files.iter().map(|f| (*f).to_owned()).collect());
        self
    }

    /// With other revocation lists.
    #[must_use]
    pub fn crl(mut self, files: &[&str]) -> Self {
        self.crl = Some(files.iter().map(|f| (*f).to_owned()).collect());
        self
    }

    /// With OCSP answers.
    #[must_use]
    pub fn ocsp(mut self, files: &[&str]) -> Self {
        self.ocsp = files.iter().map(|f| (*f).to_owned()).collect();
        self
    }

    /// The input, from the case itself or from its file.
    pub fn load(&self, folder: &Path) -> Vec<u8> {
        match (&self.input, &self.file) {
            (Some(text), _) => STANDARD.decode(text).unwrap(),
            (None, Some(file)) => std::fs::read(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}")),
            (None, None) => self.bytes.clone(),
        }
    }
}

/// Every file of the collection by its path under `vectors/`, made anew.
pub fn generate() -> BTreeMap<String, Vec<u8>> {
    let scene = Scene::new();
    let mut out: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let families = [
        ("documents", "ofd", [document::cases(&scene), protection::cases(&scene)].concat()),
        ("packages", "ofd", archive::cases(&scene)),
        ("dialects", "ofd", dialects::cases(&scene)),
        ("pdf", "pdf", pdf::cases(&scene)),
        ("time", "ofd", time::cases(&scene)),
        ("seals", "seal", seals::cases(&scene)),
        ("trust", "seal", trust::cases(&scene)),
    ];
    for (family, kind, cases) in families {
        let cases = cases.into_iter().map(|case| store(family, kind, case, &mut out)).collect();
        let family = Family {
            family: family.to_owned(),
            kind: kind.to_owned(),
            at: crate::clock::now().to_string(),
            trust: vec!["pki/root.cer".to_owned(), "pki/ca.cer".to_owned()],
            crl: vec!["pki/root.crl".to_owned(), "pki/ca.crl".to_owned()],
            cases,
        };
        let mut json = serde_json::to_vec_pretty(&family).unwrap();
        json.push(b'\n');
        out.insert(format!("{}.json", family.family), json);
    }
    out.extend(scene.files());
    out
}

/// The cases of the PDF family with values that `value` makes from the bytes covered: the same tricks, for software that knows
/// neither SM2 nor SES.
pub fn pdf_twins(value: crate::pdf::MakeValue) -> Vec<Case> {
    pdf::twins(&Scene::new(), value)
}

fn store(family: &str, kind: &str, mut case: Case, out: &mut BTreeMap<String, Vec<u8>>) -> Case {
    if kind == "seal" {
        case.input = Some(STANDARD.encode(&case.bytes));
    } else {
        let path = format!("{family}/{}.{kind}", case.id);
        let known = out.insert(path.clone(), case.bytes.clone());
        assert!(known.is_none(), "two cases are called {path}");
        case.file = Some(path);
    }
    case
}

/// The folder of the collection in this work tree.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

/// The families as they stand on disk.
pub fn load() -> Vec<Family> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| p.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    let read = |p: &PathBuf| serde_json::from_slice(&std::fs::read(p).unwrap()).unwrap();
    files.iter().map(read).collect()
}
