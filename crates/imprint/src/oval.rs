//! The oval seal (椭圆形印章): the invoice seal.
//!
//! 国家税务总局公告2011年第7号 gives 40 × 30 mm, a rim of 1 mm, the name around, up to 4.2 tall, the taxpayer's number in the
//! middle, 3.7 tall with digits 1.3 wide, and the purpose below it, up to 4.6 tall; a number among several lowest. Here lengths
//! shrink or grow with the long axis; a name and lines that hinder each other make way as on a round seal: the name's share of the
//! ellipse shrinks by a fiftieth at a time, then the lines become lower by a tenth. The letters are those of the font configured.

use crate::arc::ArcRule;
use crate::drawing::{Drawing, Part};
use crate::error::ImprintError;
use crate::font::Font;
use crate::geometry::Point;
use crate::lettering::Lettering;
use crate::oval_arc::{self, OvalText};
use crate::path::Path;
use crate::row::{self, Line, RowRule, RowText};
use crate::rules::Rule;
use crate::spec::{Center, ImprintSpec, Kind, Style, Suffix};

/// The long axis the lengths below are given for.
const MODEL_MM: f64 = 40.0;
const FREE_RING: f64 = 0.6;
const INNER_RING: (f64, f64) = (0.5, 0.3);
const NAME_HEIGHT: f64 = 4.2;
const TAX_HEIGHT: f64 = 3.7;
const TAX_WIDTH: f64 = 1.3;
const PURPOSE_HEIGHT: f64 = 4.6;
const BETWEEN_LINES: f64 = 0.8;
const LINE_SHARES: [f64; 5] = [1.0, 0.9, 0.8, 0.7, 0.6];
/// Where lines begin when there is no number in the middle.
const TOP_WITHOUT_TAX: f64 = -2.0;

struct Layout {
    name: OvalText,
    tax: Option<RowText>,
    rows: Vec<RowText>,
}

pub(crate) fn draw(spec: &ImprintSpec, rule: &Rule, font: &Font) -> Result<Drawing, ImprintError> {
    spec.refuse_set(&[
        ("cut style", spec.style != Style::Raised),
        ("suffix", spec.suffix != Suffix::None),
        ("code", spec.code.is_some()),
        ("emblem", spec.emblem.is_some()),
        ("center", spec.center.is_some_and(|center| center != Center::None)),
    ])?;
    if spec.kind == Kind::Invoice && spec.tax_number.is_none() {
        return Err(ImprintError::OptionMissing { kind: spec.kind.code(), option: "tax number" });
    }
    let (width, height) = spec.checked_size(rule)?;
    let rim = spec.checked_border(rule, width)?;
    let texts = Lettering::read(spec, font)?;
    let scale = width / MODEL_MM;
    let ring = if spec.inner_ring { (INNER_RING.0 + INNER_RING.1) * scale } else { 0.0 };
    let inner = (width / 2.0 - rim - ring, height / 2.0 - rim - ring);
    let layout =
        lay_out(&texts, inner, scale).map_err(|field| ImprintError::DoesNotFit { field, size_mm: width })?;

    let mut drawing = Drawing::new(width, height, spec.color);
    drawing.add_centered(Part::Border, &ring_path(width / 2.0, height / 2.0, rim));
    if spec.inner_ring {
        let at = rim + INNER_RING.0 * scale;
        let path = ring_path(width / 2.0 - at, height / 2.0 - at, INNER_RING.1 * scale);
        drawing.add_centered(Part::InnerRing, &path);
    }
    put(&mut drawing, Part::Name, layout.name.paths(&texts.name));
    if let Some(tax) = &layout.tax {
        put(&mut drawing, Part::TaxNumber, tax.paths(&texts.tax_number));
    }
    for (line, row) in texts.block(0.0, line_rule(inner, scale)).iter().zip(&layout.rows) {
        put(&mut drawing, line.part, row.paths(line.line.cells));
    }
    Ok(drawing)
}

fn put(drawing: &mut Drawing, part: fn(usize) -> Part, paths: Vec<Path>) {
    for (index, path) in paths.iter().enumerate() {
        drawing.add_centered(part(index), path);
    }
}

fn ring_path(a: f64, b: f64, width: f64) -> Path {
    let mut ring = Path::ellipse(Point::default(), a, b, true);
    ring.append(Path::ellipse(Point::default(), a - width, b - width, false));
    ring
}

fn lay_out(texts: &Lettering, inner: (f64, f64), scale: f64) -> Result<Layout, &'static str> {
    let outer = (inner.0 - FREE_RING * scale, inner.1 - FREE_RING * scale);
    let count = texts.name.iter().map(|cell| cell.share).sum::<f64>();
    let natural = oval_arc::natural_share(count);
    let mut failed = "name";
    for lines in LINE_SHARES {
        let rule = ArcRule {
            outer_radius: 0.0,
            height_max: NAME_HEIGHT * scale * (0.4 + 0.6 * lines),
            height_min: 2.4 * scale,
            widest: 0.72,
            tallest: 2.2,
            gap: 0.16,
            width_min: 0.9 * scale,
        };
        let mut share = natural;
        while share >= natural.min(0.3).max(natural - 0.16) {
            let Some(name) = oval_arc::fit(&texts.name, &rule, outer, share) else { break };
            match lay_out_lines(texts, &name, inner, scale, lines) {
                Ok((tax, rows)) => return Ok(Layout { name, tax, rows }),
                Err(field) => failed = field,
            }
            share -= 0.02;
        }
    }
    Err(failed)
}

fn lay_out_lines(
    texts: &Lettering,
    name: &OvalText,
    inner: (f64, f64),
    scale: f64,
    share: f64,
) -> Result<(Option<RowText>, Vec<RowText>), &'static str> {
    let obstacles = name.boxes(&texts.name);
    let rule = line_rule(inner, scale);
    let mut top = TOP_WITHOUT_TAX * scale;
    let mut tax = None;
    if !texts.tax_number.is_empty() {
        let height_max = TAX_HEIGHT * scale * (0.3 + 0.7 * share);
        let rule = RowRule {
            top: -height_max / 2.0,
            height_max,
            height_min: 2.2 * scale,
            widest: TAX_WIDTH / TAX_HEIGHT,
            tallest: 4.0,
            gap: 0.25,
            ..rule
        };
        let row = row::fit(&texts.tax_number, &rule, &obstacles).ok_or("tax number")?;
        top = row.bounds.bottom + BETWEEN_LINES * scale;
        tax = Some(row);
    }
    let block = texts.block(PURPOSE_HEIGHT * scale * share, rule);
    let fields: Vec<&'static str> = block.iter().map(|line| line.field).collect();
    let lines: Vec<Line<'_>> = block.into_iter().map(|line| line.line).collect();
    let rows = row::stack(&lines, top, BETWEEN_LINES * scale, &obstacles)
        .map_err(|index| fields.get(index).copied().unwrap_or("purpose"))?;
    Ok((tax, rows))
}

fn line_rule(inner: (f64, f64), scale: f64) -> RowRule {
    RowRule {
        top: 0.0,
        height_max: 0.0,
        height_min: 1.7 * scale,
        widest: 0.72,
        tallest: 1.9,
        gap: 0.16,
        clearance: 0.6 * scale,
        half_width_max: 0.75 * inner.0,
        inside: inner,
    }
}
