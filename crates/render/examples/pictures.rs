//! Draws every page of an OFD document: `cargo run -p yinxin-render --example pictures -- IN.ofd OUT [DPI] [FONT…]`
//! writes OUT-1.png, OUT-1.svg and so on, and says what the pictures do not show.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "an example shows its result on standard output"
)]

use std::fs::File;

use yinxin_ofd::{Limits, Package};
use yinxin_render::{FontSet, Options, Pages, RenderLimits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, rest @ ..] = arguments.as_slice() else {
        return Err("IN.ofd OUT [DPI] [FONT…]".into());
    };
    let dpi = rest.first().map_or(Ok(96), |dpi| dpi.parse())?;
    let mut fonts = FontSet::new();
    for font in rest.iter().skip(1) {
        fonts.add(font, std::fs::read(font)?)?;
    }
    fonts.add("builtin", yinxin_imprint::Font::builtin().data().to_vec())?;
    let package = Package::open(File::open(input)?, &Limits::default())?;
    let mut pages = Pages::open(package, Options::new(fonts))?;
    for number in 0..pages.count() {
        let start = std::time::Instant::now();
        let page = pages.page(number)?;
        let read = start.elapsed();
        let picture = page.draw(dpi, &RenderLimits::default())?;
        let drawn = start.elapsed() - read;
        let png = picture.to_png()?;
        println!(
            "page {}: read {read:.1?}, drawn {drawn:.1?}, encoded {:.1?}",
            number + 1,
            start.elapsed() - read - drawn
        );
        std::fs::write(format!("{output}-{}.png", number + 1), png)?;
        std::fs::write(format!("{output}-{}.svg", number + 1), page.to_svg())?;
        for note in page.notes().iter().chain(&picture.notes) {
            println!(
                "  {} {} ×{}: {}",
                note.code,
                note.object.as_deref().unwrap_or(""),
                note.count,
                note.detail
            );
        }
    }
    Ok(())
}
