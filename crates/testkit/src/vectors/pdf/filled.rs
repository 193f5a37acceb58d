//! Fields that are filled in and annotations that are made after signing: permitted, forbidden, locked, or done by nobody's leave.

use super::*;

/// A document with a text field named `amount`.
fn with_field() -> Vec<u8> {
    let look = stream("/Type /XObject /Subtype /Form /BBox [0 0 200 30]", "");
    append(
        &plain(),
        &[
            (CATALOG, "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [30 0 R] >> >>".into()),
            (PAGE, page_object(PAGE, "/Annots [30 0 R] ")),
            (30, input("", 31)),
            (31, look),
        ],
        TRAILER,
    )
}

/// The field of [`with_field`] with its value.
fn input(value: &str, look: u32) -> String {
    format!(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount) /F 4 /P {PAGE} 0 R /Rect [72 500 272 530] \
         /V ({value}) /AP << /N {look} 0 R >> >>"
    )
}

/// The same document signed, with what the signature says about later changes.
fn signed_field(s: &Set<'_>, reference: &str, perms: bool) -> Vec<u8> {
    let forge = seal(s).with(|f| {
        f.earlier = vec![30];
        if !reference.is_empty() {
            f.more = format!("/Reference [{reference}] ");
        }
        if perms {
            f.catalog = "/Perms << /DocMDP 9 0 R >> ".to_owned();
        }
    });
    forge.build(&with_field())
}

fn doc_mdp(level: u8) -> String {
    format!(
        "<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P {level} /V /1.2 >> >>"
    )
}

fn field_mdp(rule: &str) -> String {
    format!(
        "<< /Type /SigRef /TransformMethod /FieldMDP /Data 1 0 R /TransformParams << /Type /TransformParams {rule} /V /1.2 >> >>"
    )
}

/// A field filled in, or an annotation added, after signing.
pub(super) fn filled(s: &Set<'_>) -> Vec<Case> {
    let fill = |bytes: Vec<u8>| {
        let look = stream(
            "/Type /XObject /Subtype /Form /BBox [0 0 200 30] /Resources << /Font << /F 3 0 R >> >>",
            "BT /F 12 Tf 2 8 Td (900 yuan) Tj ET",
        );
        append(&bytes, &[(30, input("900 yuan", 35)), (35, look)], TRAILER)
    };
    let note = |bytes: Vec<u8>, more: &str| {
        let look = stream("/Type /XObject /Subtype /Form /BBox [0 0 440 60]", "1 g 0 0 440 60 re f");
        let annotation = format!(
            "<< /Type /Annot /Subtype /Square /Rect [60 680 500 740] /F 4 /P {PAGE} 0 R /AP << /N 36 0 R >> {more}>>"
        );
        let page = page_object(PAGE, "/Annots [30 0 R 8 0 R 35 0 R] ");
        append(&bytes, &[(PAGE, page), (35, annotation), (36, look)], TRAILER)
    };
    let certified = |level| signed_field(s, &doc_mdp(level), true);
    let locked = |rule: &str| signed_field(s, &field_mdp(rule), false);
    let good = |id, zh, en, bytes| {
        Case::new(id, "valid", zh, en, "valid", bytes)
            .names("LATER_CHANGES", "warn", &["permitted"])
            .check("CERTIFICATION", "pass")
    };
    let bad = |id, zh, en, bytes| {
        Case::new(id, "attack", zh, en, "invalid", bytes)
            .names("LATER_CHANGES", "indeterminate", &["forbidden"])
            .check("CERTIFICATION", "fail")
    };
    let open = |id, zh, en, bytes| {
        Case::new(id, "attack", zh, en, "indeterminate", bytes).names(
            "LATER_CHANGES",
            "indeterminate",
            &["not harmless"],
        )
    };
    vec![
        good(
            "filled-permitted",
            "认证签名允许填表",
            "a field filled in as the certification permits",
            fill(certified(2)),
        ),
        good("filled-unlocked", "填写未锁定的域", "a field filled in that the lock leaves open", {
            fill(locked("/Action /Exclude /Fields [(amount)]"))
        }),
        good(
            "annotation-permitted",
            "认证签名允许批注",
            "an annotation that the certification permits",
            note(certified(3), ""),
        ),
        bad(
            "filled-forbidden",
            "认证签名不允许填表",
            "a field filled in although nothing may change",
            fill(certified(1)),
        ),
        bad("filled-locked", "填写被锁定的域", "a locked field filled in", {
            fill(locked("/Action /Include /Fields [(amount)]"))
        }),
        bad("filled-all-locked", "全部锁定后填表", "a field filled in although all are locked", {
            fill(locked("/Action /All"))
        }),
        bad(
            "annotation-forbidden",
            "认证签名不允许批注",
            "an annotation that the certification forbids",
            note(certified(2), ""),
        ),
        open("filled-uncertified", "未经允许而填表", "a field filled in that nobody said might be", {
            fill(signed_field(s, "", false))
        }),
        open("annotation-acts", "批注带有动作", "an annotation that does something", {
            note(certified(3), "/A << /S /JavaScript /JS (0) >> ")
        })
        .check("CERTIFICATION", "indeterminate"),
        open("filled-moved", "填表时移动了域", "a field that was moved while it was filled in", {
            let moved = input("900 yuan", 31).replace("[72 500 272 530]", "[60 680 500 740]");
            append(&certified(2), &[(30, moved)], TRAILER)
        }),
        open(
            "filled-renamed",
            "换成同号的另一个域",
            "another field in the place of the one to be filled in",
            append(&certified(2), &[(30, input("900 yuan", 31).replace("(amount)", "(other)"))], TRAILER),
        ),
        open(
            "filled-shared-look",
            "填表外观借用页面内容",
            "the look of a field is the page's content, written anew",
            {
                let field = input("", 31).replace("/AP << /N 31 0 R >>", "/AP << /N 5 0 R >>");
                append(&certified(2), &[(30, field), (CONTENT, stream("", &text(1, 900)))], TRAILER)
            },
        ),
    ]
}
