//! A physical size on the command line.

/// Reads `42` (a square) or `40x30`, in mm.
pub fn parse(text: &str) -> Result<(f64, f64), String> {
    let side = |text: &str| text.trim().parse::<f64>().ok().filter(|mm| (1.0..=1000.0).contains(mm));
    let size = match text.split_once(['x', 'X', '×', '*']) {
        Some((width, height)) => side(width).zip(side(height)),
        None => side(text).map(|mm| (mm, mm)),
    };
    size.ok_or_else(|| "应写作 42 或 40x30（毫米） / write 42 or 40x30 (mm)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_one_side_or_two() {
        assert_eq!((parse("42"), parse("40x30")), (Ok((42.0, 42.0)), Ok((40.0, 30.0))));
        for text in ["", "x", "40x", "-4", "0", "nan", "40x30x2", "1e9"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
