//! Times as they are read in China, and how near a deadline is.

use super::Lang;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, ToSpan as _};
use serde::Deserialize;

/// Beijing time: no summer time, one zone.
const BEIJING: Offset = Offset::constant(8);
/// Hours before a deadline from which on it is marked.
const NEAR: i64 = 48;

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub struct Moment(pub Timestamp);

impl Moment {
    fn formatted(self, pattern: &str) -> String {
        TimeZone::fixed(BEIJING).to_datetime(self.0).strftime(pattern).to_string()
    }

    /// Day and minute.
    pub fn minute(&self) -> String {
        self.formatted("%Y-%m-%d %H:%M")
    }

    /// To the second.
    pub fn second(&self) -> String {
        self.formatted("%Y-%m-%d %H:%M:%S")
    }

    /// The day.
    pub fn day(&self) -> String {
        self.formatted("%Y-%m-%d")
    }

    /// For the attribute `datetime`.
    pub fn iso(&self) -> String {
        self.0.to_string()
    }
}

/// A time as a report writes it, in the same form as all others; what is none stays as it is.
pub fn told(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |at| Moment(at).second())
}

/// The moment at which a day begins in Beijing, or ends; nothing for what is no day.
pub fn moment_of(day: &str, end: bool) -> Option<String> {
    let day: Date = day.parse().ok()?;
    let day = if end { day.checked_add(1.day()).ok()? } else { day };
    day.to_zoned(TimeZone::fixed(BEIJING)).ok().map(|at| at.timestamp().to_string())
}

/// The day a moment lies in, or of which it is the end, for the field of a form.
pub fn day_of(moment: &str, end: bool) -> String {
    let Ok(at) = moment.parse::<Timestamp>() else { return String::new() };
    let at = if end { at.checked_sub(1.second()).unwrap_or(at) } else { at };
    Moment(at).day()
}

/// A deadline as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub at: Moment,
    /// `late`, `near` or `far`: the color.
    pub tone: &'static str,
    /// How long, in words: color alone says nothing.
    pub words: String,
}

impl Due {
    /// Of a moment, seen from `now`.
    pub fn of(at: Moment, now: Timestamp, lang: Lang) -> Self {
        let hours = at.0.duration_since(now).as_secs().div_euclid(3600);
        let (days, rest) = (hours.div_euclid(24), hours.rem_euclid(24));
        let (tone, words) = match hours {
            ..0 => (
                "late",
                match hours.saturating_neg().div_euclid(24) {
                    0 => lang.pick("已逾期", "overdue").to_owned(),
                    over => {
                        format!("{}{over}{}", lang.pick("已逾期 ", "overdue by "), lang.pick(" 天", " days"))
                    }
                },
            ),
            0..NEAR => {
                ("near", format!("{}{hours}{}", lang.pick("还剩 ", ""), lang.pick(" 小时", " hours left")))
            }
            _ => (
                "far",
                format!(
                    "{}{}{}",
                    lang.pick("还剩 ", ""),
                    days.saturating_add(i64::from(rest >= 12)),
                    lang.pick(" 天", " days left")
                ),
            ),
        };
        Self { at, tone, words }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment(text.parse().unwrap())
    }

    #[test]
    fn times_are_told_in_beijing_time() {
        assert_eq!(moment("2026-11-22T17:30:05Z").second(), "2026-11-23 01:30:05");
        assert_eq!(moment("2026-11-22T17:30:05Z").day(), "2026-11-23");
    }

    #[test]
    fn days_of_forms_begin_and_end_in_beijing() {
        assert_eq!(moment_of("2026-11-23", false).as_deref(), Some("2026-11-22T16:00:00Z"));
        assert_eq!(moment_of("2026-11-23", true).as_deref(), Some("2026-11-23T16:00:00Z"));
        assert_eq!(moment_of("tomorrow", false), None);
        assert_eq!(moment_of("9999-12-31", true), None);
        assert_eq!(day_of("2026-11-22T16:00:00Z", false), "2026-11-23");
        assert_eq!(day_of("2026-11-23T16:00:00Z", true), "2026-11-23");
        assert_eq!(day_of("?", true), "");
    }

    #[test]
    fn deadlines_are_late_near_or_far_in_words_too() {
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let told = |at: &str| {
            let due = Due::of(moment(at), now, Lang::Zh);
            (due.tone, due.words)
        };
        assert_eq!(told("2026-11-20T00:00:00Z"), ("late", "已逾期 2 天".to_owned()));
        assert_eq!(told("2026-11-21T23:59:00Z"), ("late", "已逾期".to_owned()));
        assert_eq!(told("2026-11-22T05:30:00Z"), ("near", "还剩 5 小时".to_owned()));
        assert_eq!(told("2026-11-30T00:00:00Z"), ("far", "还剩 8 天".to_owned()));
    }
}
