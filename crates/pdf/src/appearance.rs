//! What the widgets of a signature show, where that is a single picture and nothing else.

use crate::error::PdfError;
use crate::paths::Paths;
use crate::signature::Signature;
use crate::source::Bytes;
use crate::state::State;
use crate::syntax::{Dict, Object, Ref};

/// The colors of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// Gray.
    Gray,
    /// Red, green and blue.
    Rgb,
    /// Cyan, magenta, yellow and black.
    Cmyk,
    /// The same turned about: 0 is full ink, as JPEG of Adobe's kind has it.
    CmykTurned,
}

/// The image that a widget shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Width in pixels.
    pub width: i64,
    /// Height in pixels.
    pub height: i64,
    /// Its colors.
    pub colors: Colors,
    /// Whether the samples are a JPEG file, and not plain.
    pub jpeg: bool,
    /// One byte for each color, row by row; or the JPEG file.
    pub samples: Vec<u8>,
    /// Opacity, one byte for each pixel.
    pub mask: Option<Vec<u8>>,
}

/// What one widget shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// Nothing.
    Nothing,
    /// One image, or a part of it, upright, and nothing else.
    Image(Image),
    /// Paths, or a part of them, upright, and nothing else.
    Paths(Paths),
    /// Something else, which is not looked into.
    Otherwise,
}

/// What the widgets of a signature show, one after the other; what several show alike is given once.
pub(crate) fn drawn(
    bytes: &mut dyn Bytes,
    state: &mut State,
    signature: &Signature,
) -> Result<Vec<Drawn>, PdfError> {
    let mut out = Vec::new();
    let mut seen: Vec<Ref> = Vec::new();
    for (_, widget) in &signature.widgets {
        let look = state.dict(bytes, widget, "AP")?;
        let Some(form) = look.get("N").and_then(Object::reference) else {
            out.push(if look.get("N").is_some() { Drawn::Otherwise } else { Drawn::Nothing });
            continue;
        };
        let Some(id) = only_picture(bytes, state, form)? else {
            out.push(Drawn::Otherwise);
            continue;
        };
        if seen.contains(&id) {
            continue;
        }
        seen.push(id);
        let form = state.load(bytes, id)?.object.dict().is_some_and(|d| d.is("Subtype", "Form"));
        out.push(if form {
            Paths::read(bytes, state, id)?.map_or(Drawn::Otherwise, Drawn::Paths)
        } else {
            image(bytes, state, id)?.map_or(Drawn::Otherwise, Drawn::Image)
        });
    }
    Ok(out)
}

/// The image, or the form of paths, that a form draws, where it draws nothing else.
fn only_picture(bytes: &mut dyn Bytes, state: &mut State, form: Ref) -> Result<Option<Ref>, PdfError> {
    let loaded = state.load(bytes, form)?;
    let Object::Dict(dict) = &loaded.object else { return Ok(None) };
    let content = match state.data(bytes, form, &loaded) {
        Ok(content) => content,
        Err(PdfError::Unsupported { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    let Some((image, ink)) = steps(&content) else { return Ok(None) };
    let resources = state.dict(bytes, dict, "Resources")?;
    if let Some(name) = ink {
        let states = state.dict(bytes, &resources, "ExtGState")?;
        let ink = state.dict(bytes, &states, &name)?;
        // Anything but the way of laying it on could hide it.
        if ink.keys().any(|k| k != b"Type" && k != b"BM") {
            return Ok(None);
        }
    }
    let objects = state.dict(bytes, &resources, "XObject")?;
    Ok(objects.get(&image).and_then(Object::reference))
}

/// `q [/Ink gs] a 0 0 d e f cm /Image Do Q`: the names of the image and of the ink.
fn steps(content: &[u8]) -> Option<(String, Option<String>)> {
    let words: Vec<&str> = std::str::from_utf8(content).ok()?.split_ascii_whitespace().collect();
    let name = |w: &str| w.strip_prefix('/').map(str::to_owned);
    let (ink, rest) = match words.as_slice() {
        ["q", ink, "gs", rest @ ..] => (Some(name(ink)?), rest),
        ["q", rest @ ..] => (None, rest),
        _ => return None,
    };
    let [a, b, c, d, e, f, "cm", image, "Do", "Q"] = rest else { return None };
    let numbers: Vec<f64> = [a, b, c, d, e, f].iter().map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let upright = numbers.get(1) == Some(&0.0) && numbers.get(2) == Some(&0.0);
    let positive = [0, 3].iter().all(|i| numbers.get(*i).is_some_and(|n| *n > 0.0));
    (upright && positive).then_some(())?;
    Some((name(image)?, ink))
}

fn image(bytes: &mut dyn Bytes, state: &mut State, id: Ref) -> Result<Option<Image>, PdfError> {
    let loaded = state.load(bytes, id)?;
    let Object::Dict(dict) = loaded.object.clone() else { return Ok(None) };
    let Some(colors) = plain_colors(&dict) else { return Ok(None) };
    let (Some(width), Some(height)) =
        (dict.get("Width").and_then(Object::int), dict.get("Height").and_then(Object::int))
    else {
        return Ok(None);
    };
    let jpeg = dict.is("Filter", "DCTDecode");
    let samples = if jpeg { state.raw(bytes, id, &loaded) } else { state.data(bytes, id, &loaded) };
    let samples = match samples {
        Ok(samples) => samples,
        Err(PdfError::Unsupported { .. }) => return Ok(None),
        Err(e) => return Err(e),
    };
    let mask = match dict.get("SMask") {
        None => None,
        Some(Object::Ref(mask)) => {
            let loaded = state.load(bytes, *mask)?;
            if loaded.object.dict().and_then(plain_colors) != Some(Colors::Gray) {
                return Ok(None);
            }
            Some(state.data(bytes, *mask, &loaded)?)
        }
        Some(_) => return Ok(None),
    };
    Ok(Some(Image { width, height, colors, jpeg, samples, mask }))
}

/// The colors of an image of eight bits; `None` where they are anything else, or its samples are turned about otherwise than CMYK is.
fn plain_colors(dict: &Dict) -> Option<Colors> {
    let masked = ["Mask", "ImageMask"].iter().any(|k| dict.get(k).is_some());
    if masked || dict.get("BitsPerComponent").and_then(Object::int) != Some(8) {
        return None;
    }
    let turned = [1, 0, 1, 0, 1, 0, 1, 0].map(Object::Int);
    match (dict.get("ColorSpace").and_then(Object::name)?, dict.get("Decode")) {
        (b"DeviceGray", None) => Some(Colors::Gray),
        (b"DeviceRGB", None) => Some(Colors::Rgb),
        (b"DeviceCMYK", None) => Some(Colors::Cmyk),
        (b"DeviceCMYK", Some(d)) if d.array() == Some(turned.as_slice()) => Some(Colors::CmykTurned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::steps;

    #[test]
    fn only_one_upright_image_is_one_image() {
        let all = steps(b"q /Ink gs 10 0 0 10 -5 0 cm /Seal Do Q\n").unwrap();
        assert_eq!(all, ("Seal".to_owned(), Some("Ink".to_owned())));
        assert!(steps(b"q 10 0 0 10 0 0 cm /Seal Do Q").is_some());
        for other in [
            &b"q 10 0 0 10 0 0 cm /Seal Do /Other Do Q"[..],
            b"q 10 0 0 -10 0 0 cm /Seal Do Q",
            b"q 0 10 10 0 0 0 cm /Seal Do Q",
            b"1 g 0 0 9 9 re f",
            b"q nan 0 0 10 0 0 cm /Seal Do Q",
            b"",
        ] {
            assert!(steps(other).is_none(), "{}", String::from_utf8_lossy(other));
        }
    }
}
