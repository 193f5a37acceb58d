//! Draws the imprint (印模) of a seal to exact size.
//!
//! ```
//! use yinxin_imprint::{Font, ImprintSpec, draw};
//!
//! let spec = ImprintSpec::official("示例市示例科技有限公司").with_code("1101050012345");
//! let drawing = draw(&spec, &Font::builtin())?;
//! let svg: String = drawing.to_svg();
//! let png: Vec<u8> = drawing.to_png(600)?;
//! assert_eq!(drawing.size_mm(), (40.0, 40.0));
//! # assert!(svg.starts_with("<svg") && !png.is_empty());
//! # Ok::<(), yinxin_imprint::ImprintError>(())
//! ```
//!
//! A drawing is nothing but filled paths in millimeters, x to the right and y down from the top left corner. It
//! needs no font when it is looked at, and the same paths can be written as SVG, as pixels or as an OFD path object.
//! The same specification and font give the same bytes.

//!
//! Sizes and proportions come from [`Rules`]; how texts adapt so that names of 4 and of 40 characters are legible and touch
//! nothing is stated in the modules `arc` (name and code of round seals), `oval_arc` (names of oval seals), `row` (lines), `round`,
//! `oval` and `square` (how they make way for each other).

mod arc;
mod bitmap;
mod cells;
mod check;
mod color;
mod compare;
mod drawing;
mod emblem;
mod error;
mod error_zh;
mod font;
mod geometry;
mod import;
mod ink;
mod lettering;
mod ofd;
mod oval;
mod oval_arc;
mod path;
mod picture;

mod png;
mod raster;
mod round;
mod row;
mod rules;
mod spec;
mod square;
mod star;
mod svg;
mod svg_in;
mod text;

pub use bitmap::{Bitmap, MAX_PICTURE_BYTES, MAX_PIXELS, MAX_SIDE};
pub use check::{Checked, Finding, Outcome, check};
pub use color::Color;
pub use compare::{Comparison, SAME_SCALE, SAME_SCORE, SAME_SPOT, compare};
pub use drawing::{Drawing, Part, Shape};
pub use emblem::Emblem;
pub use error::ImprintError;
pub use font::Font;
pub use geometry::{Point, Rect};
pub use import::{ImportSpec, Imported, Step, import};
pub use path::{Path, Segment};

pub use picture::{Picture, PictureKind};
pub use png::Png;
pub use raster::{MAX_DPI, MIN_DPI};
pub use rules::{
    Basis, Centers, MAX_ENTRIES, MAX_RULES_BYTES, Outline, PictureRule, Rule, Rules, RulesError, Span,
};
pub use spec::{Center, ImprintSpec, Kind, Rank, Style, Suffix, draw, draw_by};
