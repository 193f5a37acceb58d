//! Tables for spreadsheets.

/// Lines as CSV (RFC 4180) with a mark that it is UTF-8. What a spreadsheet would take for a formula is quoted as text.
pub fn csv(lines: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::from("\u{feff}");
    for line in lines {
        let cells: Vec<String> = line.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\r', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        let line = ["a,b", "say \"x\"", "=cmd()", "-1", "示例"].map(str::to_owned).to_vec();
        assert_eq!(csv([line].into_iter()), "\u{feff}\"a,b\",\"say \"\"x\"\"\",'=cmd(),'-1,示例\r\n");
    }
}
