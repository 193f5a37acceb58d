//! Areas, profiles of practice, designated departments, flows of approval.

use super::codes::{ALL_LEVELS, DESIGNATION_STATES, FLOW_STATES, LEVELS, SEAL_KINDS};
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Method, Pages, Part, Shelf, Show, deed, fact, inside, reason, text,
    typed,
};
use crate::desk::say::Say;
use serde_json::Value;

const SYSTEM: &[&str] = &["system_administrator"];
const STATE: Say = Say("状态", "State");
const BEGINS: Say = Say("名称开头", "Name begins with");
const PROFILES_LISTED: Choices =
    Choices::Listed("/profiles?limit=200", "/id", "/id", Some(Say("同上级区划", "that of the area above")));
const AREAS_LISTED: Choices = Choices::Listed("/areas?limit=200", "/code", "/name", None);

/// Areas.
pub const AREAS: Book = Book {
    name: "areas",
    pages: Pages::Own,
    api: "/areas",
    key: "/code",
    title: Say("行政区划", "Areas"),
    lead: Say(
        "审批、备案和监督按区划划分；每个区划有主管部门，适用一份地区配置。",
        "Decisions, filing and supervision go by area; each has an authority and a profile of practice.",
    ),
    empty: Say("没有符合条件的区划。", "No area fits."),
    help: &[Say(
        "区划路径（/100000/610000/610100/）从全国到本级逐级列出，是授权范围的写法：范围包括其下各级。",
        "The path (/100000/610000/610100/) names every level down to the area; as a scope it covers everything within.",
    )],
    shelf: Shelf::Rules,
    readers: SYSTEM,
    filters: &[
        Filter { name: "name", label: BEGINS, choices: &[] },
        Filter { name: "parent", label: Say("上级区划代码", "Code of the area above"), choices: &[] },
    ],
    heading: "/name",
    row: &[
        text(Say("路径", "Path"), "/path"),
        text(Say("主管部门", "Authority"), "/authority"),
        fact(Say("级别", "Level"), "/level", Show::Named(ALL_LEVELS)),
    ],
    facts: &[
        fact(Say("区划代码", "Code"), "/code", Show::Code),
        fact(Say("级别", "Level"), "/level", Show::Named(ALL_LEVELS)),
        fact(Say("区划路径", "Path"), "/path", Show::Code),
        text(Say("主管部门", "Authority"), "/authority"),
        fact(Say("地区配置", "Profile of practice"), "/profile", Show::Link("profiles")),
        fact(Say("指定", "Designation"), "/designation", Show::Link("designations")),
    ],
    parts: &[],
    deeds: &[Deed {
        method: Method::Put,
        help: Say(
            "代码和上级不能变更。地区配置对新的申请生效，办理中的申请按原配置办完。",
            "Code and place stay. A profile counts for new applications; those under way end by the old one.",
        ),
        entries: &[
            Entry { present: "/name", ..typed("s:/name", Say("名称", "Name")) },
            Entry { present: "/authority", ..typed("s:/authority", Say("主管部门", "Authority")) },
            Entry {
                kind: "select",
                present: "/profile",
                choices: Choices::Listed("/profiles?limit=200", "/id", "/id", None),
                ..typed("s:/profile", Say("地区配置", "Profile of practice"))
            },
        ],
        done: Say("区划已变更。", "Changed."),
        ..deed("change", SYSTEM, "/areas/{id}", Say("变更区划", "Change the area"))
    }],
    makers: &[Deed {
        entries: &[
            Entry {
                kind: "select",
                choices: AREAS_LISTED,
                ..typed("s:/parent", Say("上级区划", "Area above"))
            },
            Entry {
                most: 12,
                help: Say("6 至 12 位数字，按 GB/T 2260。", "6 to 12 digits, by GB/T 2260."),
                ..typed("s:/code", Say("区划代码", "Code"))
            },
            typed("s:/name", Say("名称", "Name")),
            Entry {
                kind: "select",
                choices: Choices::These(LEVELS),
                ..typed("s:/level", Say("级别", "Level"))
            },
            Entry {
                help: Say("证书和凭证上的名称。", "As certificates name it."),
                ..typed("s:/authority", Say("主管部门", "Authority"))
            },
            Entry {
                kind: "select",
                optional: true,
                choices: PROFILES_LISTED,
                ..typed("s:/profile", Say("地区配置", "Profile of practice"))
            },
        ],
        done: Say("区划已新增。", "Added."),
        ..deed("add", SYSTEM, "/areas", Say("新增区划", "Add an area"))
    }],
};

/// Profiles of practice.
pub const PROFILES: Book = Book {
    name: "profiles",
    pages: Pages::Own,
    api: "/profiles",
    key: "/id",
    title: Say("地区配置", "Profiles of practice"),
    lead: Say(
        "各地办理规则：材料、期限、印章种类和有效期、印模要求。",
        "What a place asks for: documents, deadlines, kinds of seal and how long they last, imprints.",
    ),
    empty: Say("没有地区配置。", "No profiles."),
    help: &[Say(
        "配置是一份 TOML 文件，每次发布生成新版本，旧版本保留；办理中的申请仍按受理时的版本。发布前可以在测试环境用 yinxin 命令检查。",
        "A profile is a TOML file. Publishing makes a new version, old ones stay; applications under way end by theirs.",
    )],
    shelf: Shelf::Rules,
    readers: SYSTEM,
    filters: &[],
    heading: "/name",
    row: &[
        text(Say("编号", "Identifier"), "/id"),
        text(Say("适用范围", "Applies to"), "/applies_to"),
        text(Say("版本", "Version"), "/version"),
    ],
    facts: &[
        fact(Say("编号", "Identifier"), "/id", Show::Code),
        text(Say("版本", "Version"), "/version"),
        text(Say("适用范围", "Applies to"), "/applies_to"),
        fact(Say("生效时间", "In force from"), "/from", Show::Moment),
        fact(Say("发布人", "Published by"), "/by", Show::Code),
        fact(Say("内容", "Text"), "/text", Show::Pre),
    ],
    parts: &[],
    deeds: &[Deed {
        help: Say(
            "修改内容，并把 version 加一，再发布为新版本。错误会逐条列出，不会生效。",
            "Change the text, count version up by one, publish. Mistakes are listed; nothing takes effect then.",
        ),
        entries: &[Entry {
            kind: "area",
            most: 200_000,
            present: "/text",
            ..typed("s:/text", Say("内容（TOML）", "Text (TOML)"))
        }],
        done: Say("新版本已发布。", "The new version is in force."),
        ..deed("publish", SYSTEM, "/profiles", Say("发布新版本", "Publish a new version"))
    }],
    makers: &[Deed {
        help: Say(
            "可以从现有配置复制内容，改编号，版本写 1。",
            "Copy an existing one, change its identifier, write version 1.",
        ),
        entries: &[Entry {
            kind: "area",
            most: 200_000,
            ..typed("s:/text", Say("内容（TOML）", "Text (TOML)"))
        }],
        done: Say("地区配置已发布。", "The profile is in force."),
        ..deed("publish", SYSTEM, "/profiles", Say("发布地区配置", "Publish a profile"))
    }],
};

fn to_file(designation: &Value) -> bool {
    designation.pointer("/state").and_then(Value::as_str) == Some("made")
}

fn not_ended(designation: &Value) -> bool {
    designation.pointer("/state").and_then(Value::as_str) != Some("ended")
}

/// Departments that issue for an area.
pub const DESIGNATIONS: Book = Book {
    name: "designations",
    pages: Pages::Own,
    api: "/designations",
    key: "/id",
    title: Say("指定制发部门", "Designated departments"),
    lead: Say(
        "区划指定哪个部门负责制发，并报上级备案。",
        "Which department issues for an area, filed with the area above.",
    ),
    empty: Say(
        "还没有指定。指定须写明文件依据和负责人，由上级备案员备案后生效。",
        "None yet. A designation names its document and who answers for it, and is filed above.",
    ),
    help: &[],
    shelf: Shelf::Rules,
    readers: &["system_administrator", "issuing_reviewer", "filing_officer", "supervisor"],
    filters: &[
        Filter { name: "state", label: STATE, choices: DESIGNATION_STATES },
        Filter { name: "name", label: BEGINS, choices: &[] },
    ],
    heading: "/department",
    row: &[
        fact(STATE, "/state", Show::State(DESIGNATION_STATES)),
        text(Say("文件", "Document"), "/document"),
        text(Say("区划", "Area"), "/area"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(DESIGNATION_STATES)),
        fact(Say("区划", "Area"), "/area", Show::Code),
        text(Say("文件", "Document"), "/document"),
        text(Say("负责人", "Responsible"), "/responsible"),
        fact(Say("自", "From"), "/from", Show::Day),
        fact(Say("至", "Until"), "/until", Show::Day),
        text(Say("备案回执", "Receipt"), "/receipt"),
    ],
    parts: &[],
    deeds: &[
        Deed {
            when: to_file,
            entries: &[typed("s:/receipt", Say("备案回执编号", "Number of the receipt"))],
            done: Say("已备案。", "Filed."),
            ..deed("file", &["filing_officer"], "/designations/{id}/file", Say("备案", "File"))
        },
        Deed {
            when: not_ended,
            danger: true,
            entries: &[reason()],
            done: Say("已终止。", "Ended."),
            ..deed(
                "end",
                &["system_administrator", "issuing_reviewer"],
                "/designations/{id}/end",
                Say("终止指定", "End the designation"),
            )
        },
    ],
    makers: &[Deed {
        entries: &[
            Entry { kind: "select", choices: AREAS_LISTED, ..typed("s:/area", Say("区划", "Area")) },
            typed("s:/department", Say("部门", "Department")),
            Entry { most: 64, ..typed("s:/responsible", Say("负责人", "Responsible")) },
            typed("s:/document", Say("指定文件编号", "Number of the document")),
            Entry {
                kind: "date",
                optional: true,
                help: Say("不填则自现在起。", "Empty: from now."),
                ..typed("t:/from", Say("自", "From"))
            },
        ],
        done: Say("已指定，等待上级备案。", "Designated; it waits for filing."),
        ..deed(
            "designate",
            &["system_administrator", "issuing_reviewer"],
            "/designations",
            Say("指定部门", "Designate a department"),
        )
    }],
};

fn live(flow: &Value) -> bool {
    flow.pointer("/state").and_then(Value::as_str) == Some("live")
}

/// Flows of approval.
pub const FLOWS: Book = Book {
    name: "flows",
    pages: Pages::Own,
    api: "/flows",
    key: "/id",
    title: Say("用印审批流程", "Flows of approval"),
    lead: Say(
        "谁审批、几人同意、多长时间：按印章和文件种类确定，每次用印自动适用。",
        "Who agrees, how many, in what time: by kind of seal and document, applied to each use.",
    ),
    empty: Say(
        "还没有审批流程。没有适用的流程就不能申请用印；建议先建一条不限种类的流程，再为重要文件单独设定。",
        "No flows yet. Without one that fits, no use can be asked for; begin with one for every kind, then add those for what matters.",
    ),
    help: &[
        Say(
            "流程按步骤依次进行：一步达到须同意人数，才进入下一步；任何一人不同意，申请终止。",
            "Steps follow one another: each needs its number of votes before the next begins; one refusal ends the request.",
        ),
        Say(
            "修订后，新的申请按新流程，审批中的申请按原流程办完。",
            "After a revision new requests take the new flow; those under way end by the old one.",
        ),
    ],
    shelf: Shelf::Rules,
    readers: &["unit_agent", "custodian", "supervisor"],
    filters: &[Filter { name: "state", label: STATE, choices: FLOW_STATES }],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(FLOW_STATES)),
        fact(Say("印章", "Seals"), "/seal_kinds", Show::Named(SEAL_KINDS)),
        text(Say("文件", "Documents"), "/document_kinds"),
        text(Say("步骤", "Steps"), "/steps"),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(FLOW_STATES)),
        fact(Say("印章种类", "Kinds of seal"), "/seal_kinds", Show::Named(SEAL_KINDS)),
        text(Say("文件种类", "Kinds of document"), "/document_kinds"),
        text(Say("第几版", "Version"), "/flow_version"),
        fact(Say("单位", "Unit"), "/unit", Show::Link("units")),
        fact(Say("建立时间", "Made"), "/created_at", Show::Moment),
    ],
    parts: &[Part {
        track: true,
        ..inside(
            Say("审批步骤", "Steps"),
            "/steps",
            &[
                text(Say("步骤", "Step"), "/name"),
                text(Say("审批人", "Approvers"), "/approvers"),
                text(Say("须同意人数", "Must agree"), "/need"),
                text(Say("办理时限（小时）", "Hours"), "/hours"),
                text(Say("逾期由", "When overdue"), "/superior"),
                fact(
                    Say("委托", "Delegation"),
                    "/delegable",
                    Show::Flag(Say("可以委托", "allowed"), Say("不可委托", "not allowed")),
                ),
            ],
        )
    }],
    deeds: &[
        Deed {
            when: live,
            page: "/flows/{id}/edit",
            done: Say("流程已修订，新的申请按新流程审批。", "Revised; new requests take the new flow."),
            ..deed("revise", &["unit_agent"], "", Say("修订流程", "Revise the flow"))
        },
        Deed {
            when: live,
            danger: true,
            help: Say(
                "停用后新的申请不再适用，审批中的申请照常办完。",
                "New requests take it no more; those under way end by it.",
            ),
            entries: &[reason()],
            done: Say("流程已停用。", "Retired."),
            ..deed("retire", &["unit_agent"], "/flows/{id}/retire", Say("停用流程", "Retire the flow"))
        },
    ],
    makers: &[Deed {
        page: "/flows/new",
        done: Say("流程已建立。", "The flow is made."),
        ..deed("write", &["unit_agent"], "", Say("新建审批流程", "Write a flow"))
    }],
};
