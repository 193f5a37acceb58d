//! What an object takes from where it stands: its place, and the drawing parameters above it.

use std::sync::Arc;

use tiny_skia::Transform;
use yinxin_ofd::Rect;

use crate::element::{Element, numbers};
use crate::resources::{Resource, Resources};

/// Drawing parameters refer to one another at most so often.
const MAX_RELATIVE: usize = 16;

/// Where objects stand.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    /// From the coordinates of the block to the page.
    pub map: Transform,
    /// ID of the layer's drawing parameter.
    pub layer_param: Option<String>,
    /// Blocks, composites and patterns around.
    pub depth: usize,
    /// Whether text here belongs to the text of the page.
    pub text: bool,
}

/// An object's own settings over its drawing parameters (绘制参数) over those of its layer.
pub(crate) struct Params<'e> {
    own: &'e Element,
    chain: Vec<Arc<Resource>>,
    /// A parameter named that does not exist.
    pub missing: Option<String>,
}

impl<'e> Params<'e> {
    pub fn of(own: &'e Element, layer: Option<&str>, resources: &Resources) -> Self {
        let mut params = Self { own, chain: Vec::new(), missing: None };
        params.follow(own.attribute("DrawParam"), resources);
        params.follow(layer, resources);
        params
    }

    fn follow(&mut self, first: Option<&str>, resources: &Resources) {
        let mut next = first.map(str::to_owned);
        for _ in 0..MAX_RELATIVE {
            let Some(id) = next.take() else { return };
            match resources.get(&id) {
                Some(found) => {
                    if let Resource::DrawParam(element) = found.as_ref() {
                        next = element.attribute("Relative").map(str::to_owned);
                    }
                    self.chain.push(Arc::clone(found));
                }
                None => self.missing = Some(id),
            }
        }
    }

    fn all(&self) -> impl Iterator<Item = &Element> {
        let above = self.chain.iter().filter_map(|resource| match resource.as_ref() {
            Resource::DrawParam(element) => Some(element),
            _ => None,
        });
        std::iter::once(self.own).chain(above)
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.all().find_map(|element| element.attribute(name))
    }

    pub fn number(&self, name: &str) -> Option<f32> {
        self.all().find_map(|element| element.number(name))
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.all().find_map(|element| element.child(name))
    }
}

/// The matrix of a `CTM` attribute; `None` where it is no matrix or flattens everything.
pub(crate) fn matrix(text: &str) -> Option<Transform> {
    match numbers(text).as_slice() {
        [a, b, c, d, e, f] => Some(Transform::from_row(*a, *b, *c, *d, *e, *f)).filter(Transform::is_finite),
        _ => None,
    }
}

/// The `Boundary` of an object (外接矩形), as it stands in its block.
pub(crate) fn boundary(element: &Element) -> Option<Rect> {
    element.attribute("Boundary").and_then(Rect::parse)
}

/// From the object's own coordinates to the page.
pub(crate) fn object_map(element: &Element, scope: &Scope) -> Transform {
    let corner = boundary(element).unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0));
    let own = element.attribute("CTM").and_then(matrix).unwrap_or_default();
    scope.map.pre_translate(corner.x as f32, corner.y as f32).pre_concat(own)
}

/// A rectangle as a path; `None` where it is empty.
pub(crate) fn rect_path(rect: &Rect) -> Option<tiny_skia::Path> {
    tiny_skia::Rect::from_xywh(rect.x as f32, rect.y as f32, rect.width as f32, rect.height as f32)
        .filter(|rect| rect.width() > 0.0 && rect.height() > 0.0)
        .map(tiny_skia::PathBuilder::from_rect)
}
