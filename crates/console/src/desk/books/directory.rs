//! Units, makers, agents who may not apply.

use super::codes::{
    APPLICANTS, BLOCK_STATES, BREACHES, ENTRY_STATES, FORMS, MAKER_STATES, SEAL_KINDS, TICKET_STATES,
    UNIT_STATES, WATCH_KINDS,
};
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Method, Pages, Part, RowDeed, Shelf, Show, always, deed, fact,
    inside, part, reason, text, typed,
};
use crate::desk::say::{Named, Say};
use serde_json::Value;

const NAME: Say = Say("名称", "Name");
const STATE: Say = Say("状态", "State");
const BEGINS: Say = Say("名称开头", "Name begins with");
const AREAS: Choices = Choices::Listed("/areas?limit=200", "/code", "/name", None);

const fn select(name: &'static str, label: Say, choices: Choices) -> Entry {
    Entry { kind: "select", choices, ..typed(name, label) }
}

const fn optional(entry: Entry) -> Entry {
    Entry { optional: true, ..entry }
}

fn exists(unit: &Value) -> bool {
    unit.pointer("/state").and_then(Value::as_str) == Some("active")
}

const PERSON_HELP: Say =
    Say("18 位，加密保存，页面上只显示首尾。", "18 characters; kept encrypted, shown masked.");
const ID_NUMBER: Say = Say("公民身份号码", "Resident identity number");
const REPRESENTATIVE: Say = Say("法定代表人（负责人）姓名", "Legal representative");
const PHONE: Say = Say("联系电话", "Telephone");
const ADMINISTRATOR: Say = Say("印章管理员姓名", "Seal administrator");

/// What a unit is.
pub const UNITS: Book = Book {
    name: "units",
    pages: Pages::Own,
    api: "/units",
    key: "/id",
    title: Say("用章单位", "Units"),
    lead: Say("登记的单位，印章和人员都归属于单位。", "Units on record; seals and people belong to them."),
    empty: Say(
        "还没有单位。登记单位后，安全管理员可以为其经办人开设账号，经办人即可申请印章。",
        "No units yet. Once one is registered, its agent gets an account and applies for seals.",
    ),
    help: &[
        Say(
            "“标识”（unit_ 开头）是授权、筛选和接口中使用的编号，请把它告知安全管理员，用于开设本单位人员的账号。",
            "The identifier (unit_…) is what roles, filters and the API use; tell it to the security administrator who makes accounts for the unit.",
        ),
        Say(
            "公民身份号码和电话加密保存。确需核对时，监督和审核人员可以查看原文，每次查看都留下记录。",
            "Identity numbers and telephones are kept encrypted. Reviewers and supervisors may see one in clear; every look is on record.",
        ),
    ],
    shelf: Shelf::Directory,
    readers: &["issuing_reviewer", "filing_officer", "supervisor", "unit_agent"],
    filters: &[
        Filter { name: "name", label: BEGINS, choices: &[] },
        Filter { name: "credit_code", label: Say("统一社会信用代码", "Credit code"), choices: &[] },
        Filter { name: "state", label: STATE, choices: UNIT_STATES },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(UNIT_STATES)),
        text(Say("统一社会信用代码", "Credit code"), "/credit_code"),
        fact(Say("类别", "Kind"), "/applicant_kind", Show::Named(APPLICANTS)),
        text(Say("区划", "Area"), "/area"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(UNIT_STATES)),
        fact(Say("统一社会信用代码", "Credit code"), "/credit_code", Show::Code),
        fact(Say("类别", "Kind"), "/applicant_kind", Show::Named(APPLICANTS)),
        fact(Say("形式", "Form"), "/form", Show::Named(FORMS)),
        fact(Say("登记区划", "Area"), "/area", Show::Code),
        fact(Say("上级单位", "Belongs to"), "/parent", Show::Link("units")),
        text(Say("法定代表人（负责人）", "Legal representative"), "/legal_representative/name"),
        fact(ID_NUMBER, "/legal_representative/id_number", Show::Code),
        text(Say("印章管理员", "Seal administrator"), "/seal_administrator/name"),
        fact(Say("技术保障措施", "Technical support measures"), "/technical_measures", Show::Pre),
        fact(Say("注销时间", "Dissolved"), "/dissolved_at", Show::Moment),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
    ],
    parts: &[
        Part {
            readers: &["issuing_reviewer", "filing_officer", "unit_agent", "supervisor"],
            ..part(
                Say("监管单", "Tickets"),
                "/units/{id}/tickets?limit=20",
                &[
                    fact(Say("时间", "When"), "/created_at", Show::Day),
                    fact(Say("类型", "Kind"), "/kind", Show::Named(WATCH_KINDS)),
                    fact(STATE, "/state", Show::State(TICKET_STATES)),
                    text(Say("内容", "Text"), "/text"),
                    fact(Say("监管单", "Ticket"), "/id", Show::Link("tickets")),
                ],
            )
        },
        inside(
            Say("以前的登记", "Before"),
            "/former",
            &[
                text(Say("项目", "What"), "/what"),
                text(Say("内容", "Was"), "/was"),
                fact(Say("至", "Until"), "/until", Show::Moment),
            ],
        ),
    ],
    deeds: &[
        Deed {
            when: exists,
            method: Method::Patch,
            help: Say(
                "填写有变化的项目，空着的项目不变。原来的内容保留在历史里。",
                "Fill in what changed; what stays empty stays. What stood there before is kept.",
            ),
            entries: &[
                optional(Entry { present: "/name", ..typed("s:/name", NAME) }),
                optional(typed("s:/legal_representative/name", REPRESENTATIVE)),
                optional(Entry {
                    help: PERSON_HELP,
                    most: 18,
                    check: "resident-id",
                    ..typed("s:/legal_representative/id_number", ID_NUMBER)
                }),
                optional(typed("s:/seal_administrator/name", ADMINISTRATOR)),
                optional(Entry {
                    help: PERSON_HELP,
                    most: 18,
                    check: "resident-id",
                    ..typed("s:/seal_administrator/id_number", ID_NUMBER)
                }),
                optional(Entry {
                    kind: "area",
                    most: 4000,
                    present: "/technical_measures",
                    ..typed("s:/technical_measures", Say("技术保障措施", "Technical support measures"))
                }),
            ],
            done: Say("已变更。", "Changed."),
            ..deed(
                "change",
                &["unit_agent", "issuing_reviewer"],
                "/units/{id}",
                Say("变更登记", "Change the record"),
            )
        },
        Deed {
            when: exists,
            page: "/units/{id}/rules",
            ..deed("rules", &["unit_agent"], "", Say("报送用印制度", "Hand in the rules of use"))
        },
        Deed {
            when: exists,
            help: Say(
                "检查只作记录；问题和责令整改须列明违规情形；责令整改还须写明依据和期限。单位会收到通知。",
                "An inspection is only noted. Findings and orders name the breach; an order also its basis and its day. The unit is told.",
            ),
            entries: &[
                select("s:/kind", Say("类型", "Kind"), Choices::These(WATCH_KINDS)),
                Entry {
                    kind: "area",
                    most: 2000,
                    ..typed(
                        "s:/text",
                        Say(
                            "发现的情况或者整改要求（单位可见）",
                            "What was seen or is ordered (the unit reads it)",
                        ),
                    )
                },
                Entry {
                    kind: "many",
                    optional: true,
                    choices: Choices::These(BREACHES),
                    ..typed("m:/breaches", Say("违规情形", "Breaches"))
                },
                optional(typed("s:/basis", Say("依据", "Law and article"))),
                optional(typed("s:/document", Say("文书编号", "Number of the document"))),
                optional(Entry {
                    kind: "date", ..typed("u:/due", Say("整改期限", "To be corrected by"))
                }),
                optional(Entry {
                    kind: "area",
                    help: Say("印章标识（seal_ 开头），一行一个。", "Identifiers of seals, one a line."),
                    ..typed("l:/seals", Say("涉及的印章", "Seals concerned"))
                }),
            ],
            done: Say("监管单已开具，单位已收到通知。", "The ticket is opened; the unit is told."),
            ..deed("ticket", &["issuing_reviewer"], "/units/{id}/tickets", Say("开具监管单", "Open a ticket"))
        },
        Deed {
            help: Say("查看原文会留下审计记录，请写明理由。", "Every look is on record; say why."),
            entries: &[
                select(
                    "s:/field",
                    Say("项目", "Detail"),
                    Choices::These(&[
                        (
                            "legal_representative.id_number",
                            Say("法定代表人公民身份号码", "identity number of the legal representative"),
                        ),
                        (
                            "legal_representative.phone",
                            Say("法定代表人电话", "telephone of the legal representative"),
                        ),
                        (
                            "seal_administrator.id_number",
                            Say("印章管理员公民身份号码", "identity number of the seal administrator"),
                        ),
                        (
                            "seal_administrator.phone",
                            Say("印章管理员电话", "telephone of the seal administrator"),
                        ),
                    ]),
                ),
                reason(),
            ],
            done: Say("本次查看已记录。", "This look is on record."),
            told: &[fact(Say("原文", "In clear"), "/value", Show::Code)],
            ..deed(
                "reveal",
                &["issuing_reviewer", "supervisor"],
                "/units/{id}/reveal",
                Say("查看个人信息原文", "See a personal detail in clear"),
            )
        },
        Deed {
            when: exists,
            danger: true,
            help: Say(
                "注销后不能再申请印章；名下有效的印章须先缴销。",
                "It applies for nothing any more; its seals in force are canceled first.",
            ),
            entries: &[reason()],
            done: Say("单位已注销。", "Dissolved."),
            ..deed(
                "dissolve",
                &["issuing_reviewer"],
                "/units/{id}/dissolve",
                Say("单位注销", "Dissolve the unit"),
            )
        },
    ],
    makers: &[Deed {
        help: Say("按营业执照或者登记证书填写。", "As on the license or certificate of registration."),
        entries: &[
            Entry { most: 100, ..typed("s:/name", Say("单位全称", "Full legal name")) },
            optional(Entry {
                most: 18,
                check: "credit-code",
                help: Say("18 位；内设机构没有。", "18 characters; internal bodies have none."),
                ..typed("s:/credit_code", Say("统一社会信用代码", "Credit code"))
            }),
            select("s:/form", Say("形式", "Form"), Choices::These(FORMS)),
            select("s:/applicant_kind", Say("类别", "Kind"), Choices::These(APPLICANTS)),
            select("s:/area", Say("登记区划", "Area"), AREAS),
            optional(Entry {
                help: Say(
                    "内设机构和分支机构填写上级单位的标识（unit_ 开头）。",
                    "For internal bodies and branches: identifier of the unit above.",
                ),
                ..typed("s:/parent", Say("上级单位", "Belongs to"))
            }),
            Entry { most: 64, ..typed("s:/legal_representative/name", REPRESENTATIVE) },
            Entry {
                most: 18,
                check: "resident-id",
                help: PERSON_HELP,
                ..typed("s:/legal_representative/id_number", ID_NUMBER)
            },
            optional(Entry { most: 20, check: "phone", ..typed("s:/legal_representative/phone", PHONE) }),
            optional(Entry { most: 64, ..typed("s:/seal_administrator/name", ADMINISTRATOR) }),
            optional(Entry {
                most: 18,
                check: "resident-id",
                help: PERSON_HELP,
                ..typed("s:/seal_administrator/id_number", ID_NUMBER)
            }),
            optional(Entry {
                kind: "area",
                most: 4000,
                ..typed("s:/technical_measures", Say("技术保障措施", "Technical support measures"))
            }),
        ],
        done: Say(
            "单位已登记。请把“标识”告知安全管理员，用于开设经办人账号。",
            "Registered. Tell the identifier to the security administrator who makes its accounts.",
        ),
        ..deed("register", &["issuing_reviewer"], "/units", Say("登记单位", "Register a unit"))
    }],
};

fn stopped(maker: &Value) -> bool {
    maker.pointer("/state").and_then(Value::as_str) == Some("stopped")
}

fn working(maker: &Value) -> bool {
    !stopped(maker)
}

const OPERATOR: &[&str] = &["maker_operator"];

fn not_taken(order: &Value) -> bool {
    order.pointer("/assigned").is_none_or(Value::is_null)
}

const KEY_PLACES: &[Named] =
    &[("workshop", Say("制作系统", "workshop")), ("elsewhere", Say("单位自有设备", "the unit's own device"))];

const LICENSE_NUMBER: Entry = Entry {
    present: "/license/number",
    ..typed("s:/license/number", Say("许可证编号", "Number of the license"))
};
const LICENSE_ISSUER: Entry =
    Entry { present: "/license/issuer", ..typed("s:/license/issuer", Say("发证机关", "Issued by")) };
const LICENSE_FROM: Entry = Entry {
    kind: "date",
    present: "/license/from",
    ..typed("t:/license/from", Say("许可有效期起", "Valid from"))
};
const LICENSE_UNTIL: Entry = Entry {
    kind: "date",
    present: "/license/until",
    ..typed("u:/license/until", Say("许可有效期至", "Valid until"))
};
const JURISDICTIONS: Entry = Entry {
    kind: "area",
    present: "/jurisdictions",
    help: Say(
        "区划路径，一行一个，例如 /100000/610000/610100/。",
        "Paths of areas, one a line: /100000/610000/610100/.",
    ),
    ..typed("l:/jurisdictions", Say("服务区域", "Makes for"))
};
const RESPONSIBLE: Entry = Entry {
    present: "/responsible",
    most: 64,
    ..typed("s:/responsible", Say("负责人", "Person who answers for it"))
};
const CERTIFICATE: Entry = Entry {
    kind: "area",
    optional: true,
    most: 16384,
    present: "/certificate",
    help: Say(
        "DER 的 Base64；由本机制作系统取得证书时不填。",
        "DER, base64; empty where the workshop here obtains it.",
    ),
    ..typed("s:/certificate", Say("制作单位证书", "Certificate it signs seals with"))
};

/// Who makes seals.
pub const MAKERS: Book = Book {
    name: "makers",
    pages: Pages::Own,
    api: "/makers",
    key: "/id",
    title: Say("制作单位", "Makers"),
    lead: Say(
        "取得许可的电子印章制作单位，及其服务区域和证书。",
        "Licensed makers of seals, the areas they make for, their certificates.",
    ),
    empty: Say(
        "还没有制作单位。登记后启用制作系统，获批的申请才能制作。",
        "No makers yet. An approved application needs one at work.",
    ),
    help: &[Say(
        "制发与制作分离：审核人员不能制作，制作人员不能审核。许可到期或者停止业务期间，不能领取制作任务。",
        "Who decides does not make, who makes does not decide. No orders are taken up once the license ended or while the maker is stopped.",
    )],
    shelf: Shelf::Directory,
    readers: &["issuing_reviewer", "filing_officer", "maker_operator", "supervisor"],
    filters: &[
        Filter { name: "name", label: BEGINS, choices: &[] },
        Filter { name: "state", label: STATE, choices: MAKER_STATES },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(MAKER_STATES)),
        text(Say("许可证", "License"), "/license/number"),
        text(Say("负责人", "Responsible"), "/responsible"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(MAKER_STATES)),
        fact(Say("统一社会信用代码", "Credit code"), "/credit_code", Show::Code),
        text(Say("负责人", "Responsible"), "/responsible"),
        text(Say("许可证编号", "License"), "/license/number"),
        text(Say("发证机关", "Issued by"), "/license/issuer"),
        fact(Say("许可有效期起", "Valid from"), "/license/from", Show::Day),
        fact(Say("许可有效期至", "Valid until"), "/license/until", Show::Day),
        fact(Say("服务区域", "Makes for"), "/jurisdictions", Show::Pre),
        text(Say("委托方", "Entrusted by"), "/entrusted/by"),
        fact(Say("停止原因", "Stopped because"), "/stopped", Show::Text),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
        fact(
            Say("证书", "Certificate"),
            "/certificate",
            Show::Flag(Say("已登记", "on record"), Say("未登记", "none")),
        ),
    ],
    parts: &[
        Part {
            readers: OPERATOR,
            empty: Say(
                "没有等待制作的任务。申请获批后，任务会出现在这里。",
                "No orders. They appear once an application is approved.",
            ),
            deed: Some(RowDeed {
                verb: "take",
                path: "/applications/{row}/making?maker={id}",
                key: "/application",
                when: not_taken,
                button: Say("领取", "Take up"),
                done: Say(
                    "已领取。印章已编号，制作后在“制作与备案”提交。",
                    "Taken up; the seal has its code.",
                ),
            }),
            ..part(
                Say("制作任务", "Orders"),
                "/makers/{id}/orders?limit=100",
                &[
                    text(Say("印章", "Seal"), "/seal/name"),
                    text(Say("单位", "Unit"), "/unit/name"),
                    fact(Say("种类", "Kind"), "/seal/kind", Show::Named(SEAL_KINDS)),
                    text(Say("年限", "Years"), "/seal/years"),
                    fact(Say("密钥", "Key"), "/key/kind", Show::Named(KEY_PLACES)),
                    fact(Say("申请", "Application"), "/application", Show::Thing),
                    fact(Say("印章编码", "Code"), "/assigned/code", Show::Code),
                    fact(Say("办理", "Go on"), "/assigned/id", Show::Link("making")),
                ],
            )
        },
        part(
            Say("监管记录", "Supervision"),
            "/makers/{id}/supervision?limit=20",
            &[
                fact(Say("时间", "When"), "/at", Show::Day),
                fact(Say("类型", "Kind"), "/kind", Show::Named(WATCH_KINDS)),
                fact(STATE, "/state", Show::State(ENTRY_STATES)),
                text(Say("内容", "Text"), "/text"),
                fact(Say("记录", "Entry"), "/id", Show::Link("entries")),
            ],
        ),
    ],
    deeds: &[
        Deed {
            method: Method::Put,
            entries: &[
                RESPONSIBLE,
                LICENSE_NUMBER,
                LICENSE_ISSUER,
                LICENSE_FROM,
                LICENSE_UNTIL,
                JURISDICTIONS,
                CERTIFICATE,
            ],
            done: Say("已变更。", "Changed."),
            ..deed("change", &["issuing_reviewer"], "/makers/{id}", Say("变更登记", "Change the record"))
        },
        Deed {
            help: Say(
                "由本系统的制作系统承担该单位的制作任务。",
                "The workshop of this system works for the maker.",
            ),
            // The workshop is asked for by the maker's identifier in the body.
            entries: &[Entry {
                kind: "hidden",
                present: "/id",
                ..typed("s:/maker", Say("制作单位标识", "Identifier of the maker"))
            }],
            when: working,
            done: Say("制作系统已启用。", "The workshop is at work."),
            ..deed(
                "workshop",
                &["issuing_reviewer"],
                "/workshop",
                Say("启用本机制作系统", "Put the workshop to work"),
            )
        },
        Deed {
            help: Say(
                "二次核验发现凭证、材料或者印模有误时，退回审核部门。",
                "For what the second check found wrong in certificate, documents or imprint.",
            ),
            entries: &[
                select(
                    "of",
                    Say("任务", "Order"),
                    Choices::Listed("/makers/{id}/orders?limit=200", "/application", "/seal/name", None),
                ),
                Entry {
                    most: 64,
                    help: Say(
                        "大写字母代码，例如 APPROVAL_MISMATCH。",
                        "Capital letters: APPROVAL_MISMATCH.",
                    ),
                    ..typed("s:/code", Say("问题代码", "Code of the fault"))
                },
                Entry {
                    kind: "area",
                    most: 4000,
                    ..typed("s:/detail", Say("问题说明", "The fault in words"))
                },
            ],
            done: Say("已退回审核部门。", "Sent back to the department."),
            ..deed(
                "send-back",
                OPERATOR,
                "/applications/{of}/send-back?maker={id}",
                Say("退回制作任务", "Send an order back"),
            )
        },
        Deed {
            help: Say(
                "检查只作记录；责令整改须有期限。制作单位可以看到内容。",
                "An inspection is only noted; an order has a day. The maker reads it.",
            ),
            entries: &[
                select("s:/kind", Say("类型", "Kind"), Choices::These(WATCH_KINDS)),
                Entry { kind: "area", most: 2000, ..typed("s:/text", Say("内容", "Text")) },
                optional(typed("s:/document", Say("文书编号", "Number of the document"))),
                optional(Entry {
                    kind: "date", ..typed("u:/due", Say("整改期限", "To be corrected by"))
                }),
            ],
            done: Say("已记录，制作单位可以看到。", "On record; the maker reads it."),
            ..deed(
                "supervise",
                &["issuing_reviewer"],
                "/makers/{id}/supervision",
                Say("记录监管", "Write an entry"),
            )
        },
        Deed {
            when: working,
            danger: true,
            help: Say("停止后不能领取新的制作任务。", "No new orders are taken up from then on."),
            entries: &[reason()],
            done: Say("已停止业务。", "Stopped."),
            ..deed("stop", &["issuing_reviewer"], "/makers/{id}/stop", Say("停止业务", "Stop the maker"))
        },
        Deed {
            when: stopped,
            entries: &[reason()],
            done: Say("已恢复业务。", "At work again."),
            ..deed(
                "resume",
                &["issuing_reviewer"],
                "/makers/{id}/resume",
                Say("恢复业务", "Resume the maker"),
            )
        },
    ],
    makers: &[Deed {
        entries: &[
            Entry { most: 100, ..typed("s:/name", Say("单位全称", "Full legal name")) },
            Entry {
                most: 18,
                check: "credit-code",
                ..typed("s:/credit_code", Say("统一社会信用代码", "Credit code"))
            },
            select("s:/area", Say("登记区划", "Area"), AREAS),
            RESPONSIBLE,
            LICENSE_NUMBER,
            LICENSE_ISSUER,
            LICENSE_FROM,
            LICENSE_UNTIL,
            JURISDICTIONS,
            CERTIFICATE,
        ],
        done: Say("制作单位已登记。", "Registered."),
        ..deed("register", &["issuing_reviewer"], "/makers", Say("登记制作单位", "Register a maker"))
    }],
};

fn in_force(block: &Value) -> bool {
    block.pointer("/lifted_at").is_none_or(Value::is_null)
}

/// Agents who may not apply.
pub const BLOCKS: Book = Book {
    name: "blocks",
    pages: Pages::Own,
    api: "/blocks",
    key: "/id",
    title: Say("限制申请名单", "Blocked agents"),
    lead: Say(
        "提供虚假材料等原因，在一定期限内不得代办印章申请的人员。",
        "People who may not apply for seals for a time, for false documents and the like.",
    ),
    empty: Say(
        "名单是空的。列入后，该人员代办的申请在提交时会被拦下。",
        "Nobody is blocked. Applications by somebody blocked are stopped as they are handed in.",
    ),
    help: &[Say(
        "只保存姓氏首字和号码的加密索引，名单本身不暴露个人信息。",
        "Only the first character of the name and an encrypted index of the number are kept.",
    )],
    shelf: Shelf::Directory,
    readers: &["issuing_reviewer"],
    filters: &[],
    heading: "/person",
    row: &[
        fact(STATE, "/state", Show::State(BLOCK_STATES)),
        text(Say("理由", "Reason"), "/reason"),
        fact(Say("至", "Until"), "/until", Show::Day),
    ],
    facts: &[
        text(Say("理由", "Reason"), "/reason"),
        text(Say("决定文号", "Number of the decision"), "/document"),
        text(Say("适用区划", "Area"), "/area"),
        fact(Say("自", "From"), "/from", Show::Day),
        fact(Say("至", "Until"), "/until", Show::Day),
        fact(Say("移出时间", "Lifted"), "/lifted_at", Show::Moment),
    ],
    parts: &[],
    deeds: &[Deed {
        when: in_force,
        entries: &[reason()],
        done: Say("已移出名单。", "Lifted."),
        ..deed("lift", &["issuing_reviewer"], "/blocks/{id}/lift", Say("移出名单", "Lift the block"))
    }],
    makers: &[Deed {
        when: always,
        entries: &[
            Entry { most: 64, ..typed("s:/name", Say("姓名", "Name")) },
            Entry { most: 18, check: "resident-id", help: PERSON_HELP, ..typed("s:/id_number", ID_NUMBER) },
            select("s:/area", Say("适用区划", "Area"), AREAS),
            reason(),
            typed("s:/document", Say("决定文号", "Number of the decision")),
            optional(Entry {
                kind: "date",
                help: Say("不填则直至移出。", "Empty: until lifted."),
                ..typed("u:/until", Say("限制至", "Until"))
            }),
        ],
        done: Say("已列入名单。", "Blocked."),
        ..deed("block", &["issuing_reviewer"], "/blocks", Say("列入名单", "Block an agent"))
    }],
};
