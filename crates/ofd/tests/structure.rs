//! What signature parts may and may not say, and what documents name.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "test code may fail loudly")]

mod forge;

use forge::{Item, Zip, document, item, open};
use yinxin_ofd::{
    Document, Limits, PartKind, Severity, SignatureKind, SignatureList, SignatureXml, references,
};

const NS: &str = "xmlns:ofd=\"http://www.ofdspec.org/2016\"";
const REFERENCE: &str =
    "<ofd:Reference FileRef=\"/OFD.xml\"><ofd:CheckValue>AAAA</ofd:CheckValue></ofd:Reference>";

fn signature(info: &str, rest: &str) -> SignatureXml {
    let xml = format!("<ofd:Signature {NS}><ofd:SignedInfo>{info}</ofd:SignedInfo>{rest}</ofd:Signature>");
    parse(&xml).unwrap()
}

fn parse(xml: &str) -> Result<SignatureXml, yinxin_ofd::OfdError> {
    let contains = |path: &str| path == "/OFD.xml" || path == "/D/Signs/OFD2.xml" || path == "/OFD2.xml";
    SignatureXml::parse("/D/Signs/Signature.xml", xml.as_bytes().to_vec(), &Limits::default(), &contains)
}

fn notes(signature: &SignatureXml, least: Severity) -> Vec<&'static str> {
    signature.notes.iter().filter(|note| note.severity >= least).map(|note| note.code).collect()
}

const VALUE: &str = "<ofd:SignedValue>v.dat</ofd:SignedValue>";

#[test]
fn reads_elements_in_any_order_and_resolves_locations() {
    let info = format!(
        "<ofd:StampAnnot ID='2' PageRef='1' Boundary='1 2 3 4' Clip='0 0 1 1'/><ofd:References CheckMethod='SM3'>{REFERENCE}\
         </ofd:References><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal><ofd:SignatureDateTime>t</ofd:SignatureDateTime>\
         <ofd:Provider ProviderName='p'/><ofd:SignatureMethod>1.2</ofd:SignatureMethod>"
    );
    let signature = signature(&info, VALUE);
    assert_eq!(signature.notes, []);
    assert_eq!(signature.seal_path.as_deref(), Some("/D/Signs/Seal.esl"));
    assert_eq!(signature.value_path.as_deref(), Some("/D/Signs/v.dat"));
    assert_eq!((signature.method.as_deref(), signature.date_time.as_deref()), (Some("1.2"), Some("t")));
    assert_eq!(signature.references[0].check_value, [0, 0, 0]);
}

#[test]
fn rejects_second_elements_where_one_decides() {
    let list = format!("<ofd:References>{REFERENCE}</ofd:References>");
    let cases = [
        (format!("{list}{list}"), VALUE.to_owned()),
        (format!("{list}<ofd:Seal/><ofd:Seal/>"), VALUE.to_owned()),
        (
            format!(
                "{list}<ofd:SignatureMethod>1</ofd:SignatureMethod><ofd:SignatureMethod>2</ofd:SignatureMethod>"
            ),
            VALUE.to_owned(),
        ),
        (list.clone(), format!("{VALUE}{VALUE}")),
        (list.clone(), format!("{VALUE}<ofd:SignedInfo/>")),
        (
            list.replace("</ofd:CheckValue>", "</ofd:CheckValue><ofd:CheckValue>BBBB</ofd:CheckValue>"),
            VALUE.to_owned(),
        ),
    ];
    for (info, rest) in cases {
        let found = notes(&signature(&info, &rest), Severity::Fatal);
        assert!(found.contains(&"SIGNATURE_DUPLICATE_ELEMENT"), "{info} {rest}: {found:?}");
    }
}

#[test]
fn rejects_two_digests_for_one_part_however_it_is_spelled() {
    for spelling in ["/OFD.xml", "OFD.xml", "../../OFD.xml", "//./OFD.xml"] {
        let second = REFERENCE.replace("/OFD.xml", spelling).replace("AAAA", "BBBB");
        let info = format!("<ofd:References>{REFERENCE}{second}</ofd:References>");
        assert_eq!(
            notes(&signature(&info, VALUE), Severity::Fatal),
            ["SIGNATURE_DUPLICATE_REFERENCE"],
            "{spelling}"
        );
    }
    let info = format!("<ofd:References>{REFERENCE}{REFERENCE}</ofd:References>");
    assert_eq!(notes(&signature(&info, VALUE), Severity::Note), ["SIGNATURE_REPEATED_REFERENCE"]);
}

#[test]
fn rejects_references_that_protect_nothing() {
    assert_eq!(notes(&signature("", VALUE), Severity::Fatal), ["SIGNATURE_NO_REFERENCES"]);
    assert_eq!(notes(&signature("<ofd:References/>", VALUE), Severity::Fatal), ["SIGNATURE_NO_REFERENCES"]);
    for value in ["", "%%%", "A"] {
        let info = format!("<ofd:References>{}</ofd:References>", REFERENCE.replace("AAAA", value));
        assert_eq!(notes(&signature(&info, VALUE), Severity::Fatal), ["SIGNATURE_CHECK_VALUE"], "{value:?}");
    }
    let info = format!("<ofd:References>{REFERENCE}</ofd:References>");
    assert_eq!(notes(&signature(&info, ""), Severity::Fatal), ["SIGNATURE_NO_VALUE"]);
}

#[test]
fn rejects_locations_outside_the_package_and_notes_ambiguous_ones() {
    let info = format!("<ofd:References>{}</ofd:References>", REFERENCE.replace("/OFD.xml", "../../../x"));
    assert_eq!(notes(&signature(&info, VALUE), Severity::Fatal), ["PACKAGE_PATH_ESCAPE"]);
    let info = format!("<ofd:References>{}</ofd:References>", REFERENCE.replace("/OFD.xml", "OFD2.xml"));
    assert_eq!(notes(&signature(&info, VALUE), Severity::Warning), ["PATH_AMBIGUOUS"]);
    let info = format!("<ofd:References>{}</ofd:References>", REFERENCE.replace("/OFD.xml", "OFD.xml"));
    let bare = signature(&info, VALUE);
    assert_eq!(notes(&bare, Severity::Note), ["PATH_BARE"]);
    assert_eq!(bare.references[0].path.as_deref(), Some("/OFD.xml"));
}

#[test]
fn notes_unknown_elements_and_attributes() {
    let info = format!("<ofd:Extra/><ofd:References Other='1'>{REFERENCE}</ofd:References>");
    let found = notes(&signature(&info, VALUE), Severity::Note);
    assert_eq!(found, ["SIGNATURE_UNKNOWN_ELEMENT", "SIGNATURE_UNKNOWN_ATTRIBUTE"]);
}

#[test]
fn refuses_other_roots_but_reads_other_namespaces() {
    assert_eq!(parse("<a/>").unwrap_err().code(), "XML_STRUCTURE");
    let info = format!("<ofd:References>{REFERENCE}</ofd:References>");
    let xml = format!("<ofd:Signature {NS}><ofd:SignedInfo>{info}</ofd:SignedInfo>{VALUE}</ofd:Signature>");
    let other = parse(&xml.replace("2016", "2099")).unwrap();
    assert_eq!(notes(&other, Severity::Note), ["XML_NAMESPACE"]);
    assert_eq!(other.references.len(), 1);
}

fn list(xml: &str) -> SignatureList {
    SignatureList::parse("/D/Signs/Signatures.xml", xml.as_bytes().to_vec(), &Limits::default(), &|_| true)
        .unwrap()
}

#[test]
fn lists_default_to_seal_and_name_what_is_odd() {
    let ok = list(
        "<Signatures><Signature ID='1' BaseLoc='Sign_0/S.xml'/><Signature ID='2' Type='Sign' BaseLoc='/x' Relative='1'/></Signatures>",
    );
    assert_eq!((ok.records[0].kind, ok.records[0].kind_written), (SignatureKind::Seal, false));
    assert_eq!(ok.records[0].path.as_deref(), Some("/D/Signs/Sign_0/S.xml"));
    assert_eq!(ok.records[1].kind, SignatureKind::Sign);
    let odd = list(
        "<Signatures><Signature ID='1' Type='Stempel' BaseLoc='a'/><Signature ID='1' BaseLoc='a'/><Signature/></Signatures>",
    );
    let codes: Vec<&str> = odd.notes.iter().map(|note| note.code).collect();
    for code in [
        "SIGNATURES_TYPE_UNKNOWN",
        "SIGNATURES_DUPLICATE_ID",
        "SIGNATURES_DUPLICATE_RECORD",
        "SIGNATURES_LOCATION",
    ] {
        assert!(codes.contains(&code), "{code}: {codes:?}");
    }
}

fn replace(items: &mut [Item], name: &str, from: &str, to: &str) {
    let found = items.iter_mut().find(|one| one.name == name.as_bytes()).unwrap();
    let text = String::from_utf8(found.content.clone()).unwrap();
    assert!(text.contains(from));
    found.content = text.replace(from, to).into_bytes();
}

#[test]
fn follows_templates_resources_annotations_and_tells_shown_from_named() {
    let mut items = document();
    replace(
        &mut items,
        "Doc_0/Document.xml",
        "</ofd:CommonData>",
        "<ofd:PublicRes>Public.xml</ofd:PublicRes><ofd:DocumentRes>Gone.xml</ofd:DocumentRes><ofd:TemplatePage ID=\"7\" BaseLoc=\"T.xml\"/></ofd:CommonData>",
    );
    replace(
        &mut items,
        "Doc_0/Document.xml",
        "</ofd:Pages>",
        "</ofd:Pages><ofd:Annotations>A.xml</ofd:Annotations><ofd:Attachments>B.xml</ofd:Attachments><ofd:Extensions>E.xml</ofd:Extensions>",
    );
    replace(
        &mut items,
        "Doc_0/Pages/Page_0/Content.xml",
        "<ofd:Content>",
        "<ofd:Template TemplateID=\"7\"/><ofd:Template TemplateID=\"8\"/><ofd:PageRes>Res.xml</ofd:PageRes><ofd:Content>",
    );
    let res = "<ofd:Res BaseLoc=\"Res\" xmlns:ofd=\"x\"><ofd:ColorSpaces><ofd:ColorSpace ID=\"1\" Profile=\"c.icc\"/></ofd:ColorSpaces>\
        <ofd:Fonts><ofd:Font ID=\"2\"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts></ofd:Res>";
    items.push(item("Doc_0/Public.xml", res.as_bytes()));
    items.push(item("Doc_0/Res/c.icc", b"c"));
    items.push(item("Doc_0/Res/f.ttf", b"f"));
    items.push(item("Doc_0/T.xml", b"<Page/>"));
    items.push(item(
        "Doc_0/Pages/Page_0/Res.xml",
        b"<Res><MultiMedias><MultiMedia><MediaFile>/Doc_0/m.png</MediaFile></MultiMedia></MultiMedias></Res>",
    ));
    items.push(item("Doc_0/m.png", b"m"));
    items.push(item(
        "Doc_0/A.xml",
        b"<Annotations><Page PageID='1'><FileLoc>A1.xml</FileLoc></Page></Annotations>",
    ));
    items.push(item("Doc_0/A1.xml", b"<PageAnnot/>"));
    items.push(item(
        "Doc_0/B.xml",
        b"<Attachments><Attachment><FileLoc>b.bin</FileLoc></Attachment></Attachments>",
    ));
    items.push(item("Doc_0/b.bin", b"b"));
    items.push(item(
        "Doc_0/E.xml",
        b"<Extensions><Extension><ExtendData>e.xml</ExtendData></Extension></Extensions>",
    ));
    items.push(item("Doc_0/e.xml", b"<e/>"));
    items.push(item("Doc_0/nobody.bin", b"n"));
    let mut package = open(Zip::of(items).build()).unwrap();
    let document = Document::load(&mut package).unwrap();
    let reach = references(&mut package, &document);
    let of_kind = |kind| {
        reach
            .parts
            .iter()
            .filter(|(_, part)| part.kind == kind)
            .map(|(path, _)| path.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(of_kind(PartKind::Font), ["/Doc_0/Res/f.ttf"]);
    assert_eq!(of_kind(PartKind::ColorProfile), ["/Doc_0/Res/c.icc"]);
    assert_eq!(of_kind(PartKind::Template), ["/Doc_0/T.xml"]);
    assert_eq!(of_kind(PartKind::Media), ["/Doc_0/m.png"]);
    assert_eq!(of_kind(PartKind::Attachment), ["/Doc_0/b.bin"]);
    assert_eq!(of_kind(PartKind::Extension), ["/Doc_0/E.xml", "/Doc_0/e.xml"]);
    for path in [
        "/Doc_0/Res/f.ttf",
        "/Doc_0/T.xml",
        "/Doc_0/m.png",
        "/Doc_0/A1.xml",
        "/Doc_0/Document.xml",
        "/OFD.xml",
    ] {
        assert!(reach.shown(path), "{path}");
    }
    for path in ["/Doc_0/b.bin", "/Doc_0/e.xml", "/Doc_0/B.xml"] {
        assert!(!reach.shown(path), "{path}");
    }
    assert_eq!(reach.orphans(&package), ["/Doc_0/nobody.bin"]);
    assert_eq!(reach.missing.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["/Doc_0/Gone.xml"]);
    assert_eq!(reach.notes.iter().map(|note| note.code).collect::<Vec<_>>(), ["TEMPLATE_UNKNOWN"]);
}

#[test]
fn follows_versions_and_stops_at_the_limit() {
    let mut items = document();
    replace(
        &mut items,
        "OFD.xml",
        "</ofd:DocRoot>",
        "</ofd:DocRoot><ofd:Versions><ofd:Version ID=\"1\" Index=\"1\" Current=\"true\" BaseLoc=\"V.xml\"/></ofd:Versions>",
    );
    items.push(item("V.xml", b"<DocVersion><FileList><File ID='1'>Doc_0/old.xml</File></FileList><DocRoot>Doc_0/Other.xml</DocRoot></DocVersion>"));
    items.push(item(
        "Doc_0/Other.xml",
        b"<Document><CommonData/><Pages><Page ID='1' BaseLoc='P.xml'/></Pages></Document>",
    ));
    items.push(item("Doc_0/P.xml", b"<Page/>"));
    items.push(item("Doc_0/old.xml", b"<x/>"));
    let bytes = Zip::of(items).build();
    let mut package = open(bytes.clone()).unwrap();
    let document = Document::load(&mut package).unwrap();
    let reach = references(&mut package, &document);
    assert!(reach.shown("/Doc_0/P.xml"), "the current version is what a viewer shows");
    assert_eq!(reach.parts["/Doc_0/old.xml"].kind, PartKind::Version);
    let tight = Limits { max_parts: 3, ..Limits::default() };
    let mut package = yinxin_ofd::Package::open(std::io::Cursor::new(bytes), &tight).unwrap();
    assert!(references(&mut package, &document).truncated);
}
