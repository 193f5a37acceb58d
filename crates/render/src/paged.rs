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
    pub fn open(input: R, options: Options, limits: &yinxin_ofd::Limits) -> Result<Self, RenderError> {
        Self::open_with(input, options, limits, None)
    }

    /// The same with the password of an encrypted PDF, a user's or its owner's.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(
        mut input: R,
        options: Options,
        limits: &yinxin_ofd::Limits,
        password: Option<&str>,
    ) -> Result<Self, RenderError> {
        let io = |source| RenderError::Pdf(yinxin_pdf::PdfError::Io { at: 0, source });
        match document_kind(&mut input).map_err(io)? {
            DocumentKind::Both => return Err(RenderError::Both),
            DocumentKind::Pdf => {}
            DocumentKind::Ofd | DocumentKind::Empty => {
                let pages = Pages::open(Package::open(input, limits)?, options)?;
                return Ok(Self(Kind::Ofd(Box::new(pages))));
            }
        }
        let document = yinxin_pdf::Document::open_with(input, &yinxin_pdf::Limits::default(), password)?;
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

/// A page, from 0, and a place on it in mm from the upper left corner.
pub type OnPage = (usize, (f64, f64));

/// Where a word stands in a document (关键字定位): pages from 0 and middles in mm, in the order of the pages. The hit of that number,
/// from 1, or every hit for 0; empty where it is not there. `None` where more than `pages` would have to be searched, or more than
/// `most` places are found.
///
/// # Errors
/// As [`Paged::page`].
pub fn find_in<R: Read + Seek>(
    document: &mut Paged<R>,
    word: &str,
    hit: u32,
    pages: usize,
    most: usize,
) -> Result<Option<Vec<OnPage>>, RenderError> {
    let wanted = usize::try_from(hit).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    for number in 0..document.count() {
        if number >= pages || found.len() > most {
            return Ok(None);
        }
        let page = document.page(number)?;
        found.extend(page.text().find(word).iter().map(|one| (number, one.center())));
        if wanted > 0 && found.len() >= wanted {
            break;
        }
    }
    if wanted > 0 {
        found = found.get(wanted.saturating_sub(1)).copied().into_iter().collect();
    }
    Ok((found.len() <= most).then_some(found))
}
