//! Images of every format, masks, and pictures of seals.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod support;

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use support::{BLUE, Look, RED, Sheet, WHITE, block, read};
use yinxin_ofd::sample;
use yinxin_render::RenderLimits;
use yinxin_testkit::ofd::SignForge;

/// Left half red, right half blue.
fn halves(format: ImageFormat) -> Vec<u8> {
    let picture =
        RgbaImage::from_fn(
            40,
            20,
            |x, _| if x < 20 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 0, 255, 255]) },
        );
    let picture = DynamicImage::ImageRgba8(picture);
    let picture =
        if format == ImageFormat::Jpeg { DynamicImage::ImageRgb8(picture.to_rgb8()) } else { picture };
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn media(files: &[(&str, &[u8])]) -> Sheet {
    let mut list = String::new();
    for (n, (name, _)) in files.iter().enumerate() {
        list += &format!(
            "<ofd:MultiMedia ID=\"{}\" Type=\"Image\"><ofd:MediaFile>{name}</ofd:MediaFile></ofd:MultiMedia>",
            70 + n
        );
    }
    let object =
        "<ofd:ImageObject ID=\"6\" ResourceID=\"70\" Boundary=\"10 10 40 20\" CTM=\"40 0 0 20 0 0\"/>";
    let mut sheet = Sheet::of(object).resources(&format!("<ofd:MultiMedias>{list}</ofd:MultiMedias>"));
    for (name, bytes) in files {
        sheet = sheet.part(&format!("Doc_0/Res/{name}"), bytes);
    }
    sheet
}

#[test]
fn images_of_every_format_fill_their_box() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Tiff};
    for format in [Png, Jpeg, Bmp, Gif, Tiff] {
        let look = media(&[("i", &halves(format))]).look();
        let ink = look.ink().unwrap();
        assert!(
            ink.iter().zip([10.0, 10.0, 50.0, 30.0]).all(|(a, b)| (a - b).abs() < 0.3),
            "{format:?} {ink:?}"
        );
        let near =
            |x: f64, color: [u8; 3]| look.at(x, 20.0).iter().zip(color).all(|(a, b)| a.abs_diff(b) < 12);
        assert!(near(20.0, RED) && near(40.0, BLUE), "{format:?}");
    }
}

#[test]
fn a_jbig2_image_made_by_hand_is_decoded() {
    // A file of one page of 8 × 8 pixels, wholly black by its page information (ITU-T T.88 7.4.8), and its end.
    let mut file = b"\x97JB2\r\n\x1a\n\x01\0\0\0\x01".to_vec();
    file.extend([0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19]);
    file.extend([0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0x04, 0, 0]);
    file.extend([0, 0, 0, 1, 49, 0, 1, 0, 0, 0, 0]);
    file.extend([0, 0, 0, 2, 51, 0, 0, 0, 0, 0, 0]);
    let look = media(&[("i.jb2", &file)]).look();
    look.is(30.0, 20.0, [0, 0, 0]);
}

#[test]
fn an_image_mask_hides_what_is_dark_in_it() {
    let mask = RgbaImage::from_fn(2, 2, |_, y| if y == 0 { Rgba([0, 0, 0, 255]) } else { Rgba([255; 4]) });
    let mut png = Cursor::new(Vec::new());
    DynamicImage::ImageRgba8(mask).write_to(&mut png, ImageFormat::Png).unwrap();
    let sheet = media(&[("i", &halves(ImageFormat::Png)), ("m", png.get_ref())]);
    let page = String::from_utf8(
        sheet.forge.parts.iter().find(|(n, _)| n.ends_with("Page_0/Content.xml")).unwrap().1.clone(),
    );
    let page = page.unwrap().replace("ResourceID=\"70\"", "ResourceID=\"70\" ImageMask=\"71\"");
    let look = sheet.part("Doc_0/Pages/Page_0/Content.xml", page.as_bytes()).look();
    look.white(20.0, 14.0);
    look.is(20.0, 26.0, RED);
}

#[test]
fn a_broken_image_is_noted_and_the_rest_is_drawn() {
    let mut broken = halves(ImageFormat::Png);
    broken.truncate(60);
    let sheet = media(&[("i", &broken)]);
    assert_eq!(sheet.codes(), ["IMAGE_UNREADABLE"]);
}

/// A sheet with a seal of this picture over a black box, 20 × 20 mm at 30,10.
fn sealed(kind: &str, picture: &[u8], clip: &str) -> Look {
    let mut sheet = Sheet::of(&block(30.0, 10.0, 20.0, 5.0, "0 0 0"));
    let seal = support::seal(kind, picture);
    let mut sign = SignForge::seal(&seal, |_, _| Vec::new());
    sign.stamps = format!("<ofd:StampAnnot ID=\"1\" PageRef=\"1\" Boundary=\"30 10 20 20\"{clip}/>");
    sheet.forge.signatures = vec![sign];
    let page = read(&sheet.forge.build(), &RenderLimits::default());
    // The sample document's font is not embedded.
    assert!(
        page.notes().iter().all(|note| kind == "OFD" && note.code == "FONT_SUBSTITUTED"),
        "{:?}",
        page.notes()
    );
    Look::of(&page)
}

#[test]
fn seals_of_every_kind_of_picture_are_drawn_in_their_box() {
    use ImageFormat::{Bmp, Gif, Jpeg, Png};
    for (kind, format) in [("PNG", Png), ("JPG", Jpeg), ("BMP", Bmp), ("GIF", Gif)] {
        let look = sealed(kind, &halves(format), "");
        let near =
            |x: f64, color: [u8; 3]| look.at(x, 22.0).iter().zip(color).all(|(a, b)| a.abs_diff(b) < 12);
        assert!(near(35.0, RED) && near(45.0, BLUE), "{kind}");
        // A picture without transparency lies on the page as ink does: what was black stays black.
        assert!(look.at(35.0, 12.0).iter().all(|part| *part < 12), "{kind}");
    }
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20' width='20mm' height='20mm'><path fill='#f00' d='M0 0H10V20H0Z'/></svg>";
    let look = sealed("SVG", svg.as_bytes(), "");
    look.is(35.0, 22.0, RED);
    look.white(45.0, 22.0);
    let document = sample::document(1, "印", &["印模"; 10]);
    let look = sealed("OFD", &document, "");
    assert!(look.ink_within([30.0, 16.0, 50.0, 30.0]).is_some());
    look.white(51.0, 22.0);
}

#[test]
fn a_clip_shows_only_a_slice_of_the_seal() {
    let look = sealed("PNG", &halves(ImageFormat::Png), " Clip=\"5 0 10 20\"");
    look.white(32.0, 22.0);
    look.is(37.0, 22.0, RED);
    look.is(43.0, 22.0, BLUE);
    look.is(48.0, 22.0, WHITE);
}
