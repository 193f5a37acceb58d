//! Sizes of pages and places of words, for whoever puts a seal on them.

use super::draw::open;
use std::path::Path;

/// Most pages looked through for a word.
const MOST_PAGES: usize = 1000;
/// Most places of a word.
const MOST_HITS: usize = 200;

/// Pages of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheets {
    /// How many there are.
    pub count: usize,
    /// Number of the first of those measured, from 1.
    pub first: usize,
    /// Width and height in mm of those measured.
    pub sizes_mm: Vec<(f64, f64)>,
}

impl Sheets {
    /// Size of a page, if it was measured.
    pub fn size_of(&self, page: usize) -> Option<(f64, f64)> {
        self.sizes_mm.get(page.checked_sub(self.first)?).copied()
    }
}

/// A word on a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Page, from 1.
    pub page: usize,
    /// Middle, in mm from the left.
    pub x_mm: f64,
    /// Middle, in mm from the top.
    pub y_mm: f64,
    /// As it is written there.
    pub text: String,
}

/// `first` counts from 1; a number behind the last page means the last one.
pub(super) fn sheets(path: &Path, first: usize, most: usize) -> Option<Sheets> {
    let mut pages = open(path, true)?;
    let count = pages.count();
    let first = first.clamp(1, count.max(1));
    let mut sizes_mm = Vec::new();
    for page in (first..=count).take(most) {
        sizes_mm.push(pages.page(page.checked_sub(1)?).ok()?.size_mm());
    }
    (count > 0).then_some(Sheets { count, first, sizes_mm })
}

pub(super) fn find(path: &Path, word: &str) -> Option<Vec<Found>> {
    let mut pages = open(path, true)?;
    let mut found = Vec::new();
    for index in 0..pages.count().min(MOST_PAGES) {
        // A page that cannot be read hides no words on others.
        let Ok(page) = pages.page(index) else { continue };
        for hit in page.text().find(word) {
            let (x_mm, y_mm) = hit.center();
            found.push(Found { page: index.saturating_add(1), x_mm, y_mm, text: hit.text });
            if found.len() >= MOST_HITS {
                return Some(found);
            }
        }
    }
    Some(found)
}
