//! From the display list to SVG: paths and pictures only, no font is needed to look at it.

use std::fmt::Write;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tiny_skia::{BlendMode, FillRule, LineCap, LineJoin, Path, PathSegment, Point, Transform};

use crate::list::{Item, Line, Paint, Pixels, Region, Rgba, SoftMask, Spread, Stop};
use crate::page::Page;

/// An SVG longer than this is cut off: patterns repeat their content.
const MAX_BYTES: usize = 256 << 20;

impl Page {
    /// The page as an SVG document in millimeters, on white paper.
    pub fn to_svg(&self) -> String {
        let (width, height) = self.size_mm();
        let mut writer = Writer::default();
        writer.items(&self.items);
        // Writing to a String cannot fail.
        let mut out = String::with_capacity(writer.body.len().saturating_add(1000));
        let _ = write!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
             width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\
             <defs>{}</defs><rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>{}\n</svg>\n",
            writer.definitions, writer.body
        );
        out
    }
}

#[derive(Default)]
struct Writer {
    definitions: String,
    body: String,
    next: usize,
}

impl Writer {
    fn items(&mut self, items: &[Item]) {
        for item in items {
            if self.body.len() > MAX_BYTES {
                return;
            }
            match item {
                Item::Fill { path, map, rule, paint } => {
                    let paint = self.paint(paint, "fill");
                    let even = if *rule == FillRule::EvenOdd { " fill-rule=\"evenodd\"" } else { "" };
                    self.body.push_str("\n<path");
                    push_map(&mut self.body, map);
                    let _ = write!(self.body, "{paint}{even} d=\"");
                    push_path(&mut self.body, path, map);
                    self.body.push_str("\"/>");
                }
                Item::Stroke { path, map, line, paint } => {
                    let paint = self.paint(paint, "stroke");
                    self.body.push_str("\n<path fill=\"none\"");
                    push_map(&mut self.body, map);
                    self.body.push_str(&paint);
                    push_line(&mut self.body, line, map);
                    self.body.push_str(" d=\"");
                    push_path(&mut self.body, path, map);
                    self.body.push_str("\"/>");
                }
                Item::Image { pixels, map, alpha } => self.image(pixels, map, *alpha),
                Item::Group { items, map, clip, alpha, blend, mask } => {
                    let clip = clip.as_ref().map(|regions| self.clip(regions));
                    let mask = mask.as_ref().map(|mask| self.mask(mask));
                    self.body.push_str("\n<g");
                    push_map(&mut self.body, map);
                    if let Some(clip) = clip {
                        let _ = write!(self.body, " clip-path=\"url(#{clip})\"");
                    }
                    if *alpha < 1.0 {
                        let _ = write!(self.body, " opacity=\"{}\"", number(*alpha, 4));
                    }
                    if let Some(mask) = mask {
                        let _ = write!(self.body, " mask=\"url(#{mask})\"");
                    }
                    if let Some(word) = blend_word(*blend) {
                        let _ = write!(self.body, " style=\"mix-blend-mode:{word}\"");
                    }
                    self.body.push('>');
                    self.items(items);
                    self.body.push_str("</g>");
                }
            }
        }
    }

    fn id(&mut self, letter: char) -> String {
        self.next = self.next.saturating_add(1);
        format!("{letter}{}", self.next)
    }

    fn clip(&mut self, regions: &[Region]) -> String {
        let id = self.id('c');
        let mut out = format!("\n<clipPath id=\"{id}\">");
        for region in regions {
            out.push_str("<path");
            push_map(&mut out, &region.map);
            if region.rule == FillRule::EvenOdd {
                out.push_str(" clip-rule=\"evenodd\"");
            }
            out.push_str(" d=\"");
            push_path(&mut out, &region.path, &region.map);
            out.push_str("\"/>");
        }
        out.push_str("</clipPath>");
        self.definitions.push_str(&out);
        id
    }

    fn mask(&mut self, mask: &SoftMask) -> String {
        let id = self.id('m');
        // What it shows is written apart and comes before what uses it.
        let body = std::mem::take(&mut self.body);
        self.items(&mask.items);
        let shown = std::mem::replace(&mut self.body, body);
        let kind = if mask.light { "luminance" } else { "alpha" };
        // Light is counted as the values stand, as in PDF, not as they shine.
        let _ = write!(
            self.definitions,
            "\n<mask id=\"{id}\" style=\"mask-type:{kind}\" color-interpolation=\"sRGB\" \
             maskUnits=\"userSpaceOnUse\" x=\"-100000\" y=\"-100000\" width=\"300000\" height=\"300000\">"
        );
        if let Some(table) = &mask.table {
            let values: Vec<String> = table.iter().map(|v| number(f32::from(*v) / 255.0, 4)).collect();
            let values = values.join(" ");
            let parts = if mask.light { "RGB" } else { "A" };
            let functions: String = parts
                .chars()
                .map(|part| format!("<feFunc{part} type=\"table\" tableValues=\"{values}\"/>"))
                .collect();
            let filter = self.id('f');
            let _ = write!(
                self.definitions,
                "<filter id=\"{filter}\" color-interpolation-filters=\"sRGB\"><feComponentTransfer>{functions}\
                 </feComponentTransfer></filter><g filter=\"url(#{filter})\">{shown}</g></mask>"
            );
        } else {
            let _ = write!(self.definitions, "{shown}</mask>");
        }
        id
    }

    fn paint(&mut self, paint: &Paint, what: &str) -> String {
        let point = |value: f32| number(value, 5);
        let (stops, spread, head, tail) = match paint {
            Paint::Solid(color) => {
                let opacity = match color.alpha < 1.0 {
                    true => format!(" {what}-opacity=\"{}\"", number(color.alpha, 4)),
                    false => String::new(),
                };
                return format!(" {what}=\"{}\"{opacity}", hex(color));
            }
            Paint::Linear { from, to, stops, spread } => {
                let ends = [("x1", from.0), ("y1", from.1), ("x2", to.0), ("y2", to.1)];
                let ends = ends.map(|(name, value)| format!(" {name}=\"{}\"", point(value))).concat();
                (stops, spread, format!("<linearGradient{ends}"), "</linearGradient>")
            }
            Paint::Radial { from, to, stops, spread } => {
                let ends =
                    [("fx", from.0), ("fy", from.1), ("fr", from.2), ("cx", to.0), ("cy", to.1), ("r", to.2)];
                let ends = ends.map(|(name, value)| format!(" {name}=\"{}\"", point(value))).concat();
                (stops, spread, format!("<radialGradient{ends}"), "</radialGradient>")
            }
        };
        let id = self.id('p');
        let method = match spread {
            Spread::Pad => "pad",
            Spread::Repeat => "repeat",
            Spread::Reflect => "reflect",
        };
        let _ = write!(
            self.definitions,
            "\n{head} id=\"{id}\" gradientUnits=\"userSpaceOnUse\" spreadMethod=\"{method}\">"
        );
        for Stop { at, color } in stops {
            let _ = write!(
                self.definitions,
                "<stop offset=\"{}\" stop-color=\"{}\" stop-opacity=\"{}\"/>",
                number(*at, 5),
                hex(color),
                number(color.alpha, 4)
            );
        }
        self.definitions.push_str(tail);
        format!(" {what}=\"url(#{id})\"")
    }

    fn image(&mut self, pixels: &Pixels, map: &Transform, alpha: f32) {
        let Some(png) = png(pixels) else { return };
        self.body.push_str("\n<image width=\"1\" height=\"1\" preserveAspectRatio=\"none\"");
        push_map(&mut self.body, map);
        if alpha < 1.0 {
            let _ = write!(self.body, " opacity=\"{}\"", number(alpha, 4));
        }
        let _ = write!(self.body, " xlink:href=\"data:image/png;base64,{}\"/>", STANDARD.encode(png));
    }
}

/// The word of CSS for a way to lay over; none for the usual one.
fn blend_word(blend: BlendMode) -> Option<&'static str> {
    Some(match blend {
        BlendMode::Multiply => "multiply",
        BlendMode::Screen => "screen",
        BlendMode::Overlay => "overlay",
        BlendMode::Darken => "darken",
        BlendMode::Lighten => "lighten",
        BlendMode::ColorDodge => "color-dodge",
        BlendMode::ColorBurn => "color-burn",
        BlendMode::HardLight => "hard-light",
        BlendMode::SoftLight => "soft-light",
        BlendMode::Difference => "difference",
        BlendMode::Exclusion => "exclusion",
        BlendMode::Hue => "hue",
        BlendMode::Saturation => "saturation",
        BlendMode::Color => "color",
        BlendMode::Luminosity => "luminosity",
        _ => return None,
    })
}

/// Pixels as PNG; `None` where there are none.
pub(crate) fn png(pixels: &Pixels) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixels.width, pixels.height);
    encoder.set_color(::png::ColorType::Rgba);
    encoder.set_depth(::png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels.rgba).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

fn hex(color: &Rgba) -> String {
    let [red, green, blue] =
        [color.red, color.green, color.blue].map(|part| (part.clamp(0.0, 1.0) * 255.0).round() as u8);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// A number without needless digits.
fn number(value: f32, digits: usize) -> String {
    let mut out = String::new();
    push_number(&mut out, value, digits);
    out
}

/// The same at the end of a text: pages hold tens of thousands, so it is written digit by digit.
pub(crate) fn push_number(out: &mut String, value: f32, digits: usize) {
    let unit = 10_u64.pow(digits.min(9) as u32);
    let scaled = (f64::from(value) * unit as f64).round();
    if scaled.abs() > 9e15 || scaled.is_nan() {
        let _ = write!(out, "{}", if value.is_finite() { value } else { 0.0 });
        return;
    }
    if scaled < 0.0 {
        out.push('-');
    }
    let scaled = scaled.abs() as u64;
    let _ = write!(out, "{}", scaled / unit);
    let (mut rest, mut place) = (scaled % unit, unit / 10);
    if rest > 0 {
        out.push('.');
    }
    while rest > 0 && place > 0 {
        out.push(char::from_digit((rest / place) as u32, 10).unwrap_or('0'));
        rest %= place;
        place /= 10;
    }
}

fn push_map(out: &mut String, map: &Transform) {
    if map.is_identity() {
        return;
    }
    let values = [map.sx, map.ky, map.kx, map.sy, map.tx, map.ty].map(|value| number(value, 6));
    let _ = write!(out, " transform=\"matrix({})\"", values.join(" "));
}

fn push_line(out: &mut String, line: &Line, map: &Transform) {
    let digits = digits(map);
    let _ = write!(
        out,
        " stroke-width=\"{}\" stroke-miterlimit=\"{}\"",
        number(line.width.max(1e-4), digits.max(4)),
        number(line.miter, 3)
    );
    match line.join {
        LineJoin::Round => out.push_str(" stroke-linejoin=\"round\""),
        LineJoin::Bevel => out.push_str(" stroke-linejoin=\"bevel\""),
        _ => {}
    }
    match line.cap {
        LineCap::Round => out.push_str(" stroke-linecap=\"round\""),
        LineCap::Square => out.push_str(" stroke-linecap=\"square\""),
        LineCap::Butt => {}
    }
    if !line.dashes.is_empty() {
        let dashes: Vec<String> = line.dashes.iter().map(|dash| number(*dash, digits)).collect();
        let _ = write!(
            out,
            " stroke-dasharray=\"{}\" stroke-dashoffset=\"{}\"",
            dashes.join(" "),
            number(line.offset, digits)
        );
    }
}

/// Digits behind the point that give a tenth of a micrometer or so on the page.
pub(crate) fn digits(map: &Transform) -> usize {
    let (x, y) = map.get_scale();
    let scale = x.max(y).clamp(1e-4, 1e4);
    (3.5 + scale.log10()).ceil().clamp(1.0, 8.0) as usize
}

fn push_path(out: &mut String, path: &Path, map: &Transform) {
    let digits = digits(map);
    let mut step = |letter: char, points: &[Point]| {
        out.push(letter);
        for (n, point) in points.iter().enumerate() {
            if n > 0 {
                out.push(' ');
            }
            push_number(out, point.x, digits);
            out.push(' ');
            push_number(out, point.y, digits);
        }
    };
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(p) => step('M', &[p]),
            PathSegment::LineTo(p) => step('L', &[p]),
            PathSegment::QuadTo(a, p) => step('Q', &[a, p]),
            PathSegment::CubicTo(a, b, p) => step('C', &[a, b, p]),
            PathSegment::Close => step('Z', &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_no_needless_digits() {
        let found = [1.0, 0.25, -0.00001, 120.0, -2.71567].map(|value| number(value, 4));
        assert_eq!(found, ["1", "0.25", "0", "120", "-2.7157"]);
        assert_eq!(number(100.0, 0), "100");
    }

    #[test]
    fn small_units_get_more_digits() {
        assert_eq!(digits(&Transform::identity()), 4);
        assert_eq!(digits(&Transform::from_scale(100.0, 100.0)), 6);
        assert_eq!(digits(&Transform::from_scale(0.01, 0.01)), 2);
    }
}
