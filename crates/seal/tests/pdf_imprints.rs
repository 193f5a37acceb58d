//! The seal's picture on the pages of a PDF: paths where it is made of paths, and what other software makes of it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failure here fails the test"
)]

mod support;

use std::io::Cursor;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use support::{assert_verdict, facts, judge, outcome};
use yinxin_formats::der::write as w;
use yinxin_formats::ses::Seal;
use yinxin_imprint::{Font, ImprintSpec, draw};
use yinxin_ofd::sign::{Edge, Placement};
use yinxin_render::{ArtNote, Beyond, FontSet, Options, Page, Paged, RenderLimits};
use yinxin_seal::Verdict;
use yinxin_seal::report::Outcome;
use yinxin_seal::sign::{SignRequest, What, shown_otherwise, sign_pdf};
use yinxin_testkit::oracle::Lab;
use yinxin_testkit::seal::{Layout, SealForge};
use yinxin_testkit::{Pki, clock, pdf};

static PKI: LazyLock<Pki> = LazyLock::new(Pki::new);
/// Left and upper edge of the seal, in mm; it is 40 mm wide and high.
const PLACE: (f64, f64) = (30.0, 50.0);
/// Dots per inch of pictures that are compared.
const DPI: u32 = 600;

/// A round seal by the rules, as SVG.
fn svg() -> Vec<u8> {
    imprint().to_svg().into_bytes()
}

fn imprint() -> yinxin_imprint::Drawing {
    let spec = ImprintSpec::official("示例市示例科技有限公司").with_code("1101050012345");
    draw(&spec, &Font::builtin()).unwrap()
}

/// The same as an OFD page.
fn ofd() -> Vec<u8> {
    let (page, last) = imprint().to_ofd_page();
    yinxin_ofd::one_page(&page, imprint().size_mm(), last)
}

/// An SVG of 40 mm with this inside.
fn around(inside: &str) -> Vec<u8> {
    format!("<svg xmlns='http://www.w3.org/2000/svg' width='40mm' height='40mm' viewBox='0 0 40 40'>{inside}</svg>")
        .into_bytes()
}

/// Of any kind: our own maker writes none whose picture is an OFD, others do.
fn seal(kind: &str, data: Vec<u8>) -> Vec<u8> {
    let picture = vec![w::ia5(kind), w::octets(&data), w::small(40), w::small(40)];
    SealForge::new(Layout::V4, &PKI, &[&PKI.signer_a]).with(|seal| seal.picture = picture).build()
}

fn sealed_at(seal: &[u8], place: Placement) -> Vec<u8> {
    let request =
        SignRequest::new(What::Seal(seal.to_vec()), PKI.signer_a.cert.clone(), clock::signed()).place(place);
    let mut out = Vec::new();
    let key = &*PKI.signer_a.key;
    sign_pdf(Cursor::new(pdf::plain()), &request, key, &facts(&PKI), None, &mut out, &mut |_, _| ()).unwrap();
    out
}

fn sealed(kind: &str, data: Vec<u8>) -> Vec<u8> {
    sealed_at(&seal(kind, data), Placement::on_page(0, PLACE.0, PLACE.1, 40.0, 40.0))
}

fn notes(kind: &str, data: Vec<u8>) -> Vec<ArtNote> {
    shown_otherwise(&Seal::parse(&seal(kind, data), &Default::default()).unwrap()).unwrap()
}

/// The comparison with the seal's own picture.
fn compared(bytes: &[u8]) -> Outcome {
    let report = judge(bytes, &facts(&PKI));
    assert_verdict(&report, Verdict::Valid);
    outcome(&report, "SEAL_FILE_MISMATCH")
}

/// Pixels of a page, three bytes each.
struct Pixels {
    width: usize,
    rgb: Vec<u8>,
}

impl Pixels {
    fn png(bytes: &[u8]) -> Self {
        let mut decoder = png::Decoder::new(Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut rgb).unwrap();
        assert_eq!(frame.color_type, png::ColorType::Rgb);
        Self { width: frame.width as usize, rgb }
    }

    /// At a place of the seal, in mm from its upper left corner.
    fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let pixel = |mm: f64| (mm / 25.4 * f64::from(DPI)) as usize;
        let at = (pixel(PLACE.1 + y) * self.width + pixel(PLACE.0 + x)) * 3;
        [self.rgb[at], self.rgb[at + 1], self.rgb[at + 2]]
    }

    /// Part of the seal's box in which two pictures differ by more than a step at an edge.
    fn differing(&self, other: &Self) -> f64 {
        let (mut different, mut all) = (0.0, 0.0);
        for y in 0..800 {
            for x in 0..800 {
                let (x, y) = (f64::from(x) / 20.0, f64::from(y) / 20.0);
                let far = self.at(x, y).iter().zip(other.at(x, y)).any(|(a, b)| a.abs_diff(b) > 128);
                all += 1.0;
                different += if far { 1.0 } else { 0.0 };
            }
        }
        different / all
    }
}

fn poppler(lab: &Lab, bytes: &[u8]) -> Pixels {
    lab.write("sealed.pdf", bytes);
    let dpi = DPI.to_string();
    let args = ["-r", &dpi, "-f", "1", "-l", "1", "-singlefile", "-png", "sealed.pdf", "page"];
    let (ok, text) = lab.run("pdftoppm", &args);
    assert!(ok && !text.contains("rror"), "{text}");
    Pixels::png(&lab.read("page.png"))
}

fn mupdf(lab: &Lab, bytes: &[u8]) -> Pixels {
    lab.write("sealed.pdf", bytes);
    let (ok, text) =
        lab.run("mutool", &["draw", "-r", &DPI.to_string(), "-o", "mupdf.png", "sealed.pdf", "1"]);
    let faults =
        text.lines().any(|l| l.contains("error") || l.contains("warning") && !l.contains("ICC support"));
    assert!(ok && !faults, "{text}");
    Pixels::png(&lab.read("mupdf.png"))
}

fn ours(bytes: &[u8]) -> (Page, Pixels) {
    let limits = RenderLimits::default();
    let options = Options::new(FontSet::builtin());
    let page =
        Paged::open(Cursor::new(bytes.to_vec()), options, &Default::default()).unwrap().page(0).unwrap();
    let picture = page.draw(DPI, &limits).unwrap();
    (page, Pixels { width: picture.width as usize, rgb: picture.rgb })
}

#[test]
fn an_imprint_of_paths_is_paths_in_the_pdf_and_all_draw_it_alike() {
    let lab = Lab::new("pdf-paths");
    for (kind, data) in [("SVG", svg()), ("OFD", ofd())] {
        assert!(notes(kind, data.clone()).is_empty(), "{kind}");
        let bytes = sealed(kind, data);
        assert_eq!(compared(&bytes), Outcome::Pass, "{kind}");
        let own = ours(&bytes).1;
        let other = poppler(&lab, &bytes);
        assert!(own.differing(&other) < 0.002, "{kind}: poppler {}", own.differing(&other));
        let third = mupdf(&lab, &bytes);
        assert!(own.differing(&third) < 0.002, "{kind}: mupdf {}", own.differing(&third));
        // On the rim, between rim and name, in the star.
        let red = |[r, g, b]: [u8; 3]| r > 150 && g < 90 && b < 90;
        assert!(red(other.at(20.0, 0.6)) && red(other.at(39.4, 20.0)) && red(other.at(20.0, 18.0)), "{kind}");
        assert_eq!(other.at(2.0, 2.0), [255, 255, 255], "{kind}");
        let (ok, text) = lab.run("qpdf", &["--check", "sealed.pdf"]);
        assert!(ok, "{kind}: {text}");
        let (ok, text) = lab.run("pdfimages", &["-list", "sealed.pdf"]);
        assert!(ok && text.lines().count() == 2, "{kind}: there is a picture: {text}");
        let (ok, text) = lab.run("pdffonts", &["sealed.pdf"]);
        assert!(ok && text.lines().count() <= 3, "{kind}: it needs fonts: {text}");
        let (ok, text) = lab.run("pdftocairo", &["-svg", "-f", "1", "-l", "1", "sealed.pdf", "page.svg"]);
        assert!(ok, "{kind}: {text}");
        let drawn = String::from_utf8(lab.read("page.svg")).unwrap();
        assert!(!drawn.contains("<image") && drawn.matches("<path").count() > 20, "{kind}");
    }
}

#[test]
fn over_an_edge_each_page_shows_its_part_of_the_same_paths() {
    let lab = Lab::new("pdf-paths-cross");
    let bytes = sealed_at(&seal("SVG", svg()), Placement::cross_page(Edge::Right, 40.0, 40.0));
    assert_eq!(compared(&bytes), Outcome::Pass);
    let middle = (297.0 - 40.0) / 2.0;
    let shown = |page: &str| {
        lab.write("cross.pdf", &bytes);
        let args = ["-r", "600", "-f", page, "-l", page, "-singlefile", "-png", "cross.pdf", "page"];
        assert!(lab.run("pdftoppm", &args).0);
        Pixels::png(&lab.read("page.png"))
    };
    // The rim's left side on the first page, the right one on the second; coordinates are those of the box at `PLACE`.
    let (one, two) = (shown("1"), shown("2"));
    let y = middle + 20.0 - PLACE.1;
    let white = |p: [u8; 3]| p == [255; 3];
    assert!(!white(one.at(190.6 - PLACE.0, y)) && white(one.at(189.5 - PLACE.0, y)));
    assert!(!white(two.at(209.4 - PLACE.0, y)) && white(two.at(189.5 - PLACE.0, y)));
}

#[test]
fn strokes_opacities_and_rules_are_drawn_as_elsewhere() {
    let lab = Lab::new("pdf-paths-kinds");
    let shapes = "<g transform='rotate(30 20 20)'><rect x='8' y='8' width='24' height='24' fill='none' stroke='#c00' stroke-width='2' stroke-linejoin='round'/></g>\
                  <path fill-rule='evenodd' fill='#00c' fill-opacity='0.5' d='M10 10H30V30H10ZM15 15H25V25H15Z'/>\
                  <path d='M2 36L38 36' stroke='#080' stroke-width='1.5' stroke-dasharray='4 2' stroke-linecap='round'/>\
                  <ellipse cx='20' cy='5' rx='12' ry='3' fill='#a50'/>";
    assert!(notes("SVG", around(shapes)).is_empty());
    let bytes = sealed("SVG", around(shapes));
    assert_eq!(compared(&bytes), Outcome::Pass);
    let own = ours(&bytes).1;
    assert!(own.differing(&poppler(&lab, &bytes)) < 0.004);
    assert!(own.differing(&mupdf(&lab, &bytes)) < 0.004);
    // Against what librsvg makes of the SVG itself.
    lab.write("own.svg", around(shapes));
    let (ok, text) =
        lab.run("rsvg-convert", &["-w", "945", "-h", "945", "-b", "white", "own.svg", "-o", "own.png"]);
    assert!(ok, "{text}");
    let mut decoder = png::Decoder::new(Cursor::new(lab.read("own.png")));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let step = if reader.next_frame(&mut pixels).unwrap().color_type == png::ColorType::Rgba { 4 } else { 3 };
    let mut far = 0;
    for y in 0..200_usize {
        for x in 0..200_usize {
            let at = |v: usize| (v as f64 / 200.0 * 945.0) as usize;
            let p = (at(y) * 945 + at(x)) * step;
            let [r, g, b] = own.at(x as f64 / 5.0, y as f64 / 5.0);
            far += usize::from([r, g, b].iter().zip(&pixels[p..]).any(|(a, b)| a.abs_diff(*b) > 128));
        }
    }
    assert!(far < 400, "{far} of 40000 differ");
}

#[test]
fn what_paths_cannot_say_is_a_picture_of_600_dpi_and_says_so() {
    let lab = Lab::new("pdf-paths-not");
    let gradient = around(
        "<linearGradient id='g'><stop stop-color='#c00'/><stop offset='1' stop-color='#fcc'/></linearGradient><circle cx='20' cy='20' r='18' fill='url(#g)'/>",
    );
    let said = notes("SVG", gradient.clone());
    assert_eq!(said, [ArtNote::Pixels(Beyond::Gradients)]);
    assert!(said[0].en().contains("600 dpi") && said[0].zh().contains("渐变"), "{said:?}");
    let bytes = sealed("SVG", gradient);
    assert_eq!(compared(&bytes), Outcome::Pass);
    assert!(ours(&bytes).1.differing(&poppler(&lab, &bytes)) < 0.004);
    let (_, text) = lab.run("pdfimages", &["-list", "sealed.pdf"]);
    assert!(text.contains("image") && text.contains(" 600 "), "{text}");
    let letters = notes("SVG", around("<circle cx='20' cy='20' r='18'/><text x='9' y='9'>A</text>"));
    assert_eq!(letters, [ArtNote::Letters]);
}

#[test]
fn a_seal_drawn_on_a_ground_does_not_cover_what_is_written() {
    let lab = Lab::new("pdf-paths-ink");
    let ground =
        around("<rect width='40' height='40' fill='#fff'/><circle cx='20' cy='20' r='19' fill='#f00'/>");
    // The amount is written across the seal.
    let place = Placement::on_page(0, 15.0, 10.0, 40.0, 40.0);
    let written = pdf::plain();
    let clear = poppler(&lab, &written);
    let covered = poppler(&lab, &sealed_at(&seal("SVG", ground), place));
    let black = |p: &Pixels| p.rgb.chunks_exact(3).filter(|p| p.iter().all(|c| *c < 40)).count();
    assert!(black(&clear) > 100 && black(&covered) >= black(&clear), "{} {}", black(&clear), black(&covered));
}

#[test]
fn other_paths_than_the_seals_are_named() {
    // The signer's own forgery: the appearance of one seal, the value of another.
    let other = seal("SVG", around("<circle cx='20' cy='20' r='18' fill='#c00'/>"));
    let forged = support::pdf_with_appearance_of(&PKI, &other, &seal("SVG", svg()));
    let report = judge(&forged, &facts(&PKI));
    assert_eq!(outcome(&report, "SEAL_FILE_MISMATCH"), Outcome::Warn);
}

/// 32 × 32 pixels, a quarter each of red, cyan, white and black, without compression worth the name.
const CMYK: &str = "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgAIAAgBEMRAE0RAFkRAEsRAP/EABYAAQEBAAAAAAAAAAAAAAAAAAAKCf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAOBEMATQBZAEsAAD8A1TZVMqmqYAlXVUKqAAVUJV0q4AJV1VCqgAFVAAAAlXAAFVAAAlXAH//Z";
/// 8 × 8 pixels, the two columns on the left red, the others clear.
const GIF: &str =
    "R0lGODlhCAAIAIEAAAAAAMgAAAAAAAAAACH5BAEAAAAALAAAAAAIAAgAAAgaAAMEAECwoMCCBgciBHBwYUOEDxMuZKgQYUAAOw==";

/// The same of a bitmap of 24 bits, its rows from the bottom, the right part white.
fn bmp() -> Vec<u8> {
    let mut out = b"BM\xf6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x08\0\0\0\x08\0\0\0\x01\0\x18\0".to_vec();
    out.resize(54, 0);
    for _ in 0..8 {
        out.extend([0, 0, 200].repeat(2));
        out.extend([255; 18]);
    }
    out
}

#[test]
fn pictures_of_every_kind_are_shown_as_poppler_shows_them() {
    let lab = Lab::new("pdf-pictures");
    for (kind, data) in [("GIF", STANDARD.decode(GIF).unwrap()), ("BMP", bmp())] {
        let bytes = sealed(kind, data);
        assert_eq!(compared(&bytes), Outcome::Pass, "{kind}");
        let (own, other) = (ours(&bytes).1, poppler(&lab, &bytes));
        for picture in [&own, &other] {
            assert_eq!(picture.at(4.0, 20.0), [200, 0, 0], "{kind}");
            assert_eq!(picture.at(30.0, 20.0), [255, 255, 255], "{kind}");
        }
    }
}

#[test]
fn a_jpeg_of_four_colors_is_shown_as_poppler_shows_it() {
    let lab = Lab::new("pdf-cmyk");
    let adobe = STANDARD.decode(CMYK).unwrap();
    // Without the marker, the same numbers mean ink and not its absence.
    let bare = [&adobe[..2], &adobe[18..]].concat();
    let close = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 60);
    for (data, corner) in [(adobe, [255, 255, 255]), (bare, [0, 0, 0])] {
        let bytes = sealed("JPG", data);
        assert_eq!(compared(&bytes), Outcome::Pass);
        let (own, other) = (ours(&bytes).1, poppler(&lab, &bytes));
        assert!(close(other.at(10.0, 30.0), corner), "{:?}", other.at(10.0, 30.0));
        for (x, y) in [(10.0, 10.0), (30.0, 10.0), (10.0, 30.0), (30.0, 30.0)] {
            assert!(close(own.at(x, y), other.at(x, y)), "{:?} {:?}", own.at(x, y), other.at(x, y));
        }
    }
}
