//! Pages of PDF documents, beside what poppler makes of them, and hostile ones within their bounds.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use std::io::Cursor;

use support::difference;
use yinxin_render::{FontSet, Options, Page, Paged, Picture, RenderLimits};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::pdf::{self, CONTENT, PAGE, TRAILER, append, page_object, stream};

const DPI: u32 = 72;

fn fonts() -> FontSet {
    let mut fonts = FontSet::new();
    let path = "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc";
    let data = std::fs::read(path)
        .unwrap_or_else(|e| panic!("{path}: {e}; install the Debian package fonts-noto-cjk"));
    fonts.add(path, data).unwrap();
    fonts
}

fn open(bytes: &[u8], limits: &RenderLimits) -> Paged<Cursor<Vec<u8>>> {
    let options = Options { limits: limits.clone(), ..Options::new(fonts()) };
    Paged::open(Cursor::new(bytes.to_vec()), options, &yinxin_ofd::Limits::default()).unwrap()
}

fn page(bytes: &[u8]) -> Page {
    open(bytes, &RenderLimits::default()).page(0).unwrap()
}

fn codes(page: &Page) -> Vec<&'static str> {
    page.notes().iter().map(|note| note.code).collect()
}

fn drawn(page: &Page) -> Picture {
    page.draw(DPI, &RenderLimits::default()).unwrap()
}

/// The first page of a document with this content and these resources, 595 × 842 points.
fn sheet(content: &str, resources: &str, more: &[(u32, String)]) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.2756 841.8898] /Resources << /Font << /F 3 0 R >> {resources} >> \
         /Contents 5 0 R >>"
    );
    let mut objects = vec![(PAGE, page), (CONTENT, stream("", content))];
    objects.extend(more.iter().cloned());
    append(&pdf::plain(), &objects, TRAILER)
}

/// Pixels of a page as poppler draws it.
fn by_poppler(bytes: &[u8], number: usize, dpi: u32) -> (u32, u32, Vec<u8>) {
    let lab = Lab::new("poppler-page");
    lab.write("in.pdf", bytes);
    let (dpi, number) = (dpi.to_string(), number.to_string());
    let (ok, text) = lab.run(
        "pdftoppm",
        &["-cropbox", "-r", &dpi, "-f", &number, "-l", &number, "-singlefile", "in.pdf", "out"],
    );
    assert!(ok, "pdftoppm: {text}");
    let data = lab.read("out.ppm");
    let mut parts = data.splitn(4, |b| *b == b'\n');
    assert_eq!(parts.next().unwrap(), b"P6");
    let size = String::from_utf8(parts.next().unwrap().to_vec()).unwrap();
    let (wide, high) = size.split_once(' ').unwrap();
    parts.next().unwrap();
    (wide.parse().unwrap(), high.parse().unwrap(), parts.next().unwrap().to_vec())
}

/// How far a page is from poppler's picture of it, of 255.
fn from_poppler(bytes: &[u8], number: usize) -> f64 {
    let own = open(bytes, &RenderLimits::default()).page(number - 1).unwrap();
    let picture = drawn(&own);
    let (wide, high, other) = by_poppler(bytes, number, DPI);
    assert!(picture.width.abs_diff(wide) <= 1 && picture.height.abs_diff(high) <= 1, "{wide} {high}");
    if (picture.width, picture.height) == (wide, high) {
        return difference(&picture.rgb, &other);
    }
    // A pixel more or less where a side is no whole number of them.
    let (w, h) = (picture.width.min(wide) as usize, picture.height.min(high) as usize);
    let cut = |rgb: &[u8], wide: u32| -> Vec<u8> {
        (0..h).flat_map(|y| rgb[y * wide as usize * 3..][..w * 3].to_vec()).collect()
    };
    difference(&cut(&picture.rgb, picture.width), &cut(&other, wide))
}

const DRAWINGS: &str = "q 0.9 0.2 0.1 rg 60 600 200 120 re f Q
    q 0 0 1 RG 6 w 1 J [20 12] 3 d 60 560 m 300 580 l S Q
    q 300 600 m 400 720 l 500 600 l h 350 620 100 60 re W* n 0 0.6 0.2 rg 280 590 300 200 re f Q
    q /P cs /T scn 60 380 180 140 re f Q
    q 300 380 220 140 re W n /A sh Q
    q /R gs 0.2 0.4 0.9 rg 60 200 200 140 re f Q
    q /M gs 1 0 0 rg 300 200 220 140 re f Q
    q 0.7 0 0.7 0.7 60 60 cm /X Do Q
    BT /F 24 Tf 300 100 Td (Yinxin 2026) Tj ET";

fn drawings() -> Vec<u8> {
    let resources = "/ColorSpace << /P /Pattern >> /Pattern << /T 20 0 R >> /Shading << /A 21 0 R >> \
                     /ExtGState << /R << /BM /Multiply /ca 0.5 >> /M << /SMask << /S /Luminosity /G 22 0 R >> >> >> \
                     /XObject << /X 23 0 R >>";
    let more = [
        (
            20,
            stream(
                "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 20 20] /XStep 20 /YStep 20 \
                 /Resources << >> /Matrix [1 0 0 1 0 0]",
                "0.8 0.5 0 rg 2 2 10 10 re f",
            ),
        ),
        (
            21,
            "<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [300 0 520 0] /Extend [true true] \
             /Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1 >> >>"
                .to_owned(),
        ),
        (
            22,
            stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /CS /DeviceGray >> \
                 /Resources << /Shading << /A << /ShadingType 2 /ColorSpace /DeviceGray /Coords [300 0 520 0] \
                 /Extend [true true] /Function << /FunctionType 2 /Domain [0 1] /C0 [0] /C1 [1] /N 1 >> >> >> >>",
                "300 200 220 140 re W n /A sh",
            ),
        ),
        (
            23,
            stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 200 200] /Resources << >>",
                "0 0.5 0.5 rg 0 0 150 100 re f 1 1 0 rg 40 30 200 30 re f",
            ),
        ),
    ];
    sheet(DRAWINGS, resources, &more)
}

#[test]
fn poppler_draws_shapes_patterns_shadings_masks_and_forms_alike() {
    let bytes = drawings();
    let own = page(&bytes);
    assert_eq!(codes(&own), Vec::<&str>::new(), "{:?}", own.notes());
    let found = from_poppler(&bytes, 1);
    assert!(found < 2.0, "{found}");
}

#[test]
fn librsvg_draws_our_svg_of_it_alike() {
    let own = page(&drawings());
    let picture = drawn(&own);
    let other = support::drawn_by_librsvg(&own.to_svg(), picture.width, picture.height);
    let found = difference(&picture.rgb, &other);
    assert!(found < 2.5, "{found}");
}

#[test]
fn rotated_cut_and_scaled_pages_stand_as_poppler_shows_them() {
    for more in [
        "/Rotate 90 ",
        "/Rotate 180 ",
        "/Rotate -90 ",
        "/CropBox [50 100 400 780] ",
        "/Rotate 270 /CropBox [50 600 400 780] ",
    ] {
        let bytes = append(&pdf::plain(), &[(PAGE, page_object(PAGE, more))], TRAILER);
        // The smaller the page, the more of it is edges of letters.
        let found = from_poppler(&bytes, 1);
        assert!(found < 2.0, "{more}: {found}");
    }
}

#[test]
fn texts_have_their_places() {
    let bytes = pdf::plain();
    let own = page(&bytes);
    assert_eq!(own.text().plain(), "Page 1: 100 yuan\n");
    let hits = own.text().find("100 yuan");
    // 24 points at 72, 700: the base line is at 297 - 700 / 72 * 25.4 mm.
    let area = hits[0].areas[0];
    assert!((area.y + area.height - (841.8898 - 700.0) / 72.0 * 25.4).abs() < 2.5, "{area:?}");
    assert!(area.x > 50.0 && area.x < 60.0 && area.height > 4.0 && area.height < 9.0, "{area:?}");
    let turned = append(&bytes, &[(PAGE, page_object(PAGE, "/Rotate 90 "))], TRAILER);
    let turned = page(&turned).text().find("yuan")[0].areas[0];
    assert!(turned.height > turned.width, "{turned:?}");
}

#[test]
fn poppler_finds_words_of_a_chinese_page_where_we_do() {
    let lab = Lab::new("pdf-words");
    let html = "<!DOCTYPE html><meta charset=utf-8><style>@page{size:A4;margin:20mm}body{font:16px 'Noto Serif CJK SC'}\
                td{border:1px solid #888;padding:4px}</style><h1>采购合同</h1><p>甲方（盖章）：示例市测试有限公司　乙方（盖章）：</p>\
                <table><tr><td>名称<td>金额<tr><td>纸张<td>￥1,280.00</table><p style='color:#c00'>本合同一式两份。</p>";
    lab.write("in.html", html);
    let (ok, text) = lab.run(
        "chromium",
        &[
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
            "--print-to-pdf=in.pdf",
            "in.html",
        ],
    );
    assert!(ok, "chromium: {text}");
    let bytes = lab.read("in.pdf");
    let own = page(&bytes);
    assert!(own.notes().is_empty(), "{:?}", own.notes());
    let (ok, boxes) = lab.run("pdftotext", &["-bbox", "in.pdf", "-"]);
    assert!(ok, "pdftotext: {boxes}");
    for word in ["采购合同", "￥1,280.00", "本合同一式两份。"] {
        let found = own.text().find(word);
        assert_eq!(found.len(), 1, "{word}: {}", own.text().plain());
        let line = boxes
            .lines()
            .find(|line| line.contains(&format!(">{word}<")))
            .unwrap_or_else(|| panic!("{boxes}"));
        let value = |key: &str| -> f64 {
            let from = line.find(&format!("{key}=\"")).unwrap() + key.len() + 2;
            line[from..].split('"').next().unwrap().parse::<f64>().unwrap() / 72.0 * 25.4
        };
        let (x, y) = found[0].center();
        assert!((x - (value("xMin") + value("xMax")) / 2.0).abs() < 1.5, "{word} {x}: {line}");
        assert!((y - (value("yMin") + value("yMax")) / 2.0).abs() < 2.5, "{word} {y}: {line}");
    }
    let found = from_poppler(&bytes, 1);
    assert!(found < 2.5, "{found}");
}

#[test]
fn a_form_that_draws_itself_and_forms_without_end_are_left_out() {
    let form = |content: &str, names: &str| {
        stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << {names} >> >>"
            ),
            content,
        )
    };
    let itself =
        sheet("/A Do", "/XObject << /A 20 0 R >>", &[(20, form("0 0 9 9 re f /A Do /A Do", "/A 20 0 R"))]);
    // Drawn once, or not at all: it ends.
    let own = page(&itself);
    assert!(own.draw(20, &RenderLimits::default()).is_ok());
    let many: Vec<(u32, String)> = (20..40)
        .map(|n| (n, form("/A Do /A Do /A Do /A Do 0 0 9 9 re f", &format!("/A {} 0 R", n + 1))))
        .chain([(40, form("1 0 0 rg 0 0 9 9 re f", ""))])
        .collect();
    let bomb = sheet("/A Do", "/XObject << /A 20 0 R >>", &many);
    assert!(codes(&page(&bomb)).contains(&"CONTENT_LIMIT"));
    // The same, seen from cells of patterns.
    let mut inside = many;
    inside.push((
        50,
        stream(
            "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 20 20] /XStep 20 /YStep 20 \
             /Resources << /XObject << /A 20 0 R >> >>",
            "/A Do",
        ),
    ));
    let resources = "/ColorSpace << /P /Pattern >> /Pattern << /T 50 0 R >>";
    let bomb = sheet("/P cs /T scn 0 0 500 500 re f", resources, &inside);
    assert!(codes(&page(&bomb)).contains(&"CONTENT_LIMIT"));
}

#[test]
fn circles_in_colors_and_functions_are_cut() {
    let color = sheet(
        "/C cs 0.5 scn 0 0 100 100 re f",
        "/ColorSpace << /C 20 0 R >>",
        &[(20, "[ /Indexed 20 0 R 1 <000000FFFFFF> ]".to_owned())],
    );
    assert_eq!(codes(&page(&color)), ["OBJECT_CIRCLE"]);
    let function = sheet(
        "/S sh",
        "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 100 0] /Function 20 0 R >> >>",
        &[(
            20,
            "<< /FunctionType 3 /Domain [0 1] /Functions [20 0 R 20 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>"
                .to_owned(),
        )],
    );
    assert!(codes(&page(&function)).contains(&"OBJECT_CIRCLE"));
    // Without a circle, but with a hundred to the power of ten parts.
    let parts = |to: u32| {
        let list = vec![format!("{to} 0 R"); 100].join(" ");
        format!("<< /FunctionType 3 /Domain [0 1] /Functions [{list}] /Bounds [] /Encode [] >>")
    };
    let more: Vec<(u32, String)> = (20..30).map(|n| (n, parts(n + 1))).collect();
    let deep = sheet(
        "/S sh",
        "/Shading << /S << /ShadingType 2 /ColorSpace /DeviceGray /Coords [0 0 100 0] /Function 20 0 R >> >>",
        &more,
    );
    assert!(codes(&page(&deep)).contains(&"OBJECT_LIMIT"));
}

#[test]
fn what_unpacks_without_end_is_left_out() {
    use std::io::Write;
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        packer.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let packed = packer.finish().unwrap();
    let digits: String = packed.iter().map(|b| format!("{b:02X}")).collect();
    let content = stream("/Filter [/ASCIIHexDecode /FlateDecode]", &format!("{digits}>"));
    let bytes = append(&pdf::plain(), &[(CONTENT, content)], TRAILER);
    let limits = RenderLimits { max_stream_bytes: 8 << 20, ..RenderLimits::default() };
    let own = open(&bytes, &limits).page(0).unwrap();
    assert_eq!(codes(&own), ["STREAM_UNREADABLE"]);
    // Images that announce more than may be decoded.
    for image in [
        "/Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8 /ColorSpace /DeviceGray",
        "/Subtype /Image /Width 10 /Height 60000 /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode \
         /DecodeParms << /K -1 /Columns 60000 >>",
    ] {
        let bytes =
            sheet("100 0 0 100 0 0 cm /I Do", "/XObject << /I 20 0 R >>", &[(20, stream(image, "abc"))]);
        assert_eq!(codes(&page(&bytes)), ["IMAGE_TOO_LARGE"], "{image}");
    }
}

#[test]
fn a_file_that_is_two_kinds_at_once_is_not_shown() {
    let ofd = yinxin_ofd::sample::document(1, "合同", &["甲方"]);
    let both = [pdf::plain(), ofd].concat();
    let opened =
        Paged::open(Cursor::new(both), Options::new(FontSet::builtin()), &yinxin_ofd::Limits::default());
    assert_eq!(opened.unwrap_err().code(), "PDF_AND_ZIP");
    let neither = Paged::open(
        Cursor::new(b"hello".to_vec()),
        Options::new(FontSet::builtin()),
        &yinxin_ofd::Limits::default(),
    );
    assert!(!neither.unwrap_err().to_string().is_empty());
}

#[test]
fn damaged_files_give_a_page_with_notes_or_an_error_and_never_break() {
    let good = drawings();
    let mut seen = 0;
    for seed in 0..120_usize {
        let mut bytes = good.clone();
        let at = seed * 37 % (bytes.len() - 60);
        for byte in bytes[at..at + 40].iter_mut().step_by(1 + seed % 7) {
            *byte = byte.wrapping_add(1 + seed as u8);
        }
        let options = Options::new(FontSet::builtin());
        let opened = Paged::open(Cursor::new(bytes), options, &yinxin_ofd::Limits::default());
        if let Ok(mut pages) = opened
            && let Ok(page) = pages.page(0)
        {
            seen += usize::from(page.draw(20, &RenderLimits::default()).is_ok());
        }
    }
    assert!(seen > 10, "{seen}");
}
