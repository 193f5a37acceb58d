//! Writing `Signature.xml`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use quick_xml::escape::escape;

use super::placement::Placed;
use crate::signature_xml::Provider;
use crate::xml::NAMESPACE;

/// SM3 as a digest algorithm: the form most vendors write into `CheckMethod`.
const SM3: &str = "1.2.156.10197.1.401";

/// Everything the part says.
pub(crate) struct SignaturePart<'a> {
    pub provider: &'a Provider,
    pub method: &'a str,
    pub date_time: Option<&'a str>,
    pub references: &'a [(String, [u8; 32])],
    pub stamps: &'a [(String, Placed)],
    pub seal_path: Option<&'a str>,
    pub value_path: &'a str,
}

impl SignaturePart<'_> {
    /// The part's bytes; they are final, the signature covers them as they are.
    pub(crate) fn write(&self) -> Vec<u8> {
        let mut out = String::with_capacity(1024 + self.references.len().saturating_mul(160));
        out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ofd:Signature xmlns:ofd=\"");
        out.push_str(NAMESPACE);
        out.push_str("\"><ofd:SignedInfo><ofd:Provider ProviderName=\"");
        out.push_str(&escape(&self.provider.name));
        for (name, value) in [("Company", &self.provider.company), ("Version", &self.provider.version)] {
            if let Some(value) = value {
                out.push_str("\" ");
                out.push_str(name);
                out.push_str("=\"");
                out.push_str(&escape(value));
            }
        }
        out.push_str("\"/>");
        element(&mut out, "SignatureMethod", self.method);
        if let Some(date_time) = self.date_time {
            element(&mut out, "SignatureDateTime", date_time);
        }
        out.push_str("<ofd:References CheckMethod=\"");
        out.push_str(SM3);
        out.push_str("\">");
        for (path, digest) in self.references {
            out.push_str("<ofd:Reference FileRef=\"");
            out.push_str(&escape(path));
            out.push_str("\"><ofd:CheckValue>");
            STANDARD.encode_string(digest, &mut out);
            out.push_str("</ofd:CheckValue></ofd:Reference>");
        }
        out.push_str("</ofd:References>");
        for (id, stamp) in self.stamps {
            let boundary = stamp.boundary.to_string();
            let clip = stamp.clip.map(|clip| format!(" Clip=\"{clip}\"")).unwrap_or_default();
            out.push_str(&format!(
                "<ofd:StampAnnot ID=\"{}\" PageRef=\"{}\" Boundary=\"{boundary}\"{clip}/>",
                escape(id),
                escape(&stamp.page_ref)
            ));
        }
        if let Some(path) = self.seal_path {
            out.push_str("<ofd:Seal>");
            element(&mut out, "BaseLoc", path);
            out.push_str("</ofd:Seal>");
        }
        out.push_str("</ofd:SignedInfo>");
        element(&mut out, "SignedValue", self.value_path);
        out.push_str("</ofd:Signature>");
        out.into_bytes()
    }
}

fn element(out: &mut String, name: &str, text: &str) {
    for piece in ["<ofd:", name, ">", &escape(text), "</ofd:", name, ">"] {
        out.push_str(piece);
    }
}
