//! HTML of the page: everything that does not come from here is escaped.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use yinxin_crypto::DigestAlgorithm;
use yinxin_seal::report::escape;

/// Beijing time: no summer time, one zone.
const BEIJING: Offset = Offset::constant(8);

/// One style for screens and paper; what matters is said in words, never by color alone.
const STYLE: &str = "body{font-family:system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:1.5rem 1rem;line-height:1.7;color:#1a1a1a;\
background:#fff}h1{font-size:1.5rem;line-height:1.4}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #bbb}\
[lang=en]{display:block;color:#555;font-size:.9em;line-height:1.5}td [lang=en],dd [lang=en],h1 [lang=en]{display:inline}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;margin:.8rem 0}dt{color:#555}dd{margin:0;overflow-wrap:anywhere}\
.scroll{overflow-x:auto}.scroll table{min-width:34rem}table{border-collapse:collapse;width:100%}th,td{border:1px solid #bbb;padding:.4rem .6rem;text-align:left;vertical-align:top}td{overflow-wrap:anywhere}\
.code,code{font-family:ui-monospace,monospace}.code{font-size:1.15rem;letter-spacing:.05em}code{overflow-wrap:anywhere}\
.notice{border:2px solid #444;padding:.6rem 1rem}footer{margin-top:2.5rem;border-top:1px solid #bbb;color:#555;font-size:.9em}\
@media print{.scroll table{min-width:0}body{max-width:none;padding:0;font-size:10.5pt}h2{break-after:avoid}table,dl,.notice,footer{break-inside:avoid}}";

/// The policy under which a browser shows the page: its style and nothing else.
pub(super) fn policy() -> String {
    let digest = STANDARD.encode(DigestAlgorithm::Sha256.digest(STYLE.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
}

/// The whole page.
pub(super) fn document(title: &str, body: &str) -> String {
    format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"robots\" content=\"noindex\">\
         <title>{}</title><style>{STYLE}</style></head><body>{body}</body></html>\n",
        escape(title)
    )
}

/// A name that somebody chose: escaped, and set apart so that letters written from right to left turn nothing around it.
pub(super) fn name(text: &str) -> String {
    format!("<bdi>{}</bdi>", escape(text))
}

/// A paragraph in both languages; both are our own words.
pub(super) fn both(zh: &str, en: &str) -> String {
    format!("<p>{zh}<span lang=\"en\">{en}</span></p>")
}

/// A heading in both languages.
pub(super) fn heading(zh: &str, en: &str) -> String {
    format!("<h2>{zh}<span lang=\"en\">{en}</span></h2>")
}

/// A line of a list of facts; `value` is markup.
pub(super) fn fact(zh: &str, en: &str, value: &str) -> String {
    format!("<dt>{zh}<span lang=\"en\">{en}</span></dt><dd>{value}</dd>")
}

/// A time as it is read in China.
pub(super) fn time(at: Timestamp) -> String {
    let local = TimeZone::fixed(BEIJING).to_datetime(at).strftime("%Y-%m-%d %H:%M:%S");
    format!("<time datetime=\"{at}\">{local}</time>（北京时间）")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_wrote_stays_text() {
        let hostile = "<script>alert('1')</script>&\"\u{0}\u{202E}";
        let safe = escape(hostile);
        assert_eq!(safe, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}\u{202E}");
        assert!(document(hostile, "").contains("<title>&lt;script&gt;"));
        assert_eq!(name("<b>"), "<bdi>&lt;b&gt;</bdi>");
    }

    #[test]
    fn times_are_told_in_beijing_time() {
        let at = "2026-11-22T17:30:05Z".parse().unwrap();
        assert!(time(at).contains(">2026-11-23 01:30:05<"), "{}", time(at));
    }
}
