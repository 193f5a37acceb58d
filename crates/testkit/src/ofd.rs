//! OFD documents written by hand, signed in any way.

use std::fmt::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use yinxin_crypto::sm3;

use crate::zip::{Item, Zip, item};

/// The namespace of GB/T 33190-2016.
pub const NS: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Makes a signature value from the bytes of Signature.xml and its path.
pub type MakeValue = Arc<dyn Fn(&[u8], &str) -> Vec<u8>>;

/// How locations inside Signature.xml are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStyle {
    /// From the root with a slash.
    Absolute,
    /// From the folder of the file, with `../`.
    Relative,
    /// From the root without a slash.
    Bare,
}

/// One signature to be put in.
#[derive(Clone)]
pub struct SignForge {
    /// ID in the list; the folder is `Sign_<number>`.
    pub id: String,
    /// Type attribute, if written.
    pub kind: Option<String>,
    /// Seal.esl, if stored.
    pub seal: Option<Vec<u8>>,
    /// StampAnnot elements.
    pub stamps: String,
    /// CheckMethod attribute, if written.
    pub check_method: Option<String>,
    /// SignatureMethod.
    pub method: String,
    /// SignatureDateTime.
    pub date_time: String,
    /// Parts left out of the References.
    pub unprotected: Vec<String>,
    /// Lists no part at all.
    pub protects_nothing: bool,
    /// Protects the list of signatures too.
    pub whole: bool,
    /// How locations are written.
    pub paths: PathStyle,
    /// File name of the value.
    pub value_name: String,
    /// Changes the text of Signature.xml before it is signed.
    pub edit: Option<Arc<dyn Fn(String) -> String>>,
    /// Makes the value.
    pub value: MakeValue,
    /// No record in the list.
    pub unlisted: bool,
}

impl SignForge {
    /// A signature of type Seal with one stamp on the first page.
    pub fn seal(seal: &[u8], value: impl Fn(&[u8], &str) -> Vec<u8> + 'static) -> Self {
        Self {
            id: "1".to_owned(),
            kind: Some("Seal".to_owned()),
            seal: Some(seal.to_vec()),
            stamps: "<ofd:StampAnnot ID=\"1\" PageRef=\"1\" Boundary=\"120 200 40 40\"/>".to_owned(),
            check_method: Some("1.2.156.10197.1.401".to_owned()),
            method: "1.2.156.10197.1.501".to_owned(),
            date_time: "2026-11-20 16:00:00".to_owned(),
            unprotected: Vec::new(),
            protects_nothing: false,
            whole: false,
            paths: PathStyle::Absolute,
            value_name: "SignedValue.dat".to_owned(),
            edit: None,
            value: Arc::new(value),
            unlisted: false,
        }
    }

    /// A signature of type Sign.
    pub fn plain(value: impl Fn(&[u8], &str) -> Vec<u8> + 'static) -> Self {
        Self { kind: Some("Sign".to_owned()), seal: None, stamps: String::new(), ..Self::seal(&[], value) }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Changes the text of Signature.xml before it is signed.
    #[must_use]
    pub fn edit(self, change: impl Fn(String) -> String + 'static) -> Self {
        self.with(|s| s.edit = Some(Arc::new(change)))
    }
}

/// A document to be made.
#[derive(Clone)]
pub struct OfdForge {
    /// Parts without signatures: name and content.
    pub parts: Vec<(String, Vec<u8>)>,
    /// Signatures in order; each protects those before it.
    pub signatures: Vec<SignForge>,
    /// Where OFD.xml says the list is.
    pub list_loc: String,
    /// Changes the text of Signatures.xml.
    pub edit_list: Option<Arc<dyn Fn(String) -> String>>,
}

/// One page with a text object and an image.
fn page(id: u32) -> String {
    format!(
        "{HEAD}<ofd:Page {NS}><ofd:Content><ofd:Layer ID=\"{id}\"><ofd:TextObject ID=\"{}\" Boundary=\"20 20 100 10\" \
         Font=\"90\" Size=\"5\"><ofd:TextCode X=\"0\" Y=\"5\">金额 100 元</ofd:TextCode></ofd:TextObject></ofd:Layer>\
         </ofd:Content></ofd:Page>",
        id + 1
    )
}

impl OfdForge {
    /// A two-page document without signatures.
    pub fn new() -> Self {
        let text = |name: &str, body: String| (name.to_owned(), body.into_bytes());
        Self {
            parts: vec![
                text("OFD.xml", entry("")),
                text(
                    "Doc_0/Document.xml",
                    format!(
                        "{HEAD}<ofd:Document {NS}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID><ofd:PageArea>\
                         <ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml\
                         </ofd:PublicRes></ofd:CommonData><ofd:Pages>\
                         <ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/>\
                         <ofd:Page ID=\"2\" BaseLoc=\"Pages/Page_1/Content.xml\"/></ofd:Pages></ofd:Document>"
                    ),
                ),
                text(
                    "Doc_0/PublicRes.xml",
                    format!(
                        "{HEAD}<ofd:Res {NS} BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"90\" FontName=\"宋体\"/></ofd:Fonts>\
                         </ofd:Res>"
                    ),
                ),
                text("Doc_0/Pages/Page_0/Content.xml", page(10)),
                text("Doc_0/Pages/Page_1/Content.xml", page(20)),
            ],
            signatures: Vec::new(),
            list_loc: "/Doc_0/Signs/Signatures.xml".to_owned(),
            edit_list: None,
        }
    }

    /// A document with these signatures.
    pub fn signed(signatures: Vec<SignForge>) -> Self {
        Self { signatures, ..Self::new() }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Adds or replaces a part before signing.
    #[must_use]
    pub fn part(mut self, name: &str, content: &[u8]) -> Self {
        self.parts.retain(|(n, _)| n != name);
        self.parts.push((name.to_owned(), content.to_vec()));
        self
    }

    /// The package, ready to be bent further.
    pub fn zip(&self) -> Zip {
        let mut parts = self.parts.clone();
        if !self.signatures.is_empty() && parts[0].1 == entry("").into_bytes() {
            let element = format!("<ofd:Signatures>{}</ofd:Signatures>", self.list_loc);
            parts[0].1 = entry(&element).into_bytes();
        }
        let list = self.list();
        let list_name = "Doc_0/Signs/Signatures.xml";
        for (number, sign) in self.signatures.iter().enumerate() {
            let folder = format!("Doc_0/Signs/Sign_{number}");
            if let Some(seal) = &sign.seal {
                parts.push((format!("{folder}/Seal.esl"), seal.clone()));
            }
            let whole = sign.whole.then(|| (list_name.to_owned(), list.clone().into_bytes()));
            let protected: Vec<_> =
                parts.iter().chain(&whole).filter(|(n, _)| !sign.unprotected.contains(n)).collect();
            let xml = signature_xml(sign, &folder, &protected);
            let value = (sign.value)(xml.as_bytes(), &format!("/{folder}/Signature.xml"));
            parts.push((format!("{folder}/Signature.xml"), xml.into_bytes()));
            parts.push((format!("{folder}/{}", sign.value_name), value));
        }
        if !self.signatures.is_empty() {
            parts.push((list_name.to_owned(), list.into_bytes()));
        }
        Zip::of(parts.iter().map(|(name, content)| item(name, content)).collect::<Vec<Item>>())
    }

    /// The bytes of the package.
    pub fn build(&self) -> Vec<u8> {
        self.zip().build()
    }

    fn list(&self) -> String {
        let mut records = String::new();
        for (number, sign) in self.signatures.iter().enumerate().filter(|(_, s)| !s.unlisted) {
            let kind = sign.kind.as_ref().map(|k| format!(" Type=\"{k}\"")).unwrap_or_default();
            let _ = write!(
                records,
                "<ofd:Signature ID=\"{}\"{kind} BaseLoc=\"/Doc_0/Signs/Sign_{number}/Signature.xml\"/>",
                sign.id
            );
        }
        let max = self.signatures.len();
        let text = format!(
            "{HEAD}<ofd:Signatures {NS}><ofd:MaxSignId>{max}</ofd:MaxSignId>{records}</ofd:Signatures>"
        );
        self.edit_list.as_ref().map_or(text.clone(), |e| e(text))
    }
}

impl Default for OfdForge {
    fn default() -> Self {
        Self::new()
    }
}

/// OFD.xml with something after DocRoot.
pub fn entry(more: &str) -> String {
    format!(
        "{HEAD}<ofd:OFD {NS} Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>0123456789abcdef\
         </ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>{more}</ofd:DocBody></ofd:OFD>"
    )
}

fn signature_xml(sign: &SignForge, folder: &str, protected: &[&(String, Vec<u8>)]) -> String {
    let loc = |name: &str| match sign.paths {
        PathStyle::Absolute => format!("/{name}"),
        PathStyle::Bare => name.to_owned(),
        PathStyle::Relative => match name.strip_prefix(&format!("{folder}/")) {
            Some(own) => own.to_owned(),
            None => format!("../../../{name}"),
        },
    };
    let mut references = String::new();
    if !sign.protects_nothing {
        for (name, content) in protected {
            let digest = STANDARD.encode(sm3(content));
            let _ = write!(
                references,
                "<ofd:Reference FileRef=\"{}\"><ofd:CheckValue>{digest}</ofd:CheckValue></ofd:Reference>",
                loc(name)
            );
        }
    }
    let method = sign.check_method.as_ref().map(|m| format!(" CheckMethod=\"{m}\"")).unwrap_or_default();
    let seal = match &sign.seal {
        Some(_) => {
            format!("<ofd:Seal><ofd:BaseLoc>{}</ofd:BaseLoc></ofd:Seal>", loc(&format!("{folder}/Seal.esl")))
        }
        None => String::new(),
    };
    let text = format!(
        "{HEAD}<ofd:Signature {NS}><ofd:SignedInfo><ofd:Provider ProviderName=\"testkit\" Version=\"1.0\"/>\
         <ofd:SignatureMethod>{}</ofd:SignatureMethod><ofd:SignatureDateTime>{}</ofd:SignatureDateTime>\
         <ofd:References{method}>{references}</ofd:References>{}{seal}</ofd:SignedInfo><ofd:SignedValue>{}</ofd:SignedValue>\
         </ofd:Signature>",
        sign.method,
        sign.date_time,
        sign.stamps,
        loc(&format!("{folder}/{}", sign.value_name))
    );
    sign.edit.as_ref().map_or(text.clone(), |e| e(text))
}
