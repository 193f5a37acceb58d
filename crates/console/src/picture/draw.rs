//! A page of a document as PNG, with seals framed or laid on.

use super::FONTS;
use super::strip::strip;
use crate::api::shapes::Signature;
use crate::frame::Lang;
use crate::keep::{Stamp, StampPlace};
use crate::words::Words;
use image::imageops::FilterType;
use std::fs::File;
use std::path::Path;
use yinxin_ofd::{Limits, Rect};
use yinxin_render::{Mark, OnPage, Options, Paged, Picture, RenderLimits, find_in};

/// Pixels of the longer side of a page.
const LONGER_SIDE: f64 = 1500.0;
/// Most dots per inch: a small page is not blown up.
const MOST_DPI: f64 = 130.0;
/// Pixels of a seal's picture that is laid on.
const MOST_SEAL: u32 = 6000;

/// What is to be drawn.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Page, from 1.
    pub page: usize,
    /// Frames.
    pub marks: Vec<Mark>,
    /// Seals to be laid on.
    pub stamps: Vec<Stamp>,
}

pub(super) fn open(path: &Path, text_only: bool) -> Option<Paged<File>> {
    let read = Limits { max_part_size: 32 << 20, max_xml_nodes: 500_000, ..Limits::default() };
    let file = File::open(path).ok()?;
    let mut options = Options::new(FONTS.clone());
    options.limits = RenderLimits::for_strangers();
    options.seals = !text_only;
    options.images = !text_only;
    Paged::open(file, options, &read).ok()
}

pub(super) fn count(path: &Path) -> Option<usize> {
    open(path, true).map(|pages| pages.count()).filter(|count| *count > 0)
}

/// Pages that are searched.
const SEARCHED: usize = 2000;
/// Places that one word may give.
const MOST_HITS: usize = 1000;

pub(super) fn hits(path: &Path, word: &str, hit: u32) -> Vec<OnPage> {
    let Some(mut document) = open(path, true) else { return Vec::new() };
    find_in(&mut document, word, hit, SEARCHED, MOST_HITS).ok().flatten().unwrap_or_default()
}

pub(super) fn page(path: &Path, wanted: &Wanted) -> Option<Vec<u8>> {
    let mut pages = open(path, false)?;
    let last = pages.count();
    let page = pages.page(wanted.page.checked_sub(1)?).ok()?;
    let (wide, high) = page.size_mm();
    let longer = wide.max(high).max(1.0);
    let dpi = (LONGER_SIDE / longer * 25.4).clamp(f64::from(yinxin_render::MIN_DPI), MOST_DPI);
    let page = page.marked(&wanted.marks, &FONTS);
    let mut picture = page.draw(dpi as u32, &RenderLimits::for_strangers()).ok()?;
    for stamp in &wanted.stamps {
        lay(&mut picture, stamp, (wanted.page, last), (wide, high));
    }
    picture.to_png().ok()
}

/// Lays a seal on the page as ink: where both are dark it stays dark.
fn lay(page: &mut Picture, stamp: &Stamp, (number, last): (usize, usize), paper: (f64, f64)) {
    let end = stamp.last.min(last);
    if number < stamp.first || number > end {
        return;
    }
    let Ok(seal) = image::load_from_memory(&stamp.picture) else { return };
    let scale = f64::from(page.dpi) / 25.4;
    let pixels = |mm: f64| ((mm * scale).round() as u32).clamp(1, MOST_SEAL);
    let seal =
        seal.resize_exact(pixels(stamp.size_mm.0), pixels(stamp.size_mm.1), FilterType::Triangle).to_rgba8();
    let (wide, high) = stamp.size_mm;
    // Over the edges every page gets its strip.
    let (corner, from, size) = match stamp.place {
        StampPlace::At(x, y) => ((x - wide / 2.0, y - high / 2.0), (0.0, 0.0), stamp.size_mm),
        StampPlace::Over(edge, along) => {
            let sheets = end.saturating_sub(stamp.first).saturating_add(1);
            let strip = strip(edge, number.saturating_sub(stamp.first), sheets, stamp.size_mm);
            (strip.corner(edge, along, paper, stamp.size_mm), strip.from, strip.size)
        }
    };
    let pixel = |mm: f64| (mm * scale).round() as i64;
    let (left, top) = (pixel(corner.0), pixel(corner.1));
    let (columns, rows) = (pixel(from.0)..pixel(from.0 + size.0), pixel(from.1)..pixel(from.1 + size.1));
    for (x, y, ink) in seal.enumerate_pixels() {
        let (x, y) = (i64::from(x), i64::from(y));
        if !columns.contains(&x) || !rows.contains(&y) {
            continue;
        }
        let (to_x, to_y) = (left + x - columns.start, top + y - rows.start);
        if to_x < 0 || to_y < 0 || to_x >= i64::from(page.width) || to_y >= i64::from(page.height) {
            continue;
        }
        let [red, green, blue, alpha] = ink.0;
        let at = (to_y as usize)
            .saturating_mul(page.width as usize)
            .saturating_add(to_x as usize)
            .saturating_mul(3);
        let Some(paper) = page.rgb.get_mut(at..at.saturating_add(3)) else { continue };
        for (paper, ink) in paper.iter_mut().zip([red, green, blue]) {
            // The seal's own transparency, then multiplication.
            let ink = 255_u32.saturating_sub(
                u32::from(alpha).saturating_mul(255_u32.saturating_sub(u32::from(ink))) / 255,
            );
            *paper = (u32::from(*paper).saturating_mul(ink) / 255) as u8;
        }
    }
}

/// Frames of a signature on a page.
pub fn mark_of(signature: &Signature, page: usize, lang: Lang) -> Vec<Mark> {
    let color = match signature.verdict.as_str() {
        "valid" => [0x1a, 0x7f, 0x37],
        "invalid" => [0xc6, 0x28, 0x28],
        _ => [0xb2, 0x6a, 0x00],
    };
    let name = signature.seal.as_ref().map_or("", |seal| seal.name.as_str());
    let label = format!("{} {name}", Words(lang).verdict(&signature.verdict));
    let here = signature.stamps.iter().filter(|stamp| stamp.page == page);
    here.filter_map(|stamp| {
        let area = Rect::parse(&stamp.boundary)?;
        let clip = stamp.clip.as_deref().and_then(Rect::parse);
        let area = clip.map_or(area, |c| Rect::new(area.x + c.x, area.y + c.y, c.width, c.height));
        Some(Mark { area, color, label: label.clone() })
    })
    .collect()
}
