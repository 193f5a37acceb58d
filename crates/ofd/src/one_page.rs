//! A package of one page: what the picture of a seal is whose type is `ofd`.

use crate::package::packed::packed;
use crate::xml::NAMESPACE;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The package around the content of its only page (`Content.xml`, GB/T 33190-2016 7), which is `width` × `height` mm. The page has
/// identifier 1; `last` is the highest one in its content. The same content gives the same bytes.
pub fn one_page(content: &str, (width, height): (f64, f64), last: u64) -> Vec<u8> {
    let root = format!(
        "{HEAD}<ofd:OFD xmlns:ofd=\"{NAMESPACE}\" Version=\"1.0\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo>\
         <ofd:DocID>00000000000000000000000000000001</ofd:DocID></ofd:DocInfo>\
         <ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    );
    let document = format!(
        "{HEAD}<ofd:Document xmlns:ofd=\"{NAMESPACE}\"><ofd:CommonData><ofd:MaxUnitID>{last}</ofd:MaxUnitID>\
         <ofd:PageArea><ofd:PhysicalBox>0 0 {width} {height}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData>\
         <ofd:Pages><ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages></ofd:Document>"
    );
    packed([
        ("OFD.xml", root.as_str()),
        ("Doc_0/Document.xml", document.as_str()),
        ("Doc_0/Pages/Page_0/Content.xml", content),
    ])
}
