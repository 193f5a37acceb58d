//! PDF files written by hand: a plain document, revisions appended to it, signatures that may lie.

use std::fmt::Write as _;
use std::sync::Arc;

/// Object numbers of [`plain`]'s frame.
pub const CATALOG: u32 = 1;
/// The font both pages use.
pub const FONT: u32 = 3;
/// The first page.
pub const PAGE: u32 = 4;
/// Content of the first page.
pub const CONTENT: u32 = 5;
/// The first number that [`plain`] with two pages leaves free.
pub const FREE: u32 = 8;

/// A document with two A4 pages and a classic table.
pub fn plain() -> Vec<u8> {
    let mut objects = vec![
        (CATALOG, "<< /Type /Catalog /Pages 2 0 R >>".to_owned()),
        (2, "<< /Type /Pages /Kids [4 0 R 6 0 R] /Count 2 >>".to_owned()),
        (FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned()),
    ];
    for i in 0..2u32 {
        let (page, content) = (PAGE + 2 * i, CONTENT + 2 * i);
        objects.push((page, page_object(page, "")));
        objects.push((content, stream("", &text(i + 1, 100))));
    }
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    write(&mut out, &objects, "/Root 1 0 R /ID [<00> <00>]", None);
    out
}

/// A page of [`plain`] with more entries.
pub fn page_object(number: u32, more: &str) -> String {
    format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.2756 841.8898] /Resources << /Font << /F 3 0 R >> >> \
         /Contents {} 0 R {more}>>",
        number + 1
    )
}

/// What a page says.
pub fn text(page: u32, amount: u32) -> String {
    format!("BT /F 24 Tf 72 700 Td (Page {page}: {amount} yuan) Tj ET")
}

/// A stream object with its length.
pub fn stream(entries: &str, data: &str) -> String {
    format!("<< {entries} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// Appends a revision with a classic table: objects by number, entries for the trailer besides `/Size` and `/Prev`.
pub fn append(old: &[u8], objects: &[(u32, String)], trailer: &str) -> Vec<u8> {
    let mut out = old.to_vec();
    let prev = start(old);
    write(&mut out, objects, trailer, Some(prev));
    out
}

/// The usual entries of the trailer.
pub const TRAILER: &str = "/Root 1 0 R /ID [<00> <01>]";

/// The number after the last `startxref`.
pub fn start(bytes: &[u8]) -> usize {
    let word = find_last(bytes, b"startxref").unwrap();
    let digits: String = bytes[word + 9..]
        .iter()
        .map(|b| char::from(*b))
        .skip_while(|c| c.is_whitespace())
        .take_while(char::is_ascii_digit)
        .collect();
    digits.parse().unwrap()
}

/// Where a pattern begins last.
pub fn find_last(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).rposition(|w| w == pattern)
}

/// Where a pattern begins first.
pub fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes.windows(pattern.len()).position(|w| w == pattern)
}

/// Puts other bytes of the same length in place of the first that fit.
pub fn replaced(mut bytes: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(old.len(), new.len(), "a replacement of another length moves everything behind it");
    let at = find(&bytes, old).unwrap_or_else(|| panic!("{} is not there", String::from_utf8_lossy(old)));
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

fn write(out: &mut Vec<u8>, objects: &[(u32, String)], trailer: &str, prev: Option<usize>) {
    let mut places: Vec<(u32, usize)> = Vec::new();
    for (number, body) in objects {
        places.push((*number, out.len()));
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
    }
    places.sort_unstable();
    let at = out.len();
    let mut table = String::from("xref\n");
    if prev.is_none() {
        table.push_str("0 1\n0000000000 65535 f \n");
    }
    for (number, place) in &places {
        let _ = write!(table, "{number} 1\n{place:010} 00000 n \n");
    }
    let size = places.last().map_or(1, |(n, _)| n + 1).max(prev.map_or(0, |_| size_of(out)));
    let prev = prev.map(|p| format!(" /Prev {p}")).unwrap_or_default();
    let _ = write!(table, "trailer\n<< /Size {size} {trailer}{prev} >>\nstartxref\n{at}\n%%EOF\n");
    out.extend(table.bytes());
}

/// The largest `/Size` that a file states.
fn size_of(bytes: &[u8]) -> u32 {
    let word = b"/Size ";
    let starts = (0..bytes.len().saturating_sub(word.len())).filter(|i| bytes[*i..].starts_with(word));
    let digits =
        |i: usize| bytes[i + word.len()..].iter().map(|b| char::from(*b)).take_while(char::is_ascii_digit);
    starts.filter_map(|i| digits(i).collect::<String>().parse().ok()).max().unwrap_or(0)
}

/// Makes a value from the bytes covered.
pub type MakeValue = Arc<dyn Fn(&[u8]) -> Vec<u8>>;

/// A signature to be appended to a document made by [`plain`].
#[derive(Clone)]
pub struct PdfSignForge {
    /// Name of the field.
    pub field: String,
    /// Number of the field; value and appearance follow it.
    pub number: u32,
    /// `/Type`.
    pub kind: String,
    /// `/SubFilter`.
    pub sub_filter: String,
    /// More entries of the signature dictionary.
    pub more: String,
    /// Fields of the form and annotations of the page before this one.
    pub earlier: Vec<u32>,
    /// More entries of the catalog.
    pub catalog: String,
    /// Whether it is seen on the page.
    pub shown: bool,
    /// Key of the range.
    pub range_key: String,
    /// Changes the four numbers of the range.
    pub range: fn([usize; 4]) -> [usize; 4],
    /// Bytes behind the value in its place.
    pub behind: Vec<u8>,
    /// Bytes reserved.
    pub reserve: usize,
    /// Makes the value.
    pub value: MakeValue,
}

impl PdfSignForge {
    /// A sound signature.
    pub fn new(sub_filter: &str, value: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Self {
        Self {
            field: "Sig1".to_owned(),
            number: FREE,
            kind: "Sig".to_owned(),
            sub_filter: sub_filter.to_owned(),
            more: String::new(),
            earlier: Vec::new(),
            catalog: String::new(),
            shown: true,
            range_key: "/ByteRange".to_owned(),
            range: |r| r,
            behind: Vec::new(),
            reserve: 3072,
            value: Arc::new(value),
        }
    }

    /// Changes something.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The same as the next signature after those.
    #[must_use]
    pub fn after(self, earlier: &[u32]) -> Self {
        let number = earlier.iter().max().map_or(FREE, |n| n + 3);
        self.with(|s| {
            s.field = format!("Sig{}", earlier.len() + 1);
            s.number = number;
            s.earlier = earlier.to_vec();
        })
    }

    /// The objects of the revision, value and range still blank.
    pub fn objects(&self) -> Vec<(u32, String)> {
        let (field, value, form) = (self.number, self.number + 1, self.number + 2);
        let all: Vec<String> = self.earlier.iter().chain([&field]).map(|n| format!("{n} 0 R")).collect();
        let all = all.join(" ");
        let left = 100 + 150 * self.earlier.len();
        let look = if self.shown {
            format!("/Rect [{left} 100 {} 200] /AP << /N {form} 0 R >>", left + 100)
        } else {
            "/Rect [0 0 0 0]".to_owned()
        };
        let picture = stream("/Type /XObject /Subtype /Form /BBox [0 0 100 100]", "1 0 0 RG 5 5 90 90 re S");
        let mut out = vec![
            (
                CATALOG,
                format!(
                    "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{all}] /SigFlags 3 >> {}>>",
                    self.catalog
                ),
            ),
            (PAGE, page_object(PAGE, &format!("/Annots [{all}] "))),
            (
                field,
                format!(
                    "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({}) /F 132 /P {PAGE} 0 R /V {value} 0 R {look} >>",
                    self.field
                ),
            ),
            (form, picture),
            (
                value,
                format!(
                    "<< /Type /{} /Filter /Test /SubFilter /{} {}{} {:50}\n/Contents <{}>\n>>",
                    self.kind,
                    self.sub_filter,
                    self.more,
                    self.range_key,
                    "[]",
                    "0".repeat(self.reserve * 2)
                ),
            ),
        ];
        out.retain(|(n, _)| self.shown || *n != form);
        out
    }

    /// Appends the signature.
    pub fn build(&self, old: &[u8]) -> Vec<u8> {
        self.fill(append(old, &self.objects(), TRAILER))
    }

    /// Fills in range and value of the last signature in a file.
    pub fn fill(&self, mut out: Vec<u8>) -> Vec<u8> {
        let from = find_last(&out, b"/Contents <").unwrap() + 10;
        let to = from + self.reserve * 2 + 2;
        let numbers = (self.range)([0, from, to, out.len() - to]);
        let place = find_last(&out, b"[]                    ").unwrap();
        let [a, b, c, d] = numbers;
        let range = format!("[{a} {b} {c} {d}]");
        out[place..place + range.len()].copy_from_slice(range.as_bytes());
        let part = |at: usize, len: usize| out.get(at..(at + len).min(out.len())).unwrap_or_default();
        let covered = [part(a, b), part(c, d)].concat();
        let value = [(self.value)(&covered), self.behind.clone()].concat();
        let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
        assert!(hex.len() <= self.reserve * 2, "the value does not fit");
        out[from + 1..=from + hex.len()].copy_from_slice(hex.as_bytes());
        out
    }
}
