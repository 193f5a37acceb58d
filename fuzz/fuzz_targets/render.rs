//! Reads and draws the first pages of any bytes as an OFD, and the text of page content without a package around it.
#![no_main]

#[path = "../store.rs"]
mod store;

use libfuzzer_sys::fuzz_target;
use std::io::Cursor;
use store::store;
use yinxin_ofd::{Limits, Package};
use yinxin_render::{FontSet, Options, Pages, RenderLimits};

const OFD: &str = r#"<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>"#;
const DOCUMENT: &str = r#"<Document><CommonData><PageArea><PhysicalBox>0 0 100 60</PhysicalBox></PageArea><PublicRes>R.xml</PublicRes></CommonData><Pages><Page ID="1" BaseLoc="P.xml"/></Pages></Document>"#;
const RESOURCES: &str = r#"<Res><Fonts><Font ID="1" FontName="x"><FontFile>F.ttf</FontFile></Font></Fonts><MultiMedias><MultiMedia ID="2"><MediaFile>I.png</MediaFile></MultiMedia></MultiMedias></Res>"#;
const OBJECTS: &str = r#"<TextObject Font="1" Size="5" Boundary="1 1 50 9"><CGTransform CodePosition="1" CodeCount="1" GlyphCount="1"><Glyphs>3</Glyphs></CGTransform><TextCode X="0" Y="5" DeltaX="5">Abc</TextCode></TextObject><ImageObject ResourceID="2" Boundary="1 9 9 9"/>"#;

/// Small bounds: what is looked for is panics, not patience.
fn limits() -> RenderLimits {
    RenderLimits {
        max_objects: 2_000,
        max_path_steps: 50_000,
        max_characters: 2_000,
        max_clips: 200,
        max_pixels: 2_000_000,
        max_work: 50_000_000,
        max_image_pixels: 1_000_000,
        max_page_image_pixels: 2_000_000,
        ..RenderLimits::default()
    }
}

fn draw(bytes: &[u8]) {
    let Ok(package) = Package::open(Cursor::new(bytes), &Limits::default()) else { return };
    let mut options = Options::new(FontSet::builtin());
    options.limits = limits();
    let Ok(mut pages) = Pages::open(package, options) else { return };
    for number in 0..pages.count().min(3) {
        let Ok(page) = pages.page(number) else { continue };
        let _ = page.to_svg();
        let _ = page.text().find("合同");
        if let Ok(picture) = page.draw(30, &limits()) {
            let _ = picture.to_png();
        }
    }
}

fuzz_target!(|data: &[u8]| {
    draw(data);
    // Most bytes are no package: the same bytes as a page, an embedded font, an image and objects of a sound one.
    let objects = std::str::from_utf8(data).unwrap_or(OBJECTS);
    let page = format!("<Page><Content><Layer>{objects}{OBJECTS}</Layer></Content></Page>");
    draw(&store(&[
        ("OFD.xml", OFD.as_bytes()),
        ("D.xml", DOCUMENT.as_bytes()),
        ("R.xml", RESOURCES.as_bytes()),
        ("P.xml", page.as_bytes()),
        ("F.ttf", data),
        ("I.png", data),
    ]));
});
