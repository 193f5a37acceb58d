//! Pictures and texts of the pages of documents.
//!
//! ```
//! use std::io::Cursor;
//! use yinxin_ofd::{Limits, Package, sample};
//! use yinxin_render::{FontSet, Options, Pages, RenderLimits};
//!
//! let document = sample::document(2, "示例合同", &["甲方（盖章）："]);
//! let package = Package::open(Cursor::new(document), &Limits::default())?;
//! let mut pages = Pages::open(package, Options::new(FontSet::builtin()))?;
//! let page = pages.page(0)?;
//! let svg: String = page.to_svg();
//! let png: Vec<u8> = page.draw(96, &RenderLimits::default())?.to_png()?;
//! let hits = page.text().find("盖章");
//! assert_eq!(hits.len(), 1);
//! # assert!(svg.starts_with("<svg") && !png.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A page becomes a display list of shapes, pictures and clipped groups in millimeters, x to the right and y down from
//! the top left corner; from that come SVG and pixels. What a page names and cannot be shown stands in [`Page::notes`].
//! Nothing here reads a file or a clock: fonts come in as values, and the same input gives the same bytes.

mod apart;
mod art_note;
mod builder;
mod color;
mod delta;
mod element;
mod error;
mod fonts;
mod image_object;
mod limits;
mod list;
mod mark;
mod note;
mod page;
mod paged;
mod pages;
mod path_data;
mod path_object;
mod pdf;
mod pdf_paths;
mod picture;
mod radicals;
mod raster;
mod resources;
mod scope;
mod seal_art;
mod seals;
mod search;
mod shading;
mod svg;
mod svg_picture;
mod text;
mod text_object;

pub use art_note::{ArtNote, Beyond};
pub use error::RenderError;
pub use fonts::FontSet;
pub use limits::RenderLimits;
pub use mark::Mark;
pub use note::Note;
pub use page::Page;
pub use paged::{OnPage, Paged, find_in};
pub use pages::{Options, Pages};
pub use picture::{MAX_DPI, MIN_DPI, Picture};
pub use seal_art::{Art, SealArt, seal_art, seal_png};
pub use search::{Hit, Which};
pub use text::{PageText, TextLine, Word};
