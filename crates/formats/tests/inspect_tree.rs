//! The tree names every member, its place and its deviations.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops where it fails"
)]
#![allow(clippy::print_stdout, reason = "absent data is announced")]

mod ses_support;

use ses_support::raw::{RawSeal, RawSignature, seq};
use ses_support::{SM2_WITH_SM3, limits, seal, signature};
use yinxin_formats::der::{Tag, write as w};
use yinxin_formats::inspect::{Kind, Lang, Part, TreeNode, inspect};
use yinxin_formats::ses::SesVersion;

fn look(der: &[u8]) -> Part {
    inspect(der, None, &limits()).unwrap().parts.remove(0)
}

fn every<'a>(nodes: &'a [TreeNode], out: &mut Vec<&'a TreeNode>) {
    for n in nodes {
        out.push(n);
        every(&n.children, out);
    }
}

fn find<'a>(part: &'a Part, name: &str) -> &'a TreeNode {
    let mut all = Vec::new();
    every(&part.nodes, &mut all);
    all.into_iter().find(|n| n.field.is_some_and(|f| f.en == name)).unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn names_every_member_of_seals_and_signatures() {
    for (der, kind) in [
        (RawSeal::v1().der(), Kind::Seal),
        (seal(SesVersion::V4), Kind::Seal),
        (seal(SesVersion::V5), Kind::Seal),
        (RawSignature::v1().der(), Kind::SesSignature),
        (signature(SesVersion::V4), Kind::SesSignature),
        (signature(SesVersion::V5), Kind::SesSignature),
    ] {
        let part = look(&der);
        assert_eq!((part.kind, part.length, part.nodes.len()), (kind, der.len(), 1));
        assert!(part.problem.is_none() && part.deviations.is_empty());
        let mut all = Vec::new();
        every(&part.nodes, &mut all);
        let unnamed: Vec<_> = all.iter().filter(|n| n.field.is_none()).map(|n| n.tag.as_str()).collect();
        // Only the stand-ins for certificates and tokens, which hold one number, have no names inside.
        assert!(unnamed.iter().all(|t| *t == "INTEGER" || *t == "SEQUENCE"), "{unnamed:?}");
    }
}

#[test]
fn offsets_and_lengths_are_those_of_the_input() {
    let der = signature(SesVersion::V5);
    let part = look(&der);
    let mut all = Vec::new();
    every(&part.nodes, &mut all);
    for n in &all {
        assert!(n.end() <= der.len());
        for pair in n.children.windows(2) {
            assert_eq!(pair[0].end(), pair[1].offset);
        }
    }
    let hash = find(&part, "dataHash");
    assert_eq!(hash.value, Some("ab".repeat(32)));
    assert_eq!(&der[hash.offset + hash.header_length + 1..hash.end()], [0xab; 32]);
    assert_eq!(find(&part, "timeInfo").value.as_deref(), Some("2026-11-21T21:25:05Z"));
    assert_eq!(find(&part, "propertyInfo").value.as_deref(), Some("\"/Doc_0/Signs/Sign_0/Signature.xml\""));
    let algorithm = find(&part, "signAlgID").value.as_deref();
    assert_eq!(algorithm, Some("1.2.156.10197.1.501 (SM2 with SM3)"));
    assert_eq!(find(&part, "r").value, Some("91".repeat(32)));
}

#[test]
fn deviations_hang_where_they_stand() {
    let mut odd = RawSeal::v4();
    odd.picture[0] = w::ia5("png");
    odd.signed[2] = w::bits(&[9; 64]);
    odd.extensions = w::explicit(0, &seq(&[w::oid(&SM2_WITH_SM3), w::boolean(false), w::octets(b"x")]));
    let mut der = odd.der();
    der.extend([0, 0]);
    let part = look(&der);
    let codes = |n: &TreeNode| n.deviations.iter().map(|d| d.code).collect::<Vec<_>>();
    let picture = &find(&part, "picture").children[0];
    assert_eq!(codes(picture), ["PICTURE_TYPE_CASE"]);
    assert_eq!(codes(find(&part, "signedValue")), ["SIGNATURE_RAW64"]);
    assert_eq!(codes(find(&part, "extDatas")), ["EXT_TAGGED", "EXT_IMPLICIT"]);
    assert_eq!(codes(find(&part, "critical")), ["EXT_CRITICAL_FALSE_WRITTEN"]);
    assert_eq!(
        part.deviations.iter().map(|d| (d.code, d.at)).collect::<Vec<_>>(),
        [("TRAILING_BYTES", der.len() - 2)]
    );
}

#[test]
fn both_languages_show_offsets_names_and_deviations() {
    let mut odd = RawSeal::v4();
    odd.signed[2] = w::bits(&[9; 64]);
    let tree = inspect(&odd.der(), None, &limits()).unwrap();
    let (zh, en) = (tree.to_text(Lang::Zh), tree.to_text(Lang::En));
    assert!(zh.contains("电子印章") && zh.contains("印章名称 name") && zh.contains("\"章\""), "{zh}");
    assert!(zh.contains("! SIGNATURE_RAW64 签名值为 64 字节"), "{zh}");
    assert!(en.starts_with("electronic seal, ") && en.contains("certListType"), "{en}");
    assert_eq!(zh.lines().count(), en.lines().count());
    // The type column begins at one place in every line: the tree is aligned, Chinese characters counted twice.
    let columns: Vec<usize> = en
        .lines()
        .filter_map(|l| l.split_once("  INTEGER"))
        .map(|(before, _)| before.chars().count())
        .collect();
    assert!(columns.len() > 5 && columns.windows(2).all(|c| c[0] == c[1]), "{en}");
}

#[test]
fn json_carries_kind_offsets_names_and_values() {
    let tree = inspect(&seal(SesVersion::V4), None, &limits()).unwrap();
    let json = serde_json::to_value(&tree).unwrap();
    let part = &json["parts"][0];
    assert_eq!((part["kind"].as_str(), part["problem"].is_null()), (Some("seal"), true));
    let header = &part["nodes"][0]["children"][0]["children"][0];
    assert_eq!(header["field"]["zh"], "头信息");
    let id = &header["children"][0];
    assert_eq!((id["value"].as_str(), id["tag"].as_str()), (Some("\"ES\""), Some("IA5String")));
    assert!(id["offset"].as_u64() > header["offset"].as_u64());
}

#[test]
fn a_broken_structure_is_shown_with_its_problem() {
    let mut odd = RawSeal::v4();
    odd.header[1] = w::small(9);
    let part = look(&odd.der());
    let problem = part.problem.as_ref().unwrap();
    assert_eq!((part.kind, problem.code), (Kind::Seal, "VERSION_UNKNOWN"));
    let text = inspect(&odd.der(), None, &limits()).unwrap().to_text(Lang::En);
    assert!(text.contains("!! broken structure: VERSION_UNKNOWN"), "{text}");
}

#[test]
fn a_hint_outweighs_the_outline() {
    let der = w::sequence(&[&w::small(1)]);
    assert_eq!(look(&der).kind, Kind::Der);
    let hinted = inspect(&der, Some(Kind::Seal), &limits()).unwrap().parts.remove(0);
    assert_eq!((hinted.kind, hinted.problem.is_some()), (Kind::Seal, true));
}

#[test]
fn unknown_der_is_opened_where_it_is_sure() {
    let inner = w::sequence(&[&w::utf8("inside"), &w::null()]);
    let der =
        w::sequence(&[&w::octets(&inner), &w::octets(&inner[1..]), &w::bits(&inner), &w::octets(b"plain")]);
    let part = look(&der);
    let members = &part.nodes[0].children;
    assert_eq!(members[0].children[0].children[0].value.as_deref(), Some("\"inside\""));
    assert!(members[1].children.is_empty() && members[1].value.is_some());
    assert_eq!(members[2].children[0].tag, "SEQUENCE");
    assert_eq!(members[3].value.as_deref(), Some("\"plain\""));
    let two = look(&[w::small(1), w::small(2)].concat());
    assert_eq!((two.nodes.len(), two.deviations.len()), (2, 0));
}

#[test]
fn names_what_ber_writes_otherwise() {
    let part = look(&[0x30, 0x80, 0x02, 0x81, 0x01, 0x05, 0, 0]);
    assert_eq!(part.nodes[0].deviations[0].code, "BER_INDEFINITE_LENGTH");
    assert_eq!(part.nodes[0].children[0].deviations[0].code, "BER_LENGTH");
    assert_eq!(part.nodes[0].children[0].value.as_deref(), Some("5"));
}

#[test]
fn text_cannot_steer_the_terminal() {
    let der = w::sequence(&[&w::tlv(Tag::UTF8, b"\x1b]0;evil\x07\n"), &w::utf8("\u{202e}gpj")]);
    let text = inspect(&der, None, &limits()).unwrap().to_text(Lang::En);
    assert!(!text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
    assert_eq!(text.lines().count(), 4);
    let armor = "-----BEGIN \u{1b}[2J-----\nMAA=\n-----END \u{1b}[2J-----\n";
    let text = inspect(armor.as_bytes(), None, &limits()).unwrap().to_text(Lang::En);
    assert!(text.contains("\\u{1b}[2J") && !text.contains('\u{1b}'), "{text:?}");
}
