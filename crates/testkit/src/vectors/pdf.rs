//! PDF documents: sound ones, and the known classes of attacks.

mod filled;
mod structure;

use yinxin_formats::cms::Family;

use super::{Case, Scene};
use crate::clock;
use crate::pdf::{
    self, CATALOG, CONTENT, FONT, MakeValue, PAGE, PdfSignForge, TRAILER, append, page_object, plain,
    replaced, stream, text,
};
use crate::seal::{Layout, SealForge};
use crate::signature::SignatureForge;
use crate::signed_data;
use crate::zip::{Zip, item};

/// The people, and who signs instead of them where other software that knows neither SM2 nor SES is to judge the same tricks.
struct Set<'a> {
    scene: &'a Scene,
    value: Option<MakeValue>,
}

impl std::ops::Deref for Set<'_> {
    type Target = Scene;

    fn deref(&self) -> &Scene {
        self.scene
    }
}

/// The cases with values made otherwise, under `ETSI.CAdES.detached`.
pub(super) fn twins(scene: &Scene, value: MakeValue) -> Vec<Case> {
    all(&Set { scene, value: Some(value) })
}

pub(super) fn cases(scene: &Scene) -> Vec<Case> {
    all(&Set { scene, value: None })
}

fn all(s: &Set<'_>) -> Vec<Case> {
    let mut out = sound(s);
    out.extend(modified(s));
    out.extend(later(s));
    out.extend(filled::filled(s));
    out.extend(ranges(s));
    out.extend(structure::structure(s));
    out
}

fn twin(s: &Set<'_>) -> Option<PdfSignForge> {
    let value = s.value.clone()?;
    Some(PdfSignForge::new("ETSI.CAdES.detached", move |covered| value(covered)))
}

/// A sound seal signature of a layout.
fn seal_of(s: &Set<'_>, layout: Layout) -> PdfSignForge {
    if let Some(forge) = twin(s) {
        return forge;
    }
    let sign = s.sign(layout, s.seal_of(layout).build());
    PdfSignForge::new("GM.sm2seal", move |covered| sign.build(covered, "ByteRange"))
}

fn seal(s: &Set<'_>) -> PdfSignForge {
    seal_of(s, Layout::V4)
}

/// A sound SignedData.
fn cms(s: &Set<'_>, family: Family) -> PdfSignForge {
    if let Some(forge) = twin(s) {
        return forge;
    }
    let signer = s.pki.signer_a.clone();
    PdfSignForge::new("ETSI.CAdES.detached", move |covered| {
        signed_data::signed(family, &signer, covered, clock::signed(), false)
    })
}

fn signed(s: &Set<'_>) -> Vec<u8> {
    seal(s).build(&plain())
}

/// A certification of a level.
fn certified(s: &Set<'_>, level: u8) -> PdfSignForge {
    seal(s).with(|f| {
        f.more = format!(
            "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams \
             << /Type /TransformParams /P {level} /V /1.2 >> >>] "
        );
        f.catalog = "/Perms << /DocMDP 9 0 R >> ".to_owned();
    })
}

fn second(s: &Set<'_>) -> PdfSignForge {
    if let Some(forge) = twin(s) {
        return forge.after(&[pdf::FREE]);
    }
    let seal = SealForge::new(Layout::V4, &s.pki, &[&s.pki.signer_b]).build();
    let sign = SignatureForge::new(Layout::V4, seal, &s.pki.signer_b);
    PdfSignForge::new("GM.sm2seal", move |covered| sign.build(covered, "ByteRange")).after(&[pdf::FREE])
}

fn sound(s: &Set<'_>) -> Vec<Case> {
    let good = |id, zh, en, bytes| Case::new(id, "valid", zh, en, "valid", bytes).check("BYTE_RANGE", "pass");
    let stamp = s.stamp("2026-11-20T09:00:00Z");
    let stamped = PdfSignForge::new("ETSI.RFC3161", stamp)
        .with(|f| f.kind = "DocTimeStamp".to_owned())
        .after(&[pdf::FREE]);
    vec![
        Case::new("unsigned", "valid", "没有签名的 PDF", "no signature at all", "unsigned", plain())
            .check("CONTAINER", "pass"),
        good("v4", "第四版签章", "a v4 seal signature", signed(s))
            .check("DOCUMENT_MODIFIED", "pass")
            .check("COVERAGE", "pass"),
        good("v5", "第五版签章", "a v5 seal signature", seal_of(s, Layout::V5).build(&plain())),
        good("v1", "第一版签章", "a v1 seal signature", seal_of(s, Layout::V1).build(&plain())),
        good("cms", "RFC 5652 签名", "SignedData of RFC 5652", cms(s, Family::Rfc5652).build(&plain())),
        good(
            "gbt35275",
            "GB/T 35275 签名",
            "SignedData of GB/T 35275",
            cms(s, Family::Gbt35275).build(&plain()),
        ),
        good(
            "seal-as-pkcs7",
            "签章写在 adbe.pkcs7.detached 之下",
            "a seal signature under adbe.pkcs7.detached",
            seal(s).with(|f| f.sub_filter = "adbe.pkcs7.detached".into()).build(&plain()),
        )
        .check("SIGNATURE_TYPE", "warn"),
        good("two-signatures", "两个签章先后签署", "two signatures one after the other", {
            second(s).build(&signed(s))
        })
        .names("LATER_CHANGES", "pass", &["harmless"]),
        good(
            "document-timestamp",
            "签章后加文档时间戳",
            "a document timestamp after a signature",
            stamped.build(&signed(s)),
        )
        .check("TIMESTAMP", "pass"),
        good(
            "certified",
            "认证签名，不允许改动",
            "a certification without changes",
            certified(s, 1).build(&plain()),
        ),
        good(
            "certified-timestamp",
            "认证签名后加文档时间戳",
            "a document timestamp after a certification",
            {
                let unseen = stamped.clone().with(|f| {
                    f.catalog = "/Perms << /DocMDP 9 0 R >> ".into();
                    f.shown = false;
                });
                unseen.build(&certified(s, 1).build(&plain()))
            },
        )
        .check("CERTIFICATION", "pass"),
        good(
            "certified-then-signed",
            "认证签名允许追加签名",
            "a signature that the certification permits",
            {
                let next = second(s).with(|f| f.catalog = "/Perms << /DocMDP 9 0 R >> ".into());
                next.build(&certified(s, 2).build(&plain()))
            },
        )
        .check("CERTIFICATION", "pass"),
        good("written-anew", "追加修订但内容相同", "a revision that writes a page anew, the same", {
            let same = page_object(PAGE, "/Annots [8 0 R] ");
            append(&signed(s), &[(PAGE, same)], TRAILER)
        })
        .check("LATER_CHANGES", "pass"),
    ]
}

fn modified(s: &Set<'_>) -> Vec<Case> {
    let bad = |id, zh, en, bytes| Case::new(id, "attack", zh, en, "invalid", bytes);
    let other = seal(s).build(&replaced(plain(), b"100 yuan", b"900 yuan"));
    vec![
        bad("content-changed", "签名后改页面内容", "a page's content changed in place", {
            replaced(signed(s), b"100 yuan", b"900 yuan")
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("behind-changed", "签名值之后的内容被改", "bytes behind the value changed", {
            let mut bytes = signed(s);
            let at = pdf::find_last(&bytes, b"/Size").unwrap();
            bytes[at + 6] = b'9';
            bytes
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("value-of-another-document", "签名值取自另一文档", "the value of another document", {
            let (mut bytes, from) = (signed(s), pdf::find_last(&other, b"/Contents <").unwrap());
            bytes[from..from + 6000].copy_from_slice(&other[from..from + 6000]);
            bytes
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("signed-data-changed", "SignedData 保护的内容被改", "content under SignedData changed", {
            replaced(cms(s, Family::Rfc5652).build(&plain()), b"100 yuan", b"900 yuan")
        })
        .check("DOCUMENT_MODIFIED", "fail"),
        bad("value-empty", "签名值为空", "the value is empty", {
            PdfSignForge::new("GM.sm2seal", |_| Vec::new()).build(&plain())
        })
        .check("FORMAT", "fail"),
        bad("value-smuggled", "签名值之后藏有数据", "data hidden behind the value", {
            seal(s).with(|f| f.behind = b"\0\0hidden".to_vec()).build(&plain())
        })
        .names("FORMAT", "fail", &["CONTENTS_SMUGGLED"]),
        bad("no-signer", "没有签名人的 SignedData", "SignedData without a signer", {
            let signer = s.pki.signer_a.clone();
            PdfSignForge::new("adbe.pkcs7.detached", move |c| signed_data::no_signers(&signer, c))
                .with(|f| f.reserve = 6000)
                .build(&plain())
        })
        .check("SIGNATURE_VALUE", "fail"),
        bad("timestamp-as-signature", "时间戳冒充签名", "a timestamp passed off as a signature", {
            PdfSignForge::new("adbe.pkcs7.detached", s.stamp("2026-11-20T09:00:00Z")).build(&plain())
        })
        .check("SIGNATURE_TYPE", "fail"),
        bad("timestamp-elsewhere", "别处的时间戳", "a document timestamp over something else", {
            let stamp = s.stamp("2026-11-20T09:00:00Z");
            let forge = PdfSignForge::new("ETSI.RFC3161", move |_| stamp(b"something else"));
            forge.with(|f| f.kind = "DocTimeStamp".into()).build(&plain())
        })
        .check("TIMESTAMP", "fail"),
    ]
}

/// Incremental saving, shadow and certification attacks: what a later revision shows was not signed.
fn later(s: &Set<'_>) -> Vec<Case> {
    let stamp =
        PdfSignForge::new("ETSI.RFC3161", s.stamp("2026-11-20T09:00:00Z")).after(&[pdf::FREE]).with(|f| {
            f.kind = "DocTimeStamp".to_owned();
            f.catalog = "/Perms << /DocMDP 9 0 R >> ".into();
        });
    let bad = |id, zh, en, objects: &[(u32, String)]| {
        Case::new(id, "attack", zh, en, "indeterminate", append(&signed(s), objects, TRAILER)).names(
            "LATER_CHANGES",
            "indeterminate",
            &["not harmless"],
        )
    };
    let form = "/AcroForm << /Fields [8 0 R] /SigFlags 3 >>";
    let catalog = |more: &str| (CATALOG, format!("<< /Type /Catalog /Pages 2 0 R {more} >>"));
    let page = |more: &str| (PAGE, page_object(PAGE, more));
    let overlay = "<< /Type /Annot /Subtype /Square /Rect [60 680 500 740] /F 4 /IC [1 1 1] >>";
    let raw = |id, zh, en, bytes| {
        Case::new(id, "attack", zh, en, "indeterminate", bytes).names(
            "LATER_CHANGES",
            "indeterminate",
            &["not harmless"],
        )
    };
    vec![
        bad(
            "saving-content",
            "增量保存：换页面内容",
            "incremental saving: new page content",
            &[(CONTENT, stream("", &text(1, 900)))],
        ),
        bad(
            "saving-page",
            "增量保存：页面指向新内容",
            "incremental saving: the page leads to new content",
            &[
                (PAGE, page_object(PAGE, "/Annots [8 0 R] ").replace("5 0 R", "20 0 R")),
                (20, stream("", &text(1, 900))),
            ],
        ),
        bad(
            "saving-page-removed",
            "增量保存：删页",
            "incremental saving: a page taken out",
            &[(2, "<< /Type /Pages /Kids [4 0 R] /Count 1 >>".into())],
        ),
        raw(
            "saving-no-section",
            "增量保存：只追加对象，没有交叉引用",
            "incremental saving without a section",
            {
                [signed(s), format!("5 0 obj\n{}\nendobj\n", stream("", &text(1, 900))).into_bytes()].concat()
            },
        ),
        bad(
            "shadow-replace-font",
            "影子攻击：换字体",
            "shadow: the font is replaced",
            &[(FONT, "<< /Type /Font /Subtype /Type1 /BaseFont /Symbol >>".into())],
        ),
        bad(
            "shadow-overlay",
            "签名后加遮盖批注",
            "an annotation laid over the text after signing",
            &[page("/Annots [8 0 R 20 0 R] "), (20, overlay.into())],
        ),
        bad(
            "shadow-empty-field",
            "签名后加无签名的域作遮盖",
            "an unsigned field laid over the text",
            &[
                catalog("/AcroForm << /Fields [8 0 R 20 0 R] /SigFlags 3 >>"),
                page("/Annots [8 0 R 20 0 R] "),
                (
                    20,
                    "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /F 4 /Rect [60 680 500 740] >>"
                        .into(),
                ),
            ],
        ),
        bad(
            "shadow-appearance",
            "签名后换签名外观",
            "the picture of the signature is replaced",
            &[(10, stream("/Type /XObject /Subtype /Form /BBox [0 0 100 100]", "1 g 0 0 100 100 re f"))],
        ),
        bad(
            "form-rendered-anew",
            "要求阅读器重画表单",
            "the form is to be drawn anew by readers",
            &[catalog("/AcroForm << /Fields [8 0 R] /SigFlags 3 /NeedAppearances true >>")],
        ),
        bad(
            "open-action",
            "签名后加打开动作",
            "an action on opening added after signing",
            &[catalog(&format!("{form} /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"))],
        ),
        bad(
            "names-script",
            "签名后加文档级脚本",
            "a script of the document added after signing",
            &[catalog(&format!(
                "{form} /Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (0) >>] >> >>"
            ))],
        ),
        bad(
            "page-action",
            "签名后给页面加动作",
            "an action on opening a page added after signing",
            &[page("/Annots [8 0 R] /AA << /O << /S /Launch /F (a.exe) >> >> ")],
        ),
        bad(
            "shadow-hidden-layer",
            "影子攻击：隐藏图层",
            "shadow: a layer is hidden",
            &[catalog(&format!("{form} /OCProperties << /OCGs [] /D << /BaseState /OFF >> >>"))],
        ),
        bad(
            "shadow-page-box",
            "影子攻击：改页面框，裁去内容",
            "shadow: the page's box cuts content off",
            &[page("/Annots [8 0 R] /CropBox [0 0 595 600] ")],
        ),
        Case::new(
            "covered-by-signature",
            "attack",
            "后来的签名外观盖住页面",
            "the picture of a later signature covers the page",
            "valid",
            {
                let mut objects = second(s).objects();
                objects[2].1 = objects[2].1.replace("/Rect [250 100 350 200]", "/Rect [000 200 595 800]");
                second(s).fill(append(&signed(s), &objects, TRAILER))
            },
        )
        .names("LATER_CHANGES", "warn", &["covers"]),
        raw(
            "shadow-other-root",
            "影子攻击：换目录对象",
            "shadow: the trailer leads to another catalog",
            {
                let root = format!("<< /Type /Catalog /Pages 21 0 R {form} >>");
                let pages = "<< /Type /Pages /Kids [6 0 R] /Count 1 >>".to_owned();
                append(&signed(s), &[(20, root), (21, pages)], "/Root 20 0 R /ID [<00> <01>]")
            },
        ),
        raw(
            "shadow-awaited",
            "影子攻击：被签文档早已引用尚不存在的对象",
            "shadow: an object the signed revision waited for",
            {
                let prepared = append(
                    &plain(),
                    &[(FONT, "<< /Type /Font /Subtype /Type3 /CharProcs 20 0 R >>".into())],
                    TRAILER,
                );
                let signed = seal(s).build(&prepared);
                append(&signed, &[(20, "<< /a 5 0 R >>".into())], TRAILER)
            },
        ),
        {
            let mut objects = second(s).objects();
            objects[2].1 =
                objects[2].1.replace("/T (Sig2)", "/T (Sig2) /AA << /E << /S /JavaScript /JS (0) >> >>");
            raw(
                "later-field-acts",
                "后加的签名域带有动作",
                "the field of a later signature does something",
                second(s).fill(append(&signed(s), &objects, TRAILER)),
            )
        },
        Case::new(
            "certified-then-covered",
            "attack",
            "认证签名不允许改动，此后的时间戳带有可见外观",
            "a timestamp that is seen on the page, although the certification permits no change",
            "invalid",
            stamp.build(&certified(s, 1).build(&plain())),
        )
        .check("CERTIFICATION", "fail"),
        Case::new(
            "certified-then-changed",
            "attack",
            "认证签名不允许改动，此后又签名",
            "signed although the certification permits no change",
            "invalid",
            second(s)
                .with(|f| f.catalog = "/Perms << /DocMDP 9 0 R >> ".into())
                .build(&certified(s, 1).build(&plain())),
        )
        .check("CERTIFICATION", "fail"),
        Case::new(
            "signature-removed",
            "attack",
            "签名被摘除",
            "the signature was taken out of the form",
            "unsigned",
            append(&signed(s), &[catalog(""), (PAGE, page_object(PAGE, ""))], TRAILER),
        )
        .check("HIDDEN_SIGNATURE", "warn"),
    ]
}

/// Universal forgery and signature wrapping: ranges and values that do not hold.
fn ranges(s: &Set<'_>) -> Vec<Case> {
    let bad = |id, zh, en, code: &str, bytes| {
        Case::new(id, "attack", zh, en, "invalid", bytes).names("BYTE_RANGE", "fail", &[code])
    };
    let with = |change: fn(&mut PdfSignForge)| seal(s).with(change).build(&plain());
    vec![
        bad("range-missing", "没有 ByteRange", "no ByteRange", "BYTE_RANGE_MISSING", {
            replaced(signed(s), b"/ByteRange ", b"/ByteRangf ")
        }),
        bad(
            "range-starts-late",
            "范围不从文件开头开始",
            "the range begins late",
            "BYTE_RANGE_START",
            with(|f| f.range = |[_, b, c, d]| [10, b - 10, c, d]),
        ),
        bad(
            "range-gap-wider",
            "签名包装：空隙大于签名值",
            "wrapping: the gap is wider than the value",
            "BYTE_RANGE_NOT_CONTENTS",
            with(|f| f.range = |[a, b, c, d]| [a, b, c + 20, d - 20]),
        ),
        bad(
            "range-gap-earlier",
            "空隙早于签名值",
            "the gap begins before the value",
            "BYTE_RANGE_NOT_CONTENTS",
            with(|f| f.range = |[a, b, c, d]| [a, b - 10, c, d]),
        ),
        bad("range-overlaps", "两段重叠", "the parts overlap", "BYTE_RANGE_OVERLAP", {
            with(|f| f.range = |[a, b, c, d]| [a, b, b - 50, d + c - b + 50])
        }),
        bad(
            "range-ends-early",
            "范围没有到版本结尾",
            "the range ends before the revision does",
            "REVISION_UNREADABLE",
            with(|f| f.range = |[a, b, c, d]| [a, b, c, d - 20]),
        ),
        bad("range-outside", "范围超出文件", "the range leaves the file", "BYTE_RANGE_OUTSIDE", {
            with(|f| f.range = |[a, b, c, d]| [a, b, c, d + 100])
        }),
        bad("range-twice", "ByteRange 写两次", "ByteRange stands twice", "SIGNATURE_KEY_TWICE", {
            with(|f| f.more = "/ByteRange [0 10 20 30] ".to_owned())
        }),
        bad(
            "range-escaped",
            "键名用转义掩饰",
            "the key is written with an escape",
            "SIGNATURE_KEY_ESCAPED",
            with(|f| f.range_key = "/Byte#52ange".to_owned()),
        ),
        bad("contents-missing", "没有 Contents", "no Contents", "CONTENTS_MISSING", {
            replaced(signed(s), b"/Contents <", b"/Contentz <")
        }),
        bad("contents-blank", "签名值里夹有空白", "blanks inside the value", "CONTENTS_NOT_PLAIN", {
            let mut bytes = signed(s);
            let at = pdf::find_last(&bytes, b">\n>>\nendobj").unwrap();
            bytes[at - 3..at - 1].copy_from_slice(b"  ");
            bytes
        }),
        bad(
            "signature-shared",
            "两个域共用一个签名",
            "two fields share one signature",
            "SIGNATURE_SHARED",
            {
                let mut objects = seal(s).objects();
                let shared = objects[2].1.replace("(Sig1)", "(Sig2)");
                objects[0].1 = objects[0].1.replace("[8 0 R]", "[8 0 R 20 0 R]");
                objects.insert(3, (20, shared));
                seal(s).fill(append(&plain(), &objects, TRAILER))
            },
        ),
        bad(
            "signature-elsewhere",
            "后来的版本换掉签名对象",
            "a later revision moves the signature",
            "BYTE_RANGE_NOT_CONTENTS",
            {
                let bytes = signed(s);
                let at = pdf::find_last(&bytes, b"9 0 obj\n").unwrap() + 8;
                let end = pdf::find_last(&bytes, b"\nendobj\nxref").unwrap();
                let body = String::from_utf8_lossy(&bytes[at..end]).into_owned();
                append(&bytes, &[(9, body)], TRAILER)
            },
        ),
        bad(
            "revision-bypassed",
            "后来的版本绕过被签的版本",
            "a later revision goes round the signed one",
            "REVISION_BYPASSED",
            {
                let bytes = signed(s);
                let first = pdf::start(&plain());
                let later = append(
                    &bytes,
                    &[
                        catalog_of_signed(),
                        (PAGE, page_object(PAGE, "/Annots [8 0 R] ")),
                        field_of_signed(s),
                        value_entry(),
                    ],
                    TRAILER,
                );
                let prev = format!("/Prev {}", pdf::start(&bytes));
                let text = format!("/Prev {first:0width$}", width = prev.len() - 6);
                let at = pdf::find_last(&later, prev.as_bytes()).unwrap();
                let mut later = later;
                later[at..at + prev.len()].copy_from_slice(text.as_bytes());
                moved_entry(later, &bytes)
            },
        ),
    ]
}

fn catalog_of_signed() -> (u32, String) {
    (CATALOG, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [8 0 R] /SigFlags 3 >> >>".into())
}

fn field_of_signed(s: &Set<'_>) -> (u32, String) {
    seal(s).objects().swap_remove(2)
}

/// A place for the entry of the old signature in the new table.
fn value_entry() -> (u32, String) {
    (9, "null".into())
}

/// Lets the last table's entry for object 9 lead to the old signature.
fn moved_entry(mut bytes: Vec<u8>, old: &[u8]) -> Vec<u8> {
    let place = pdf::find_last(old, b"9 0 obj\n").unwrap();
    let at = pdf::find_last(&bytes, b"\n9 1\n").unwrap() + 5;
    bytes[at..at + 10].copy_from_slice(format!("{place:010}").as_bytes());
    bytes
}
