//! Where the seal's picture stands: pages and millimeters on the command line.

use clap::{Args, ValueEnum};
use yinxin_formats::ses::Seal;
use yinxin_ofd::Rect;
use yinxin_ofd::sign::{Edge, PageSelection, Placement};
use yinxin_pdf::sign::IntoField;

use crate::failure::Failure;

/// Most page numbers one list may name.
const MAX_PAGES: usize = 100_000;

/// Places for the seal.
#[derive(Debug, Args, Default)]
pub struct PlaceArgs {
    /// 盖在哪些页：页码从 1 起，如 1 或 1,3-5 或 all；可与 --x --y 一起多次给出 / on which pages: numbers from 1, such as 1 or 1,3-5 or all; may be repeated together with --x and --y
    #[arg(long, value_name = "PAGES", requires = "x", requires = "y")]
    pub page: Vec<String>,
    /// 印模左上角到页面左边的距离，毫米 / distance of the imprint's upper left corner from the left of the page, mm
    #[arg(long, value_name = "MM", allow_negative_numbers = true, requires = "page")]
    pub x: Vec<f64>,
    /// 印模左上角到页面上边的距离，毫米 / distance of the imprint's upper left corner from the top of the page, mm
    #[arg(long, value_name = "MM", allow_negative_numbers = true, requires = "page")]
    pub y: Vec<f64>,
    /// 印模宽度，毫米；默认用印章中的尺寸 / width of the imprint, mm; as the seal says if not given
    #[arg(long, value_name = "MM", requires = "height")]
    pub width: Option<f64>,
    /// 印模高度，毫米；默认用印章中的尺寸 / height of the imprint, mm; as the seal says if not given
    #[arg(long, value_name = "MM", requires = "width")]
    pub height: Option<f64>,
    /// 骑缝章盖在哪条边上 / a cross-page seal over this edge
    #[arg(long, value_enum, value_name = "EDGE")]
    pub cross_page: Option<EdgeArg>,
    /// 骑缝章跨哪些页，默认为全部 / the pages of the cross-page seal; all if not given
    #[arg(long, value_name = "PAGES", requires = "cross_page")]
    pub pages: Option<String>,
    /// 骑缝章沿该边的位置：到上边（或左边）的距离，毫米；默认居中 / where along the edge the cross-page seal stands: mm from the top (or the left); centered if not given
    #[arg(long, value_name = "MM", requires = "cross_page")]
    pub along: Option<f64>,
    /// 盖在文档已有的空签名域中（PDF），以域名指定；印章在域内居中 / in the empty signature field of this name that the PDF has; the seal stands in its middle
    #[arg(long, value_name = "NAME", conflicts_with_all = ["page", "cross_page", "keyword"])]
    pub field: Option<String>,
}

/// An edge of the paper.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum EdgeArg {
    /// 左 / left
    Left,
    /// 右 / right
    Right,
    /// 上 / top
    Top,
    /// 下 / bottom
    Bottom,
}

impl PlaceArgs {
    /// Width and height of the imprint in mm: as asked, or as the seal says.
    pub fn size(&self, seal: Option<&Seal>) -> (f64, f64) {
        let own = seal.map_or((0.0, 0.0), |s| (s.picture.width_mm as f64, s.picture.height_mm as f64));
        (self.width.unwrap_or(own.0), self.height.unwrap_or(own.1))
    }

    /// The signature field asked for, and how large the seal is shown in it.
    pub fn field_asked(&self, seal: Option<&Seal>) -> Option<IntoField> {
        self.field.as_ref().map(|name| IntoField { name: name.clone(), size: self.size(seal) })
    }

    /// The placements asked for; sizes come from the seal unless given.
    pub fn placements(&self, seal: Option<&Seal>) -> Result<Vec<Placement>, Failure> {
        if (self.page.len(), self.page.len()) != (self.x.len(), self.y.len()) {
            return Err(Failure::new(
                "PLACE_ARGUMENTS",
                "每个 --page 须各有一个 --x 和 --y / every --page needs its own --x and --y",
            ));
        }
        let (width, height) = self.size(seal);
        let mut out = Vec::new();
        for ((pages, x), y) in self.page.iter().zip(&self.x).zip(&self.y) {
            out.push(Placement::At { pages: read_pages(pages)?, area: Rect::new(*x, *y, width, height) });
        }
        if let Some(edge) = self.cross_page {
            let edge = match edge {
                EdgeArg::Left => Edge::Left,
                EdgeArg::Right => Edge::Right,
                EdgeArg::Top => Edge::Top,
                EdgeArg::Bottom => Edge::Bottom,
            };
            let pages = self.pages.as_deref().map_or(Ok(PageSelection::All), read_pages)?;
            out.push(Placement::CrossPage { pages, edge, width, height, along: self.along });
        }
        Ok(out)
    }
}

/// Reads `all`, `3` or `1,3-5`: numbers from 1, each page once.
pub fn read_pages(text: &str) -> Result<PageSelection, Failure> {
    if text.eq_ignore_ascii_case("all") {
        return Ok(PageSelection::All);
    }
    let bad = || {
        let say = format!("“{text}”：页码应为 all、3 或 1,3-5 / pages are all, 3 or 1,3-5, numbered from 1");
        Failure::new("PAGES_FORMAT", say)
    };
    let number =
        |word: &str| word.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1)).ok_or_else(bad);
    let mut pages = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once('-') {
            Some((a, b)) => (number(a)?, number(b)?),
            None => (number(part)?, number(part)?),
        };
        if last < first || last - first >= MAX_PAGES || pages.len() >= MAX_PAGES {
            return Err(bad());
        }
        pages.extend(first..=last);
    }
    let mut sorted = pages.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|w| w.first() == w.last()) {
        return Err(bad());
    }
    Ok(PageSelection::Pages(pages))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_page_lists_from_one() {
        assert_eq!(read_pages("all").unwrap(), PageSelection::All);
        assert_eq!(read_pages("1").unwrap(), PageSelection::Pages(vec![0]));
        assert_eq!(read_pages("2, 4-6").unwrap(), PageSelection::Pages(vec![1, 3, 4, 5]));
    }

    #[test]
    fn rejects_page_lists_nobody_means() {
        for text in
            ["", "0", "a", "3-1", "1-", "-1", "1,,2", "1,1", "2,1-3", "1-99999999", "18446744073709551616"]
        {
            assert_eq!(read_pages(text).unwrap_err().code, "PAGES_FORMAT", "{text}");
        }
    }

    #[test]
    fn rejects_a_page_without_its_position() {
        let args = PlaceArgs {
            page: vec!["1".into(), "2".into()],
            x: vec![1.0],
            y: vec![1.0],
            ..PlaceArgs::default()
        };
        assert_eq!(args.placements(None).unwrap_err().code, "PLACE_ARGUMENTS");
    }
}
