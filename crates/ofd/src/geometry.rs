use serde::{Deserialize, Serialize};

/// A rectangle (`ST_Box`), in millimetres, origin at the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rect {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Rect {
    /// A rectangle of these values.
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    /// Reads `x y w h`; `None` unless there are exactly four finite numbers.
    pub fn parse(text: &str) -> Option<Self> {
        let mut values =
            text.split_ascii_whitespace().map(|word| word.parse::<f64>().ok().filter(|v| v.is_finite()));
        let rect = Self::new(values.next()??, values.next()??, values.next()??, values.next()??);
        values.next().is_none().then_some(rect)
    }

    /// Whether the two share an area greater than nothing.
    pub fn intersects(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }
}

impl std::fmt::Display for Rect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [x, y, w, h] = [self.x, self.y, self.width, self.height].map(millimetres);
        write!(f, "{x} {y} {w} {h}")
    }
}

/// A length rounded to a tenth of a micrometre, without trailing zeros: what viewers write and what compares well.
fn millimetres(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_boxes() {
        let rect = Rect::parse(" 248.25 117.19\n39.90 39.90 ").unwrap();
        assert_eq!(rect.to_string(), "248.25 117.19 39.9 39.9");
        assert_eq!(Rect::new(-0.00001, 10.0, 1.0 / 3.0, 40.0).to_string(), "0 10 0.3333 40");
    }

    #[test]
    fn rejects_boxes_that_are_none() {
        for text in ["", "1 2 3", "1 2 3 4 5", "1 2 3 x", "NaN 0 1 1", "inf 0 1 1"] {
            assert_eq!(Rect::parse(text), None, "{text}");
        }
    }

    #[test]
    fn boxes_that_only_touch_do_not_intersect() {
        let page = Rect::new(0.0, 0.0, 210.0, 297.0);
        assert!(!Rect::new(210.0, 0.0, 40.0, 40.0).intersects(&page));
        assert!(Rect::new(209.0, -39.0, 40.0, 40.0).intersects(&page));
    }
}
