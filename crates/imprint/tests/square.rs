//! Square seals measured from pixels.
// The lints' exception for tests does not reach the helpers of an integration test.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use yinxin_imprint::{Font, ImprintSpec, Style, Suffix, draw};

const DPI: u32 = 600;
const SIDE: usize = 425;

/// Alpha of each pixel, from 0 to 1.
fn alpha(spec: &ImprintSpec) -> Vec<f64> {
    let png = draw(spec, &Font::builtin()).unwrap().to_png(DPI).unwrap();
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let alpha: Vec<f64> = pixels.chunks_exact(4).map(|pixel| f64::from(pixel[3]) / 255.0).collect();
    assert_eq!(alpha.len(), SIDE * SIDE);
    alpha
}

fn share(alpha: &[f64], columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> f64 {
    let count = (columns.len() * rows.len()) as f64;
    rows.flat_map(|y| columns.clone().map(move |x| alpha[y * SIDE + x])).sum::<f64>() / count
}

#[test]
fn cut_is_the_raised_seal_with_ink_and_ground_exchanged() {
    let raised = alpha(&ImprintSpec::personal("王小明").with_suffix(Suffix::Fill));
    let cut = alpha(&ImprintSpec::personal("王小明").with_suffix(Suffix::Fill).with_style(Style::Cut));
    // Inside the border every pixel is either a character's or the ground's.
    for y in 30..SIDE - 30 {
        for x in 30..SIDE - 30 {
            let sum = raised[y * SIDE + x] + cut[y * SIDE + x];
            assert!((sum - 1.0).abs() < 0.2, "{x},{y}: {sum}");
        }
    }
}

#[test]
fn raised_has_a_border_and_clear_space_inside_it() {
    let alpha = alpha(&ImprintSpec::personal("欧阳建国"));
    // 0.9 mm are 21 pixels; characters begin at 1.45 mm, 34 pixels.
    assert!(share(&alpha, 1..20, 60..360) > 0.999 && share(&alpha, 60..360, 405..424) > 0.999);
    assert!(share(&alpha, 23..33, 23..402) < 0.001 && share(&alpha, 23..402, 392..402) < 0.001);
}

#[test]
fn corners_are_rounded_and_clear() {
    for style in [Style::Raised, Style::Cut] {
        let alpha = alpha(&ImprintSpec::personal("李明").with_style(style));
        for corner in [0, SIDE - 1, SIDE * (SIDE - 1), SIDE * SIDE - 1] {
            assert_eq!(alpha[corner], 0.0);
        }
    }
}

#[test]
fn quarters_are_kept_apart_and_all_inked() {
    let alpha = alpha(&ImprintSpec::personal("欧阳建国"));
    let middle = SIDE / 2;
    assert!(share(&alpha, middle - 4..middle + 4, 30..395) < 0.001, "between the columns");
    assert!(share(&alpha, 30..395, middle - 4..middle + 4) < 0.001, "between the rows");
    for (columns, rows) in
        [(220..390, 36..206), (220..390, 220..390), (36..206, 36..206), (36..206, 220..390)]
    {
        let inked = share(&alpha, columns, rows);
        assert!((0.15..0.6).contains(&inked), "{inked}");
    }
}

#[test]
fn first_character_stands_on_the_right() {
    // 一 leaves most of its column clear, 国 does not.
    let alpha = alpha(&ImprintSpec::personal("一国"));
    assert!(share(&alpha, 225..390, 36..390) < share(&alpha, 36..200, 36..390) / 2.0);
}
