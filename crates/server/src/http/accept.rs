//! Which of the offered formats a client prefers (RFC 9110 12.5.1).

use axum::http::{HeaderMap, header};

use super::problem::{Code, Problem};

/// The offered media type the client likes best; the first offered when it likes several equally or says nothing.
///
/// # Errors
/// `NOT_ACCEPTABLE` when it accepts none of them.
pub fn choose(headers: &HeaderMap, offered: &[&'static str]) -> Result<&'static str, Problem> {
    let ranges: Vec<Range> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect();
    let quality = |kind: &str| {
        if ranges.is_empty() {
            return 1000;
        }
        // The most specific range decides.
        ranges
            .iter()
            .filter_map(|range| range.fits(kind).map(|rank| (rank, range.quality)))
            .max_by_key(|(rank, _)| *rank)
            .map_or(0, |(_, quality)| quality)
    };
    let mut best: Option<(&'static str, u16)> = None;
    for kind in offered {
        let quality = quality(kind);
        if quality > best.map_or(0, |(_, best)| best) {
            best = Some((kind, quality));
        }
    }
    best.map(|(kind, _)| kind).ok_or_else(|| {
        Problem::new(Code::NotAcceptable).detail(
            format!("此接口提供：{}。", offered.join("、")),
            format!("This endpoint offers: {}.", offered.join(", ")),
        )
    })
}

struct Range {
    kind: String,
    subtype: String,
    /// Thousandths.
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")))
            .map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
        let quality = (quality.clamp(0.0, 1.0) * 1000.0) as u16;
        Some(Self { kind: kind.to_ascii_lowercase(), subtype: subtype.to_ascii_lowercase(), quality })
    }

    /// How specifically the range names the type; `None` when it does not.
    fn fits(&self, offered: &str) -> Option<u8> {
        let (kind, subtype) = offered.split_once('/')?;
        match (self.kind.as_str(), self.subtype.as_str()) {
            ("*", "*") => Some(0),
            (k, "*") if k == kind => Some(1),
            (k, s) if k == kind && s == subtype => Some(2),
            _ => None,
        }
    }
}
