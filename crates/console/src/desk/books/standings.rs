//! Standing authorizations of programs, as a unit sees them.

use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Pages, Part, Shelf, Show, deed, fact, inside, reason, text, typed,
};
use crate::desk::say::{Named, Say};
use serde_json::Value;

const STATE: Say = Say("状态", "State");
const KEEPERS: &[&str] = &["unit_agent", "custodian"];
const VOTERS: &[&str] = &["approver"];
const STATES: &[Named] = &[
    ("proposed", Say("审批中", "proposed")),
    ("live", Say("有效", "in force")),
    ("refused", Say("未同意", "refused")),
    ("used_up", Say("已用完", "used up")),
    ("revoked", Say("已收回", "taken back")),
    ("over", Say("已到期", "over")),
];

fn is(record: &Value, state: &str) -> bool {
    record.pointer("/state").and_then(Value::as_str) == Some(state)
}
fn proposed(record: &Value) -> bool {
    is(record, "proposed")
}
fn open(record: &Value) -> bool {
    proposed(record) || is(record, "live")
}

/// What is voted on, as it was read.
const DIGEST: Entry = Entry { kind: "hidden", present: "/approval/digest", ..typed("s:/digest", Say::NONE) };

/// Rights of programs.
pub const STANDINGS: Book = Book {
    name: "standings",
    pages: Pages::Own,
    api: "/standings",
    key: "/id",
    title: Say("业务系统用印授权", "Standing authorizations"),
    lead: Say(
        "业务系统按固定模板批量用印的授权：限定期限、文件种类、份数和金额，审批同意后生效。",
        "Programs that have documents of one template sealed: within a time, kinds, a number and a value that people voted on.",
    ),
    empty: Say(
        "没有业务系统用印授权。保管人或者经办人在印章卡片上提出。",
        "None yet. Custodian or agent proposes one on the card of a seal.",
    ),
    help: &[
        Say(
            "授权一经同意，业务系统在限定范围内用印不再逐份审批；每一份仍登记在用印登记里。",
            "Once agreed to, the program seals within the limits without a vote on each; every document is in the register all the same.",
        ),
        Say(
            "审批人核对系统、模板、期限、份数和金额后表决；发现异常，保管人或者经办人可以随时收回，立即生效。",
            "Approvers look at program, template, time, number and value. Custodian and agent take it back at any time, at once.",
        ),
    ],
    shelf: Shelf::Connections,
    readers: &["unit_agent", "custodian", "approver"],
    filters: &[Filter { name: "state", label: STATE, choices: STATES }],
    heading: "/client_name",
    row: &[
        fact(STATE, "/state", Show::State(STATES)),
        text(Say("模板", "Template"), "/template"),
        fact(Say("有效期至", "Until"), "/limits/until", Show::Day),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(STATES)),
        text(Say("业务系统", "Program"), "/client_name"),
        fact(Say("印章", "Seal"), "/seal", Show::Thing),
        text(Say("文件模板", "Template of the documents"), "/template"),
        text(Say("文件种类", "Kinds of document"), "/limits/document_kinds"),
        fact(Say("自", "From"), "/limits/from", Show::Moment),
        fact(Say("至", "Until"), "/limits/until", Show::Moment),
        text(Say("每日可用时间从", "Hours of the day, from"), "/limits/hours/from"),
        text(Say("到", "to"), "/limits/hours/until"),
        text(Say("已用份数", "Documents sealed"), "/used"),
        text(Say("剩余份数", "Documents left"), "/left"),
        fact(Say("每份金额上限", "Value of one at most"), "/value_each", Show::Money),
        fact(Say("金额合计上限", "Value of all at most"), "/value_total", Show::Money),
        fact(Say("已用金额", "Value used"), "/value_used", Show::Money),
        text(Say("理由", "Reason"), "/reason"),
        fact(Say("提出时间", "Proposed"), "/created_at", Show::Moment),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
    ],
    parts: &[
        Part {
            track: true,
            ..inside(
                Say("审批", "Approval"),
                "/approval/steps",
                &[
                    text(Say("环节", "Step"), "/name"),
                    text(Say("审批人", "Approvers"), "/approvers"),
                    text(Say("已表决：", "Voted:"), "/votes"),
                    fact(Say("期限：", "Due:"), "/due", Show::Moment),
                ],
            )
        },
        inside(
            Say("办理记录", "History"),
            "/history",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                fact(STATE, "/to", Show::Named(STATES)),
                text(Say("人员", "By"), "/by"),
                text(Say("理由", "Reason"), "/reason"),
            ],
        ),
    ],
    deeds: &[
        Deed {
            when: proposed,
            only: "/approval/waits_for",
            help: Say(
                "同意后，该系统在上列范围内用印不再逐份审批。",
                "Within these limits the program then seals without a vote on each.",
            ),
            entries: &[
                DIGEST,
                Entry {
                    kind: "area",
                    most: 2000,
                    optional: true,
                    ..typed("s:/words", Say("意见", "What you say of it"))
                },
            ],
            done: Say("已同意授权。", "Agreed."),
            ..deed("approve", VOTERS, "/standings/{id}/approve", Say("同意授权", "Agree"))
        },
        Deed {
            when: proposed,
            only: "/approval/waits_for",
            danger: true,
            entries: &[DIGEST, reason()],
            done: Say("已不同意，授权不生效。", "Refused; that ends it."),
            ..deed("refuse", VOTERS, "/standings/{id}/refuse", Say("不同意", "Refuse"))
        },
        Deed {
            when: proposed,
            only: "/approval/waits_for",
            entries: &[
                Entry {
                    kind: "select",
                    choices: Choices::Listed("/seals/{seal}/people?role=approver", "/account", "/name", None),
                    ..typed("s:/account", Say("委托给", "To whom"))
                },
                reason(),
            ],
            done: Say("已委托审批。", "Delegated."),
            ..deed("delegate", VOTERS, "/standings/{id}/delegate", Say("委托审批", "Delegate the vote"))
        },
        Deed {
            when: open,
            danger: true,
            help: Say(
                "立即生效：该系统不能再按此授权用印。",
                "At once: the program seals nothing more by it.",
            ),
            entries: &[reason()],
            done: Say("授权已收回，立即生效。", "Taken back, at once."),
            ..deed("revoke", KEEPERS, "/standings/{id}/revoke", Say("收回授权", "Take it back"))
        },
    ],
    makers: &[],
};
