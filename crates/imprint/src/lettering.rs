//! The texts of round and oval seals, checked and turned into cells.

use crate::cells::{self, Cell};
use crate::drawing::Part;
use crate::error::ImprintError;
use crate::font::Font;
use crate::row::{Line, RowRule};
use crate::spec::ImprintSpec;
use crate::text;

const NAME_MAX: usize = 40;
const LINE_MAX: usize = 12;
const CODE_MAX: usize = 20;
const TAX_MAX: usize = 20;
/// Numbers go up to (999).
const NUMBER_MAX: u32 = 999;

/// Cells of every text; empty where there is none.
pub(crate) struct Lettering {
    pub name: Vec<Cell>,
    pub purpose: Vec<Cell>,
    pub second: Vec<Cell>,
    pub number: Vec<Cell>,
    pub code: Vec<Cell>,
    pub tax_number: Vec<Cell>,
}

impl Lettering {
    pub fn read(spec: &ImprintSpec, font: &Font) -> Result<Self, ImprintError> {
        let optional = |field, value: &Option<String>, max| match value {
            Some(value) => text::characters(field, value, 1, max),
            None => Ok(Vec::new()),
        };
        let number = match spec.number {
            Some(n) if n == 0 || n > NUMBER_MAX => {
                let length = n.to_string().len();
                return Err(ImprintError::TextTooLong { field: "number", length, max: 3 });
            }
            other => other.map(|n| format!("({n})")),
        };
        let name = text::characters("name", &spec.name, 1, NAME_MAX)?;
        let purpose = optional("purpose", &spec.purpose, LINE_MAX)?;
        let second = optional("second", &spec.second, LINE_MAX)?;
        let number = optional("number", &number, CODE_MAX)?;
        let code = optional("code", &spec.code, CODE_MAX)?;
        let tax = optional("tax number", &spec.tax_number, TAX_MAX)?;
        let all = [&name[..], &purpose, &second, &number, &code, &tax];
        let [name, purpose, second, number, code, tax] = text::outlines(font, all)?;
        Ok(Self {
            name: cells::square_cells(font, &name),
            purpose: cells::square_cells(font, &purpose),
            second: cells::square_cells(font, &second),
            number: cells::square_cells(font, &number),
            code: cells::even_cells(&code),
            tax_number: cells::even_cells(&tax),
        })
    }

    /// The lines of the block below the center that there are: purpose, second, number. `tall` is the largest height of
    /// the purpose in mm, `rule` gives the rest.
    pub fn block(&self, tall: f64, rule: RowRule) -> Vec<BlockLine<'_>> {
        let line = |part: fn(usize) -> Part, field, cells, share: f64, lowest: f64| {
            let height_min = rule.height_min * lowest;
            let height_max = (tall * share).max(height_min);
            BlockLine { part, field, line: Line { cells, rule: RowRule { height_max, height_min, ..rule } } }
        };
        let lines = [
            line(Part::Purpose, "purpose", &self.purpose[..], 1.0, 1.3),
            line(Part::Second, "second", &self.second[..], 0.82, 1.1),
            line(Part::Number, "number", &self.number[..], 0.78, 1.15),
        ];
        lines.into_iter().filter(|line| !line.line.cells.is_empty()).collect()
    }
}

/// A line and what it is.
pub(crate) struct BlockLine<'a> {
    pub part: fn(usize) -> Part,
    pub field: &'static str,
    pub line: Line<'a>,
}
