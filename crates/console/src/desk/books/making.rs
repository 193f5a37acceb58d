//! Seals on the desks of makers and departments: made, filed, handed over, resumed, ended.

use super::codes::SEAL_KINDS;
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
const CANCEL_REASONS: &[Named] = &[
    ("change", Say("变更", "change")),
    ("damage", Say("印章损坏", "damage")),
    ("end_of_use", Say("停止使用", "end of use")),
    ("rename", Say("单位更名", "unit renamed")),
    ("key_leak", Say("密钥泄露", "key leaked")),
    ("device_damage", Say("密钥载体损坏", "device damaged")),
    ("theft", Say("被盗", "stolen")),
    ("loss", Say("丢失", "lost")),
    ("merger", Say("单位合并", "merger")),
    ("dissolution", Say("单位撤销或者注销", "dissolution")),
    ("remade", Say("已重新制作", "made anew")),
    ("other", Say("其他", "other")),
];

fn state(seal: &Value) -> &str {
    seal.pointer("/state").and_then(Value::as_str).unwrap_or_default()
}
fn making(seal: &Value) -> bool {
    state(seal) == "making"
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
            help: Say(
                "密钥在外部签发证书时使用：由印章密钥签名的 PKCS#10，DER 的 Base64。",
                "Where an authority outside issues: PKCS#10 signed by the seal's key, DER, base64.",
            ),
            entries: &[Entry {
                kind: "area",
                most: 16384,
                ..typed("s:/request", Say("证书申请", "Certification request"))
            }],
            done: Say("证书申请已提交。", "Handed in."),
            ..deed(
                "request",
                OPERATOR,
                "/seals/{id}/certificate-request",
                Say("提交证书申请", "Hand in a certification request"),
            )
        },
        Deed {
            when: making,
            help: Say(
                "电子认证服务机构签发的证书及其上级证书，PEM。",
                "The certificate with its issuers, PEM.",
            ),
            entries: &[Entry { kind: "area", most: 65536, ..typed("s:/chain", Say("证书链", "Chain")) }],
            done: Say("证书已导入。", "Imported."),
            ..deed(
                "certificate",
                OPERATOR,
                "/seals/{id}/certificate",
                Say("导入证书", "Import the certificate"),
            )
        },
        Deed {
            when: making,
            help: Say(
                "提交外部制作完成的印章。系统逐项核对，不符之处会列出，可以改正后再提交。",
                "Hands in a seal made outside. Everything is compared; what is wrong is listed, and it can be handed in again.",
            ),
            entries: &[
                Entry {
                    kind: "area",
                    most: 1_000_000,
                    help: Say("印章数据（.esl），DER 的 Base64。", "The seal (.esl): DER, base64."),
                    ..typed("s:/seal", Say("印章数据", "The seal"))
                },
                Entry {
                    kind: "area",
                    most: 65536,
                    help: Say(
                        "所有人证书在前，上级证书在后；DER 的 Base64，一行一张。",
                        "The owner's first, then its issuers; DER, base64, one a line.",
                    ),
                    ..typed("l:/certificates", Say("证书", "Certificates"))
                },
                Entry {
                    kind: "select",
                    choices: Choices::These(&[
                        ("4", Say("第 4 版（GB/T 38540-2020）", "version 4 (GB/T 38540-2020)")),
                        ("5", Say("第 5 版（GM/T 0031-2025）", "version 5 (GM/T 0031-2025)")),
                    ]),
                    ..typed("n:/format_version", Say("格式", "Format"))
                },
                Entry {
                    most: 64,
                    help: Say("印章内图片的 SM3，十六进制。", "SM3 of the picture inside the seal, hex."),
                    ..typed("s:/imprint_digest", Say("印模摘要", "Digest of the imprint"))
                },
                typed("s:/approval", Say("准予制作凭证编号", "Number of the approval certificate")),
                Entry { kind: "date", ..typed("t:/made_at", Say("制作日期", "Made on")) },
            ],
            fixed: &[("/key/kind", "elsewhere")],
            done: Say("已收到并核对无误，等待备案。", "Taken; it waits for filing."),
            ..deed("made", OPERATOR, "/seals/{id}/made", Say("提交制成的印章", "Hand in the made seal"))
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
