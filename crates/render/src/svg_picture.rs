//! SVG pictures of seals: as items of the display list where they are plain shapes, in pixels otherwise. Nothing outside the file
//! is looked at.

use std::sync::Arc;

use resvg::usvg::{self, Group, Node, Paint as SvgPaint, PaintOrder, Tree};
use tiny_skia::{BlendMode, FillRule, Pixmap, Transform};
use yinxin_ofd::Rect;

use crate::art_note::Beyond;
use crate::list::{Item, Line, Paint, Pixels, Rgba};
use crate::path_object::endless;

/// An SVG picture larger than this is not drawn, in bytes.
const MAX_SVG: usize = 4 << 20;
/// Pixels per mm: 600 dots per inch.
pub(crate) const DENSITY: f64 = 600.0 / 25.4;
/// Steps of all its paths: the imprint of a long name has some ten thousand. Many long ones are minutes of drawing.
const MAX_STEPS: usize = 100_000;
/// Groups inside one another.
const MAX_NESTING: usize = 64;

/// Reads the picture.
pub(crate) fn tree(data: &[u8]) -> Result<Tree, String> {
    if data.len() > MAX_SVG {
        return Err("the SVG is too large".into());
    }
    if data.windows(9).any(|window| window.eq_ignore_ascii_case(b"<!DOCTYPE")) {
        return Err("an SVG with a document type is not read".into());
    }
    let mut options = usvg::Options::default();
    // By default a path would be looked up on the disk.
    options.image_href_resolver.resolve_string = Box::new(|_, _| None);
    let tree = Tree::from_data(data, &options).map_err(|error| error.to_string())?;
    if dashes_without_number(tree.root()) {
        return Err("dashes without number".into());
    }
    if steps(tree.root()) > MAX_STEPS {
        return Err("more steps of paths than a picture is worth".into());
    }
    Ok(tree)
}

/// Steps of all paths.
fn steps(group: &Group) -> usize {
    let each = group.children().iter().map(|node| {
        let mut sum = match node {
            Node::Group(inner) => steps(inner),
            Node::Path(path) => path.data().verbs().len(),
            Node::Image(_) | Node::Text(_) => 0,
        };
        node.subroots(|inner| sum = sum.saturating_add(steps(inner)));
        sum
    });
    each.fold(0, usize::saturating_add)
}

/// Whether a line, in a clip or pattern too, has so many dashes that drawing it is work without end.
fn dashes_without_number(group: &Group) -> bool {
    group.children().iter().any(|node| {
        let mut found = match node {
            Node::Group(inner) => dashes_without_number(inner),
            Node::Path(path) => path
                .stroke()
                .and_then(|stroke| stroke.dasharray())
                .is_some_and(|dashes| endless(path.data(), dashes)),
            Node::Image(_) | Node::Text(_) => false,
        };
        node.subroots(|inner| found |= dashes_without_number(inner));
        found
    })
}

/// Whether it has letters that are no paths; those are not drawn.
pub(crate) fn has_letters(data: &[u8]) -> bool {
    data.windows(5).any(|window| window == b"<text")
}

/// The picture in pixels, stretched over its box.
pub(crate) fn pixels(tree: &Tree, area: &Rect, max_pixels: u64) -> Result<Pixels, String> {
    let pixels = |mm: f64| (mm * DENSITY).ceil().clamp(1.0, 3000.0) as u32;
    let (width, height) = (pixels(area.width), pixels(area.height));
    if u64::from(width) * u64::from(height) > max_pixels {
        return Err("the picture has too many pixels".into());
    }
    let mut target = Pixmap::new(width, height).ok_or("the picture has no size")?;
    let size = tree.size();
    let map = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(tree, map, &mut target.as_mut());
    Ok(Pixels { width, height, rgba: target.take_demultiplied() })
}

/// The picture as items, stretched over its box; or what in it is more than plain shapes.
pub(crate) fn items(tree: &Tree, area: &Rect) -> Result<Vec<Item>, Beyond> {
    let size = tree.size();
    let (across, down) = (area.width as f32 / size.width(), area.height as f32 / size.height());
    let map = Transform::from_row(across, 0.0, 0.0, down, area.x as f32, area.y as f32);
    let mut out = Vec::new();
    group(tree.root(), map, 0, &mut out)?;
    Ok(out)
}

fn group(group: &Group, map: Transform, depth: usize, out: &mut Vec<Item>) -> Result<(), Beyond> {
    if depth > MAX_NESTING {
        return Err(Beyond::Nesting);
    }
    if !group.filters().is_empty() {
        return Err(Beyond::Filters);
    }
    if group.mask().is_some() || group.clip_path().is_some() {
        return Err(Beyond::Clips);
    }
    if group.blend_mode() != usvg::BlendMode::Normal {
        return Err(Beyond::Blending);
    }
    let mut items = Vec::new();
    for node in group.children() {
        match node {
            Node::Group(inner) => self::group(inner, map, depth.saturating_add(1), &mut items)?,
            Node::Path(path) => shape(path, map, &mut items)?,
            Node::Image(_) => return Err(Beyond::Pictures),
            // Nothing is made of letters without a font.
            Node::Text(_) => {}
        }
    }
    let alpha = group.opacity().get();
    match items.as_mut_slice() {
        [Item::Fill { paint, .. } | Item::Stroke { paint, .. }] => {
            paint.fade(alpha);
            out.append(&mut items);
        }
        _ => Item::group(items, None, alpha, out),
    }
    Ok(())
}

fn shape(path: &usvg::Path, map: Transform, out: &mut Vec<Item>) -> Result<(), Beyond> {
    if !path.is_visible() {
        return Ok(());
    }
    let data = Arc::new(path.data().clone());
    let map = map.pre_concat(path.abs_transform());
    let mut own = Vec::new();
    if let Some(fill) = path.fill() {
        let rule = match fill.rule() {
            usvg::FillRule::NonZero => FillRule::Winding,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        };
        let paint = solid(fill.paint(), fill.opacity().get())?;
        own.push(Item::Fill { path: Arc::clone(&data), map, rule, paint });
    }
    if let Some(stroke) = path.stroke() {
        let paint = solid(stroke.paint(), stroke.opacity().get())?;
        own.push(Item::Stroke { path: Arc::clone(&data), map, line: line(stroke), paint });
    }
    if path.paint_order() == PaintOrder::StrokeAndFill {
        own.reverse();
    }
    out.append(&mut own);
    Ok(())
}

fn solid(paint: &SvgPaint, alpha: f32) -> Result<Paint, Beyond> {
    let SvgPaint::Color(color) = paint else { return Err(Beyond::Gradients) };
    let [red, green, blue] = [color.red, color.green, color.blue].map(|part| f32::from(part) / 255.0);
    Ok(Paint::Solid(Rgba { red, green, blue, alpha }))
}

fn line(stroke: &usvg::Stroke) -> Line {
    let plain = stroke.to_tiny_skia();
    Line {
        width: plain.width,
        join: plain.line_join,
        cap: plain.line_cap,
        miter: plain.miter_limit,
        dashes: stroke.dasharray().map(<[f32]>::to_vec).unwrap_or_default(),
        offset: stroke.dashoffset(),
    }
}

/// Whether nothing shines through: the items cover all of their box.
pub(crate) fn covers(items: &[Item], area: &Rect) -> bool {
    const SIDE: u16 = 64;
    let Some(mut target) = Pixmap::new(SIDE.into(), SIDE.into()) else { return false };
    let (across, down) = (f64::from(SIDE) / area.width, f64::from(SIDE) / area.height);
    let map = Transform::from_row(
        across as f32,
        0.0,
        0.0,
        down as f32,
        (-area.x * across) as f32,
        (-area.y * down) as f32,
    );
    // Far more than shapes that are worth drawing touch at this size.
    let mut raster = crate::raster::Raster { left: 50_000_000, cut: false };
    raster.draw(items, map, &mut target);
    // The edge of the box may lie between two pixels.
    target.pixels().iter().all(|pixel| pixel.alpha() >= 250)
}

/// How a picture is laid over what is there: as ink where nothing shines through.
pub(crate) fn laid(ink: bool) -> BlendMode {
    if ink { BlendMode::Multiply } else { BlendMode::SourceOver }
}
