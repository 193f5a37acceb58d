//! The finished imprint.

use crate::color::Color;
use crate::error::ImprintError;
use crate::geometry::{Affine, Point};
use crate::path::Path;
use crate::{ofd, png, raster, svg};

/// What a shape of the imprint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The round rim (边框) or the border of a square seal.
    Border,
    /// The thin ring inside the rim (内环).
    InnerRing,
    /// The five-pointed star (五角星).
    Star,
    /// The emblem.
    Emblem,
    /// A character of the name, counted from 0.
    Name(usize),
    /// A character of the purpose line, counted from 0.
    Purpose(usize),
    /// A character of the line below the purpose, counted from 0.
    Second(usize),
    /// A character of the number among several seals, counted from 0.
    Number(usize),
    /// A character of the taxpayer's number, counted from 0.
    TaxNumber(usize),
    /// A character of the code, counted from 0.
    Code(usize),
    /// The ground of a cut seal with the characters as holes.
    Ground,
}

/// A filled outline (nonzero winding) in mm, and what it stands for.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// What it is.
    pub part: Part,
    /// Its outline.
    pub path: Path,
}

/// An imprint (印模) of exact size: filled paths of one color on nothing. Shapes never overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    width_mm: f64,
    height_mm: f64,
    color: Color,
    shapes: Vec<Shape>,
}

impl Drawing {
    pub(crate) fn new(width_mm: f64, height_mm: f64, color: Color) -> Self {
        Self { width_mm, height_mm, color, shapes: Vec::new() }
    }

    /// Adds a path whose origin is the center of the imprint.
    pub(crate) fn add_centered(&mut self, part: Part, path: &Path) {
        let center = Point::new(self.width_mm / 2.0, self.height_mm / 2.0);
        let path = path.transformed(&Affine::turn_and_move(0.0, center)).on_grid();
        self.shapes.push(Shape { part, path });
    }

    /// Width and height in mm.
    pub fn size_mm(&self) -> (f64, f64) {
        (self.width_mm, self.height_mm)
    }

    /// The ink.
    pub fn color(&self) -> Color {
        self.color
    }

    /// All shapes: coordinates in mm from the top left corner, on a grid of 1 µm.
    pub fn paths(&self) -> &[Shape] {
        &self.shapes
    }

    /// An SVG 1.1 document of exact physical size, made of paths only: no font, no script, no reference.
    pub fn to_svg(&self) -> String {
        svg::write(self)
    }

    /// The same paths as the content of an OFD page (GB/T 33190-2016 `Content.xml`) that is exactly as large as the imprint, and the
    /// highest identifier in it. `yinxin_ofd::one_page` makes a package of it: a seal's picture of type `ofd`.
    pub fn to_ofd_page(&self) -> (String, u64) {
        ofd::page(self)
    }

    /// Pixels per side at `dpi`: mm ÷ 25.4 × dpi, rounded. Refuses a resolution outside
    /// [`MIN_DPI`](crate::MIN_DPI) to [`MAX_DPI`](crate::MAX_DPI).
    pub fn size_px(&self, dpi: u32) -> Result<(u32, u32), ImprintError> {
        raster::size_px(self, dpi)
    }

    /// A PNG (8 bit RGBA, clear where no ink is) with its physical resolution inside. Refuses a resolution outside
    /// [`MIN_DPI`](crate::MIN_DPI) to [`MAX_DPI`](crate::MAX_DPI).
    pub fn to_png(&self, dpi: u32) -> Result<Vec<u8>, ImprintError> {
        let coverage = raster::coverage(self, dpi)?;
        png::encode(&coverage, self.color, dpi)
    }
}
