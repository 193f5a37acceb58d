//! Pictures given and drawn.

use yinxin_registry::profile::SealKind;
use yinxin_server::config::ImprintConfig;
use yinxin_server::imprints::Drawer;
use yinxin_server::making::imprint::{ImprintOrder, Lettering, check, obtain};

const UNIT: &str = "示例市示例科技有限公司";

fn lettering<'a>(kind: SealKind, seal_name: &'a str) -> Lettering<'a> {
    let holder = kind.is_personal().then_some("张三");
    Lettering { kind, unit: UNIT, seal_name, holder, number: None, credit_code: Some("91610100MA6TAXX00X") }
}

fn drawn(kind: SealKind, seal_name: &str, side: u32) -> Result<Vec<u8>, &'static str> {
    let height = if kind == SealKind::BusinessInvoice { side * 3 / 4 } else { side };
    let order = ImprintOrder::Drawn { width_tenth_mm: side, height_tenth_mm: height };
    obtain(&order, lettering(kind, seal_name), &Drawer::builtin())
        .map(|p| p.picture.data)
        .map_err(|e| e.code())
}

#[test]
fn every_kind_is_drawn() {
    for kind in SealKind::ALL {
        let side = if kind.is_personal() { 180 } else { 400 };
        let name = format!("{UNIT}某某专用章");
        let picture = drawn(kind, &name, side);
        assert!(picture.as_ref().is_ok_and(|p| p.starts_with(b"\x89PNG")), "{kind:?}: {picture:?}");
    }
}

#[test]
fn several_business_seals_of_one_kind_look_different() {
    let picture = |number| {
        let order = ImprintOrder::Drawn { width_tenth_mm: 380, height_tenth_mm: 380 };
        let lettering = Lettering { number, ..lettering(SealKind::BusinessContract, "合同专用章") };
        obtain(&order, lettering, &Drawer::builtin()).unwrap().digest
    };
    let all = [picture(None), picture(Some(1)), picture(Some(2))];
    assert!(all[0] != all[1] && all[1] != all[2] && all[0] != all[2]);
    assert_eq!(picture(Some(2)), all[2], "and always the same");
}

#[test]
fn rejects_what_cannot_be_drawn_as_asked() {
    assert_eq!(drawn(SealKind::BusinessOther, "没有单位名称的章", 400), Err("IMPRINT_NOT_DRAWN"));
    assert_eq!(drawn(SealKind::LegalName, UNIT, 600), Err("IMPRINT_SIZE_OUT_OF_RANGE"));
    let oval = ImprintOrder::Drawn { width_tenth_mm: 400, height_tenth_mm: 300 };
    let refused = obtain(&oval, lettering(SealKind::LegalName, UNIT), &Drawer::builtin()).unwrap_err();
    assert_eq!(refused.code(), "IMPRINT_OPTION_NOT_FOR_KIND");
    let nameless = Lettering { credit_code: None, ..lettering(SealKind::BusinessInvoice, UNIT) };
    let refused = obtain(&oval, nameless, &Drawer::builtin()).unwrap_err();
    assert_eq!(refused.code(), "IMPRINT_NOT_DRAWN");
}

#[test]
fn looks_at_format_size_proportions_and_resolution() {
    let good = drawn(SealKind::LegalName, UNIT, 400).unwrap();
    assert!(check(good.clone(), 400, 400).unwrap().notes.is_empty());
    assert_eq!(check(good.clone(), 400, 420).unwrap_err().code(), "IMPRINT_PROPORTIONS");
    for (w, h) in [(99, 99), (701, 701), (0, 0)] {
        assert_eq!(check(good.clone(), w, h).unwrap_err().code(), "IMPRINT_SIZE");
    }
    for bad in [b"PK\x03\x04 OFD.xml".to_vec(), b"text".to_vec(), Vec::new(), good[..20].to_vec()] {
        assert_eq!(check(bad, 400, 400).unwrap_err().code(), "IMPRINT_FORMAT");
    }
    assert_eq!(check(vec![0x89; 5 << 20], 400, 400).unwrap_err().code(), "IMPRINT_FORMAT");
    let coarse =
        yinxin_imprint::draw(&yinxin_imprint::ImprintSpec::official(UNIT), &Drawer::builtin().font).unwrap();
    let coarse = check(coarse.to_png(150).unwrap(), 400, 400).unwrap();
    assert_eq!(coarse.notes, ["IMPRINT_COARSE"]);
    let odd = check(good, 385, 385).unwrap();
    assert_eq!((odd.notes.as_slice(), odd.picture.width_mm), (["IMPRINT_SIZE_ROUNDED"].as_slice(), 39));
}

#[test]
fn rejects_a_picture_that_is_not_the_one_approved() {
    let picture = drawn(SealKind::LegalName, UNIT, 400).unwrap();
    let order = ImprintOrder::Given { picture, digest: [1; 32], width_tenth_mm: 400, height_tenth_mm: 400 };
    let refused = obtain(&order, lettering(SealKind::LegalName, UNIT), &Drawer::builtin()).unwrap_err();
    assert_eq!(refused.code(), "IMPRINT_DIGEST");
}

#[test]
fn an_areas_rules_and_font_are_taken_from_the_configuration_or_refused() {
    let folder = tempfile::tempdir().unwrap();
    let rules = folder.path().join("area.toml");
    std::fs::write(
        &rules,
        r#"
area = "示例市"

[[rule]]
kind = "official"
shape = "round"
width_mm = { min = 41, usual = 42, max = 43 }
rim_mm = { min = 0.5, usual = 1.2, max = 2.0 }
center = { usual = "star", allowed = ["star"] }
center_share = { min = 0.2, usual = 0.3333, max = 0.45 }
basis = "practice"
source = "示例市的做法"
"#,
    )
    .unwrap();
    let config = |rules: &std::path::Path, font: Option<&std::path::Path>| ImprintConfig {
        rules: Some(rules.to_owned()),
        font: font.map(ToOwned::to_owned),
        font_index: 0,
    };
    let drawer = Drawer::of(&config(&rules, None)).unwrap();
    let drawn = |side| {
        let order = ImprintOrder::Drawn { width_tenth_mm: side, height_tenth_mm: side };
        obtain(&order, lettering(SealKind::LegalName, UNIT), &drawer).map_err(|e| e.code()).map(|_| ())
    };
    assert_eq!(drawn(420), Ok(()));
    assert_eq!(drawn(400), Err("IMPRINT_SIZE_OUT_OF_RANGE"), "allowed by the national rules only");

    let missing = Drawer::of(&config(&folder.path().join("none.toml"), None)).unwrap_err().to_string();
    assert!(missing.contains("none.toml"), "{missing}");
    let font = Drawer::of(&config(&rules, Some(&rules))).unwrap_err().to_string();
    assert!(font.starts_with("字体 ") && font.contains("area.toml"), "{font}");
    std::fs::write(&rules, "area = 1").unwrap();
    let broken = Drawer::of(&config(&rules, None)).unwrap_err().to_string();
    assert!(broken.starts_with("印模规则 "), "{broken}");
}
