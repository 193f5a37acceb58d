//! Seals on the desks of makers and departments: made, filed, handed over, resumed, ended.

use super::codes::{CANCEL_REASONS, SEAL_KINDS};
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Pages, Shelf, Show, deed, fact, inside, reason, text, typed,
};
use crate::desk::say::{Named, Say};
use serde_json::Value;

const OPERATOR: &[&str] = &["maker_operator"];
const REVIEWER: &[&str] = &["issuing_reviewer"];
const STATE: Say = Say("状态", "State");

const STATES: &[Named] = &[
    ("making", Say("制作中", "being made")),
    ("made", Say("待备案", "to be filed")),
    ("filed", Say("已备案，待交付", "filed")),
    ("delivered", Say("待签收", "to be accepted")),
    ("active", Say("有效", "in force")),
    ("suspended", Say("暂停使用", "suspended")),
    ("expired", Say("已过期", "expired")),
    ("canceled", Say("已缴销", "canceled")),
    ("replaced", Say("已更换", "replaced")),
    ("void", Say("无效", "void")),
    ("lapsed", Say("已失效", "lapsed")),
    ("abandoned", Say("已终止制作", "given up")),
];
const VOID_REASONS: &[Named] = &[
    ("false_materials", Say("申请材料虚假", "false documents")),
    ("unlawful_making", Say("非法制作", "unlawful making")),
    ("certificate_authority", Say("电子认证服务机构违法", "certification authority")),
    ("court_decision", Say("司法裁决", "decision of a court")),
    ("other", Say("其他", "other")),
];

fn state(seal: &Value) -> &str {
    seal.pointer("/state").and_then(Value::as_str).unwrap_or_default()
}
fn making(seal: &Value) -> bool {
    state(seal) == "making"
}
fn requested(seal: &Value) -> bool {
    let history = seal.pointer("/history").and_then(Value::as_array);
    let asked = |step: &Value| step.pointer("/event").and_then(Value::as_str) == Some("request_certificate");
    making(seal) && history.is_some_and(|steps| steps.iter().any(asked))
}
fn made(seal: &Value) -> bool {
    state(seal) == "made"
}
fn filed(seal: &Value) -> bool {
    state(seal) == "filed"
}
fn suspended(seal: &Value) -> bool {
    state(seal) == "suspended"
}
fn live(seal: &Value) -> bool {
    matches!(state(seal), "active" | "suspended")
}
fn begun(seal: &Value) -> bool {
    matches!(state(seal), "making" | "made")
}

/// Seals on the desks of offices.
pub const MAKING: Book = Book {
    name: "making",
    pages: Pages::Own,
    api: "/seals",
    key: "/id",
    title: Say("制作与备案", "Making and filing"),
    lead: Say(
        "印章从制作、备案、交付到恢复、缴销，由制作单位和主管部门办理。",
        "Making, filing and handing over by makers and departments; resuming and canceling, too.",
    ),
    empty: Say(
        "还没有印章。申请获批并由制作单位领取后出现在这里。",
        "No seals yet. They appear once a maker took up an approved application.",
    ),
    help: &[
        Say(
            "制作：提交证书申请，导入证书，提交制成的印章（GB/T 38540 数据）；系统会核对凭证、印模、证书和签名，不符即退回并说明。",
            "Making: hand in the certification request, import the certificate, hand in the seal; certificate, imprint, chain and signature are compared, and what is wrong is named.",
        ),
        Say(
            "备案须在期限内完成，逾期会在待办和统计中标红。备案后才能交付，签收后印章生效。",
            "Filing has a deadline. A seal is handed over once filed, and in force once accepted.",
        ),
    ],
    shelf: Shelf::Directory,
    readers: &["maker_operator", "filing_officer", "issuing_reviewer"],
    filters: &[
        Filter { name: "state", label: STATE, choices: STATES },
        Filter { name: "name", label: Say("名称开头", "Name begins with"), choices: &[] },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(STATES)),
        text(Say("单位", "Unit"), "/unit_name"),
        text(Say("印章编码", "Code"), "/code"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(STATES)),
        fact(Say("印章编码", "Seal code"), "/code", Show::Code),
        text(Say("单位", "Unit"), "/unit_name"),
        fact(Say("种类", "Kind"), "/kind", Show::Named(SEAL_KINDS)),
        fact(Say("申请", "Application"), "/application", Show::Thing),
        fact(Say("备案期限", "To be filed by"), "/filing_due", Show::Moment),
        fact(Say("签发机构", "Issuer"), "/made/certificate_issuer", Show::Code),
        fact(Say("证书序列号", "Serial number"), "/made/certificate_serial", Show::Code),
        fact(Say("有效期至", "Valid until"), "/valid_until", Show::Day),
        fact(Say("印章页面", "Card of the seal"), "/id", Show::Thing),
    ],
    parts: &[inside(
        Say("办理记录", "History"),
        "/history",
        &[
            fact(Say("时间", "When"), "/at", Show::Moment),
            fact(STATE, "/to", Show::Named(STATES)),
            text(Say("人员", "By"), "/by"),
            text(Say("理由", "Reason"), "/reason"),
        ],
    )],
    deeds: &[
        Deed {
            when: making,
            done: Say("证书申请已提交。", "Handed in."),
            page: "/seals/{id}/papers/request",
            ..deed("request", OPERATOR, "", Say("提交证书申请", "Hand in a certification request"))
        },
        Deed {
            when: requested,
            page: "/api/v1/seals/{id}/certificate-request",
            ..deed("request-file", OPERATOR, "", Say("下载证书申请", "The certification request"))
        },
        Deed {
            when: making,
            done: Say("证书已导入。", "Imported."),
            page: "/seals/{id}/papers/certificate",
            ..deed("certificate", OPERATOR, "", Say("导入证书", "Import the certificate"))
        },
        Deed {
            when: making,
            done: Say("已收到并核对无误，等待备案。", "Taken; it waits for filing."),
            page: "/seals/{id}/papers/made",
            ..deed("made", OPERATOR, "", Say("提交制成的印章", "Hand in the made seal"))
        },
        Deed {
            when: made,
            help: Say(
                "备案后系统签发备案凭证，制作单位可以交付。",
                "The certificate of filing is signed; the maker may hand the seal over.",
            ),
            done: Say("已备案，备案凭证已签发。", "Filed; the certificate is signed."),
            ..deed("file", &["filing_officer"], "/seals/{id}/file", Say("备案", "File"))
        },
        Deed {
            when: filed,
            help: Say(
                "核对领取人身份后交付；单位经办人在系统里签收，印章即生效。",
                "Compare who receives it; it is in force once the unit's agent accepts.",
            ),
            entries: &[Entry { most: 64, ..typed("s:/to", Say("领取人", "Handed to")) }],
            done: Say("已交付，等待单位签收。", "Handed over; the unit accepts it now."),
            ..deed("deliver", OPERATOR, "/seals/{id}/deliver", Say("交付", "Hand over"))
        },
        Deed {
            when: begun,
            danger: true,
            entries: &[reason()],
            done: Say("已终止制作。", "Given up."),
            ..deed("abandon", OPERATOR, "/seals/{id}/abandon", Say("终止制作", "Give the making up"))
        },
        Deed {
            when: suspended,
            help: Say("核实停用原因已经消除。", "For what no longer stands in its way."),
            entries: &[
                reason(),
                Entry {
                    optional: true, ..typed("s:/document", Say("文书编号", "Number of the document"))
                },
            ],
            done: Say("已恢复使用。", "Resumed."),
            ..deed("resume", REVIEWER, "/seals/{id}/resume", Say("恢复使用", "Resume"))
        },
        Deed {
            when: live,
            danger: true,
            help: Say("缴销后不能恢复；此前的签章仍然有效。", "For good; what it sealed before stays valid."),
            entries: &[
                Entry {
                    kind: "select",
                    choices: Choices::These(CANCEL_REASONS),
                    ..typed("s:/reason", Say("原因", "Why"))
                },
                Entry { kind: "area", most: 2000, ..typed("s:/detail", Say("说明", "In words")) },
            ],
            done: Say("已缴销，缴销凭证已签发。", "Canceled; the certificate is signed."),
            ..deed("cancel", REVIEWER, "/seals/{id}/cancel", Say("缴销", "Cancel"))
        },
        Deed {
            when: live,
            danger: true,
            help: Say(
                "宣告无效自指定日期起生效：此后的签章一律无效。",
                "Void from the day named: what was sealed from then on is void.",
            ),
            entries: &[
                Entry {
                    kind: "select",
                    choices: Choices::These(VOID_REASONS),
                    ..typed("s:/reason", Say("原因", "Why"))
                },
                Entry { kind: "area", most: 2000, ..typed("s:/detail", Say("说明", "In words")) },
                typed("s:/document", Say("决定文号", "Number of the decision")),
                Entry { kind: "date", ..typed("t:/effective_at", Say("自何日起无效", "Void from")) },
            ],
            done: Say("已宣告无效。", "Declared void."),
            ..deed("void", REVIEWER, "/seals/{id}/void", Say("宣告无效", "Declare void"))
        },
    ],
    makers: &[],
};
