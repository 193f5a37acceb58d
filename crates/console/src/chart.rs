//! Charts as markup: bars on a grid, drawn here, colored by the style sheet; nothing inline that the policy of the pages forbids. What a
//! chart shows stands in a table beside it as well.

use std::fmt::Write as _;

/// Values of one kind, one for each label.
pub struct Series {
    /// Words.
    pub label: String,
    /// Class that gives the color: `c1` to `c4`.
    pub class: &'static str,
    /// Values.
    pub values: Vec<u64>,
}

/// Size of the drawing; it is scaled to the page.
const WIDTH: u64 = 720;
const HEIGHT: u64 = 240;
/// Space for the figures at the left, the words below, the first line of the grid.
const LEFT: u64 = 64;
const FOOT: u64 = 32;
const TOP: u64 = 12;

/// Bars of several series upon each other, one for each label.
pub fn stacked(title: &str, labels: &[String], series: &[Series]) -> String {
    let sum = |at: usize| {
        series.iter().map(|s| s.values.get(at).copied().unwrap_or(0)).fold(0, u64::saturating_add)
    };
    let step = step((0..labels.len()).map(sum).max().unwrap_or(0));
    let top = step.saturating_mul(4).max(1);
    let plot = HEIGHT - FOOT - TOP;
    let height = |value: u64| (u128::from(value) * u128::from(plot) / u128::from(top)) as u64;
    let mut svg = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(title)
    );
    for line in 0..=4u64 {
        let value = step.saturating_mul(line);
        let y = HEIGHT - FOOT - height(value);
        let _ = write!(
            svg,
            "<line class=\"grid-line\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>\
             <text class=\"axis\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>",
            LEFT - 8,
            y + 4,
            figure(value)
        );
    }
    let count = u64::try_from(labels.len()).unwrap_or(1).max(1);
    let slot = (WIDTH - LEFT) * 100 / count;
    let bar = (slot * 6 / 10).min(4800);
    // Twelve labels can be read side by side; of more every third or fourth, in full.
    let every = match count {
        0..=18 => 1,
        19..=24 => 3,
        _ => 4,
    };
    for (at, label) in labels.iter().enumerate() {
        let place = u64::try_from(at).unwrap_or(0);
        let middle = LEFT * 100 + slot * place + slot / 2;
        let mut floor = HEIGHT - FOOT;
        for s in series {
            let value = s.values.get(at).copied().unwrap_or(0);
            if value == 0 {
                continue;
            }
            // What is there is seen, however small.
            let tall = height(value).max(1);
            floor = floor.saturating_sub(tall);
            let _ = write!(
                svg,
                "<rect class=\"{}\" x=\"{}\" y=\"{floor}\" width=\"{}\" height=\"{tall}\"><title>{} · {}: {value}</title></rect>",
                s.class,
                hundredths(middle - bar / 2),
                hundredths(bar),
                escaped(label),
                escaped(&s.label)
            );
        }
        if place % every == (count - 1) % every {
            let _ = write!(
                svg,
                "<text class=\"axis\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">{}</text>",
                hundredths(middle),
                HEIGHT - 8,
                escaped(if every > 1 {
                    label
                } else {
                    at_axis(label, labels.get(at.saturating_add(1)).filter(|_| at == 0), at)
                })
            );
        }
    }
    svg.push_str("</svg>");
    svg
}

/// One bar for a row of a table, its length against the longest.
pub fn bar(value: u64, longest: u64) -> String {
    let wide = u128::from(value) * 100 / u128::from(longest.max(1));
    format!(
        "<svg class=\"meter\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"c1\" x=\"0\" y=\"0\" \
         width=\"{wide}\" height=\"10\"/></svg>"
    )
}

/// What stands at the axis: of a month its number, the year where one begins; at the first, too, where there is room.
fn at_axis<'a>(label: &'a str, second: Option<&String>, at: usize) -> &'a str {
    let crowded = second.is_some_and(|second| second.ends_with("-01"));
    match label.split_once('-') {
        Some((_, month)) if month != "01" && (at > 0 || crowded) => month,
        _ => label,
    }
}

/// A round distance between lines of the grid, so that four of them hold the largest value.
fn step(largest: u64) -> u64 {
    let wanted = largest.div_ceil(4).max(1);
    let mut power: u64 = 1;
    while power.saturating_mul(10) <= wanted {
        power = power.saturating_mul(10);
    }
    [1, 2, 5, 10]
        .into_iter()
        .map(|digit| power.saturating_mul(digit))
        .find(|step| *step >= wanted)
        .unwrap_or(wanted)
}

/// A figure at the axis: no longer than the space for it.
fn figure(value: u64) -> String {
    match value {
        0..=99_999 => value.to_string(),
        100_000..=99_999_999 => format!("{}k", value / 1000),
        _ => format!("{}M", value / 1_000_000),
    }
}

fn hundredths(value: u64) -> String {
    format!("{}.{:02}", value / 100, value % 100)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_holds_the_largest_value_in_four_round_steps() {
        for (largest, wanted) in [
            (0, 1),
            (1, 1),
            (4, 1),
            (5, 2),
            (17, 5),
            (21, 10),
            (399, 100),
            (401, 200),
            (u64::MAX, 5_000_000_000_000_000_000),
        ] {
            assert_eq!(step(largest), wanted, "{largest}");
        }
    }

    #[test]
    fn a_chart_draws_what_is_there_and_escapes_words() {
        let labels = ["2026-10".to_owned(), "<b>".to_owned()];
        let series = [
            Series { label: "a\"".to_owned(), class: "c1", values: vec![3, 0] },
            Series { label: "b".to_owned(), class: "c2", values: vec![1, 100_000] },
        ];
        let svg = stacked("t&t", &labels, &series);
        assert_eq!(svg.matches("<rect").count(), 3);
        assert!(svg.contains("aria-label=\"t&amp;t\"") && svg.contains("a&quot;: 3") && !svg.contains("<b>"));
        assert!(!svg.contains("style="));
        // The largest bar reaches no higher than the plot.
        assert!(svg.contains("y=\"110\""), "{svg}");
    }

    #[test]
    fn months_stand_at_the_axis_by_number_and_with_the_year_where_one_begins() {
        let svg = |labels: &[&str]| {
            let labels: Vec<String> = labels.iter().map(|label| (*label).to_owned()).collect();
            stacked("", &labels, &[])
        };
        let shown = svg(&["2025-11", "2025-12", "2026-01"]);
        assert!(shown.contains(">2025-11<") && shown.contains(">12<") && shown.contains(">2026-01<"));
        assert!(svg(&["2025-12", "2026-01"]).contains(">12<"), "side by side two years have no room");
    }

    #[test]
    fn many_labels_and_none_are_drawn() {
        assert!(stacked("", &[], &[]).ends_with("</svg>"));
        let labels: Vec<String> = (0..36).map(|n| n.to_string()).collect();
        let svg = stacked("", &labels, &[]);
        assert!(svg.contains(">35</text>") && !svg.contains(">34</text>"));
    }
}
