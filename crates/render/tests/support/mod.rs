//! Documents of one page, written by hand, and looks at their pictures.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]
#![allow(clippy::print_stdout, reason = "tests say what is absent")]

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use yinxin_ofd::{Limits, Package};
use yinxin_render::{FontSet, Options, Page, Pages, Picture, RenderLimits};
use yinxin_testkit::ofd::{NS, OfdForge};

/// Five pixels for each millimeter.
pub const DPI: u32 = 127;

/// A document whose first page is 100 × 60 mm.
#[derive(Clone)]
pub struct Sheet {
    pub forge: OfdForge,
}

impl Sheet {
    /// With this inside the body layer.
    pub fn of(objects: &str) -> Self {
        Self::page(&format!(
            "<ofd:Content><ofd:Layer ID=\"9\" Type=\"Body\">{objects}</ofd:Layer></ofd:Content>"
        ))
    }

    /// With this inside the page element.
    pub fn page(inside: &str) -> Self {
        let page = format!(
            "<ofd:Page {NS}><ofd:Area><ofd:PhysicalBox>0 0 100 60</ofd:PhysicalBox></ofd:Area>{inside}</ofd:Page>"
        );
        Self { forge: OfdForge::new().part("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()) }.resources("")
    }

    /// With these lists in PublicRes.xml; font 1 is always there.
    pub fn resources(self, lists: &str) -> Self {
        let list = format!(
            "<ofd:Res {NS} BaseLoc=\"Res\"><ofd:Fonts><ofd:Font ID=\"1\" FontName=\"Noto Serif SC\"/></ofd:Fonts>{lists}</ofd:Res>"
        );
        self.part("Doc_0/PublicRes.xml", list.as_bytes())
    }

    /// With more in Document.xml: inside CommonData, and behind Pages.
    pub fn document(self, common: &str, behind: &str) -> Self {
        let root = format!(
            "<ofd:Document {NS}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>\
             <ofd:PublicRes>PublicRes.xml</ofd:PublicRes>{common}</ofd:CommonData><ofd:Pages>\
             <ofd:Page ID=\"1\" BaseLoc=\"Pages/Page_0/Content.xml\"/></ofd:Pages>{behind}</ofd:Document>"
        );
        self.part("Doc_0/Document.xml", root.as_bytes())
    }

    pub fn part(self, name: &str, content: &[u8]) -> Self {
        Self { forge: self.forge.part(name, content) }
    }

    pub fn read(&self) -> Page {
        read(&self.forge.build(), &RenderLimits::default())
    }

    pub fn read_within(&self, limits: &RenderLimits) -> Page {
        read(&self.forge.build(), limits)
    }

    /// The picture of a page without notes.
    pub fn look(&self) -> Look {
        let page = self.read();
        assert_eq!(page.notes(), [], "a page without notes");
        Look::of(&page)
    }

    /// The codes of the page's notes.
    pub fn codes(&self) -> Vec<&'static str> {
        self.read().notes().iter().map(|note| note.code).collect()
    }
}

pub fn pages(bytes: &[u8], limits: &RenderLimits) -> Pages<Cursor<Vec<u8>>> {
    let package = Package::open(Cursor::new(bytes.to_vec()), &Limits::default()).unwrap();
    let mut options = Options::new(FontSet::builtin());
    options.limits = limits.clone();
    Pages::open(package, options).unwrap()
}

pub fn read(bytes: &[u8], limits: &RenderLimits) -> Page {
    pages(bytes, limits).page(0).unwrap()
}

/// A picture to be asked in millimeters.
pub struct Look(pub Picture);

impl Look {
    pub fn of(page: &Page) -> Self {
        let picture = page.draw(DPI, &RenderLimits::default()).unwrap();
        assert_eq!(picture.notes, []);
        Self(picture)
    }

    /// The color at a point.
    pub fn at(&self, x: f64, y: f64) -> [u8; 3] {
        let scale = f64::from(self.0.dpi) / 25.4;
        let (column, row) = ((x * scale) as usize, (y * scale) as usize);
        let start = (row * self.0.width as usize + column) * 3;
        self.0.rgb[start..start + 3].try_into().unwrap()
    }

    #[track_caller]
    pub fn is(&self, x: f64, y: f64, color: [u8; 3]) {
        let found = self.at(x, y);
        let near = found.iter().zip(color).all(|(a, b)| a.abs_diff(b) <= 3);
        assert!(near, "at {x},{y}: {found:?}, not {color:?}");
    }

    #[track_caller]
    pub fn white(&self, x: f64, y: f64) {
        self.is(x, y, WHITE);
    }

    /// The box of everything that is not white, in mm: left, top, right, bottom.
    pub fn ink(&self) -> Option<[f64; 4]> {
        self.ink_within([0.0, 0.0, f64::MAX, f64::MAX])
    }

    /// The same inside a box.
    pub fn ink_within(&self, [left, top, right, bottom]: [f64; 4]) -> Option<[f64; 4]> {
        let scale = f64::from(self.0.dpi) / 25.4;
        let mut found: Option<[f64; 4]> = None;
        for (at, pixel) in self.0.rgb.chunks_exact(3).enumerate() {
            let x = (at % self.0.width as usize) as f64 / scale;
            let y = (at / self.0.width as usize) as f64 / scale;
            let inside = x >= left && y >= top && x < right && y < bottom;
            if inside && pixel.iter().any(|part| *part < 128) {
                let end = 1.0 / scale;
                let [l, t, r, b] = found.unwrap_or([x, y, x + end, y + end]);
                found = Some([l.min(x), t.min(y), r.max(x + end), b.max(y + end)]);
            }
        }
        found
    }

    /// The share of pixels that are not white.
    pub fn share(&self) -> f64 {
        let inked = self.0.rgb.chunks_exact(3).filter(|p| p.iter().any(|part| *part < 200)).count();
        inked as f64 / (self.0.rgb.len() / 3) as f64
    }
}

pub const WHITE: [u8; 3] = [255, 255, 255];
pub const BLACK: [u8; 3] = [0, 0, 0];
pub const RED: [u8; 3] = [255, 0, 0];
pub const BLUE: [u8; 3] = [0, 0, 255];

/// A filled box.
pub fn block(x: f64, y: f64, w: f64, h: f64, color: &str) -> String {
    format!(
        "<ofd:PathObject ID=\"7\" Boundary=\"{x} {y} {w} {h}\" Stroke=\"false\" Fill=\"true\"><ofd:FillColor Value=\"{color}\"/>\
         <ofd:AbbreviatedData>M 0 0 L {w} 0 L {w} {h} L 0 {h} C</ofd:AbbreviatedData></ofd:PathObject>"
    )
}

/// The collection of foreign documents; `None`, and a word about it, where it is absent.
pub fn interop() -> Option<PathBuf> {
    let dir = std::env::var_os("YINXIN_INTEROP")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/interop"), PathBuf::from);
    if dir.join("expected.tsv").is_file() {
        return Some(dir);
    }
    println!("INTEROP DATA ABSENT: {} (set YINXIN_INTEROP)", dir.display());
    None
}

/// The pixels of an SVG as librsvg draws it, in a picture of this size.
pub fn drawn_by_librsvg(svg: &str, width: u32, height: u32) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("page.svg");
    std::fs::write(&file, svg).unwrap();
    let made = Command::new("rsvg-convert")
        .args(["--unlimited", "-w", &width.to_string(), "-h", &height.to_string(), "-b", "white"])
        .arg(&file)
        .output()
        .expect("rsvg-convert of librsvg2-bin");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    rgb(&made.stdout, width, height)
}

/// The pixels of a PNG without alpha.
pub fn rgb(bytes: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut decoder = png::Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height), (width, height));
    let step = info.color_type.samples();
    pixels
        .chunks_exact(step)
        .flat_map(|pixel| if step >= 3 { [pixel[0], pixel[1], pixel[2]] } else { [pixel[0]; 3] })
        .collect()
}

/// Mean difference of two pictures, 0 to 255.
pub fn difference(a: &[u8], b: &[u8]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len() as f64
}

/// A seal with this picture, made by the fixture's maker.
pub fn seal(kind: &str, picture: &[u8]) -> Vec<u8> {
    use yinxin_formats::der::write as w;
    use yinxin_testkit::seal::{Layout, SealForge};
    let pki = yinxin_testkit::Pki::new();
    let picture = vec![w::ia5(kind), w::octets(picture), w::small(20), w::small(20)];
    SealForge::new(Layout::V4, &pki, &[]).with(|seal| seal.picture = picture).build()
}
