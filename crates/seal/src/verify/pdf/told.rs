//! Later changes in words: what became of which page, in which revision, whether it was allowed and why.

use yinxin_pdf::{Change, ChangeKind, Changes, Level, Of, Revision, Role, Rules, Ruling};

use crate::report::{LaterChange, Standing, Text, text};

/// Sentences of one check.
const MAX_TOLD: usize = 60;
/// Characters of a name that a stranger gave.
const MAX_NAME: usize = 80;

/// The changes after a signature, what belongs together in one sentence, those that matter first.
pub(super) fn told(changes: &Changes, rules: &Rules, revisions: &[Revision]) -> Vec<LaterChange> {
    let mut out: Vec<LaterChange> = Vec::new();
    for change in &changes.list {
        let Some((code, subject, what)) = kind(change) else { continue };
        let standing = standing(change, code, rules);
        let at = change.at.and_then(|at| revisions.iter().position(|r| r.end > at));
        let revision = at.map(|n| n.saturating_add(1));
        let same = |c: &LaterChange| {
            (c.code, &c.subject, c.standing, c.revision) == (code, &subject, standing, revision)
                && (c.pages == change.pages || subject.is_some())
        };
        let room = out.len() < MAX_TOLD;
        match out.iter_mut().find(|c| same(c)) {
            Some(known) => {
                known.objects.push(change.number);
                for page in &change.pages {
                    if !known.pages.contains(page) {
                        known.pages.push(*page);
                    }
                }
            }
            None if room => out.push(LaterChange {
                code,
                standing,
                pages: change.pages.clone(),
                revision,
                subject,
                objects: vec![change.number],
                text: what,
            }),
            None => {}
        }
    }
    for change in &mut out {
        change.pages.sort_unstable();
        change.text = sentence(change, why(change, rules));
    }
    out
}

fn standing(change: &Change, code: &str, rules: &Rules) -> Standing {
    if code == "SIGNATURE_ADDED" && rules.level == Some(Level::Nothing) {
        return Standing::Forbidden;
    }
    match (change.harmless, change.ruling) {
        (true, _) => Standing::Harmless,
        (_, Some(Ruling::Permitted)) => Standing::Permitted,
        (_, Some(Ruling::Forbidden)) => Standing::Forbidden,
        (_, Some(Ruling::Locked)) => Standing::Locked,
        (_, None) => Standing::Open,
    }
}

fn named(name: &str) -> String {
    let mut out: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
    if name.chars().count() > MAX_NAME {
        out.push('…');
    }
    out
}

/// Code, what it is about, and the words for it. `None` for what is only the frame of a harmless change.
fn kind(change: &Change) -> Option<(&'static str, Option<String>, Text)> {
    use ChangeKind::{Added, Changed, Removed};
    match (&change.part, change.role) {
        (Some(Of::Field(name)), _) => {
            let name = named(name);
            if change.detail.ends_with("was filled in") {
                let t = text(
                    format!("填写了表单字段“{name}”"),
                    format!("the form field \"{name}\" was filled in"),
                );
                return Some(("FIELD_FILLED", Some(name), t));
            }
            let t = text(
                format!("改动了表单字段“{name}”（位置、类型或外观）"),
                format!("the form field \"{name}\" was changed (place, kind or look)"),
            );
            return Some(("FIELD_CHANGED", Some(name), t));
        }
        (Some(Of::Annotation(subtype)), _) => {
            let (zh, en) = annotation(subtype);
            let t = match change.kind {
                Added => text(format!("新增了批注（{zh}）"), format!("an annotation was added ({en})")),
                _ => text(format!("改动了批注（{zh}）"), format!("an annotation was changed ({en})")),
            };
            return Some(("ANNOTATION", Some(named(subtype)), t));
        }
        (Some(Of::Signature(name)), Role::DocumentTimestamp) => {
            let name = named(name);
            let t = text(
                format!("新增了文档时间戳“{name}”"),
                format!("a document timestamp was added (\"{name}\")"),
            );
            return Some(("TIMESTAMP_ADDED", Some(name), t));
        }
        (Some(Of::Signature(name)), Role::SignatureField | Role::Signature) if !change.harmless => {
            let name = named(name);
            let t =
                text(format!("改动了签名域“{name}”"), format!("the signature field \"{name}\" was changed"));
            return Some(("SIGNATURE_FIELD_CHANGED", Some(name), t));
        }
        (Some(Of::Signature(name)), Role::Signature) if change.kind == Added => {
            let name = named(name);
            let t = text(
                format!("新增了印章或签名“{name}”"),
                format!("a seal or signature was added (\"{name}\")"),
            );
            return Some(("SIGNATURE_ADDED", Some(name), t));
        }
        _ => {}
    }
    if change.harmless {
        let (code, zh, en) = match change.role {
            Role::ValidationData => ("VALIDATION_DATA", "追加了验证资料", "data to verify by were added"),
            Role::Metadata => {
                ("METADATA", "重写了文档说明（元数据）", "the description (metadata) was rewritten")
            }
            Role::Info => ("INFO", "更新了文档信息（修改日期等）", "information on the document was updated"),
            _ => return None,
        };
        return Some((code, None, text(zh, en)));
    }
    let (code, zh, en) = match (change.role, change.kind) {
        (Role::Page, Added) => ("PAGE_ADDED", "新增了页", "a page was added"),
        (Role::Page, Removed) => ("PAGE_REMOVED", "删除了页", "a page was taken out"),
        (Role::Page, Changed) if change.detail.contains("/Contents") => {
            ("PAGE_CONTENT", "换掉了页面内容", "the content of the page was replaced")
        }
        (Role::Page, Changed) => (
            "PAGE_CHANGED",
            "改动了页面（大小、资源或批注）",
            "the page was changed (size, resources or annotations)",
        ),
        (Role::PageTree, _) => {
            ("PAGE_TREE", "增删了页或改动了页的顺序", "pages were added, taken out or put in another order")
        }
        (Role::AnnotationList, _) => {
            ("ANNOTATION_LIST", "改动了批注表", "the list of annotations was changed")
        }
        (Role::Form, _) => ("FORM", "改动了表单", "the form was changed"),
        (Role::Catalog, _) => (
            "CATALOG",
            "改动了文档目录（打开动作、图层等）",
            "the catalog was changed (actions, layers and the like)",
        ),
        (Role::ValidationData, _) => ("VALIDATION_DATA", "改动了验证资料", "data to verify by were changed"),
        (Role::Metadata, _) => {
            ("METADATA", "改动了文档说明（元数据）", "the description (metadata) was changed")
        }
        (Role::Info, _) => (
            "INFO",
            "改动了文档信息（标题、作者等）",
            "information on the document was changed (title, author and the like)",
        ),
        (Role::Signature | Role::DocumentTimestamp | Role::SignatureField, _) => {
            ("SIGNATURE_FIELD_CHANGED", "改动了签名域", "a signature field was changed")
        }
        (Role::Bytes, _) => {
            ("BYTES", "追加了不属于任何对象的数据", "data were added that belong to no object")
        }
        (Role::Trailer, _) => {
            ("TRAILER", "改动了文件尾（文档根或加密）", "the trailer was changed (root or encryption)")
        }
        (_, _) if !change.pages.is_empty() => match change.kind {
            Added => (
                "PAGE_PART_ADDED",
                "页面上新增了内容（文字、图像、字体或批注）",
                "something was added to the page (text, pictures, fonts or annotations)",
            ),
            Changed => (
                "PAGE_PART",
                "改动了页面用到的内容（文字、图像、字体或批注）",
                "something that the page shows was changed (text, pictures, fonts or annotations)",
            ),
            Removed => {
                ("PAGE_PART_REMOVED", "删除了页面用到的内容", "something that the page shows was taken out")
            }
        },
        (_, Added) => ("OBJECT_ADDED", "新增了用途不明的内容", "something of unknown purpose was added"),
        (_, Changed) => ("OBJECT_CHANGED", "改动了页面以外的内容", "something outside the pages was changed"),
        (_, Removed) => ("OBJECT_REMOVED", "删除了内容", "something was taken out"),
    };
    Some((code, None, text(zh, en)))
}

/// The kinds of annotations that only speak about a page (ISO 32000-1 table 169).
fn annotation(subtype: &str) -> (&'static str, &'static str) {
    match subtype {
        "Text" | "Popup" => ("便签", "a note"),
        "FreeText" => ("文字框", "a text box"),
        "Highlight" => ("高亮", "a highlight"),
        "Underline" | "Squiggly" => ("下划线", "an underline"),
        "StrikeOut" => ("删除线", "a line through text"),
        "Stamp" => ("图章批注，不是电子印章", "a stamp, which is no seal"),
        "Ink" => ("手写", "handwriting"),
        "Line" | "Square" | "Circle" | "Polygon" | "PolyLine" => ("图形", "a shape"),
        "Caret" => ("插入标记", "a mark to insert"),
        _ => ("其他", "of another kind"),
    }
}

/// Whether it is allowed, and by what.
fn why(change: &LaterChange, rules: &Rules) -> Text {
    let level = rules.level.map(|l| match l {
        Level::Nothing => ("DocMDP 1：不允许任何改动", "DocMDP 1: no change"),
        Level::Fill => ("DocMDP 2：只允许填表和签名", "DocMDP 2: filling in fields and signing"),
        Level::Annotate => {
            ("DocMDP 3：允许填表、签名和批注", "DocMDP 3: filling in fields, signing and annotating")
        }
    });
    match (change.standing, level) {
        (Standing::Harmless, _) => {
            text("无害：不改变签名人看到的内容", "harmless: what the signer saw is as it was")
        }
        (Standing::Permitted, Some((zh, en))) => text(
            format!("允许：认证签名事先许可（{zh}）"),
            format!("allowed: the certification permits it ({en})"),
        ),
        (Standing::Permitted, None) => {
            text("允许：该字段未被签名锁定（FieldMDP）", "allowed: no signature locks this field (FieldMDP)")
        }
        (Standing::Locked, _) => text(
            "不允许：该字段已被签名锁定（FieldMDP）",
            "not allowed: a signature locks this field (FieldMDP)",
        ),
        (Standing::Forbidden, level) => {
            let (zh, en) = level.unwrap_or(("DocMDP", "DocMDP"));
            text(
                format!("不允许：违反认证签名（{zh}）"),
                format!("not allowed: the certification forbids it ({en})"),
            )
        }
        (Standing::Open, _) if matches!(change.code, "FIELD_FILLED" | "ANNOTATION") => text(
            "未获许可：没有签名声明可以填表或批注，不能认定为无害",
            "nobody allowed it: no signature says that fields may be filled in or annotations made",
        ),
        (Standing::Open, _) => text(
            "不能认定为无害：签名之后不应有这种改动",
            "not known to be harmless: nothing of the kind belongs after a signature",
        ),
    }
}

fn sentence(change: &LaterChange, why: Text) -> Text {
    let list = |separator: &str| {
        let shown: Vec<String> = change.pages.iter().take(8).map(ToString::to_string).collect();
        let more = if change.pages.len() > shown.len() { "…" } else { "" };
        format!("{}{more}", shown.join(separator))
    };
    let (mut zh, mut en) = (String::new(), String::new());
    if !change.pages.is_empty() {
        zh = format!("第 {} 页：", list("、"));
        en = format!("page {}: ", list(", "));
    }
    zh.push_str(&change.text.zh);
    en.push_str(&change.text.en);
    if let Some(revision) = change.revision {
        zh.push_str(&format!("（第 {revision} 个版本）"));
        en.push_str(&format!(" (revision {revision})"));
    }
    text(format!("{zh}。{}。", why.zh), format!("{en}; {}.", why.en))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(role: Role, kind: ChangeKind, part: Option<Of>, pages: Vec<usize>) -> Change {
        let detail = "a page: /Contents differs".to_owned();
        Change { number: 7, kind, role, harmless: false, ruling: None, detail, part, pages, at: Some(500) }
    }

    fn revisions() -> Vec<Revision> {
        [400, 900].map(|end| Revision { end, signatures: Vec::new() }).to_vec()
    }

    #[test]
    fn a_replaced_page_is_told_with_its_number_and_revision() {
        let list = vec![change(Role::Page, ChangeKind::Changed, None, vec![3])];
        let told = told(&Changes { list, ..Changes::default() }, &Rules::default(), &revisions());
        assert_eq!(
            (told[0].code, told[0].standing, told[0].revision),
            ("PAGE_CONTENT", Standing::Open, Some(2))
        );
        assert!(
            told[0].text.zh.starts_with("第 3 页：换掉了页面内容（第 2 个版本）。"),
            "{}",
            told[0].text.zh
        );
        assert!(
            told[0]
                .text
                .en
                .starts_with("page 3: the content of the page was replaced (revision 2); not known")
        );
    }

    #[test]
    fn what_belongs_together_is_one_sentence_and_names_are_cut() {
        let field = Some(Of::Field("x".repeat(200)));
        let mut list = vec![
            change(Role::Field, ChangeKind::Changed, field.clone(), vec![1]),
            change(Role::Appearance, ChangeKind::Added, field, vec![1, 2]),
        ];
        list.iter_mut().for_each(|c| c.ruling = Some(Ruling::Permitted));
        let rules = Rules { level: Some(Level::Fill), ..Rules::default() };
        let told = told(&Changes { list, ..Changes::default() }, &rules, &revisions());
        assert_eq!((told.len(), told[0].pages.as_slice(), told[0].objects.len()), (1, [1, 2].as_slice(), 2));
        assert!(told[0].text.zh.contains("DocMDP 2") && told[0].text.zh.chars().count() < 200);
    }
}
