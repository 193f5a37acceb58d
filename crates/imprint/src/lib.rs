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

mod arc;
mod cells;
mod color;
mod drawing;
mod error;
mod font;
mod geometry;
mod path;
mod picture;

mod png;
mod raster;
mod round;
mod row;
mod spec;
mod square;
mod star;
mod svg;
mod text;

pub use color::Color;
pub use drawing::{Drawing, Part, Shape};
pub use error::ImprintError;
pub use font::Font;
pub use geometry::{Point, Rect};
pub use path::{Path, Segment};

pub use picture::{Picture, PictureKind};
pub use raster::{MAX_DPI, MIN_DPI};
pub use spec::{ImprintSpec, Kind, Style, Suffix, draw};
