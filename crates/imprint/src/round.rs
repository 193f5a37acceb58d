//! The round seal (圆形印章).
//!
//! All lengths are those of a seal of 42 mm and shrink or grow with the diameter:
//! rim 1.2 · free ring inside the rim 0.8 · name up to 7.2 tall · star of diameter 14 in the center · purpose line up
//! to 4.2 tall below it and not much taller than the name · code up to 1.9 tall on the lower arc. How texts adapt is
//! told in `arc.rs` and `row.rs`.
//! A purpose line that finds no room makes the name give way: its sweep shrinks by 6° at a time.

use crate::arc::{self, ArcRule, ArcText, Facing};
use crate::cells::{self, Cell};
use crate::drawing::{Drawing, Part};
use crate::error::ImprintError;
use crate::font::Font;
use crate::geometry::Point;
use crate::path::Path;
use crate::row::{self, RowRule, RowText};
use crate::spec::ImprintSpec;
use crate::spec::{Style, Suffix};
use crate::star::star;
use crate::text;

/// The diameter the lengths below are given for.
const MODEL_MM: f64 = 42.0;
const RIM: f64 = 1.2;
const RIM_RANGE: (f64, f64) = (0.5, 2.0);
const FREE_RING: f64 = 0.8;
const STAR_RADIUS: f64 = 7.0;
/// From the star's lowest points to the purpose line.
const BELOW_STAR: f64 = 2.2;
/// Cosine of 36°: how far down a star's lower points reach, as a share of its radius.
const STAR_FOOT: f64 = 0.809_016_994_374_947_4;
/// Between the name's ends and the code, along the arc.
const BESIDE_CODE: f64 = 2.0;
const NAME_MAX: usize = 40;
const PURPOSE_MAX: usize = 12;
const CODE_MAX: usize = 20;

/// Everything with its place, around the center at the origin.
struct Layout {
    name: ArcText,
    code: Option<ArcText>,
    purpose: Option<RowText>,
}

struct Texts {
    name: Vec<Cell>,
    purpose: Vec<Cell>,
    code: Vec<Cell>,
}

pub(crate) fn draw(spec: &ImprintSpec, font: &Font) -> Result<Drawing, ImprintError> {
    refuse_foreign_options(spec)?;
    let size_mm = spec.checked_size()?;
    let scale = size_mm / MODEL_MM;
    let rim = spec.checked_border(RIM * scale, RIM_RANGE.0 * scale..=RIM_RANGE.1 * scale)?;
    let texts = read_texts(spec, font)?;
    let radius = size_mm / 2.0;
    let layout =
        lay_out(&texts, radius - rim, scale).map_err(|field| ImprintError::DoesNotFit { field, size_mm })?;

    let mut drawing = Drawing::new(size_mm, size_mm, spec.color);
    let center = Point::default();
    let mut ring = Path::circle(center, radius, true);
    ring.append(Path::circle(center, radius - rim, false));
    drawing.add_centered(Part::Border, &ring);
    if spec.star {
        drawing.add_centered(Part::Star, &star(center, STAR_RADIUS * scale));
    }
    for (index, path) in layout.name.paths(&texts.name, Facing::Outward).iter().enumerate() {
        drawing.add_centered(Part::Name(index), path);
    }
    if let Some(purpose) = layout.purpose {
        for (index, path) in purpose.paths(&texts.purpose).iter().enumerate() {
            drawing.add_centered(Part::Purpose(index), path);
        }
    }
    if let Some(code) = layout.code {
        for (index, path) in code.paths(&texts.code, Facing::Inward).iter().enumerate() {
            drawing.add_centered(Part::Code(index), path);
        }
    }
    Ok(drawing)
}

fn refuse_foreign_options(spec: &ImprintSpec) -> Result<(), ImprintError> {
    let refuse = |option| Err(ImprintError::OptionNotForKind { kind: spec.kind.code(), option });
    if spec.style != Style::Raised {
        return refuse("cut style");
    }
    if spec.suffix != Suffix::None {
        return refuse("suffix");
    }
    Ok(())
}

fn read_texts(spec: &ImprintSpec, font: &Font) -> Result<Texts, ImprintError> {
    let optional = |field, value: &Option<String>, max| match value {
        Some(value) => text::characters(field, value, 1, max),
        None => Ok(Vec::new()),
    };
    let name = text::characters("name", &spec.name, 1, NAME_MAX)?;
    let purpose = optional("purpose", &spec.purpose, PURPOSE_MAX)?;
    let code = optional("code", &spec.code, CODE_MAX)?;
    let [name, purpose, code] = text::outlines(font, [&name, &purpose, &code])?;
    Ok(Texts {
        name: cells::square_cells(font, &name),
        purpose: cells::square_cells(font, &purpose),
        code: cells::even_cells(&code),
    })
}

/// Finds places for all texts, or tells which one has none.
fn lay_out(texts: &Texts, inner_radius: f64, scale: f64) -> Result<Layout, &'static str> {
    let code =
        if texts.code.is_empty() { None } else { Some(lay_out_code(&texts.code, inner_radius, scale)?) };
    let rule = ArcRule {
        outer_radius: inner_radius - FREE_RING * scale,
        height_max: 7.2 * scale,
        height_min: 3.2 * scale,
        widest: 0.68,
        tallest: 2.0,
        gap: 0.16,
        width_min: 1.1 * scale,
    };
    let count = texts.name.iter().map(|cell| cell.share).sum::<f64>();
    let mut sweep = arc::natural_sweep(count);
    if let Some(code) = &code {
        let beside = BESIDE_CODE * scale / (code.inner_radius - code.height);
        sweep = sweep.min(360_f64.to_radians() - code.sweep - 2.0 * beside);
    }
    loop {
        let name = arc::fit(&texts.name, &rule, sweep).ok_or("name")?;
        if texts.purpose.is_empty() {
            return Ok(Layout { name, code, purpose: None });
        }
        let mut obstacles = name.boxes(&texts.name, Facing::Outward);
        if let Some(code) = &code {
            obstacles.extend(code.boxes(&texts.code, Facing::Inward));
        }
        let height_max = (1.1 * name.height).clamp(3.4 * scale, 4.2 * scale);
        let rule = purpose_rule(height_max, inner_radius, scale);
        if let Some(purpose) = row::fit(&texts.purpose, &rule, &obstacles) {
            return Ok(Layout { name, code, purpose: Some(purpose) });
        }
        sweep -= 6_f64.to_radians();
        if sweep < 120_f64.to_radians() {
            return Err("purpose");
        }
    }
}

fn lay_out_code(cells: &[Cell], inner_radius: f64, scale: f64) -> Result<ArcText, &'static str> {
    let rule = ArcRule {
        outer_radius: inner_radius - 0.7 * scale,
        height_max: 1.9 * scale,
        height_min: 1.4 * scale,
        widest: 0.62,
        tallest: 2.2,
        gap: 0.3,
        width_min: 0.6 * scale,
    };
    // 5.4° a digit leave half a digit's width between digits.
    let sweep = (5.4 * cells.len() as f64).min(92.0).to_radians();
    arc::fit(cells, &rule, sweep).ok_or("code")
}

fn purpose_rule(height_max: f64, inner_radius: f64, scale: f64) -> RowRule {
    RowRule {
        top: (STAR_RADIUS * STAR_FOOT + BELOW_STAR) * scale,
        height_max,
        height_min: 2.6 * scale,
        widest: 0.8,
        tallest: 1.9,
        gap: 0.14,
        clearance: 0.8 * scale,
        half_width_max: 0.62 * inner_radius,
    }
}
