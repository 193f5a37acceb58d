//! Pixels of a picture and measures of them that share nothing with the library's own.

#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;
use std::process::Command;

/// A decoded PNG.
pub struct Pixels {
    pub width: usize,
    pub height: usize,
    pub rgba: Vec<[u8; 4]>,
}

impl Pixels {
    pub fn read(png: &[u8]) -> Self {
        let image = image::load_from_memory(png).unwrap().into_rgba8();
        let (width, height) = (image.width() as usize, image.height() as usize);
        let rgba = image.pixels().map(|p| p.0).collect();
        Self { width, height, rgba }
    }

    /// The upper left part of it.
    pub fn cropped(&self, width: usize, height: usize) -> Self {
        let rgba = (0..width * height).map(|at| self.at(at % width, at / width)).collect();
        Self { width, height, rgba }
    }

    pub fn at(&self, x: usize, y: usize) -> [u8; 4] {
        self.rgba[y * self.width + x]
    }

    /// Whether ink covers more than half of a pixel.
    pub fn inked(&self, x: usize, y: usize) -> bool {
        let [r, g, b, a] = self.at(x, y);
        let paper = 255 - u32::from(a) + u32::from(a) * u32::from(g.max(b)) / 255;
        a > 127 && r > 100 && paper < 128
    }

    pub fn mask(&self) -> Vec<bool> {
        (0..self.width * self.height).map(|at| self.inked(at % self.width, at / self.width)).collect()
    }

    /// Connected pieces by flooding over all eight neighbors: the pixels of each.
    pub fn pieces(&self) -> Vec<Vec<(usize, usize)>> {
        let mut open = self.mask();
        let mut pieces = Vec::new();
        for start in 0..open.len() {
            if !open[start] {
                continue;
            }
            open[start] = false;
            let mut piece = vec![(start % self.width, start / self.width)];
            let mut next = 0;
            while next < piece.len() {
                let (x, y) = piece[next];
                next += 1;
                for ny in y.saturating_sub(1)..=(y + 1).min(self.height - 1) {
                    for nx in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                        if std::mem::take(&mut open[ny * self.width + nx]) {
                            piece.push((nx, ny));
                        }
                    }
                }
            }
            pieces.push(piece);
        }
        pieces
    }
}

/// Runs a program that a test cannot do without.
pub fn tool(program: &str, args: &[&str], dir: &Path) -> String {
    let out = Command::new(program).args(args).current_dir(dir).output();
    let out = out.unwrap_or_else(|e| panic!("{program} is needed by this test and cannot run: {e}"));
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8_lossy(&out.stdout).into_owned()
}

/// A name of so many characters.
pub fn name(length: usize) -> String {
    "示例省示例（北京）高新技术产业开发区人民政府鑫·".chars().cycle().take(length).collect()
}

/// An emblem for tests: a disc with a hole.
pub const EMBLEM: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><path fill-rule="evenodd" d="M0 0H20V20H0zM5 5H15V15H5z"/></svg>"#;
