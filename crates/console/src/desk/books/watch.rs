//! Supervision: tickets about units, entries about makers, drills, rules of use.

use super::codes::{BREACHES, DRILL_STATES, ENTRY_STATES, REASONS, RULE_STATES, TICKET_STATES, WATCH_KINDS};
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Pages, Shelf, Show, deed, fact, inside, reason, text, typed,
};
use crate::desk::say::{Named, Say};
use serde_json::Value;

const STATE: Say = Say("状态", "State");
const KIND: Say = Say("类型", "Kind");
const REVIEWER: &[&str] = &["issuing_reviewer"];

fn state(record: &Value) -> &str {
    record.pointer("/state").and_then(Value::as_str).unwrap_or_default()
}
fn open(record: &Value) -> bool {
    state(record) == "open"
}
fn answered(record: &Value) -> bool {
    state(record) == "answered"
}
fn under_way(record: &Value) -> bool {
    open(record) || answered(record)
}
fn is_order(record: &Value) -> bool {
    open(record) && record.pointer("/kind").and_then(Value::as_str) == Some("order")
}

/// Tickets about units.
pub const TICKETS: Book = Book {
    name: "tickets",
    pages: Pages::Own,
    api: "/tickets",
    key: "/id",
    title: Say("监管单", "Tickets"),
    lead: Say(
        "对用章单位的检查、发现的问题和责令整改，以及单位的反馈。",
        "Inspections of units, findings, orders to correct, and what units answer.",
    ),
    empty: Say(
        "还没有监管单。在单位页面上“开具监管单”。",
        "No tickets yet. “Open a ticket” is on the page of a unit.",
    ),
    help: &[
        Say(
            "责令整改有期限，逾期会提醒双方；单位反馈后由主管部门复查：合格、退回，或者结案。",
            "An order has a day; both are reminded. The unit answers, the department accepts, sends back or closes.",
        ),
        Say(
            "整改期间可以停用有关印章；整改合格或者结案时，因此停用的印章自动恢复。",
            "Seals may be suspended meanwhile; they resume by themselves when the ticket is accepted or closed.",
        ),
    ],
    shelf: Shelf::Supervision,
    readers: &["issuing_reviewer", "filing_officer", "unit_agent", "custodian", "supervisor"],
    filters: &[
        Filter { name: "state", label: STATE, choices: TICKET_STATES },
        Filter { name: "kind", label: KIND, choices: WATCH_KINDS },
    ],
    heading: "/text",
    row: &[
        fact(STATE, "/state", Show::State(TICKET_STATES)),
        text(Say("单位", "Unit"), "/unit_name"),
        fact(KIND, "/kind", Show::Named(WATCH_KINDS)),
        text(Say("文书", "Document"), "/document"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(TICKET_STATES)),
        text(Say("单位", "Unit"), "/unit_name"),
        fact(KIND, "/kind", Show::Named(WATCH_KINDS)),
        fact(Say("内容", "Text"), "/text", Show::Pre),
        text(Say("依据", "Basis"), "/basis"),
        text(Say("文书编号", "Document"), "/document"),
        fact(Say("整改期限", "To be corrected by"), "/due", Show::Moment),
        fact(Say("开具时间", "Opened"), "/created_at", Show::Moment),
        fact(Say("单位标识", "Identifier of the unit"), "/unit", Show::Link("units")),
        fact(Say("来自", "Follows"), "/follows", Show::Link("tickets")),
    ],
    parts: &[
        inside(
            Say("违规情形", "Breaches"),
            "/breaches",
            &[
                fact(Say("情形", "Breach"), "/code", Show::Named(BREACHES)),
                fact(
                    Say("情节", "Grave"),
                    "/grave",
                    Show::Flag(Say("严重", "grave"), Say("一般", "ordinary")),
                ),
            ],
        ),
        inside(Say("涉及的印章", "Seals concerned"), "/seals", &[fact(Say("印章", "Seal"), "", Show::Thing)]),
        inside(
            Say("单位反馈", "Answers"),
            "/answers",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                text(Say("反馈人", "By"), "/by"),
                text(Say("内容", "Text"), "/text"),
                text(Say("材料", "Files"), "/files"),
            ],
        ),
        inside(
            Say("整改停用", "Suspensions"),
            "/suspensions",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                text(Say("理由", "Why"), "/detail"),
                text(Say("文书", "Document"), "/document"),
                fact(Say("至", "Until"), "/until", Show::Day),
            ],
        ),
        inside(
            Say("办理记录", "History"),
            "/history",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                fact(STATE, "/to", Show::Named(TICKET_STATES)),
                text(Say("人员", "By"), "/by"),
                text(Say("理由", "Reason"), "/reason"),
            ],
        ),
    ],
    deeds: &[
        Deed {
            when: open,
            page: "/tickets/{id}/files",
            ..deed("files", &["unit_agent"], "", Say("上传整改材料", "Bring files"))
        },
        Deed {
            when: open,
            help: Say("写明怎样整改的。佐证材料可以先上传。", "Say what was corrected."),
            entries: &[Entry {
                kind: "area",
                most: 2000,
                ..typed("s:/text", Say("整改情况", "What was corrected"))
            }],
            done: Say("已反馈，等待复查。", "Answered; the department looks at it."),
            ..deed("answer", &["unit_agent"], "/tickets/{id}/answer", Say("反馈整改", "Answer"))
        },
        Deed {
            when: answered,
            entries: &[Entry {
                kind: "area", most: 2000, ..typed("s:/remark", Say("复查意见", "Remark"))
            }],
            done: Say("整改合格；因整改停用的印章已恢复。", "Accepted; seals suspended by it resume."),
            ..deed("accept", REVIEWER, "/tickets/{id}/accept", Say("复查合格", "Accept"))
        },
        Deed {
            when: answered,
            danger: true,
            entries: &[
                reason(),
                Entry { kind: "date", optional: true, ..typed("u:/due", Say("新的期限", "New day")) },
            ],
            done: Say("已退回整改。", "Sent back."),
            ..deed("send-back", REVIEWER, "/tickets/{id}/send-back", Say("退回整改", "Send back"))
        },
        Deed {
            when: is_order,
            entries: &[
                Entry { kind: "date", present: "/due", ..typed("u:/due", Say("延长至", "Until")) },
                reason(),
            ],
            done: Say("期限已延长。", "There is more time."),
            ..deed("extend", REVIEWER, "/tickets/{id}/extend", Say("延长期限", "Give more time"))
        },
        Deed {
            when: under_way,
            danger: true,
            help: Say(
                "停用后不能用印；整改合格、结案或者到期自动恢复。",
                "They cannot be used; they resume when the ticket is accepted or closed, or on the day.",
            ),
            entries: &[
                Entry { kind: "area", most: 2000, ..typed("s:/detail", Say("理由", "Why")) },
                typed("s:/document", Say("决定文号", "Number of the decision")),
                Entry { kind: "date", optional: true, ..typed("u:/until", Say("停用至", "Until")) },
            ],
            done: Say("有关印章已停用。", "The seals are suspended."),
            ..deed("suspend", REVIEWER, "/tickets/{id}/suspend", Say("整改期间停用印章", "Suspend the seals"))
        },
        Deed {
            when: under_way,
            danger: true,
            entries: &[reason()],
            done: Say("已结案。", "Closed."),
            ..deed("close", REVIEWER, "/tickets/{id}/close", Say("结案", "Close"))
        },
    ],
    makers: &[],
};

/// Entries about makers.
pub const ENTRIES: Book = Book {
    name: "entries",
    pages: Pages::Own,
    api: "/supervision",
    key: "/id",
    title: Say("制作单位监管", "Supervision of makers"),
    lead: Say("对制作单位的检查、问题和责令整改。", "Inspections of makers, findings and orders."),
    empty: Say(
        "还没有监管记录。在制作单位页面上“记录监管”。",
        "Nothing yet. “Write an entry” is on the page of a maker.",
    ),
    help: &[],
    shelf: Shelf::Supervision,
    readers: &["issuing_reviewer", "filing_officer", "maker_operator", "supervisor"],
    filters: &[
        Filter { name: "state", label: STATE, choices: ENTRY_STATES },
        Filter { name: "kind", label: KIND, choices: WATCH_KINDS },
    ],
    heading: "/text",
    row: &[
        fact(STATE, "/state", Show::State(ENTRY_STATES)),
        text(Say("制作单位", "Maker"), "/maker_name"),
        fact(KIND, "/kind", Show::Named(WATCH_KINDS)),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(ENTRY_STATES)),
        text(Say("制作单位", "Maker"), "/maker_name"),
        fact(KIND, "/kind", Show::Named(WATCH_KINDS)),
        fact(Say("内容", "Text"), "/text", Show::Pre),
        text(Say("文书编号", "Document"), "/document"),
        fact(Say("时间", "When"), "/at", Show::Moment),
        fact(Say("期限", "Due"), "/due", Show::Moment),
        fact(Say("办结时间", "Settled"), "/settled_at", Show::Moment),
        text(Say("办结意见", "Remark"), "/remark"),
        fact(Say("制作单位标识", "Identifier of the maker"), "/maker", Show::Link("makers")),
    ],
    parts: &[],
    deeds: &[Deed {
        when: open,
        entries: &[Entry { kind: "area", most: 2000, ..typed("s:/remark", Say("办结意见", "Remark")) }],
        done: Say("已办结。", "Settled."),
        ..deed("settle", REVIEWER, "/supervision/{id}/settle", Say("办结", "Settle"))
    }],
    makers: &[],
};

const MEASURE_STATES: &[Named] = &[
    ("done", Say("已完成", "done")),
    ("running", Say("后台进行中", "under way")),
    ("waiting", Say("已排队", "waiting")),
];

const fn hidden(name: &'static str, present: &'static str) -> Entry {
    Entry { kind: "hidden", optional: true, present, ..typed(name, Say::NONE) }
}

const fn optional(entry: Entry) -> Entry {
    Entry { optional: true, ..entry }
}

/// Drills.
pub const DRILLS: Book = Book {
    name: "drills",
    pages: Pages::Own,
    api: "/drills",
    key: "/id",
    title: Say("应急演练与处置", "Drills and emergency measures"),
    lead: Say(
        "先按预案演练，看清会停用哪些印章；确需处置时，对同一批印章批量停用。",
        "Rehearse first and see which seals are concerned; then, if it must be, suspend exactly these in bulk.",
    ),
    empty: Say(
        "还没有演练。按预案演练不改变任何印章，可以放心进行。",
        "No drills yet. A rehearsal changes nothing.",
    ),
    help: &[
        Say(
            "演练对象四选一：签发机构（可限定证书序列号区间）、单位、区划、制作单位。",
            "One of four: an issuer of certificates (with a range of serial numbers), a unit, an area, a maker.",
        ),
        Say(
            "处置引用演练记录：对象相同，有文号和理由，逐枚停用并通知单位；数量大时在后台进行。恢复须逐枚办理。",
            "A measure refers to its drill: the same seals, a number and a reason. Each is suspended and its unit told; many are done in the background. Seals are resumed one by one.",
        ),
    ],
    shelf: Shelf::Supervision,
    readers: &["issuing_reviewer", "filing_officer", "supervisor"],
    filters: &[Filter { name: "state", label: STATE, choices: DRILL_STATES }],
    heading: "/plan",
    row: &[fact(Say("时间", "When"), "/at", Show::Moment), text(Say("印章", "Seals"), "/found/seals")],
    facts: &[
        fact(Say("时间", "When"), "/at", Show::Moment),
        fact(Say("预案", "Plan"), "/plan", Show::Pre),
        text(Say("会停用的印章（枚）", "Seals it would suspend"), "/found/seals"),
        text(Say("涉及单位（家）", "Units"), "/found/units"),
        text(Say("制作中的印章（枚）", "Seals on their way"), "/found/coming"),
        fact(
            Say("查全", "Complete"),
            "/found/complete",
            Show::Flag(Say("是", "yes"), Say("否，数量为至少", "no: at least")),
        ),
        text(Say("用时（毫秒）", "Took (ms)"), "/took_ms"),
        fact(Say("签发机构", "Issuer"), "/target/issuer", Show::Code),
        fact(Say("区划", "Area"), "/target/area", Show::Code),
        fact(Say("单位", "Unit"), "/target/unit", Show::Link("units")),
        fact(Say("制作单位", "Maker"), "/target/maker", Show::Link("makers")),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
    ],
    parts: &[
        inside(
            Say("首批印章", "The first of them"),
            "/found/first",
            &[fact(Say("印章", "Seal"), "", Show::Thing)],
        ),
        inside(
            Say("已按此处置", "Carried out"),
            "/carried_out",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                text(Say("人员", "By"), "/by"),
                fact(Say("处置", "Measure"), "/measure", Show::Code),
            ],
        ),
    ],
    deeds: &[Deed {
        danger: true,
        help: Say(
            "对演练的同一批印章立即停用，逐枚记录并通知单位。请核对数量和文号。",
            "Suspends the seals of this drill now, each on record, its unit told. Compare the number and the document.",
        ),
        entries: &[
            hidden("s:/drill", "/id"),
            hidden("s:/issuer", "/target/issuer"),
            hidden("s:/first_serial", "/target/first_serial"),
            hidden("s:/last_serial", "/target/last_serial"),
            hidden("s:/unit", "/target/unit"),
            hidden("s:/area", "/target/area"),
            hidden("s:/maker", "/target/maker"),
            hidden("b:/dry_run", ""),
            Entry {
                kind: "select",
                choices: Choices::These(REASONS),
                ..typed("s:/reason", Say("原因", "Why"))
            },
            typed("s:/document", Say("决定文号", "Number of the decision")),
            Entry { kind: "area", most: 2000, ..typed("s:/detail", Say("理由", "In words")) },
        ],
        done: Say("批量停用已执行。", "The measure is under way."),
        told: &[
            fact(STATE, "/state", Show::Named(MEASURE_STATES)),
            text(Say("已停用（枚）", "Suspended"), "/suspended"),
            fact(Say("处置编号", "Measure"), "/measure", Show::Code),
        ],
        ..deed(
            "carry-out",
            REVIEWER,
            "/seals/bulk-suspensions",
            Say("按演练处置：批量停用", "Carry out: suspend them"),
        )
    }],
    makers: &[Deed {
        help: Say(
            "只查出会影响哪些印章和单位，不改变任何状态。对象四选一。",
            "Only finds which seals and units it would touch; nothing changes. One of the four.",
        ),
        entries: &[
            Entry {
                kind: "area",
                most: 2000,
                ..typed("s:/plan", Say("预案和演练内容", "Plan and what is rehearsed"))
            },
            optional(Entry {
                most: 500,
                help: Say("证书签发机构，写法同印章页面。", "Issuer as the page of a seal shows it."),
                ..typed("s:/seals/issuer", Say("签发机构", "Issuer of certificates"))
            }),
            optional(Entry {
                most: 40,
                ..typed("s:/seals/first_serial", Say("序列号起", "First serial number"))
            }),
            optional(Entry {
                most: 40,
                ..typed("s:/seals/last_serial", Say("序列号止", "Last serial number"))
            }),
            optional(typed("s:/seals/unit", Say("或者：单位标识", "Or: identifier of a unit"))),
            optional(typed("s:/seals/area", Say("或者：区划路径", "Or: path of an area"))),
            optional(typed("s:/seals/maker", Say("或者：制作单位标识", "Or: identifier of a maker"))),
        ],
        done: Say("演练完成，结果如下；没有改变任何印章。", "Rehearsed; nothing was changed."),
        ..deed("rehearse", REVIEWER, "/drills", Say("按预案演练", "Rehearse a measure"))
    }],
};

/// Rules of use of units.
pub const USE_RULES: Book = Book {
    name: "use-rules",
    pages: Pages::Of("units"),
    api: "/use-rules",
    key: "/unit",
    title: Say("用印制度", "Rules of use"),
    lead: Say(
        "哪些单位没有报送印章使用管理制度，或者一年以上没有审阅。",
        "Which units have no rules of use, or have not looked at theirs for a year.",
    ),
    empty: Say("没有未报送制度的单位。", "Every unit has rules."),
    help: &[],
    shelf: Shelf::Supervision,
    readers: &["issuing_reviewer", "filing_officer", "supervisor"],
    filters: &[Filter { name: "state", label: STATE, choices: RULE_STATES }],
    heading: "/unit_name",
    row: &[
        fact(STATE, "/state", Show::State(RULE_STATES)),
        text(Say("主管机构", "Body in charge"), "/body_in_charge"),
        text(Say("审阅日期", "Reviewed"), "/reviewed_on"),
    ],
    facts: &[],
    parts: &[],
    deeds: &[],
    makers: &[],
};
