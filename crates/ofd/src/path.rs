use crate::error::OfdError;

/// Brings a slash path to the one form used in this crate: leading `/`, no `.`, no empty segment, `..` applied.
///
/// # Errors
/// [`OfdError::PathEscape`] where `..` leaves the root, [`OfdError::BadPath`] for control characters or nothing at all.
pub fn normalize(path: &str) -> Result<String, OfdError> {
    join("", path)
}

/// Resolves a location (`ST_Loc`, GB/T 33190-2016 7.2) written in the part `base` to a path of the package.
///
/// `/a/b` counts from the root, anything else from the folder of `base`.
///
/// # Errors
/// As [`normalize`].
pub fn resolve(base: &str, loc: &str) -> Result<String, OfdError> {
    let loc = loc.trim();
    if loc.starts_with('/') { join("", loc) } else { join(folder(base), loc) }
}

/// The folder of a path, without the trailing slash; empty for the root.
pub(crate) fn folder(path: &str) -> &str {
    path.rfind('/').and_then(|at| path.get(..at)).unwrap_or("")
}

fn join(folder: &str, loc: &str) -> Result<String, OfdError> {
    if loc.is_empty() || loc.chars().any(char::is_control) {
        return Err(OfdError::BadPath { loc: shorten(loc) });
    }
    let mut out = String::with_capacity(folder.len().saturating_add(loc.len()).saturating_add(1));
    for segment in folder.split('/').chain(loc.split('/')) {
        match segment {
            "" | "." => {}
            ".." => match out.rfind('/') {
                Some(at) => out.truncate(at),
                None => return Err(OfdError::PathEscape { loc: shorten(loc) }),
            },
            name => {
                out.push('/');
                out.push_str(name);
            }
        }
    }
    if out.is_empty() {
        out.push('/');
    }
    Ok(out)
}

/// Keeps hostile names from filling a message.
pub(crate) fn shorten(text: &str) -> String {
    const KEPT: usize = 200;
    if text.chars().count() <= KEPT {
        text.to_owned()
    } else {
        let mut kept: String = text.chars().take(KEPT).collect();
        kept.push('…');
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolves_absolute_relative_and_bare() {
        let base = "/Doc_0/Signs/Signatures.xml";
        assert_eq!(resolve(base, "/Doc_0/x.xml").unwrap(), "/Doc_0/x.xml");
        assert_eq!(resolve(base, "Sign_0/Signature.xml").unwrap(), "/Doc_0/Signs/Sign_0/Signature.xml");
        assert_eq!(resolve(base, "./Sign_0//Signature.xml").unwrap(), "/Doc_0/Signs/Sign_0/Signature.xml");
        assert_eq!(resolve(base, "../Pages/P.xml").unwrap(), "/Doc_0/Pages/P.xml");
        assert_eq!(resolve("/OFD.xml", "Doc_0/Document.xml").unwrap(), "/Doc_0/Document.xml");
        assert_eq!(resolve("/OFD.xml", " Doc_0/Document.xml\n").unwrap(), "/Doc_0/Document.xml");
    }

    #[test]
    fn rejects_locations_that_leave_the_root() {
        for loc in ["../x", "/../x", "a/../../x", "/a/../../../etc/passwd"] {
            assert_eq!(resolve("/OFD.xml", loc).unwrap_err().code(), "PACKAGE_PATH_ESCAPE", "{loc}");
        }
        assert_eq!(resolve("/a/b.xml", "../../x").unwrap_err().code(), "PACKAGE_PATH_ESCAPE");
    }

    #[test]
    fn rejects_empty_and_control_characters() {
        assert_eq!(resolve("/OFD.xml", "").unwrap_err().code(), "PATH_UNUSABLE");
        assert_eq!(resolve("/OFD.xml", "a\0b").unwrap_err().code(), "PATH_UNUSABLE");
    }

    #[test]
    fn keeps_backslashes_as_ordinary_characters() {
        assert_eq!(normalize("Doc_0\\x.xml").unwrap(), "/Doc_0\\x.xml");
    }
}
