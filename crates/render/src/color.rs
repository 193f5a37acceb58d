//! Colors and color spaces (颜色, GB/T 33190-2016 8.3).

use crate::element::{Element, words};
use crate::list::Rgba;

/// How the numbers of a color are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Model {
    Gray,
    Rgb,
    Cmyk,
}

/// A color space (颜色空间).
#[derive(Debug, Clone)]
pub(crate) struct ColorSpace {
    pub model: Option<Model>,
    bits: u32,
    palette: Vec<Vec<f32>>,
    /// A profile is named; colors are read as if it were not.
    pub profile: bool,
}

/// Colors of a palette: an index has at most 16 bits, real ones have 8.
const MAX_PALETTE: usize = 65_536;

impl Default for ColorSpace {
    /// RGB with eight bits, as where none is named.
    fn default() -> Self {
        Self { model: Some(Model::Rgb), bits: 8, palette: Vec::new(), profile: false }
    }
}

impl ColorSpace {
    pub fn read(element: &Element) -> Self {
        let model = match element.attribute("Type").map(str::trim) {
            Some(word) if word.eq_ignore_ascii_case("GRAY") => Some(Model::Gray),
            Some(word) if word.eq_ignore_ascii_case("RGB") => Some(Model::Rgb),
            Some(word) if word.eq_ignore_ascii_case("CMYK") => Some(Model::Cmyk),
            _ => None,
        };
        let bits = element.number("BitsPerComponent").map_or(8, |bits| bits as u32);
        let palette = element
            .child("Palette")
            .into_iter()
            .flat_map(|palette| palette.all("CV"))
            .take(MAX_PALETTE)
            .map(|entry| components(&entry.text))
            .collect();
        Self {
            model,
            bits: bits.clamp(1, 16),
            palette,
            profile: element.attribute("Profile").is_some_and(|loc| !loc.trim().is_empty()),
        }
    }

    /// The color of an element's `Value`, `Index` and `Alpha`; `None` where it has none that can be read.
    pub fn color(&self, element: &Element) -> Option<Rgba> {
        let parts = match (element.attribute("Value"), element.attribute("Index")) {
            (Some(value), _) => components(value),
            (None, Some(index)) => self.palette.get(index.trim().parse::<usize>().ok()?)?.clone(),
            (None, None) => return None,
        };
        let alpha = element.number("Alpha").unwrap_or(255.0) / 255.0;
        self.rgb(&parts).map(|(red, green, blue)| Rgba { red, green, blue, alpha: alpha.clamp(0.0, 1.0) })
    }

    fn rgb(&self, parts: &[f32]) -> Option<(f32, f32, f32)> {
        let full = ((1_u32 << self.bits.min(16)) - 1) as f32;
        let part = |value: &f32| (value / full).clamp(0.0, 1.0);
        // The number of components decides where the space does not fit: a wrong space is common, a wrong number is not.
        match (parts, self.model) {
            ([gray], _) | ([gray, ..], Some(Model::Gray)) => {
                let gray = part(gray);
                Some((gray, gray, gray))
            }
            ([cyan, magenta, yellow, black], _) => {
                let light = 1.0 - part(black);
                Some((
                    (1.0 - part(cyan)) * light,
                    (1.0 - part(magenta)) * light,
                    (1.0 - part(yellow)) * light,
                ))
            }
            ([red, green, blue, ..], _) => Some((part(red), part(green), part(blue))),
            _ => None,
        }
    }
}

/// Components in decimal, or in hexadecimal after `#`.
fn components(text: &str) -> Vec<f32> {
    words(text)
        .filter_map(|word| match word.strip_prefix('#') {
            Some(hex) => u16::from_str_radix(hex, 16).ok().map(f32::from),
            None => crate::element::number(word),
        })
        .take(8)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_ofd::Limits;

    fn element(xml: &str) -> Element {
        Element::parse("/x", xml.as_bytes(), &Limits::default()).unwrap()
    }

    fn bytes(space: &str, color: &str) -> Option<[u8; 4]> {
        let space = ColorSpace::read(&element(space));
        let color = space.color(&element(color))?;
        Some([color.red, color.green, color.blue, color.alpha].map(|part| (part * 255.0).round() as u8))
    }

    #[test]
    fn reads_gray_rgb_cmyk_and_hexadecimal() {
        let rgb = "<S Type='RGB'/>";
        assert_eq!(bytes(rgb, "<C Value='156 82 35'/>"), Some([156, 82, 35, 255]));
        assert_eq!(bytes(rgb, "<C Value='#9C #52 #23' Alpha='51'/>"), Some([156, 82, 35, 51]));
        assert_eq!(bytes("<S Type='GRAY'/>", "<C Value='128'/>"), Some([128, 128, 128, 255]));
        assert_eq!(
            bytes("<S Type='GRAY' BitsPerComponent='1'/>", "<C Value='1'/>"),
            Some([255, 255, 255, 255])
        );
        assert_eq!(bytes("<S Type='CMYK'/>", "<C Value='0 255 255 0'/>"), Some([255, 0, 0, 255]));
        assert_eq!(bytes("<S Type='CMYK'/>", "<C Value='0 0 0 255'/>"), Some([0, 0, 0, 255]));
        assert_eq!(
            bytes("<S Type='RGB' BitsPerComponent='16'/>", "<C Value='65535 0 0'/>"),
            Some([255, 0, 0, 255])
        );
    }

    #[test]
    fn an_index_is_looked_up_in_the_palette() {
        let space = "<S Type='RGB'><Palette><CV>0 0 0</CV><CV>10 20 30</CV></Palette></S>";
        assert_eq!(bytes(space, "<C Index='1'/>"), Some([10, 20, 30, 255]));
        assert_eq!(bytes(space, "<C Index='2'/>"), None);
        assert_eq!(bytes(space, "<C/>"), None);
    }
}
