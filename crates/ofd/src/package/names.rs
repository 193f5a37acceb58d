//! Entry names: bytes to one normalized path each, and what is odd about them.

use super::bytes::{extra_field, u32_at};
use crate::anomaly::{Findings, Severity};
use crate::path::{normalize, shorten};

/// A decoded name.
pub(crate) struct Name {
    pub path: String,
    pub directory: bool,
}

/// Decodes one name and reports what a plain package would not do. `at` is the record's byte position.
pub(crate) fn decode(raw: &[u8], extra: &[u8], at: u64, findings: &mut Findings) -> Name {
    let (text, lossy) = match std::str::from_utf8(raw) {
        Ok(text) => (text.to_owned(), false),
        Err(_) => (String::from_utf8_lossy(raw).into_owned(), true),
    };
    if lossy {
        findings.push(
            Severity::Warning,
            "PACKAGE_NAME_ENCODING",
            Some(&shorten(&text)),
            at,
            "the name is not UTF-8; readers may decode it differently",
        );
    }
    let directory = text.ends_with('/');
    let path = match normalize(&text) {
        Ok(path) => path,
        Err(error) => {
            let code = if error.code() == "PACKAGE_PATH_ESCAPE" {
                "PACKAGE_PATH_ESCAPE"
            } else {
                "PACKAGE_NAME_CONTROL"
            };
            findings.push(Severity::Fatal, code, Some(&shorten(&text)), at, error.to_string());
            // Kept under a name that no location can ever resolve to, so that the part is unreachable.
            return Name { path: format!("\0{text}"), directory };
        }
    };
    if text.starts_with('/') {
        findings.push(
            Severity::Note,
            "PACKAGE_NAME_ABSOLUTE",
            Some(&path),
            at,
            "the name starts with a slash; accepted as counted from the package root",
        );
    } else if !text.is_empty() && path.get(1..) != Some(text.trim_end_matches('/')) {
        findings.push(
            Severity::Warning,
            "PACKAGE_NAME_UNNORMALIZED",
            Some(&path),
            at,
            format!("written as {:?}; readers that do not normalize see another path", shorten(&text)),
        );
    }
    if let Some(field) = extra_field(extra, 0x7075) {
        // Info-ZIP Unicode Path: version, CRC of the plain name, UTF-8 name.
        let other = field.get(5..).unwrap_or(&[]);
        if u32_at(field, 1) == Some(crc32fast::hash(raw)) && other != raw {
            findings.push(
                Severity::Fatal,
                "PACKAGE_HEADER_MISMATCH",
                Some(&path),
                at,
                "an extra field gives the entry a second, different name",
            );
        }
    }
    Name { path, directory }
}

/// The form under which names that differ only in case or slash direction collide.
pub(crate) fn folded(path: &str) -> Option<String> {
    let slashed = path.replace('\\', "/");
    let normal = normalize(&slashed).ok()?;
    Some(normal.to_lowercase())
}
