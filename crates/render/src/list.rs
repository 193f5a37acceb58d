//! The display list: what is drawn, in order, in millimeters from the page's top left corner.

use std::sync::Arc;

use tiny_skia::{BlendMode, FillRule, LineCap, LineJoin, Path, Transform};

/// A color without its coverage: sRGB and alpha, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rgba {
    pub red: f32,
    pub green: f32,
    pub blue: f32,
    pub alpha: f32,
}

impl Rgba {
    pub const BLACK: Self = Self { red: 0.0, green: 0.0, blue: 0.0, alpha: 1.0 };
}

/// One color of a gradient; `at` from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stop {
    pub at: f32,
    pub color: Rgba,
}

/// How a gradient goes on outside its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spread {
    Pad,
    Repeat,
    Reflect,
}

/// What shapes are filled with; coordinates are those of the shape's own path.
#[derive(Debug, Clone)]
pub(crate) enum Paint {
    Solid(Rgba),
    Linear { from: (f32, f32), to: (f32, f32), stops: Vec<Stop>, spread: Spread },
    Radial { from: (f32, f32, f32), to: (f32, f32, f32), stops: Vec<Stop>, spread: Spread },
}

/// How a line is drawn; lengths in the path's own units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Line {
    pub width: f32,
    pub join: LineJoin,
    pub cap: LineCap,
    pub miter: f32,
    /// Dash and gap lengths in turn; empty for a solid line.
    pub dashes: Vec<f32>,
    pub offset: f32,
}

/// Pixels with straight (not premultiplied) alpha, four bytes each.
#[derive(Debug)]
pub(crate) struct Pixels {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

impl Pixels {
    pub fn opaque(&self) -> bool {
        self.rgba.chunks_exact(4).all(|pixel| pixel.last() == Some(&255))
    }
}

/// One region of a clip: the inside of a path.
#[derive(Debug, Clone)]
pub(crate) struct Region {
    pub path: Arc<Path>,
    pub map: Transform,
    pub rule: FillRule,
}

/// One thing to draw.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    Fill {
        path: Arc<Path>,
        map: Transform,
        rule: FillRule,
        paint: Paint,
    },
    Stroke {
        path: Arc<Path>,
        map: Transform,
        line: Line,
        paint: Paint,
    },
    /// Fills the unit square, mapped to the page.
    Image {
        pixels: Arc<Pixels>,
        map: Transform,
        alpha: f32,
    },
    /// Drawn together, then moved, clipped to the union of the regions and made transparent as one.
    Group {
        items: Arc<Vec<Item>>,
        map: Transform,
        clip: Option<Arc<Vec<Region>>>,
        alpha: f32,
        /// How it is laid over what is there; `Multiply` is as ink does: what is dark under it stays visible.
        blend: BlendMode,
        /// Lets through as much as this shows.
        mask: Option<Arc<SoftMask>>,
    },
}

/// A picture by which others become transparent, in the coordinates of the group it is for.
#[derive(Debug)]
pub(crate) struct SoftMask {
    pub items: Vec<Item>,
    /// Its light counts, otherwise its coverage.
    pub light: bool,
    /// What becomes of each value, where not itself.
    pub table: Option<Box<[u8; 256]>>,
}

impl Item {
    /// Items drawn together, only moved.
    pub fn moved(items: Arc<Vec<Self>>, map: Transform) -> Self {
        Self::Group { items, map, clip: None, alpha: 1.0, blend: BlendMode::SourceOver, mask: None }
    }

    /// These items where there is something to do to them as a whole, otherwise just themselves.
    pub fn group(items: Vec<Self>, clip: Option<Vec<Region>>, alpha: f32, into: &mut Vec<Self>) {
        if items.is_empty() {
            return;
        }
        if clip.is_none() && alpha >= 1.0 {
            into.extend(items);
        } else {
            into.push(Self::Group {
                items: Arc::new(items),
                map: Transform::identity(),
                clip: clip.map(Arc::new),
                alpha: alpha.clamp(0.0, 1.0),
                blend: BlendMode::SourceOver,
                mask: None,
            });
        }
    }
}
