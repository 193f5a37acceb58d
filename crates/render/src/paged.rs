//! A document of either kind, page by page.

use std::io::{Read, Seek};

use yinxin_ofd::{DocumentKind, Package, document_kind};

use crate::error::RenderError;
use crate::page::Page;
use crate::pages::{Options, Pages};
use crate::pdf::PdfPages;

/// An opened OFD or PDF, told by its content, whose pages can be had one by one.
pub struct Paged<R>(Kind<R>);

enum Kind<R> {
    Ofd(Box<Pages<R>>),
    Pdf(Box<PdfPages<R>>),
}

impl<R> std::fmt::Debug for Paged<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Kind::Ofd(_) => "Paged(OFD)",
            Kind::Pdf(_) => "Paged(PDF)",
        })
    }
}

impl<R: Read + Seek> Paged<R> {
    /// Opens a document within the limits of its kind. What is no PDF is read as an OFD, which says what is wrong.
    ///
    /// # Errors
    /// [`RenderError::Both`] for a file that is both kinds at once; what opening either kind may meet.
    pub fn open(mut input: R, options: Options, limits: &yinxin_ofd::Limits) -> Result<Self, RenderError> {
        let io = |source| RenderError::Pdf(yinxin_pdf::PdfError::Io { at: 0, source });
        match document_kind(&mut input).map_err(io)? {
            DocumentKind::Both => return Err(RenderError::Both),
            DocumentKind::Pdf => {}
            DocumentKind::Ofd | DocumentKind::Empty => {
                let pages = Pages::open(Package::open(input, limits)?, options)?;
                return Ok(Self(Kind::Ofd(Box::new(pages))));
            }
        }
        let document = yinxin_pdf::Document::open(input, &yinxin_pdf::Limits::default())?;
        Ok(Self(Kind::Pdf(Box::new(PdfPages::open(document, options)?))))
    }

    /// How many pages there are.
    pub fn count(&self) -> usize {
        match &self.0 {
            Kind::Ofd(pages) => pages.count(),
            Kind::Pdf(pages) => pages.count(),
        }
    }

    /// Reads page `index`, counted from 0.
    ///
    /// # Errors
    /// As [`Pages::page`].
    pub fn page(&mut self, index: usize) -> Result<Page, RenderError> {
        match &mut self.0 {
            Kind::Ofd(pages) => pages.page(index),
            Kind::Pdf(pages) => pages.page(index),
        }
    }
}
