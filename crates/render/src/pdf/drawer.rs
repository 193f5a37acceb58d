//! What keeps the things drawn: lists inside lists, for clips and groups, all within bounds.

use std::collections::HashMap;
use std::sync::Arc;

use hayro_interpret::kurbo::Affine;
use tiny_skia::{BlendMode, Path, Rect, Transform};

use super::UNITS;
use super::work::Weights;
use crate::limits::RenderLimits;
use crate::list::{Item, Pixels, Region, SoftMask};
use crate::note::Notes;
use crate::text::Character;

/// Lists inside one another; deeper clips and groups are passed over.
const MAX_FRAMES: usize = 40;

/// Why a list is apart from the one around it.
#[derive(Debug)]
pub(super) enum Kind {
    /// The page, the cell of a pattern, a mask.
    Whole,
    /// Cut to a region; to none where the region is empty.
    Clip(Option<Region>),
    Group {
        alpha: f32,
        blend: BlendMode,
        mask: Option<Arc<SoftMask>>,
    },
    /// Too deep: what is inside goes to the list around it.
    Passed,
}

#[derive(Debug)]
struct Frame {
    kind: Kind,
    items: Vec<Item>,
    /// A box around the items.
    seen: Option<Rect>,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self { kind, items: Vec::new(), seen: None }
    }
}

/// What was spent of the bounds.
#[derive(Debug, Default)]
pub(super) struct Spent {
    pub objects: usize,
    pub steps: usize,
    pub clips: usize,
    pub image_pixels: u64,
    /// Of content interpreted beside the page's own: cells of patterns, masks, glyphs that are drawings.
    pub content: u64,
}

/// An outline, with its number of steps.
pub(super) type Outline = Option<(Arc<Path>, usize)>;

#[derive(Debug)]
pub(super) struct Drawer<'n> {
    pub limits: &'n RenderLimits,
    part: &'n str,
    /// Width and height in units.
    pub size: (f64, f64),
    notes: Notes,
    frames: Vec<Frame>,
    pub characters: Vec<Character>,
    /// Text shown is text of the page; not in cells of patterns and masks.
    pub reading: bool,
    pub runs: usize,
    pub spent: Spent,
    pub weights: Weights,
    pub outlines: HashMap<u128, Outline>,
    /// Characters by their glyphs, by font.
    pub tables: HashMap<u128, HashMap<u32, char>>,
    pub images: HashMap<u128, Option<Arc<Pixels>>>,
    pub masks: HashMap<u128, Option<Arc<SoftMask>>>,
    depth: usize,
}

impl<'n> Drawer<'n> {
    pub fn new(limits: &'n RenderLimits, part: &'n str, size: (f64, f64), notes: Notes) -> Self {
        Self {
            limits,
            part,
            size,
            notes,
            frames: vec![Frame::new(Kind::Whole)],
            characters: Vec::new(),
            reading: true,
            runs: 0,
            spent: Spent::default(),
            weights: Weights::default(),
            outlines: HashMap::new(),
            tables: HashMap::new(),
            images: HashMap::new(),
            masks: HashMap::new(),
            depth: 0,
        }
    }

    /// The items in millimeters, the characters and the notes.
    pub fn finish(mut self) -> (Vec<Item>, Vec<Character>, Notes) {
        let items = self.collapse();
        let to_mm = Transform::from_scale((1.0 / UNITS) as f32, (1.0 / UNITS) as f32);
        (vec![Item::moved(Arc::new(items), to_mm)], self.characters, self.notes)
    }

    pub fn note(&mut self, code: &'static str, detail: &str) {
        self.notes.add(code, self.part, None, detail);
    }

    /// Counts an object; `false` where no more may be drawn.
    pub fn afford(&mut self, steps: usize) -> bool {
        if self.spent.objects >= self.limits.max_objects {
            self.note("OBJECT_LIMIT", "further objects are not drawn");
            return false;
        }
        self.spent.objects = self.spent.objects.saturating_add(1);
        self.spent.steps = self.spent.steps.saturating_add(steps);
        if self.spent.steps > self.limits.max_path_steps {
            self.note("PATH_LIMIT", "further paths are not drawn");
            return false;
        }
        true
    }

    /// Counts content that is interpreted beside the page's own; `false` where it may not be.
    pub fn afford_content(&mut self, weight: u64) -> bool {
        self.spent.content = self.spent.content.saturating_add(weight.max(64));
        let fits = self.spent.content <= self.limits.max_content;
        if !fits {
            self.note("CONTENT_LIMIT", "further patterns, masks and drawn glyphs are left out");
        }
        fits
    }

    /// Adds an item that is inked within a box.
    pub fn push(&mut self, item: Item, seen: Option<Rect>) {
        let Some(frame) = self.frames.last_mut() else { return };
        frame.items.push(item);
        frame.seen = match (frame.seen, seen) {
            (Some(a), Some(b)) => a.join(&b).or(Some(a)),
            (a, b) => a.or(b),
        };
    }

    pub fn begin(&mut self, kind: Kind) {
        let clip = matches!(kind, Kind::Clip(_));
        if clip {
            self.spent.clips = self.spent.clips.saturating_add(1);
        }
        let passed = self.frames.len() >= MAX_FRAMES || clip && self.spent.clips > self.limits.max_clips;
        if passed {
            self.note("CLIP_LIMIT", "clips and groups inside one another too deeply, or too many of them");
        }
        self.frames.push(Frame::new(if passed { Kind::Passed } else { kind }));
    }

    pub fn end(&mut self) {
        // The outermost list stays.
        if self.frames.len() < 2 {
            return;
        }
        let Some(Frame { kind, items, seen }) = self.frames.pop() else { return };
        if items.is_empty() {
            return;
        }
        let (clip, alpha, blend, mask) = match kind {
            Kind::Clip(None) => return,
            Kind::Clip(Some(region)) if !around(&region, seen) => {
                let cut = region.path.bounds().transform(region.map);
                let left = seen.zip(cut).map_or(seen, |(a, b)| a.intersect(&b));
                // Nothing is left of it.
                if seen.is_some() && left.is_none() {
                    return;
                }
                let clip = Some(Arc::new(vec![region]));
                let group = Item::Group {
                    items: Arc::new(items),
                    map: Transform::identity(),
                    clip,
                    alpha: 1.0,
                    blend: BlendMode::SourceOver,
                    mask: None,
                };
                return self.push(group, left);
            }
            Kind::Group { alpha, blend, mask } => (None, alpha, blend, mask),
            Kind::Whole | Kind::Clip(_) | Kind::Passed => (None, 1.0, BlendMode::SourceOver, None),
        };
        if alpha >= 1.0 && blend == BlendMode::SourceOver && mask.is_none() {
            items.into_iter().for_each(|item| self.push(item, None));
            if let (Some(frame), Some(seen)) = (self.frames.last_mut(), seen) {
                frame.seen = frame.seen.and_then(|s| s.join(&seen)).or(Some(seen));
            }
            return;
        }
        let group =
            Item::Group { items: Arc::new(items), map: Transform::identity(), clip, alpha, blend, mask };
        self.push(group, seen);
    }

    fn collapse(&mut self) -> Vec<Item> {
        while self.frames.len() > 1 {
            self.end();
        }
        self.frames.pop().map(|frame| frame.items).unwrap_or_default()
    }

    /// What is drawn meanwhile, apart from the page and not as its text; nothing where it lies too deep.
    pub fn apart(&mut self, draw: impl FnOnce(&mut Self)) -> Vec<Item> {
        if self.depth >= self.limits.max_nesting {
            self.note("NESTING_LIMIT", "patterns, masks and glyphs inside one another too deeply");
            return Vec::new();
        }
        self.depth = self.depth.saturating_add(1);
        let frames = std::mem::replace(&mut self.frames, vec![Frame::new(Kind::Whole)]);
        let reading = std::mem::replace(&mut self.reading, false);
        draw(self);
        let items = self.collapse();
        self.frames = frames;
        self.reading = reading;
        self.depth = self.depth.saturating_sub(1);
        items
    }

    /// Draws into the same list, one level deeper; nothing where that is too deep.
    pub fn deeper(&mut self, draw: impl FnOnce(&mut Self)) {
        if self.depth >= self.limits.max_nesting {
            return self.note("NESTING_LIMIT", "patterns, masks and glyphs inside one another too deeply");
        }
        self.depth = self.depth.saturating_add(1);
        let reading = std::mem::replace(&mut self.reading, false);
        draw(self);
        self.reading = reading;
        self.depth = self.depth.saturating_sub(1);
    }
}

/// Whether a region is an upright rectangle around everything seen: then it cuts nothing off.
fn around(region: &Region, seen: Option<Rect>) -> bool {
    let Some(seen) = seen else { return false };
    let upright = region.map.kx == 0.0 && region.map.ky == 0.0;
    let bounds = region.path.bounds();
    let corners = region.path.points().iter().all(|p| {
        (p.x == bounds.left() || p.x == bounds.right()) && (p.y == bounds.top() || p.y == bounds.bottom())
    });
    let Some(bounds) = bounds.transform(region.map).filter(|_| upright && corners && region.path.len() <= 6)
    else {
        return false;
    };
    bounds.left() <= seen.left()
        && bounds.top() <= seen.top()
        && bounds.right() >= seen.right()
        && bounds.bottom() >= seen.bottom()
}

/// The same map for pixels; `None` where it is none.
pub(super) fn transform(map: &Affine) -> Option<Transform> {
    let [a, b, c, d, e, f] = map.as_coeffs().map(|n| n as f32);
    Some(Transform::from_row(a, b, c, d, e, f)).filter(Transform::is_finite)
}
