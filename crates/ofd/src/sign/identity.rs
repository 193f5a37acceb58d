//! IDs and folders of a new signature, in the style the document already has.

use std::collections::HashSet;

use crate::path::folder;
use crate::signature_list::SignatureList;

/// Hands out IDs that nothing in the document uses.
pub(crate) struct Ids {
    prefix: &'static str,
    last: u64,
    used: HashSet<String>,
}

impl Ids {
    /// From the list and the IDs of all stamps present.
    pub(crate) fn new(list: Option<&SignatureList>, stamps: impl Iterator<Item = String>) -> Self {
        let mut used: HashSet<String> = stamps.collect();
        let mut plain = false;
        if let Some(list) = list {
            let written = list.records.iter().map(|record| record.id.clone()).chain(list.max_sign_id.clone());
            for id in written {
                plain |= !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
                used.insert(id);
            }
        }
        let last = used.iter().filter_map(|id| number(id)).max().unwrap_or(0);
        // The standard recommends sNNN; a document that counts in plain numbers keeps doing so.
        Self { prefix: if plain { "" } else { "s" }, last, used }
    }

    pub(crate) fn next(&mut self) -> String {
        loop {
            self.last = self.last.saturating_add(1);
            let id = self.written();
            if self.used.insert(id.clone()) || self.last == u64::MAX {
                return id;
            }
        }
    }

    /// The highest ID handed out or found.
    pub(crate) fn highest(&self) -> String {
        self.written()
    }

    fn written(&self) -> String {
        if self.prefix.is_empty() {
            self.last.to_string()
        } else {
            format!("{}{:03}", self.prefix, self.last)
        }
    }
}

/// The number in `12` or `s012`. Larger ones than any real document has are taken as no number.
fn number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix(['s', 'S']).unwrap_or(id);
    let usable = !digits.is_empty() && digits.len() <= 15 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if usable { digits.parse().ok() } else { None }
}

/// The next free `Sign_N` folder beside the signature list.
pub(crate) fn free_folder<'a>(list_path: &str, paths: impl Iterator<Item = &'a str>) -> String {
    let stem = format!("{}/sign_", folder(list_path).to_lowercase());
    let mut next = 0u64;
    for path in paths {
        let path = path.to_lowercase().replace('\\', "/");
        let Some(rest) = path.strip_prefix(&stem) else { continue };
        let digits = rest.split('/').next().unwrap_or("");
        if digits.len() <= 15
            && let Ok(number) = digits.parse::<u64>()
        {
            next = next.max(number.saturating_add(1));
        }
    }
    format!("{}/Sign_{next}", folder(list_path))
}

/// Where a first signature's list goes: `Signs/Signatures.xml` beside the document root, or the next free such name.
pub(crate) fn free_list(doc_root: &str, taken: &dyn Fn(&str) -> bool) -> String {
    // The path of a signature goes into an ASCII string of the seal signature.
    let base = if folder(doc_root).is_ascii() { folder(doc_root) } else { "" };
    let mut candidate = format!("{base}/Signs/Signatures.xml");
    let mut number = 0u64;
    while taken(&candidate) && number < 1_000_000 {
        number = number.saturating_add(1);
        candidate = format!("{base}/Signs_{number}/Signatures.xml");
    }
    candidate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn list(xml: &str) -> SignatureList {
        SignatureList::parse("/S.xml", xml.as_bytes().to_vec(), &Limits::default(), &|_| true).unwrap()
    }

    #[test]
    fn keeps_the_style_of_the_document() {
        let plain =
            list(r#"<Signatures><MaxSignId>2</MaxSignId><Signature ID="1" BaseLoc="a"/></Signatures>"#);
        assert_eq!(Ids::new(Some(&plain), std::iter::empty()).next(), "3");
        let lettered =
            list(r#"<Signatures><MaxSignId>s009</MaxSignId><Signature ID="s001" BaseLoc="a"/></Signatures>"#);
        assert_eq!(Ids::new(Some(&lettered), std::iter::empty()).next(), "s010");
        assert_eq!(Ids::new(None, std::iter::empty()).next(), "s001");
    }

    #[test]
    fn never_repeats_an_id_of_a_stamp() {
        let wrong =
            list(r#"<Signatures><MaxSignId>s001</MaxSignId><Signature ID="s001" BaseLoc="a"/></Signatures>"#);
        let mut ids = Ids::new(Some(&wrong), ["s002".to_owned(), "s007".to_owned()].into_iter());
        assert_eq!(ids.next(), "s008");
        assert_eq!(ids.highest(), "s008");
    }

    #[test]
    fn free_folder_is_after_the_last_even_when_letter_case_differs() {
        let paths = ["/D/Signs/Sign_0/a", "/D/Signs/SIGN_4/b", "/D/Signs/Sign_x/c", "/E/Signs/Sign_9/d"];
        assert_eq!(free_folder("/D/Signs/Signatures.xml", paths.into_iter()), "/D/Signs/Sign_5");
    }

    #[test]
    fn free_list_stays_ascii_and_does_not_overwrite() {
        assert_eq!(free_list("/Doc_0/Document.xml", &|_| false), "/Doc_0/Signs/Signatures.xml");
        assert_eq!(free_list("/文档/Document.xml", &|_| false), "/Signs/Signatures.xml");
        let taken = |path: &str| path == "/D/Signs/Signatures.xml";
        assert_eq!(free_list("/D/Document.xml", &taken), "/D/Signs_1/Signatures.xml");
    }
}
