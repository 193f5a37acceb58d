//! What about the use of a seal is strange (异常用印信号): place, hour, volume, refused tries.

use super::grant::Hours;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};

/// What counts as strange; a unit may tighten it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Office hours, local time.
    pub hours: Hours,
    /// Documents in one hour above which somebody should look.
    pub per_hour: u32,
    /// Documents in one day.
    pub per_day: u32,
    /// Refused tries in one hour.
    pub refused_per_hour: u32,
    /// Address prefixes from which the seal is used; empty where any place will do. A prefix ends at a dot or colon.
    pub networks: Vec<String>,
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            hours: Hours { from: Time::constant(7, 0, 0, 0), until: Time::constant(20, 0, 0, 0) },
            per_hour: 500,
            per_day: 2000,
            refused_per_hour: 5,
            networks: Vec::new(),
        }
    }
}

/// A try to use a seal, with what came before it.
#[derive(Debug, Clone)]
pub struct Try<'a> {
    /// Time of day where the seal is used.
    pub local_time: Time,
    /// Saturday, Sunday or a holiday.
    pub day_off: bool,
    /// Address of who tried, as the server saw it.
    pub address: Option<&'a str>,
    /// Documents sealed in the last hour, this try included.
    pub last_hour: u32,
    /// In the last day.
    pub last_day: u32,
    /// Refused tries of the last hour, this one included.
    pub refused_last_hour: u32,
}

/// A signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Outside office hours or on a day off.
    UnusualHour,
    /// From an unknown place.
    UnusualPlace,
    /// More documents than usual.
    HighVolume,
    /// Many refused tries.
    RefusedTries,
}

impl Signal {
    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Signal::UnusualHour => "unusual_hour",
            Signal::UnusualPlace => "unusual_place",
            Signal::HighVolume => "high_volume",
            Signal::RefusedTries => "refused_tries",
        }
    }

    /// In Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Signal::UnusualHour => "非工作时间用印",
            Signal::UnusualPlace => "陌生地点用印",
            Signal::HighVolume => "用印数量异常",
            Signal::RefusedTries => "多次用印被拒",
        }
    }
}

/// The signals a try gives. Who sends them tells each at most once an hour.
pub fn signals(watch: &Watch, tried: &Try<'_>) -> Vec<Signal> {
    let mut found = Vec::new();
    if tried.day_off || !watch.hours.cover(tried.local_time) {
        found.push(Signal::UnusualHour);
    }
    let known = |address: &str| {
        watch.networks.iter().any(|net| match address.strip_prefix(net.as_str()) {
            Some(rest) => rest.is_empty() || net.ends_with(['.', ':']),
            None => false,
        })
    };
    if !watch.networks.is_empty() && !tried.address.is_some_and(known) {
        found.push(Signal::UnusualPlace);
    }
    if tried.last_hour > watch.per_hour || tried.last_day > watch.per_day {
        found.push(Signal::HighVolume);
    }
    if tried.refused_last_hour >= watch.refused_per_hour.max(1) {
        found.push(Signal::RefusedTries);
    }
    found
}
