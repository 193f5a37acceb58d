use std::collections::HashMap;
use std::io::{Read, Seek};
use std::rc::Rc;

use crate::appearance::{Drawn, drawn};
use crate::audit::{Audit, audit};
use crate::changes::{Changes, changes};
use crate::crypt::{Access, Locked};
use crate::error::PdfError;
use crate::finding::{Finding, Findings};
use crate::form::{Field, Form, form};
use crate::limits::Limits;
use crate::pages::{MM, Page, pages, rectangle};
use crate::rules::Rules;
use crate::signature::{Signature, read};
use crate::source::{Bytes, Source, pieces};
use crate::state::{Place, State};
use crate::syntax::{Dict, Object, Ref};
use crate::validation::{self, ValidationData};

/// A PDF document, opened within limits.
#[derive(Debug)]
pub struct Document<R> {
    pub(crate) source: Source<R>,
    pub(crate) state: State,
    pub(crate) limits: Limits,
    findings: Findings,
    audit: Option<Audit>,
    pages: Option<Rc<Vec<Page>>>,
}

/// A signature's widget on a page, in millimeters from the upper left corner of the page as shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// Page, from 0.
    pub page: usize,
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl<R: Read + Seek> Document<R> {
    /// Reads the header and the chain of cross-reference sections.
    ///
    /// # Errors
    /// [`PdfError::NotAPdf`]; errors of reading, structure and limits with their position.
    pub fn open(input: R, limits: &Limits) -> Result<Self, PdfError> {
        Self::open_with(input, limits, None)
    }

    /// The same with a password for an encrypted document, of a user or the owner; the empty one is tried where none is given.
    /// A document that stays closed is opened all the same, and says so by [`Self::locked`].
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with(input: R, limits: &Limits, password: Option<&str>) -> Result<Self, PdfError> {
        let mut source = Source::new(input)?;
        if !source.read(0, 5)?.starts_with(b"%PDF-") {
            return Err(PdfError::NotAPdf);
        }
        let mut findings = Findings::default();
        let end = source.len();
        let mut state = State::open(&mut source, end, limits, &mut findings)?;
        state.unlock(&mut source, password)?;
        if let Some(own) = state.crypt().and_then(|c| c.altered()) {
            let at = match own.and_then(|number| state.place(number)) {
                Some(Place::At(at)) => at,
                _ => 0,
            };
            findings.warn("PDF_PERMS_MISMATCH", at, "/P and /EncryptMetadata are not what /Perms says");
        }
        Ok(Self { source, state, limits: limits.clone(), findings, audit: None, pages: None })
    }

    /// Length of the file in bytes.
    pub fn size(&self) -> u64 {
        self.source.len()
    }

    /// Whether the document is encrypted.
    pub fn encrypted(&self) -> bool {
        self.state.encrypted()
    }

    /// Why an encrypted document stays closed; `None` where it can be read.
    pub fn locked(&self) -> Option<Locked> {
        self.state.locked()
    }

    /// How an encrypted document was opened; `None` where it is not encrypted, or stays closed.
    pub fn access(&self) -> Option<Access> {
        self.state.crypt().map(|c| c.access())
    }

    /// Revisions: cross-reference sections of the chain.
    pub fn sections(&self) -> usize {
        self.state.chain.sections.len()
    }

    /// Looks at every object that the chain names and at what stands between; gives all findings so far.
    ///
    /// # Errors
    /// [`PdfError::Io`] and [`PdfError::Limit`]; what is merely wrong is a finding.
    pub fn audit(&mut self) -> Result<Vec<Finding>, PdfError> {
        if self.audit.is_none() {
            let found = audit(&mut self.source, &mut self.state, &self.limits, &mut self.findings)?;
            self.audit = Some(found);
        }
        Ok(self.findings.clone().into_list())
    }

    /// The catalog.
    ///
    /// # Errors
    /// Where the trailer leads to none.
    pub fn catalog(&mut self) -> Result<Dict, PdfError> {
        Ok(self.state.catalog(&mut self.source)?.1)
    }

    /// The pages in order.
    ///
    /// # Errors
    /// Where the page tree cannot be read.
    pub fn pages(&mut self) -> Result<Rc<Vec<Page>>, PdfError> {
        if let Some(pages) = &self.pages {
            return Ok(Rc::clone(pages));
        }
        let found = Rc::new(pages(&mut self.source, &mut self.state, &self.limits)?);
        self.pages = Some(Rc::clone(&found));
        Ok(found)
    }

    /// The signature fields of the form.
    ///
    /// # Errors
    /// Where the form cannot be read.
    pub fn form(&mut self) -> Result<Form, PdfError> {
        form(&mut self.source, &mut self.state, &self.limits)
    }

    /// The signatures of the form's signed fields, in the order of their ranges' ends.
    ///
    /// # Errors
    /// Where the form cannot be read; [`PdfError::Limit`] above the bound on their number.
    pub fn signatures(&mut self) -> Result<Vec<Signature>, PdfError> {
        let form = self.form()?;
        let mut out = Vec::new();
        for field in form.fields.iter().filter(|f| f.value.is_some()) {
            if out.len() >= self.limits.max_signatures {
                let limit = self.limits.max_signatures as u64;
                return Err(PdfError::Limit { at: 0, what: "number of signatures", limit });
            }
            out.push(read(&mut self.source, &mut self.state, field, &self.limits)?);
        }
        out.sort_by_key(|s| s.end().unwrap_or(u64::MAX));
        // Only what stands in the signed revision binds what comes after it: a later one could claim anything.
        let mut so_far = Rules::default();
        for s in out.iter_mut().filter(|s| s.whole) {
            so_far.join(&s.rules);
            s.rules = so_far.clone();
        }
        Ok(out)
    }

    /// Objects that look like signatures and that no field of the form leads to, with their position.
    ///
    /// # Errors
    /// As [`Self::audit`] and [`Self::form`].
    pub fn hidden_signatures(&mut self) -> Result<Vec<(Ref, u64)>, PdfError> {
        self.audit()?;
        let form = self.form()?;
        let named: Vec<Ref> =
            form.fields.iter().filter_map(|f| f.value.as_ref().and_then(Object::reference)).collect();
        let all = self.audit.iter().flat_map(|a| &a.signatures);
        let shown = |(id, at): &(Ref, u64)| {
            named.contains(id) && self.state.place(id.number) == Some(crate::state::Place::At(*at))
        };
        Ok(all.filter(|s| !shown(s)).copied().collect())
    }

    /// What came after a signature. `None` where what was signed cannot be told.
    ///
    /// # Errors
    /// Where objects that differ cannot be read.
    pub fn changes_since(&mut self, signature: &Signature) -> Result<Option<Changes>, PdfError> {
        self.audit()?;
        let Some(end) = signature.end().filter(|_| signature.whole) else { return Ok(None) };
        // Opened anew for each signature: many of them would not fit in memory side by side.
        let mut signed = self.state.earlier(&mut self.source, end)?;
        let strays: &[(u64, u64)] = self.audit.as_ref().map_or(&[], |a| &a.strays);
        changes(&mut self.source, &mut signed, &mut self.state, strays, &signature.rules, &self.limits)
            .map(Some)
    }

    /// The validation data that the document carries.
    ///
    /// # Errors
    /// Where its streams cannot be read; [`PdfError::Limit`].
    pub fn validation_data(&mut self) -> Result<ValidationData, PdfError> {
        validation::read(&mut self.source, &mut self.state)
    }

    /// The validation data in the revision that a signature signed.
    ///
    /// # Errors
    /// As [`Self::validation_data`]; none is there where what was signed cannot be told.
    pub fn signed_validation_data(&mut self, signature: &Signature) -> Result<ValidationData, PdfError> {
        let Some(end) = signature.end().filter(|_| signature.whole) else {
            return Ok(ValidationData::default());
        };
        let mut signed = self.state.earlier(&mut self.source, end)?;
        validation::read(&mut self.source, &mut signed)
    }

    /// What the widgets of a signature show.
    ///
    /// # Errors
    /// Where the appearance cannot be read.
    pub fn drawn(&mut self, signature: &Signature) -> Result<Vec<Drawn>, PdfError> {
        drawn(&mut self.source, &mut self.state, signature)
    }

    /// Tells the bytes of ranges in order.
    ///
    /// # Errors
    /// Reading errors.
    pub fn feed(&mut self, ranges: &[(u64, u64)], each: &mut dyn FnMut(&[u8])) -> Result<(), PdfError> {
        for (from, to) in ranges {
            pieces(&mut self.source, *from, *to, &mut |_, piece| each(piece))?;
        }
        Ok(())
    }

    /// Where a signature's widgets are shown. Widgets without area, and those on no page, are left out.
    ///
    /// # Errors
    /// Where pages cannot be read.
    pub fn shown(&mut self, signature: &Signature) -> Result<Vec<Shown>, PdfError> {
        Ok(self.places(&signature.widgets)?.into_iter().map(|(_, shown)| shown).collect())
    }

    /// Where an empty signature field is to be shown, as [`Self::shown`] tells it of a signature.
    ///
    /// # Errors
    /// As [`Self::shown`].
    pub fn room(&mut self, field: &Field) -> Result<Vec<Shown>, PdfError> {
        Ok(self.places(&field.widgets)?.into_iter().map(|(_, shown)| shown).collect())
    }

    /// Widgets that have an area on a page, with their place.
    pub(crate) fn places(&mut self, widgets: &[(Ref, Dict)]) -> Result<Vec<(Ref, Shown)>, PdfError> {
        let pages = self.pages()?;
        let wanted: HashMap<u32, &Dict> = widgets.iter().map(|(id, d)| (id.number, d)).collect();
        let mut out = Vec::new();
        for (number, page) in pages.iter().enumerate() {
            let annotations = self.state.value(&mut self.source, &page.dict, "Annots")?;
            for r in annotations.array().unwrap_or_default().iter().filter_map(Object::reference) {
                let Some(widget) = wanted.get(&r.number) else { continue };
                let rect = self.state.value(&mut self.source, widget, "Rect")?;
                if let Some(rect) = rectangle(&rect) {
                    out.push((r, place(number, page, rect)));
                }
            }
        }
        Ok(out)
    }
}

/// A rectangle of user space as it is shown.
fn place(number: usize, page: &Page, [left, bottom, right, top]: [f64; 4]) -> Shown {
    let [pl, pb, pr, pt] = page.shown;
    let (from_left, from_right) = (left - pl, pr - right);
    let (from_top, from_bottom) = (pt - top, bottom - pb);
    let (w, h) = (right - left, top - bottom);
    let (x, y, w, h) = match page.rotate {
        90 => (from_bottom, from_left, h, w),
        180 => (from_right, from_bottom, w, h),
        270 => (from_top, from_right, h, w),
        _ => (from_left, from_top, w, h),
    };
    let [x, y, width, height] = [x, y, w, h].map(|v| v * page.unit / MM);
    Shown { page: number, x, y, width, height }
}
