//! The round seal (圆形印章).
//!
//! All lengths are those of a seal of 42 mm and shrink or grow with the diameter; rim and star come from the rules:
//! free ring inside the rim 0.8 · name up to 7.2 tall · 2.2 from the star to the lines below it · purpose line up to 4.2 tall,
//! a second line 0.82 and a number 0.78 of that, 0.9 apart · code up to 1.9 tall on the lower arc. How one text adapts is
//! told in `arc.rs` and `row.rs`. Where the center is empty the lines stand around a point slightly below it and are up to 5
//! tall.
//!
//! How they make way for each other: lines that find no room take the name's, whose sweep shrinks by 6° at a time, at most 60°;
//! then all lines become lower by a tenth and the name begins anew; at the lowest lines the name's sweep may shrink to 120°.

use crate::arc::{self, ArcRule, ArcText, Facing};
use crate::cells::Cell;
use crate::drawing::{Drawing, Part};
use crate::emblem::Emblem;
use crate::error::ImprintError;
use crate::font::Font;
use crate::geometry::{Point, Quad};
use crate::lettering::Lettering;
use crate::path::Path;
use crate::row::{self, Line, RowRule, RowText};
use crate::rules::Rule;
use crate::spec::{Center, ImprintSpec, Style, Suffix};
use crate::star::star;

/// The diameter the lengths below are given for.
const MODEL_MM: f64 = 42.0;
const FREE_RING: f64 = 0.8;
/// The ring inside the rim: its distance and width.
const INNER_RING: (f64, f64) = (0.7, 0.35);
/// From the star's lowest points to the lines below.
const BELOW_STAR: f64 = 2.2;
/// Between lines.
const BETWEEN_LINES: f64 = 0.9;
/// Cosine of 36°: how far down a star's lower points reach, as a share of its radius.
const STAR_FOOT: f64 = 0.809_016_994_374_947_4;
/// Between the name's ends and the code, along the arc.
const BESIDE_CODE: f64 = 2.0;
/// Heights of the lines that are tried, as shares of the largest.
const LINE_SHARES: [f64; 5] = [1.0, 0.9, 0.8, 0.7, 0.6];

/// What stands in the center, with its outline.
enum Middle {
    Nothing,
    Star(Path),
    Emblem(Path),
}

/// The frame everything else has to respect, in mm.
struct Frame {
    scale: f64,
    /// Inside of rim or inner ring.
    inner_radius: f64,
    /// Radius of star or emblem, 0 where there is none.
    center_radius: f64,
    /// How far down that reaches.
    center_foot: f64,
}

struct Layout {
    name: ArcText,
    code: Option<ArcText>,
    rows: Vec<RowText>,
}

pub(crate) fn draw(spec: &ImprintSpec, rule: &Rule, font: &Font) -> Result<Drawing, ImprintError> {
    spec.refuse_set(&[
        ("cut style", spec.style != Style::Raised),
        ("suffix", spec.suffix != Suffix::None),
        ("tax number", spec.tax_number.is_some()),
    ])?;
    let (size_mm, _) = spec.checked_size(rule)?;
    let rim = spec.checked_border(rule, size_mm)?;
    if spec.kind == crate::Kind::Business && spec.purpose.is_none() {
        return Err(ImprintError::OptionMissing { kind: spec.kind.code(), option: "purpose" });
    }
    let texts = Lettering::read(spec, font)?;
    let scale = size_mm / MODEL_MM;
    let radius = size_mm / 2.0;
    let middle = middle(spec, rule, radius * rule.center_share.usual)?;
    let ring = if spec.inner_ring { (INNER_RING.0 + INNER_RING.1) * scale } else { 0.0 };
    let center_radius =
        if matches!(middle, Middle::Nothing) { 0.0 } else { radius * rule.center_share.usual };
    let center_foot =
        if matches!(middle, Middle::Star(_)) { center_radius * STAR_FOOT } else { center_radius };
    let frame = Frame { scale, inner_radius: radius - rim - ring, center_radius, center_foot };
    let layout = lay_out(&texts, &frame).map_err(|field| ImprintError::DoesNotFit { field, size_mm })?;

    let mut drawing = Drawing::new(size_mm, size_mm, spec.color);
    drawing.add_centered(Part::Border, &ring_path(radius, rim));
    if spec.inner_ring {
        drawing.add_centered(
            Part::InnerRing,
            &ring_path(radius - rim - INNER_RING.0 * scale, INNER_RING.1 * scale),
        );
    }
    match middle {
        Middle::Nothing => {}
        Middle::Star(path) => drawing.add_centered(Part::Star, &path),
        Middle::Emblem(path) => drawing.add_centered(Part::Emblem, &path),
    }
    put(&mut drawing, Part::Name, layout.name.paths(&texts.name, Facing::Outward));
    for (line, row) in texts.block(0.0, line_rule(&frame)).iter().zip(&layout.rows) {
        put(&mut drawing, line.part, row.paths(line.line.cells));
    }
    if let Some(code) = layout.code {
        put(&mut drawing, Part::Code, code.paths(&texts.code, Facing::Inward));
    }
    Ok(drawing)
}

fn put(drawing: &mut Drawing, part: fn(usize) -> Part, paths: Vec<Path>) {
    for (index, path) in paths.iter().enumerate() {
        drawing.add_centered(part(index), path);
    }
}

fn ring_path(radius: f64, width: f64) -> Path {
    let mut ring = Path::circle(Point::default(), radius, true);
    ring.append(Path::circle(Point::default(), radius - width, false));
    ring
}

fn middle(spec: &ImprintSpec, rule: &Rule, radius: f64) -> Result<Middle, ImprintError> {
    let center = spec.center.unwrap_or(rule.center.usual);
    if !rule.center.allowed.contains(&center) {
        let allowed: Vec<&str> = rule.center.allowed.iter().map(|c| c.code()).collect();
        let (kind, allowed) = (spec.kind.code(), allowed.join(", "));
        return Err(ImprintError::CenterNotAllowed { kind, center: center.code(), allowed });
    }
    match (center, &spec.emblem) {
        (Center::None, None) => Ok(Middle::Nothing),
        (Center::Star, None) => Ok(Middle::Star(star(Point::default(), radius))),
        (Center::Emblem, Some(svg)) => Ok(Middle::Emblem(Emblem::from_svg(svg)?.within(radius))),
        (Center::Emblem, None) => {
            Err(ImprintError::OptionMissing { kind: spec.kind.code(), option: "emblem" })
        }
        (_, Some(_)) => Err(ImprintError::OptionNotForKind { kind: spec.kind.code(), option: "emblem" }),
    }
}

/// Finds places for all texts, or tells which one has none.
fn lay_out(texts: &Lettering, frame: &Frame) -> Result<Layout, &'static str> {
    let scale = frame.scale;
    let code = if texts.code.is_empty() { None } else { Some(lay_out_code(&texts.code, frame)?) };
    let rule = ArcRule {
        outer_radius: frame.inner_radius - FREE_RING * scale,
        height_max: 7.2 * scale,
        height_min: 3.2 * scale,
        widest: 0.68,
        tallest: 2.0,
        gap: 0.16,
        width_min: 1.1 * scale,
    };
    let count = texts.name.iter().map(|cell| cell.share).sum::<f64>();
    let mut widest = arc::natural_sweep(count);
    if let Some(code) = &code {
        let beside = BESIDE_CODE * scale / (code.inner_radius - code.height);
        widest = widest.min(360_f64.to_radians() - code.sweep - 2.0 * beside);
    }
    let mut failed = "name";
    for share in LINE_SHARES {
        let lowest = if share > 0.65 { widest - 60_f64.to_radians() } else { 0.0 };
        let mut sweep = widest;
        while sweep >= lowest.max(119_f64.to_radians()) || sweep == widest {
            let Some(name) = arc::fit(&texts.name, &rule, sweep) else { break };
            let mut obstacles = name.boxes(&texts.name, Facing::Outward);
            if let Some(code) = &code {
                obstacles.extend(code.boxes(&texts.code, Facing::Inward));
            }
            match lay_out_lines(texts, frame, share, name.height, &obstacles) {
                Ok(rows) => return Ok(Layout { name, code, rows }),
                Err(field) => failed = field,
            }
            sweep -= 6_f64.to_radians();
        }
    }
    Err(failed)
}

fn lay_out_code(cells: &[Cell], frame: &Frame) -> Result<ArcText, &'static str> {
    let scale = frame.scale;
    let rule = ArcRule {
        outer_radius: frame.inner_radius - 0.7 * scale,
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

fn lay_out_lines(
    texts: &Lettering,
    frame: &Frame,
    share: f64,
    name_height: f64,
    obstacles: &[Quad],
) -> Result<Vec<RowText>, &'static str> {
    let scale = frame.scale;
    let empty = frame.center_radius == 0.0;
    let (lowest, tallest) = if empty { (4.4, 5.0) } else { (3.4, 4.2) };
    let tall = share * (1.1 * name_height).clamp(lowest * scale, tallest * scale);
    let block = texts.block(tall, line_rule(frame));
    let between = BETWEEN_LINES * scale;
    let heights: f64 = block.iter().map(|line| line.line.rule.height_max + between).sum();
    let top = if empty {
        // A line more makes the block grow to both sides of a point below the center.
        (3.4 * scale - (heights - between) / 2.0).max(-4.0 * scale)
    } else {
        let gap = if block.len() > 1 { 1.6 } else { BELOW_STAR };
        frame.center_foot + gap * scale
    };
    let fields: Vec<&'static str> = block.iter().map(|line| line.field).collect();
    let lines: Vec<Line<'_>> = block.into_iter().map(|line| line.line).collect();
    row::stack(&lines, top, between, obstacles)
        .map_err(|index| fields.get(index).copied().unwrap_or("purpose"))
}

fn line_rule(frame: &Frame) -> RowRule {
    let Frame { scale, inner_radius, .. } = *frame;
    RowRule {
        top: 0.0,
        height_max: 0.0,
        height_min: 1.9 * scale,
        widest: 0.8,
        tallest: 1.9,
        gap: 0.14,
        clearance: 0.8 * scale,
        half_width_max: 0.62 * inner_radius,
        inside: (inner_radius, inner_radius),
    }
}
