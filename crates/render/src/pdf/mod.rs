//! Pages of PDF documents, drawn into the same display list as those of OFD.
//!
//! The page is taken out of its document by [`yinxin_pdf`], by the objects that are judged, and interpreted by hayro. What
//! that would draw comes to [`drawer::Drawer`], which keeps it within [`RenderLimits`](crate::RenderLimits).

mod device;
mod drawer;
mod glyphs;
mod image;
mod paint;
mod paths;
mod pattern;
mod work;

use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use hayro_interpret::font::FontQuery;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page as Drawn;
use hayro_interpret::kurbo::{Affine, Rect};
use hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, TransformExt, interpret_page,
};
use yinxin_pdf::{Apart, ApartOptions, Document};

use self::drawer::Drawer;
use crate::error::RenderError;
use crate::note::Notes;
use crate::page::Page;
use crate::pages::Options;
use crate::text::PageText;

/// Units of drawing per millimeter: 200 to the inch. Lines without width become one unit wide, shadings are sampled by it.
const UNITS: f64 = 200.0 / 25.4;
/// Points per millimeter.
const POINTS: f64 = 72.0 / 25.4;

/// An opened PDF whose pages can be had one by one.
#[derive(Debug)]
pub(crate) struct PdfPages<R> {
    document: Document<R>,
    pages: Rc<Vec<yinxin_pdf::Page>>,
    options: Options,
}

impl<R: Read + Seek> PdfPages<R> {
    pub fn open(mut document: Document<R>, options: Options) -> Result<Self, RenderError> {
        if options.body != 0 {
            let asked = options.body.saturating_add(1);
            return Err(RenderError::NoSuchDocument { asked, count: 1 });
        }
        let pages = document.pages()?;
        Ok(Self { document, pages, options })
    }

    pub fn count(&self) -> usize {
        self.pages.len()
    }

    pub fn page(&mut self, index: usize) -> Result<Page, RenderError> {
        let count = self.pages.len();
        let part = format!("page {}", index.saturating_add(1));
        let listed = self.pages.get(index);
        let listed = listed.ok_or(RenderError::NoSuchPage { asked: index.saturating_add(1), count })?;
        let size = listed.size_mm();
        let sound = |mm: f64| (1.0..=20_000.0).contains(&mm);
        if !(sound(size.0) && sound(size.1)) {
            return Err(RenderError::PageBox { path: part, found: format!("{} {}", size.0, size.1) });
        }
        let limits = self.options.limits.clone();
        let apart = ApartOptions {
            seals: self.options.seals,
            annotations: self.options.annotations,
            images: self.options.images,
            max_objects: limits.max_objects,
            max_bytes: limits.max_stream_bytes,
        };
        let Apart { bytes, left_out } = self.document.page_apart(index, &apart)?;
        let mut notes = Notes::new(limits.max_notes);
        for (code, detail) in left_out {
            notes.add(code, &part, None, detail);
        }
        let scale = listed.unit / POINTS * UNITS;
        // Hayro is young: a fault of its own in a stranger's document must not end more than this page.
        let drawn = catch_unwind(AssertUnwindSafe(|| {
            let mut drawer = Drawer::new(&limits, &part, (size.0 * UNITS, size.1 * UNITS), notes.clone());
            interpret(bytes, scale, &self.options, &mut drawer);
            drawer.finish()
        }));
        let (items, characters, notes) = drawn.unwrap_or_else(|_| {
            notes.add("PAGE_BROKEN", &part, None, "the page could not be interpreted");
            (Vec::new(), Vec::new(), notes)
        });
        Ok(Page { part, size, items, notes: notes.into_list(), text: PageText::new(characters) })
    }
}

/// Lets hayro interpret the only page of a small document.
fn interpret(bytes: Vec<u8>, scale: f64, options: &Options, drawer: &mut Drawer<'_>) {
    let Ok(pdf) = Pdf::new(bytes) else {
        return drawer.note("PAGE_BROKEN", "the page could not be read");
    };
    let Some(page) = pdf.pages().first() else {
        return drawer.note("PAGE_BROKEN", "the page could not be read");
    };
    let weights = work::weigh(&pdf, page);
    if weights.page > options.limits.max_content {
        return drawer.note("CONTENT_LIMIT", "drawing the page would take more work than the limit allows");
    }
    drawer.weights = weights;
    let told = Arc::new(Mutex::new(Vec::new()));
    let settings = settings(options, &told);
    let cache = InterpreterCache::new();
    let whole = Rect::new(0.0, 0.0, drawer.size.0, drawer.size.1);
    let mut context = Context::new(map(page, scale), whole, &cache, page.xref(), settings);
    interpret_page(page, &mut context, drawer);
    let told = told.lock().unwrap_or_else(PoisonError::into_inner);
    for (code, detail) in told.iter() {
        drawer.note(code, detail);
    }
}

/// From the page's own coordinates to units of drawing.
fn map(page: &Drawn<'_>, scale: f64) -> Affine {
    Affine::scale(scale) * page.initial_transform(true).to_kurbo()
}

/// Warnings kept from one page.
const MAX_TOLD: usize = 1000;

type Told = Arc<Mutex<Vec<(&'static str, String)>>>;

fn settings(options: &Options, told: &Told) -> InterpreterSettings {
    let usual = InterpreterSettings::default();
    let keep = |told: &Told, code: &'static str, detail: String| {
        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() < MAX_TOLD {
            told.push((code, detail));
        }
    };
    let (fonts, standard, sink) = (options.fonts.clone(), usual.font_resolver.clone(), Arc::clone(told));
    let warned = Arc::clone(told);
    InterpreterSettings {
        font_resolver: Arc::new(move |query| {
            if let FontQuery::Fallback(wanted) = query {
                let name = wanted.post_script_name.as_deref().or(wanted.font_name.as_deref());
                let name: String = name.unwrap_or("?").chars().take(100).collect();
                keep(&sink, "FONT_SUBSTITUTED", format!("{name} is not embedded"));
                if let Some(found) = fonts.for_pdf(wanted) {
                    return Some(found);
                }
            }
            standard(query)
        }),
        warning_sink: Arc::new(move |warning| {
            let (code, detail) = match warning {
                InterpreterWarning::UnsupportedFont => ("FONT_UNREADABLE", "an embedded font"),
                InterpreterWarning::ImageDecodeFailure => ("IMAGE_UNREADABLE", "an image"),
                _ => ("ANNOTATION_UNREADABLE", "the appearance of an annotation"),
            };
            keep(&warned, code, detail.to_owned());
        }),
        ..usual
    }
}
