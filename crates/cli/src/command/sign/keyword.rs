//! Places for the seal found by a word in the text (关键字签章).

use std::io::{Read, Seek};
use std::path::Path;
use std::str::FromStr;

use clap::Args;
use yinxin_ofd::sign::{PageSelection, Placement};
use yinxin_render::{FontSet, Hit, Options, Paged, RenderError, Which};

use super::place::read_pages;
use crate::command::render::open;
use crate::failure::Failure;

/// Most places one keyword may give.
const MAX_PLACES: usize = 1000;

/// A place found by a word.
#[derive(Debug, Args, Default)]
pub struct KeywordArgs {
    /// 盖在该词之处，印模中心对准词的中心：不分全角半角，不计空格，可跨文字对象与跨行 / where this word stands, centers on each other: full and half width alike, spaces not counted, over text objects and lines
    #[arg(long, value_name = "WORD")]
    pub keyword: Option<String>,
    /// 取该词的哪几处：every 每一处，last 最后一处，或序号（从 1 起） / which of its places: every, last, or a number from 1
    #[arg(long, value_name = "WHICH", default_value = "last", requires = "keyword")]
    pub keyword_hit: WhichArg,
    /// 只在这些页上找，默认为全部 / only on these pages; all if not given
    #[arg(long, value_name = "PAGES", default_value = "all", requires = "keyword")]
    pub keyword_pages: String,
    /// 印模中心相对词的中心向右、向下偏移，毫米 / how far the imprint's center is to the right of and below the word's, mm
    #[arg(long, value_name = "DX,DY", allow_hyphen_values = true, requires = "keyword")]
    pub offset: Option<OffsetArg>,
}

/// Which hits.
#[derive(Debug, Clone, Copy)]
pub struct WhichArg(pub Which);

impl Default for WhichArg {
    fn default() -> Self {
        Self(Which::Last)
    }
}

impl FromStr for WhichArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "every" => Ok(Self(Which::Every)),
            "last" => Ok(Self(Which::Last)),
            number => match number.parse::<usize>() {
                Ok(number) if number > 0 => Ok(Self(Which::Nth(number))),
                _ => Err("应为 every、last 或从 1 起的序号 / every, last or a number from 1".into()),
            },
        }
    }
}

/// Millimeters to the right and down.
#[derive(Debug, Clone, Copy, Default)]
pub struct OffsetArg(f64, f64);

impl FromStr for OffsetArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |word: &str| word.trim().parse::<f64>().ok().filter(|mm| mm.is_finite());
        let both = text.split_once(',').and_then(|(x, y)| Some(Self(number(x)?, number(y)?)));
        both.ok_or_else(|| "应为两个毫米数，如 10,-5 / two numbers of mm, such as 10,-5".into())
    }
}

impl KeywordArgs {
    /// The placements of a seal of this size; none where no keyword is asked for.
    pub fn placements(
        &self,
        input: &Path,
        body: usize,
        fonts: FontSet,
        password: Option<&str>,
        (width, height): (f64, f64),
    ) -> Result<Vec<Placement>, Failure> {
        let Some(word) = &self.keyword else { return Ok(Vec::new()) };
        let mut options = Options::new(fonts);
        options.body = body;
        options.seals = false;
        options.images = false;
        let mut pages = open(input, options, password)?;
        let wanted = numbers(&read_pages(&self.keyword_pages)?, pages.count());
        let hits = hits(&mut pages, &wanted, word, self.keyword_hit)?;
        if hits.is_empty() || hits.len() > MAX_PLACES {
            let say = format!(
                "“{word}”：找到 {} 处，应为 1 到 {MAX_PLACES} 处 / found {} times, 1 to {MAX_PLACES} are usable",
                hits.len(),
                hits.len()
            );
            return Err(Failure::new("KEYWORD_HITS", say));
        }
        let OffsetArg(dx, dy) = self.offset.unwrap_or_default();
        let place = |(page, hit): (usize, Hit)| {
            let (x, y) = hit.center();
            Placement::on_page(page, x + dx - width / 2.0, y + dy - height / 2.0, width, height)
        };
        Ok(hits.into_iter().map(place).collect())
    }
}

/// Page numbers from 0; those beyond the end are left to the reader to refuse.
pub fn numbers(selection: &PageSelection, count: usize) -> Vec<usize> {
    match selection {
        PageSelection::All => (0..count).collect(),
        PageSelection::Pages(pages) => pages.clone(),
    }
}

/// Hits of a word over pages, in order; which of them are meant counts over all the pages.
pub fn hits<R: Read + Seek>(
    pages: &mut Paged<R>,
    wanted: &[usize],
    word: &str,
    which: WhichArg,
) -> Result<Vec<(usize, Hit)>, RenderError> {
    let mut found = Vec::new();
    for number in wanted {
        let page = pages.page(*number)?;
        found.extend(page.text().find(word).into_iter().map(|hit| (*number, hit)));
    }
    Ok(which.0.of(&found))
}
