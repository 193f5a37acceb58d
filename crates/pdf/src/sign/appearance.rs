//! What a seal looks like: the picture as an image or as paths, and a form for each place or slice.

use super::SignError;
use super::picture::{Picture, Samples, What};
use super::prepare::Stamp;
use super::revision::Revision;
use crate::appearance::Colors;
use crate::pages::{MM, Page};
use crate::syntax::{Dict, Object, Ref};

/// A length in points with the digits that matter: a ten-thousandth of a point.
pub(super) fn points(value: f64) -> Object {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text.parse::<i64>() {
        Ok(n) => Object::Int(n),
        Err(_) => Object::Real(text.as_bytes().to_vec()),
    }
}

pub(super) fn name(text: &str) -> Object {
    Object::Name(text.as_bytes().to_vec())
}

pub(super) fn dict(entries: Vec<(&str, Object)>) -> Dict {
    let mut out = Dict::default();
    entries.into_iter().for_each(|(k, v)| out.set(k, v));
    out
}

/// Writes the picture; gives its image, or the form of its paths.
pub(super) fn picture(revision: &mut Revision, picture: &Picture) -> Result<Ref, SignError> {
    match &picture.what {
        What::Samples(samples) => image(revision, samples),
        What::Paths { paths, deflated } => {
            let mut form = dict(vec![
                ("Type", name("XObject")),
                ("Subtype", name("Form")),
                ("BBox", Object::Array([0, 0, 1, 1].map(Object::Int).to_vec())),
                ("Resources", Object::Dict(paths.resources())),
                ("Filter", name("FlateDecode")),
            ]);
            if !picture.transparent() {
                // Ink is laid on once, however its shapes lie over one another.
                let group = dict(vec![("Type", name("Group")), ("S", name("Transparency"))]);
                form.set("Group", Object::Dict(group));
            }
            let id = revision.reserve()?;
            revision.stream(id, form, deflated);
            Ok(id)
        }
    }
}

fn image(revision: &mut Revision, picture: &Samples) -> Result<Ref, SignError> {
    let head = |colors: Colors, filter: &str| {
        let space = match colors {
            Colors::Gray => "DeviceGray",
            Colors::Rgb => "DeviceRGB",
            Colors::Cmyk | Colors::CmykTurned => "DeviceCMYK",
        };
        let mut head = dict(vec![
            ("Type", name("XObject")),
            ("Subtype", name("Image")),
            ("Width", Object::Int(i64::from(picture.width))),
            ("Height", Object::Int(i64::from(picture.height))),
            ("BitsPerComponent", Object::Int(8)),
            ("ColorSpace", name(space)),
            ("Filter", name(filter)),
        ]);
        if colors == Colors::CmykTurned {
            head.set("Decode", Object::Array([1, 0, 1, 0, 1, 0, 1, 0].map(Object::Int).to_vec()));
        }
        head
    };
    let mut main = head(picture.colors, picture.filter);
    if let Some(mask) = &picture.mask {
        let id = revision.reserve()?;
        revision.stream(id, head(Colors::Gray, "FlateDecode"), mask);
        main.set("SMask", Object::Ref(id));
    }
    let id = revision.reserve()?;
    revision.stream(id, main, &picture.samples);
    Ok(id)
}

/// The part of a stamp that is shown: left, top, width, height in mm of the page as shown.
fn seen(stamp: &Stamp) -> [f64; 4] {
    match stamp.clip {
        None => [stamp.x, stamp.y, stamp.width, stamp.height],
        Some([x, y, w, h]) => [stamp.x + x, stamp.y + y, w, h],
    }
}

/// Writes the form that shows the picture, or a slice of it, in its size and upright on the page as shown.
pub(super) fn form(
    revision: &mut Revision,
    page: &Page,
    stamp: &Stamp,
    image: Ref,
    transparent: bool,
) -> Result<Ref, SignError> {
    let scale = MM / page.unit;
    let [_, _, w, h] = seen(stamp).map(|v| v * scale);
    let (full_w, full_h) = (stamp.width * scale, stamp.height * scale);
    let [cx, cy, _, ch] = stamp.clip.unwrap_or([0.0, 0.0, stamp.width, stamp.height]);
    let (tx, ty) = (-cx * scale, -(stamp.height - cy - ch) * scale);
    let mut resources = dict(vec![("XObject", Object::Dict(dict(vec![("Seal", Object::Ref(image))])))]);
    // A picture without transparency is laid on as ink, so that it does not cover what is written.
    let ink = if transparent {
        ""
    } else {
        let state = dict(vec![("Type", name("ExtGState")), ("BM", name("Multiply"))]);
        resources.set("ExtGState", Object::Dict(dict(vec![("Ink", Object::Dict(state))])));
        "/Ink gs "
    };
    let content = format!("q {ink}{full_w:.4} 0 0 {full_h:.4} {tx:.4} {ty:.4} cm /Seal Do Q\n");
    let turn: [i64; 6] = match page.rotate {
        90 => [0, 1, -1, 0, 0, 0],
        180 => [-1, 0, 0, -1, 0, 0],
        270 => [0, -1, 1, 0, 0, 0],
        _ => [1, 0, 0, 1, 0, 0],
    };
    let form = dict(vec![
        ("Type", name("XObject")),
        ("Subtype", name("Form")),
        ("BBox", Object::Array(vec![Object::Int(0), Object::Int(0), points(w), points(h)])),
        ("Matrix", Object::Array(turn.into_iter().map(Object::Int).collect())),
        ("Resources", Object::Dict(resources)),
    ]);
    let id = revision.reserve()?;
    revision.stream(id, form, content.as_bytes());
    Ok(id)
}

/// The rectangle of a stamp in the page's user space.
pub(super) fn rectangle(page: &Page, stamp: &Stamp) -> Object {
    let scale = MM / page.unit;
    let [x, y, w, h] = seen(stamp).map(|v| v * scale);
    let [left, bottom, right, top] = page.shown;
    let (l, b, w, h) = match page.rotate {
        90 => (left + y, bottom + x, h, w),
        180 => (right - x - w, bottom + y, w, h),
        270 => (right - y - h, top - x - w, h, w),
        _ => (left + x, top - y - h, w, h),
    };
    Object::Array([l, b, l + w, b + h].into_iter().map(points).collect())
}
