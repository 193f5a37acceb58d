//! Files that can be read in two ways, and broken ones.

use super::*;

/// Files that can be read in two ways, and broken ones.
pub(super) fn structure(s: &Set<'_>) -> Vec<Case> {
    let bad = |id, zh, en, code: &str, bytes| {
        Case::new(id, "attack", zh, en, "invalid", bytes).names("CONTAINER", "fail", &[code])
    };
    let odd = |id, zh, en, code: &str, bytes| {
        Case::new(id, "attack", zh, en, "valid", bytes).names("CONTAINER", "warn", &[code])
    };
    let broken = |id, zh, en, bytes| {
        Case::new(id, "broken", zh, en, "invalid", bytes).names("CONTAINER", "fail", &["error"])
    };
    let base = plain();
    let entry = |n: u32| {
        let place = pdf::find(&base, format!("\n{n} 0 obj").as_bytes()).unwrap() + 1;
        format!("{place:010} 00000 n")
    };
    let resigned = |bytes: Vec<u8>| seal(s).build(&bytes);
    vec![
        bad(
            "entry-misleads",
            "交叉引用指向别的对象",
            "the table leads to another object",
            "PDF_XREF_MISMATCH",
            {
                let other = entry(7);
                resigned(replaced(base.clone(), entry(5).as_bytes(), other.as_bytes()))
            },
        ),
        bad("key-twice", "字典的键重复", "a dictionary names a key twice", "PDF_DUPLICATE_KEY", {
            let page = page_object(PAGE, "/Contents 7 0 R ");
            resigned(append(&base, &[(PAGE, page)], TRAILER))
        })
        .check("BYTE_RANGE", "pass"),
        bad(
            "entry-twice",
            "同一交叉引用给出两个位置",
            "a section gives two places for an object",
            "PDF_XREF_DUPLICATE",
            {
                let mut bytes = append(&base, &[(20, "<< /a 1 >>".into())], TRAILER);
                let at = pdf::find_last(&bytes, b"\n20 1\n").unwrap() + 1;
                bytes.splice(at..at, b"20 1\n0000000015 00000 n \n".iter().copied());
                resigned(bytes)
            },
        ),
        bad(
            "object-inside-another",
            "对象藏在另一对象之内",
            "an object inside the stream of another",
            "PDF_OVERLAP",
            {
                let inside = stream("", "20 0 obj\n<< /x 1 >>\nendobj");
                let bytes = append(&base, &[(CONTENT, inside), (20, "<< >>".into())], TRAILER);
                let place = pdf::find(&bytes, b"20 0 obj\n<< /x 1").unwrap();
                resigned(entry_at(bytes, 20, place))
            },
        ),
        bad("stream-longer", "流比声明的长", "a stream is longer than it says", "PDF_XREF_MISMATCH", {
            let long = stream("", &text(1, 100)).replace("/Length ", "/Length 4 /Old ");
            resigned(append(&base, &[(CONTENT, long)], TRAILER))
        }),
        bad(
            "hybrid-disagrees",
            "交叉引用表与流不一致",
            "table and stream of a section disagree",
            "PDF_HYBRID_DISAGREE",
            resigned(hybrid(&base)),
        ),
        bad(
            "object-stream-disagrees",
            "交叉引用与对象流不一致",
            "a section and an object stream disagree",
            "PDF_OBJSTM_MISMATCH",
            resigned(object_stream(&base, 1)),
        ),
        Case::new(
            "object-stream",
            "valid",
            "对象流",
            "an object stream",
            "valid",
            resigned(object_stream(&base, 0)),
        )
        .check("CONTAINER", "pass"),
        odd(
            "several-ends",
            "多个 startxref 和文件结尾",
            "another startxref and end of file",
            "PDF_STRAY_STARTXREF",
            resigned(inserted(&base, "startxref\n9\n%%EOF\n")),
        ),
        odd("second-header", "第二个文件头", "a second header", "PDF_SECOND_HEADER", {
            resigned(inserted(&base, "%PDF-1.4\n"))
        }),
        odd("stray-bytes", "不属于任何对象的字节", "bytes that belong to no object", "PDF_GAP", {
            resigned(inserted(&base, "hello hello\n"))
        }),
        odd(
            "key-escaped",
            "键名用转义掩饰",
            "a key written with needless escapes",
            "PDF_NAME_ESCAPE",
            resigned(append(&base, &[(PAGE, page_object(PAGE, "/L#61ng (zh) "))], TRAILER)),
        ),
        bad("pdf-and-zip", "既是 PDF 又是 zip", "a PDF and a zip at once", "error", {
            [signed(s), Zip::of(vec![item("OFD.xml", b"<OFD/>")]).build()].concat()
        }),
        broken("no-end", "没有 %%EOF", "no %%EOF", b"%PDF-1.7\nand so on\n".to_vec()),
        broken("prev-circle", "交叉引用成环", "sections go in a circle", circle(&base)),
        Case::new("encrypted", "broken", "加密的 PDF", "an encrypted PDF", "indeterminate", {
            append(
                &base,
                &[(20, "<< /Filter /Standard /V 1 /R 2 >>".into())],
                "/Root 1 0 R /ID [<00> <01>] /Encrypt 20 0 R",
            )
        })
        .check("UNSUPPORTED_FORMAT", "indeterminate"),
        Case::new(
            "hidden-object",
            "attack",
            "交叉引用之外藏有对象",
            "an object that no section names",
            "valid",
            {
                let hidden = format!("5 0 obj\n{}\nendobj\n", stream("", &text(1, 900)));
                resigned(inserted(&base, &hidden))
            },
        )
        .names("CONTAINER", "warn", &["PDF_HIDDEN_OBJECT"]),
    ]
}

/// Text before the section of [`plain`], which moves with it.
fn inserted(base: &[u8], words: &str) -> Vec<u8> {
    let at = pdf::find_last(base, b"xref\n0 1").unwrap();
    let mut out = [&base[..at], words.as_bytes(), &base[at..]].concat();
    let old = format!("startxref\n{at}");
    let text = format!("startxref\n{}", at + words.len());
    let place = pdf::find_last(&out, old.as_bytes()).unwrap();
    out.splice(place..place + old.len(), text.bytes());
    out
}

/// Puts another position into the last entry of an object.
fn entry_at(mut bytes: Vec<u8>, number: u32, place: usize) -> Vec<u8> {
    let line = format!("\n{number} 1\n");
    let at = pdf::find_last(&bytes, line.as_bytes()).unwrap() + line.len();
    bytes[at..at + 10].copy_from_slice(format!("{place:010}").as_bytes());
    bytes
}

/// A revision that only readers of table and stream see as one: both tell where the content of the first page stands.
fn hybrid(base: &[u8]) -> Vec<u8> {
    let data = "\u{1}\0\0\0\u{f}\0";
    let section = stream("/Type /XRef /Size 31 /W [1 4 1] /Index [5 1] /Root 1 0 R", data);
    let objects = [(CONTENT, stream("", &text(1, 100))), (30, section)];
    let trailer = |at: usize| format!("{TRAILER} /XRefStm {at:010}");
    let at = pdf::find_last(&append(base, &objects, &trailer(0)), b"30 0 obj").unwrap();
    append(base, &objects, &trailer(at))
}

/// A revision with an object stream that holds 31 and 33, and a section that says 31 is the one at `index`.
fn object_stream(base: &[u8], index: u8) -> Vec<u8> {
    let mut out = base.to_vec();
    let holder = out.len();
    let list = "31 0 33 9 ";
    let content = format!("{list}<< /a 1 >><< /b 2 >>");
    let entries = format!("/Type /ObjStm /N 2 /First {}", list.len());
    out.extend(format!("30 0 obj\n{}\nendobj\n", stream(&entries, &content)).bytes());
    let at = out.len();
    let mut data = Vec::new();
    for (kind, place, last) in [(1u8, holder, 0u8), (2, 30, index), (1, at, 0)] {
        data.push(kind);
        data.extend(u32::try_from(place).unwrap().to_be_bytes());
        data.push(last);
    }
    let head = format!(
        "32 0 obj\n<< /Type /XRef /Size 33 /W [1 4 1] /Index [30 3] {TRAILER} /Prev {} /Length {} >>\nstream\n",
        pdf::start(base),
        data.len()
    );
    out.extend(head.bytes());
    out.extend(data);
    out.extend(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}

/// A document whose only section names itself as the one before.
fn circle(base: &[u8]) -> Vec<u8> {
    let at = pdf::start(base);
    let text = format!("<< /Size 8 /Prev {at} ");
    let place = pdf::find_last(base, b"<< /Size 8 ").unwrap();
    let mut out = base.to_vec();
    out.splice(place..place + 11, text.bytes());
    out
}
