//! PDF on the command line: sealed by word and over edges, looked at by poppler, drawn, read, inspected, taken back to what was signed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod support;

use serde_json::Value;
use support::{Ran, World, tool};

fn world() -> World {
    let world = World::with_seal();
    let lines = ["双方确认。", "甲方（盖章）：　　　　　　乙方（盖章）："];
    world.put("in.pdf", &yinxin_pdf::sample::document(3, "示例合同", &lines));
    world
}

fn sign(world: &World, input: &str, output: &str, more: &[&str]) -> Ran {
    let args =
        ["sign", input, "-o", output, "--seal", "seal.esl", "--key", "owner.key", "--password-file", "pw"];
    world.run(&[&args, more].concat())
}

fn report(world: &World, file: &str) -> Value {
    world.run(&["verify", file, "--trust", "trust", "--json"]).ok().json()
}

/// Boxes of red on a page as poppler draws it, in whole millimeters: left, top, right, bottom.
fn red(world: &World, file: &str, page: usize) -> Option<[usize; 4]> {
    let number = page.to_string();
    let args = ["-r", "50.8", "-png", "-singlefile", "-f", &number, "-l", &number, file, "page"];
    tool("pdftoppm", &args, world.dir.path());
    let picture = image::load_from_memory(&world.get("page.png")).unwrap().to_rgb8();
    let mut found: Option<[usize; 4]> = None;
    for (x, y, pixel) in picture.enumerate_pixels() {
        if pixel.0[0] > 150 && pixel.0[1] < 110 && pixel.0[2] < 110 {
            let (x, y) = (x as usize / 2, y as usize / 2);
            let [l, t, r, b] = found.unwrap_or([x, y, x, y]);
            found = Some([l.min(x), t.min(y), r.max(x), b.max(y)]);
        }
    }
    found
}

#[track_caller]
fn near(found: Option<[usize; 4]>, wanted: [usize; 4]) {
    let found = found.unwrap_or_else(|| panic!("nothing red, wanted {wanted:?}"));
    assert!(found.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= 2), "{found:?} for {wanted:?}");
}

#[test]
fn a_keyword_places_the_seal_in_a_pdf_with_its_center_on_the_word() {
    let world = world();
    let hits = world.run(&["text", "in.pdf", "--json", "--find", "乙方(盖章)", "--hit", "last"]).ok().json();
    assert_eq!(hits[0]["page"], 3);
    let part = |n: usize| hits[0]["areas"][0][n].as_f64().unwrap();
    let (x, y) = (part(0) + part(2) / 2.0, part(1) + part(3) / 2.0);
    sign(&world, "in.pdf", "last.pdf", &["--keyword", "乙方(盖章)", "--offset", "3,-2"]).ok();
    let told = report(&world, "last.pdf");
    let stamp = &told[0]["signatures"][0]["stamps"][0];
    assert_eq!(stamp["page"], 3);
    let (left, top) = ((x + 3.0 - 20.0).round() as usize, (y - 2.0 - 20.0).round() as usize);
    near(red(&world, "last.pdf", 3), [left, top, left + 39, top + 39]);
    assert!(red(&world, "last.pdf", 1).is_none());
    sign(&world, "in.pdf", "every.pdf", &["--keyword", "盖章", "--keyword-hit", "every"]).ok();
    assert_eq!(report(&world, "every.pdf")[0]["signatures"][0]["stamps"].as_array().unwrap().len(), 6);
    let refused = sign(&world, "in.pdf", "none.pdf", &["--keyword", "丙方", "--json"]);
    assert_eq!(refused.error_code(), "KEYWORD_HITS");
    assert!(!world.path("none.pdf").exists());
}

#[test]
fn a_seal_over_each_edge_stands_in_parts_on_the_pages_one_signature_for_all() {
    let world = world();
    for (edge, first) in [
        ("right", [197, 128, 209, 168]),
        ("left", [0, 128, 12, 168]),
        ("top", [85, 0, 125, 12]),
        ("bottom", [85, 284, 125, 296]),
    ] {
        sign(&world, "in.pdf", "edge.pdf", &["--cross-page", edge]).ok();
        let told = report(&world, "edge.pdf");
        assert_eq!(told[0]["signatures"].as_array().unwrap().len(), 1, "{edge}");
        assert_eq!(told[0]["signatures"][0]["stamps"].as_array().unwrap().len(), 3, "{edge}");
        // A round seal cut in three: the middle part is as long as the seal, the outer ones reach the paper's edge.
        near(red(&world, "edge.pdf", 2), first);
        for page in [1, 3] {
            assert!(red(&world, "edge.pdf", page).is_some(), "{edge} {page}");
        }
    }
}

#[test]
fn on_turned_pages_the_seal_stands_upright_where_it_was_asked_for() {
    let world = world();
    for turn in ["90", "180", "270"] {
        let with = format!("--rotate=+{turn}");
        tool("qpdf", &["in.pdf", &with, "turned.pdf"], world.dir.path());
        sign(&world, "turned.pdf", "sealed.pdf", &["--page", "2", "--x", "100", "--y", "60"]).ok();
        near(red(&world, "sealed.pdf", 2), [100, 60, 139, 99]);
        tool("qpdf", &["--check", "sealed.pdf"], world.dir.path());
        // And so we draw it.
        let args = ["render", "sealed.pdf", "--page", "2", "--dpi", "51", "-o", "own.png", "--json"];
        world.run(&args).ok();
        let own = image::load_from_memory(&world.get("own.png")).unwrap().to_rgb8();
        let at = |x: u32, y: u32| own.get_pixel(x * 2, y * 2).0;
        // The star in the middle is red, outside is paper.
        let [r, g, b] = at(119, 79);
        assert!(r > 150 && g < 120 && b < 120, "{turn}: {r} {g} {b}");
        assert_eq!(at(90, 79), [255; 3], "{turn}");
    }
}

#[test]
fn a_sealed_pdf_is_drawn_marked_and_taken_back_to_what_was_signed() {
    let world = world();
    sign(&world, "in.pdf", "once.pdf", &["--page", "1", "--x", "120", "--y", "150"]).ok();
    sign(&world, "once.pdf", "twice.pdf", &["--page", "2", "--x", "60", "--y", "150"]).ok();
    let args = ["render", "once.pdf", "-o", "m.png", "--dpi", "72", "--marked", "--trust", "trust", "--json"];
    let drawn = world.run(&args).ok().json();
    assert_eq!((&drawn["marks"], &drawn["pages"]), (&1.into(), &3.into()));
    let green = image::load_from_memory(&world.get("m.png")).unwrap().to_rgb8();
    assert!(green.pixels().filter(|p| p.0 == [0x1a, 0x7f, 0x37]).count() > 200);
    world.run(&["render", "once.pdf", "-o", "p.svg"]).ok();
    tool("xmllint", &["--noout", "--huge", "p.svg"], world.dir.path());

    let told = world.run(&["inspect", "twice.pdf", "--json"]).ok().json();
    assert_eq!(told["format"], "PDF");
    assert_eq!(told["signatures"].as_array().unwrap().len(), 2);
    let ends: Vec<u64> =
        told["revisions"].as_array().unwrap().iter().map(|r| r["end"].as_u64().unwrap()).collect();
    assert_eq!(ends, [world.get("once.pdf").len() as u64, world.get("twice.pdf").len() as u64]);
    let text = world.run(&["inspect", "twice.pdf"]).ok().out;
    assert!(text.contains("GM.sm2seal") && text.contains("示例市示例公司"), "{text}");

    world.run(&["extract", "twice.pdf", "--revision", "1", "-o", "seen.pdf"]).ok();
    assert_eq!(world.get("seen.pdf"), world.get("once.pdf"));
    world.run(&["extract", "twice.pdf", "--revision", "2", "-o", "seen.pdf"]).ok();
    assert_eq!(world.get("seen.pdf"), world.get("twice.pdf"));
    let code =
        |args: &[&str]| world.run(&[&["extract", "--json", "-o", "x.pdf"], args].concat()).error_code();
    assert_eq!(code(&["twice.pdf", "--revision", "3"]), "EXTRACT_NO_SUCH_REVISION");
    assert_eq!(code(&["in.ofd", "--revision", "1"]), "EXTRACT_NOT_PDF");
}

#[test]
fn every_verb_finds_the_kind_by_content_and_refuses_what_is_two_or_none() {
    let world = world();
    world.put("named.ofd", &world.get("in.pdf"));
    assert!(world.run(&["text", "named.ofd", "--page", "1"]).ok().out.contains("示例合同"));
    assert_eq!(world.run(&["inspect", "named.ofd", "--json"]).ok().json()["format"], "PDF");
    let both = [world.get("in.pdf"), world.get("in.ofd")].concat();
    world.put("both.pdf", &both);
    world.put("none.pdf", b"hello, world: neither of the two");
    let code = |args: &[&str]| world.run(&[args, &["--json"]].concat()).error_code();
    for args in [&["render", "both.pdf", "-o", "x.png"][..], &["text", "both.pdf"], &["inspect", "both.pdf"]]
    {
        assert_eq!(code(args), "PDF_AND_ZIP", "{args:?}");
    }
    for args in [&["render", "none.pdf", "-o", "x.png"][..], &["text", "none.pdf"], &["inspect", "none.pdf"]]
    {
        assert_eq!(code(args), "PACKAGE_NOT_ZIP", "{args:?}");
    }
    assert!(!world.path("x.png").exists());
}

/// A text document in one XML file.
const OFFICE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">
<office:font-face-decls><style:font-face style:name="S" svg:font-family="'Noto Serif CJK SC'"/></office:font-face-decls>
<office:styles><style:default-style style:family="paragraph">
<style:text-properties style:font-name="S" style:font-name-asian="S" fo:font-size="14pt" style:font-size-asian="14pt"/>
</style:default-style></office:styles>
<office:body><office:text><text:h text:outline-level="1">采购合同</text:h><text:p>双方确认。</text:p>
<text:p/><text:p/><text:p/><text:p/><text:p/><text:p>甲方（盖章）：</text:p></office:text></office:body></office:document>"#;

/// Documents made by others: Chromium's print, cairo, LibreOffice, and ReportLab where its Python is at hand.
fn foreign(world: &World) -> Vec<String> {
    let dir = world.dir.path();
    world.put(
        "page.html",
        "<!DOCTYPE html><meta charset=utf-8><style>@page{size:A4;margin:20mm}body{font:16px 'Noto Serif CJK SC'}\
         .box{width:300px;height:120px;background:linear-gradient(90deg,#36c,#9cf);opacity:.6}</style><h1>采购合同</h1>\
         <div class=box></div><p style='margin-top:120mm'>甲方（盖章）：</p>"
            .as_bytes(),
    );
    let print = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--user-data-dir=profile",
        "--no-pdf-header-footer",
        "--print-to-pdf=chromium.pdf",
        "page.html",
    ];
    tool("chromium", &print, dir);
    world.put(
        "page.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' width='210mm' height='297mm' viewBox='0 0 210 297'>\
         <linearGradient id='g'><stop offset='0' stop-color='#36c'/><stop offset='1' stop-color='#9cf'/></linearGradient>\
         <rect x='20' y='60' width='100' height='40' fill='url(#g)'/><circle cx='150' cy='80' r='30' fill='#26a' opacity='.5'/>\
         <g font-family='Noto Serif CJK SC'><text x='20' y='40' font-size='8'>采购合同</text>\
         <text x='20' y='190' font-size='6'>甲方（盖章）：</text></g></svg>"
            .as_bytes(),
    );
    tool("rsvg-convert", &["-f", "pdf", "-o", "cairo.pdf", "page.svg"], dir);
    world.put("office.fodt", OFFICE.as_bytes());
    let profile = format!("-env:UserInstallation=file://{}", world.path("office-profile").display());
    tool("soffice", &[&profile, "--headless", "--convert-to", "pdf", "office.fodt"], dir);
    let mut names = vec!["chromium.pdf".to_owned(), "cairo.pdf".to_owned(), "office.pdf".to_owned()];
    match std::env::var("YINXIN_PYTHON") {
        Ok(python) => {
            world.put(
                "make.py",
                "from reportlab.pdfgen import canvas\n\
                 from reportlab.pdfbase import pdfmetrics\n\
                 from reportlab.pdfbase.cidfonts import UnicodeCIDFont\n\
                 pdfmetrics.registerFont(UnicodeCIDFont('STSong-Light'))\n\
                 c = canvas.Canvas('reportlab.pdf', pagesize=(595.2756, 841.8898))\n\
                 c.setFont('STSong-Light', 14)\n\
                 c.drawString(80, 700, '采购合同')\n\
                 c.drawString(80, 300, '甲方（盖章）：')\n\
                 c.setFillColorRGB(0.2, 0.4, 0.9)\n\
                 c.rect(80, 500, 200, 60, fill=1)\n\
                 c.save()\n"
                    .as_bytes(),
            );
            tool(&python, &["make.py"], dir);
            names.push("reportlab.pdf".to_owned());
        }
        Err(_) => say_absent(),
    }
    names
}

#[allow(clippy::print_stdout, reason = "tests say what is absent")]
fn say_absent() {
    println!(
        "REPORTLAB ABSENT: nothing of it was sealed; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
    );
}

#[test]
fn documents_of_others_are_read_sealed_at_a_word_and_opened_by_others_again() {
    let world = world();
    for name in foreign(&world) {
        let hits = world.run(&["text", &name, "--json", "--find", "甲方（盖章）"]).ok().json();
        assert_eq!(hits.as_array().unwrap().len(), 1, "{name}: {hits}");
        let part = |n: usize| hits[0]["areas"][0][n].as_f64().unwrap();
        let (x, y) = (part(0) + part(2) / 2.0, part(1) + part(3) / 2.0);
        sign(&world, &name, "sealed.pdf", &["--keyword", "甲方（盖章）", "--offset", "40,0"]).ok();
        assert_eq!(report(&world, "sealed.pdf")[0]["verdict"], "valid", "{name}");
        let (left, top) = ((x + 20.0).round() as usize, (y - 20.0).round() as usize);
        near(red(&world, "sealed.pdf", 1), [left, top, left + 39, top + 39]);
        tool("qpdf", &["--check", "sealed.pdf"], world.dir.path());
        tool("mutool", &["show", "sealed.pdf", "trailer"], world.dir.path());
        let told = std::process::Command::new("pdfsig").arg(world.path("sealed.pdf")).output().unwrap();
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.contains("Total document signed") && told.contains("Name: Yinxin1"), "{name}: {told}");
        // Our picture of the sealed page beside poppler's. Without its language packs poppler leaves ReportLab's letters out.
        let args = ["render", "sealed.pdf", "--dpi", "72", "-o", "own.png", "--json"];
        world.run(&args).ok();
        tool("pdftoppm", &["-r", "72", "-png", "-singlefile", "sealed.pdf", "other"], world.dir.path());
        let read = |name: &str| image::load_from_memory(&world.get(name)).unwrap().to_rgb8();
        let (own, other) = (read("own.png"), read("other.png"));
        let (wide, high) = (own.width().min(other.width()), own.height().min(other.height()));
        let mut sum = 0_u64;
        for y in 0..high {
            for x in 0..wide {
                let pair = own.get_pixel(x, y).0.into_iter().zip(other.get_pixel(x, y).0);
                sum += pair.map(|(a, b)| u64::from(a.abs_diff(b))).sum::<u64>();
            }
        }
        let found = sum as f64 / f64::from(wide * high * 3);
        assert!(found < 3.0, "{name}: {found}");
    }
}

#[test]
fn every_verb_opens_an_encrypted_pdf_with_its_password() {
    let world = world();
    let encrypt = ["in.pdf", "closed.pdf", "--encrypt", "口令", "owner", "256", "--"];
    tool("qpdf", &encrypt, world.dir.path());
    world.put("pass", "口令\n".as_bytes());
    let given = ["--document-password-file", "pass"];
    let code = |args: &[&str]| world.run(&[args, &["--json"]].concat()).error_code();
    for closed in [&["render", "closed.pdf", "-o", "p.png"][..], &["text", "closed.pdf"]] {
        assert_eq!(code(closed), "PDF_ENCRYPTED", "{closed:?}");
    }
    let told = world.run(&["inspect", "closed.pdf", "--json"]).ok().json();
    assert_eq!(told["pages"]["error"]["code"], "PDF_ENCRYPTED");
    let open = |args: &[&str]| world.run(&[args, &given].concat()).ok().out;
    assert!(open(&["text", "closed.pdf", "--page", "1"]).contains("示例合同"));
    assert!(open(&["inspect", "closed.pdf"]).contains("已加密"));
    sign(&world, "closed.pdf", "sealed.pdf", &[&["--keyword", "乙方(盖章)"], &given[..]].concat()).ok();
    let args = ["verify", "sealed.pdf", "--trust", "trust", "--json"];
    assert_eq!(world.run(&[&args, &given[..]].concat()).ok().json()[0]["verdict"], "valid");
    let draw =
        ["render", "sealed.pdf", "--page", "3", "-o", "p.png", "--dpi", "51", "--marked", "--trust", "trust"];
    open(&draw);
    let drawn = image::load_from_memory(&world.get("p.png")).unwrap().to_rgb8();
    assert!(drawn.pixels().any(|p| p.0[0] > 180 && p.0[1] < 90 && p.0[2] < 90), "the seal is there");
    assert!(drawn.pixels().any(|p| p.0 == [0x1a, 0x7f, 0x37]), "and its frame");
}

/// A document of three pages with an empty signature field of 60 × 50 mm on its second page.
fn with_field(world: &World) {
    world.put(
        "field.py",
        "from pyhanko.sign import fields as f\n\
         from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter\n\
         w = IncrementalPdfFileWriter(open('in.pdf', 'rb'))\n\
         f.append_signature_field(w, f.SigFieldSpec('甲方签章', box=(100, 100, 270.08, 241.73), on_page=1))\n\
         w.write(open('form.pdf', 'wb'))\n"
            .as_bytes(),
    );
}

#[test]
fn a_seal_is_put_into_a_signature_field_by_its_name() {
    let world = world();
    let Ok(python) = std::env::var("YINXIN_PYTHON") else {
        return say_no_field();
    };
    with_field(&world);
    tool(&python, &["field.py"], world.dir.path());
    let told = world.run(&["inspect", "form.pdf", "--json"]).ok().json();
    assert_eq!(told["empty_fields"][0]["field"], "甲方签章");
    assert_eq!(told["empty_fields"][0]["room"][0]["page"], 2);
    assert!(world.run(&["inspect", "form.pdf"]).ok().out.contains("空签名域 甲方签章"));
    sign(&world, "form.pdf", "sealed.pdf", &["--field", "甲方签章"]).ok();
    let told = report(&world, "sealed.pdf");
    assert_eq!((&told[0]["verdict"], &told[0]["signatures"][0]["id"]), (&"valid".into(), &"甲方签章".into()));
    // 40 mm in the middle of the field, whose upper left corner is at 35.3, 211.7 mm.
    near(red(&world, "sealed.pdf", 2), [45, 216, 85, 256]);
    assert!(red(&world, "sealed.pdf", 1).is_none());
    let code = |input: &str, args: &[&str]| {
        sign(&world, input, "none.pdf", &[args, &["--json"]].concat()).error_code()
    };
    assert_eq!(code("form.pdf", &["--field", "乙方签章"]), "SIGN_NO_SUCH_FIELD");
    assert_eq!(code("sealed.pdf", &["--field", "甲方签章"]), "SIGN_FIELD_SIGNED");
    assert_eq!(
        code("form.pdf", &["--field", "甲方签章", "--width", "70", "--height", "70"]),
        "SIGN_FIELD_SIZE"
    );
    assert_eq!(code("in.ofd", &["--field", "甲方签章"]), "SIGN_NOT_IN_OFD");
    // Prepared for a key elsewhere, it is the same field.
    let prepare = ["sign", "form.pdf", "--seal", "seal.esl", "--cert", "owner.cer", "--prepare", "job.json"];
    let told = world.run(&[&prepare[..], &["--field", "甲方签章", "--json"]].concat()).ok().json();
    assert_eq!(told["signature_id"], "甲方签章");
}

#[allow(clippy::print_stdout, reason = "tests say what is absent")]
fn say_no_field() {
    println!(
        "PYHANKO ABSENT: no field was signed; run `cargo xtask test`, or name a Python by YINXIN_PYTHON"
    );
}
