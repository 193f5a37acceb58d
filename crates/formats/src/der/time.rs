//! UTCTime and GeneralizedTime to and from points in time (UTC).

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// `YYMMDDhhmm[ss](Z|±hhmm)`; years 50–99 are 1950–1999 (RFC 5280 §4.1.2.5.1).
pub fn parse_utc(bytes: &[u8]) -> Option<Timestamp> {
    let yy = number(bytes.get(..2)?)?;
    let year = if yy >= 50 { 1900 + yy } else { 2000 + yy };
    rest(year, bytes.get(2..)?, false)
}

/// `YYYYMMDDhhmmss[.f](Z|±hhmm)`.
pub fn parse_generalized(bytes: &[u8]) -> Option<Timestamp> {
    rest(number(bytes.get(..4)?)?, bytes.get(4..)?, true)
}

/// `YYYYMMDDhhmmssZ`, fractions of a second dropped.
pub fn format_generalized(t: Timestamp) -> String {
    let d = TimeZone::UTC.to_datetime(t);
    format!("{:04}{}", d.year(), tail(d))
}

/// `YYYYMMDDhhmmss[.f]Z`, to the microsecond, without trailing zeros as DER demands.
pub fn format_generalized_fraction(t: Timestamp) -> String {
    let whole = format_generalized(t);
    let micros = t.as_microsecond().rem_euclid(1_000_000);
    match micros {
        0 => whole,
        _ => format!("{}.{}Z", whole.trim_end_matches('Z'), format!("{micros:06}").trim_end_matches('0')),
    }
}

/// `YYMMDDhhmmssZ`; `None` outside 1950–2049.
pub fn format_utc(t: Timestamp) -> Option<String> {
    let d = TimeZone::UTC.to_datetime(t);
    (1950..2050).contains(&d.year()).then(|| format!("{:02}{}", d.year() % 100, tail(d)))
}

fn tail(d: DateTime) -> String {
    format!("{:02}{:02}{:02}{:02}{:02}Z", d.month(), d.day(), d.hour(), d.minute(), d.second())
}

fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0i32, |n, b| b.is_ascii_digit().then(|| n * 10 + i32::from(b - b'0')))
}

/// Everything after the year.
fn rest(year: i32, s: &[u8], fraction_allowed: bool) -> Option<Timestamp> {
    let two = |i: usize| number(s.get(i..i + 2)?);
    let (month, day, hour, minute) = (two(0)?, two(2)?, two(4)?, two(6)?);
    let mut pos = 8;
    let mut second = 0;
    if let Some(v) = two(8) {
        second = v;
        pos = 10;
    }
    let mut nanos = 0i32;
    if fraction_allowed && matches!(s.get(pos), Some(b'.' | b',')) {
        pos += 1;
        let start = pos;
        let mut scale = 100_000_000;
        while let Some(d) = s.get(pos).filter(|b| b.is_ascii_digit()) {
            nanos += i32::from(d - b'0') * scale;
            scale /= 10;
            pos += 1;
        }
        if pos == start || pos - start > 9 {
            return None;
        }
    }
    let offset = match s.get(pos..)? {
        b"Z" => 0,
        [sign @ (b'+' | b'-'), z @ ..] if z.len() == 4 => {
            let (h, m) = (number(z.get(..2)?)?, number(z.get(2..)?)?);
            if h > 14 || m > 59 {
                return None;
            }
            let secs = h * 3600 + m * 60;
            if *sign == b'-' { -secs } else { secs }
        }
        _ => return None,
    };
    let small = |n: i32| i8::try_from(n).ok();
    let d = DateTime::new(
        i16::try_from(year).ok()?,
        small(month)?,
        small(day)?,
        small(hour)?,
        small(minute)?,
        small(second)?,
        nanos,
    )
    .ok()?;
    match Offset::from_seconds(offset).ok()?.to_timestamp(d) {
        Ok(t) => Some(t),
        // 99991231235959Z means "no end" (RFC 5280 §4.1.2.5) and lies a day beyond the range of the clock type.
        Err(_) if year == 9999 => Some(Timestamp::MAX),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_zulu_and_offset_as_the_same_moment() {
        let a = parse_generalized(b"20261121212505Z").unwrap();
        assert_eq!(parse_generalized(b"20261122052505+0800"), Some(a));
        assert_eq!(parse_utc(b"261121212505Z"), Some(a));
        assert_eq!(format_generalized(a), "20261121212505Z");
        assert_eq!(format_utc(a).as_deref(), Some("261121212505Z"));
    }

    #[test]
    fn reads_the_time_without_end_of_rfc5280_as_the_last_moment() {
        assert_eq!(parse_generalized(b"99991231235959Z"), Some(Timestamp::MAX));
    }

    #[test]
    fn refuses_what_is_no_time() {
        for bad in ["", "2026", "20261321000000Z", "20261121000000", "20261121000000+9900", "2026112100000aZ"]
        {
            assert_eq!(parse_generalized(bad.as_bytes()), None, "{bad}");
        }
    }
}
