//! Where ink is in a picture, and its connected pieces.

use crate::bitmap::Bitmap;

/// How much ink each pixel holds, 0 to 255, row by row from the top.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ink {
    pub width: usize,
    pub height: usize,
    pub values: Vec<u8>,
}

/// From this on a pixel counts as inked.
pub(crate) const INKED: u8 = 128;

/// How red a pixel is: what red has above the stronger of the others. On white it is what a red ink covers.
fn redness([r, g, b, alpha]: [u8; 4]) -> u8 {
    let red = u32::from(r.saturating_sub(g.max(b)));
    (red * u32::from(alpha) / 255) as u8
}

/// How far from white a pixel is on white paper.
fn darkness([r, g, b, alpha]: [u8; 4]) -> u8 {
    let luma = (u32::from(r) * 77 + u32::from(g) * 150 + u32::from(b) * 29) / 256;
    (255_u32.saturating_sub(luma) * u32::from(alpha) / 255) as u8
}

impl Ink {
    /// The ink of a picture: its red, or where nearly nothing is red (a filed picture in black and white) what is dark. The
    /// strongest tenth of the inked pixels counts as full ink, so that pale and strong prints are seen alike.
    pub fn of(bitmap: &Bitmap) -> (Self, bool) {
        let red: Vec<u8> = bitmap.pixels().map(redness).collect();
        let dark: Vec<u8> = bitmap.pixels().map(darkness).collect();
        let count = |values: &[u8]| values.iter().filter(|v| **v > 48).count();
        let is_red = count(&red).saturating_mul(5) > count(&dark);
        let values = full(if is_red { red } else { dark });
        let side = |px: u32| usize::try_from(px).unwrap_or(0);
        (Self { width: side(bitmap.width), height: side(bitmap.height), values }, is_red)
    }

    pub fn at(&self, x: usize, y: usize) -> u8 {
        if x >= self.width {
            return 0;
        }
        self.values.get(y.saturating_mul(self.width).saturating_add(x)).copied().unwrap_or(0)
    }

    /// The value at a point between pixels, pixel centers lying at halves; nothing outside.
    pub fn sample(&self, x: f64, y: f64) -> f64 {
        let (x, y) = (x - 0.5, y - 0.5);
        if !(x > -1.0 && y > -1.0 && x < self.width as f64 && y < self.height as f64) {
            return 0.0;
        }
        let (fx, fy) = (x - x.floor(), y - y.floor());
        // In range by the test above; -1 becomes the largest index, which holds nothing.
        let index = |v: f64| if v < 0.0 { usize::MAX } else { v as usize };
        let (x0, y0) = (index(x.floor()), index(y.floor()));
        let (x1, y1) = (index(x.floor() + 1.0), index(y.floor() + 1.0));
        let value = |x, y| f64::from(self.at(x, y));
        let top = value(x0, y0) * (1.0 - fx) + value(x1, y0) * fx;
        let bottom = value(x0, y1) * (1.0 - fx) + value(x1, y1) * fx;
        top * (1.0 - fy) + bottom * fy
    }

    pub fn is_inked(&self, x: f64, y: f64) -> bool {
        self.sample(x, y) >= f64::from(INKED)
    }

    /// The box of inked pixels: left, top, right, bottom in pixels, the last two beyond the ink.
    pub fn bounds(&self) -> Option<[usize; 4]> {
        let mut bounds: Option<[usize; 4]> = None;
        for (y, row) in self.values.chunks_exact(self.width.max(1)).enumerate() {
            let Some(first) = row.iter().position(|v| *v >= INKED) else { continue };
            let last = row.iter().rposition(|v| *v >= INKED).unwrap_or(first);
            let [left, top, right, _] = bounds.unwrap_or([first, y, last, y]);
            bounds = Some([left.min(first), top, right.max(last.saturating_add(1)), y.saturating_add(1)]);
        }
        bounds
    }

    /// A smaller picture of `width` by `height` by averaging areas.
    pub fn reduced(&self, width: usize, height: usize) -> Self {
        let mut sums = vec![(0_u32, 0_u32); width.saturating_mul(height)];
        for (y, row) in self.values.chunks_exact(self.width.max(1)).enumerate() {
            let to_y = y.saturating_mul(height) / self.height.max(1);
            let Some(line) =
                sums.get_mut(to_y.saturating_mul(width)..to_y.saturating_add(1).saturating_mul(width))
            else {
                continue;
            };
            for (x, value) in row.iter().enumerate() {
                if let Some((sum, count)) = line.get_mut(x.saturating_mul(width) / self.width.max(1)) {
                    *sum = sum.saturating_add(u32::from(*value));
                    *count = count.saturating_add(1);
                }
            }
        }
        let values = sums.into_iter().map(|(sum, count)| (sum / count.max(1)).min(255) as u8).collect();
        Self { width, height, values }
    }
}

/// Stretches values so that the strongest tenth of what is inked at all becomes full.
fn full(mut values: Vec<u8>) -> Vec<u8> {
    let mut counts = [0_usize; 256];
    for value in values.iter().filter(|v| **v > 24) {
        if let Some(count) = counts.get_mut(usize::from(*value)) {
            *count = count.saturating_add(1);
        }
    }
    let inked: usize = counts.iter().sum();
    let (mut above, mut strong) = (0_usize, 255_usize);
    for (value, count) in counts.iter().enumerate().rev() {
        above = above.saturating_add(*count);
        if above.saturating_mul(10) >= inked {
            strong = value;
            break;
        }
    }
    // Never more than five times: the grain of empty paper is no ink.
    let strong = u32::try_from(strong).unwrap_or(255).clamp(51, 255);
    values.iter_mut().for_each(|v| *v = (u32::from(*v) * 255 / strong).min(255) as u8);
    values
}

/// Connected inked pixels (by sides and corners).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    /// Number of pixels.
    pub area: usize,
    /// Left, top, right, bottom, the last two beyond.
    pub bounds: [usize; 4],
}

/// The pieces and to which each pixel belongs: 0 none, else index + 1.
pub(crate) struct Pieces {
    pub all: Vec<Piece>,
    pub labels: Vec<u32>,
}

impl Pieces {
    /// The number of pixels of the piece with that label.
    pub fn area(&self, label: u32) -> f64 {
        let index = usize::try_from(label).ok().and_then(|l| l.checked_sub(1));
        index.and_then(|i| self.all.get(i)).map_or(0.0, |piece| piece.area as f64)
    }
}

impl Ink {
    /// Finds the connected pieces, in the order of their first pixels.
    pub fn pieces(&self) -> Pieces {
        let mut labels = vec![0_u32; self.values.len()];
        let mut all: Vec<Piece> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for start in 0..self.values.len() {
            if !self.is_new(start, &labels) {
                continue;
            }
            let label = u32::try_from(all.len().saturating_add(1)).unwrap_or(u32::MAX);
            let mut piece = Piece { area: 0, bounds: [usize::MAX, usize::MAX, 0, 0] };
            self.claim(start, label, &mut labels, &mut open);
            while let Some(at) = open.pop() {
                let (x, y) = (at % self.width, at / self.width);
                piece.area = piece.area.saturating_add(1);
                let [left, top, right, bottom] = piece.bounds;
                piece.bounds = [
                    left.min(x),
                    top.min(y),
                    right.max(x.saturating_add(1)),
                    bottom.max(y.saturating_add(1)),
                ];
                for near_y in y.saturating_sub(1)..=y.saturating_add(1).min(self.height.saturating_sub(1)) {
                    for near_x in x.saturating_sub(1)..=x.saturating_add(1).min(self.width.saturating_sub(1))
                    {
                        let near = near_y.saturating_mul(self.width).saturating_add(near_x);
                        if self.is_new(near, &labels) {
                            self.claim(near, label, &mut labels, &mut open);
                        }
                    }
                }
            }
            all.push(piece);
        }
        Pieces { all, labels }
    }

    fn is_new(&self, at: usize, labels: &[u32]) -> bool {
        self.values.get(at).is_some_and(|v| *v >= INKED) && labels.get(at) == Some(&0)
    }

    fn claim(&self, at: usize, label: u32, labels: &mut [u32], open: &mut Vec<usize>) {
        if let Some(own) = labels.get_mut(at) {
            *own = label;
            open.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(rows: &[&str]) -> Ink {
        let values =
            rows.iter().flat_map(|row| row.bytes().map(|b| if b == b'#' { 255 } else { 0 })).collect();
        Ink { width: rows[0].len(), height: rows.len(), values }
    }

    #[test]
    fn pieces_are_joined_by_sides_and_corners() {
        let pieces = ink(&["#..#", ".#..", "...#", "####"]).pieces();
        let areas: Vec<usize> = pieces.all.iter().map(|p| p.area).collect();
        assert_eq!(areas, [2, 1, 5]);
        assert_eq!(pieces.all[2].bounds, [0, 2, 4, 4]);
        assert_eq!(pieces.labels[15], 3);
    }

    #[test]
    fn bounds_hold_the_inked_pixels() {
        let ink = ink(&["....", ".##.", "..#.", "...."]);
        assert_eq!(ink.bounds(), Some([1, 1, 3, 3]));
        assert_eq!(self::ink(&["..", ".."]).bounds(), None);
    }

    #[test]
    fn pale_red_counts_as_ink_and_black_text_does_not() {
        let pale = [255, 150, 150, 255];
        let rgba = [pale, [0, 0, 0, 255], [255, 255, 255, 255], pale, pale, pale].concat();
        let (ink, is_red) = Ink::of(&Bitmap { width: 3, height: 2, rgba, dpi: None });
        assert!(is_red);
        assert_eq!(ink.values, [255, 0, 0, 255, 255, 255]);
    }

    #[test]
    fn black_and_white_counts_as_ink_where_nothing_is_red() {
        let rgba = [[0, 0, 0, 255], [255, 255, 255, 255]].concat();
        let (ink, is_red) = Ink::of(&Bitmap { width: 2, height: 1, rgba, dpi: None });
        assert!(!is_red);
        assert_eq!(ink.values, [255, 0]);
    }

    #[test]
    fn sampling_between_pixels_mixes_and_outside_is_nothing() {
        let ink = ink(&["#.", "#."]);
        assert_eq!(ink.sample(0.5, 0.5), 255.0);
        assert!((ink.sample(1.0, 1.0) - 127.5).abs() < 1e-9);
        assert_eq!((ink.sample(-2.0, 0.0), ink.sample(f64::NAN, 0.0), ink.sample(9.0, 9.0)), (0.0, 0.0, 0.0));
    }
}
