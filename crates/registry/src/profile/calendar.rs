//! Time limits as calendar arithmetic, by Beijing time.
//!
//! Counted as the Civil Code of China has it (民法典第二百零一条至第二百零三条): limits in hours run from the moment; in days,
//! months and years the first day does not count, a month ends on the day of the same number or else on its last, a limit
//! lasts to the end of its last day, and a last day off moves to the next working day.
//!
//! Every function returns the first moment behind the limit: what is done before it is in time.

use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Span, Timestamp};

use super::rules::{Calendar, Rules};

/// Beijing time: no summer time, one zone.
const BEIJING: Offset = Offset::constant(8);

impl Calendar {
    /// Whether offices work that day.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if weekend { self.workdays.contains(&day) } else { !self.holidays.contains(&day) }
    }

    /// The `count`-th working day behind `day`.
    fn working_day_after(&self, day: Date, count: u32) -> Date {
        let mut day = day;
        let mut left = count;
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            if self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }

    /// The end of `count` working days that begin to count behind the day of `from`.
    pub fn working_days_after(&self, from: Timestamp, count: u32) -> Timestamp {
        end_of(self.working_day_after(day_of(from), count))
    }

    /// The end of `months` behind the day of `from`, moved to a working day.
    fn months_after(&self, from: Timestamp, months: u32) -> Timestamp {
        let mut last = shifted(day_of(from), Span::new().months(i64::from(months)));
        if !self.is_working_day(last) {
            last = self.working_day_after(last, 1);
        }
        end_of(last)
    }
}

impl Rules {
    /// By when an application handed in at `submitted` is decided.
    pub fn deadline_review(&self, submitted: Timestamp) -> Timestamp {
        self.calendar.working_days_after(submitted, self.deadlines.review_working_days)
    }

    /// By when an application returned at `returned` is put right.
    pub fn deadline_correction(&self, returned: Timestamp) -> Timestamp {
        self.calendar.working_days_after(returned, self.deadlines.correction_working_days)
    }

    /// By when the reasons of a refusal decided at `refused` are told.
    pub fn deadline_refusal_notice(&self, refused: Timestamp) -> Timestamp {
        self.calendar.working_days_after(refused, self.deadlines.refusal_notice_working_days)
    }

    /// By when a seal made at `made` is filed.
    pub fn deadline_filing(&self, made: Timestamp) -> Timestamp {
        made.saturating_add(SignedDuration::from_hours(i64::from(self.deadlines.filing_hours)))
            .unwrap_or(Timestamp::MAX)
    }

    /// By when a seal ready at `ready` is claimed, or else cancelled.
    pub fn deadline_claim(&self, ready: Timestamp) -> Timestamp {
        self.calendar.months_after(ready, self.deadlines.claim_months)
    }

    /// When the window for renewing a seal valid until `valid_end` opens.
    pub fn renewal_opens(&self, valid_end: Timestamp) -> Timestamp {
        let local = BEIJING.to_datetime(valid_end);
        let months = i64::from(self.deadlines.renewal_window_months);
        local
            .checked_sub(Span::new().months(months))
            .ok()
            .and_then(|opens| BEIJING.to_timestamp(opens).ok())
            .unwrap_or(Timestamp::MIN)
    }

    /// When the unit of a seal valid until `valid_end` is reminded, earliest first.
    pub fn reminders(&self, valid_end: Timestamp) -> Vec<Timestamp> {
        let before = |days: &u32| {
            let span = SignedDuration::from_hours(i64::from(*days).saturating_mul(24));
            valid_end.saturating_sub(span).unwrap_or(Timestamp::MIN)
        };
        let mut moments: Vec<_> = self.deadlines.reminder_days.iter().map(before).collect();
        moments.sort_unstable();
        moments
    }

    /// Until when the records of a seal that ended at `ended` are kept at least.
    pub fn retention_ends(&self, ended: Timestamp) -> Timestamp {
        self.retention_ends_after(ended, 0)
    }

    /// The same where somebody wants them kept for so many years: never less than the profile demands.
    pub fn retention_ends_after(&self, ended: Timestamp, years: u32) -> Timestamp {
        let years = years.max(self.deadlines.retention_years);
        end_of(shifted(day_of(ended), Span::new().years(i64::from(years))))
    }

    /// The latest end of validity of a certificate that begins at `start`.
    pub fn latest_certificate_end(&self, start: Timestamp) -> Timestamp {
        years_after(start, self.validity.certificate_years)
    }

    /// The latest end of validity of a seal that begins at `start` under a certificate valid until `not_after`: the
    /// earlier of the profile's limit and the certificate's end (NM-14).
    pub fn latest_seal_end(&self, start: Timestamp, not_after: Timestamp) -> Timestamp {
        years_after(start, self.validity.seal_years).min(not_after)
    }
}

/// The day of a moment in Beijing.
pub fn day_of(moment: Timestamp) -> Date {
    BEIJING.to_datetime(moment).date()
}

/// The first moment behind a day in Beijing.
fn end_of(day: Date) -> Timestamp {
    day.tomorrow()
        .ok()
        .and_then(|next| next.to_zoned(TimeZone::fixed(BEIJING)).ok())
        .map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}

fn shifted(day: Date, span: Span) -> Date {
    day.checked_add(span).unwrap_or(Date::MAX)
}

fn years_after(start: Timestamp, years: u32) -> Timestamp {
    let local = BEIJING.to_datetime(start);
    local
        .checked_add(Span::new().years(i64::from(years)))
        .ok()
        .and_then(|end| BEIJING.to_timestamp(end).ok())
        .unwrap_or(Timestamp::MAX)
}
