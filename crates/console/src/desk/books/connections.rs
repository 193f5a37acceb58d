//! Programs and other systems, certificates and keys.

use super::codes::{
    DELIVERIES, ENABLED, EVENTS, HOOK_STATES, PEER_KINDS, PEER_STATES, PROGRAM_ROLES, SCOPES,
};
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Pages, Part, RowDeed, Shelf, Show, always, deed, fact, inside, part,
    reason, text, typed,
};
use crate::desk::say::{Named, Say};
use serde_json::Value;

const SYSTEM: &[&str] = &["system_administrator"];
const SECURITY: &[&str] = &["security_administrator"];
const STATE: Say = Say("状态", "State");
const BEGINS: Say = Say("名称开头", "Name begins with");

fn is(record: &Value, state: &str) -> bool {
    record.pointer("/state").and_then(Value::as_str) == Some(state)
}
fn active(record: &Value) -> bool {
    is(record, "active")
}
fn disabled(record: &Value) -> bool {
    is(record, "disabled")
}
fn failed(record: &Value) -> bool {
    is(record, "failed")
}
fn proposed(record: &Value) -> bool {
    is(record, "proposed")
}
fn confirmed(record: &Value) -> bool {
    is(record, "confirmed")
}
fn suspended(record: &Value) -> bool {
    is(record, "suspended")
}
fn not_ended(record: &Value) -> bool {
    !is(record, "ended")
}

/// How programs sign.
const KEY_KINDS: &[Named] = &[
    ("hmac_sm3", Say("HMAC-SM3（共享密钥，由本系统生成）", "HMAC-SM3 (a secret made here)")),
    ("sm2", Say("SM2（对方的公钥）", "SM2 (a public key of its own)")),
];

/// Programs.
pub const CLIENTS: Book = Book {
    name: "clients",
    pages: Pages::Own,
    api: "/clients",
    key: "/id",
    title: Say("接入系统", "Programs"),
    lead: Say(
        "业务系统、制作系统等程序凭密钥调用接口，权限由接口范围和岗位共同限定。",
        "Programs call the API by a key; scopes and roles both bound what they may.",
    ),
    empty: Say(
        "还没有接入系统。登记后得到密钥，对方按接口文档对每个请求签名。",
        "No programs yet. One that is registered gets a secret and signs each request.",
    ),
    help: &[
        Say(
            "密钥只显示一次。遗失后请停用并重新登记。",
            "The secret is shown once. If lost, disable the program and register it anew.",
        ),
        Say(
            "程序不能担任管理岗位，也不能代人审批。",
            "A program never administers and never votes for a person.",
        ),
    ],
    shelf: Shelf::Connections,
    readers: SECURITY,
    filters: &[
        Filter { name: "name", label: BEGINS, choices: &[] },
        Filter { name: "state", label: STATE, choices: ENABLED },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(ENABLED)),
        fact(Say("接口范围", "Scopes"), "/scopes", Show::Named(SCOPES)),
        fact(Say("有效期至", "Until"), "/expires_at", Show::Day),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(ENABLED)),
        fact(Say("签名方式", "Signs by"), "/key", Show::Code),
        fact(Say("接口范围", "Scopes"), "/scopes", Show::Named(SCOPES)),
        fact(Say("有效期至", "Until"), "/expires_at", Show::Day),
        fact(Say("登记时间", "Registered"), "/created_at", Show::Moment),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
        fact(Say("公钥", "Public key"), "/public_key", Show::Pre),
    ],
    parts: &[inside(
        Say("岗位", "Roles"),
        "/grants",
        &[
            fact(Say("岗位", "Role"), "/role", Show::Zh),
            fact(Say("范围", "Scope"), "/scope", Show::Code),
            fact(Say("至", "Until"), "/until", Show::Day),
        ],
    )],
    deeds: &[
        Deed {
            when: active,
            danger: true,
            help: Say("停用后其请求立即被拒绝。", "Its requests are refused at once."),
            entries: &[reason()],
            done: Say("已停用。", "Disabled."),
            ..deed("disable", SECURITY, "/clients/{id}/disable", Say("停用", "Disable"))
        },
        Deed {
            when: disabled,
            entries: &[reason()],
            done: Say("已启用。", "Enabled."),
            ..deed("enable", SECURITY, "/clients/{id}/enable", Say("启用", "Enable"))
        },
    ],
    makers: &[Deed {
        help: Say(
            "共享密钥在登记后显示一次，请通过可靠渠道交给对方。",
            "The secret is shown once afterwards; hand it over on a safe way.",
        ),
        entries: &[
            Entry { most: 100, ..typed("s:/name", Say("系统名称", "Name of the system")) },
            Entry {
                kind: "many",
                choices: Choices::These(SCOPES),
                ..typed("m:/scopes", Say("接口范围", "Scopes"))
            },
            Entry {
                kind: "select",
                choices: Choices::These(PROGRAM_ROLES),
                ..typed("s:/grants/0/role", Say("岗位", "Role"))
            },
            Entry { kind: "scope", ..typed("s:/grants/0/scope", Say("岗位范围", "Scope of the role")) },
            Entry {
                kind: "select",
                choices: Choices::These(KEY_KINDS),
                ..typed("s:/key/kind", Say("签名方式", "Signs by"))
            },
            Entry {
                kind: "area",
                optional: true,
                most: 2048,
                help: Say("选择 SM2 时填写，PEM 格式。", "For SM2: PEM."),
                ..typed("s:/key/public_key", Say("公钥", "Public key"))
            },
            Entry {
                kind: "date",
                optional: true,
                help: Say("不填则长期有效。", "Empty: for good."),
                ..typed("u:/expires_at", Say("有效期至", "Until"))
            },
        ],
        done: Say("接入系统已登记。", "Registered."),
        told: &[
            fact(Say("标识", "Identifier"), "/id", Show::Code),
            fact(Say("共享密钥", "Secret"), "/secret", Show::Code),
        ],
        secret: true,
        page: "/roles/give?client=1",
        ..deed("register", SECURITY, "/clients", Say("登记接入系统", "Register a program"))
    }],
};

const HOOKERS: &[&str] = &["system_administrator", "unit_agent"];
const SECRET: &[crate::desk::Fact] = &[
    fact(Say("推送地址", "Address"), "/url", Show::Code),
    fact(Say("密钥", "Secret"), "/secret", Show::Code),
];

/// Webhooks.
pub const WEBHOOKS: Book = Book {
    name: "webhooks",
    pages: Pages::Own,
    api: "/webhooks",
    key: "/id",
    title: Say("事件推送", "Webhooks"),
    lead: Say(
        "印章状态、申请决定、用印结果变化时，签名通知对方系统。",
        "Other systems are told, signed and in order, of seals, decisions and uses.",
    ),
    empty: Say(
        "还没有事件推送。新建后先发送一次测试事件，确认对方能够收到并验证签名。",
        "None yet. Make one, then send a test event to see that it arrives and its signature is verified.",
    ),
    help: &[Say(
        "推送失败会自动重试 72 小时；放弃的可以在推送记录里重新推送。",
        "A failed delivery is tried again for 72 hours; one that was given up can be sent once more.",
    )],
    shelf: Shelf::Connections,
    readers: HOOKERS,
    filters: &[Filter { name: "state", label: STATE, choices: HOOK_STATES }],
    heading: "/name",
    row: &[fact(STATE, "/state", Show::State(HOOK_STATES)), text(Say("地址", "Address"), "/url")],
    facts: &[
        fact(STATE, "/state", Show::State(HOOK_STATES)),
        fact(Say("推送地址", "Address"), "/url", Show::Code),
        fact(Say("范围", "Scope"), "/scope", Show::Thing),
        fact(Say("事件", "Events"), "/events", Show::Named(EVENTS)),
        fact(Say("所属系统", "Program"), "/client", Show::Code),
        text(Say("密钥第几版", "Secret, version"), "/secret_number"),
        fact(Say("建立时间", "Made"), "/created_at", Show::Moment),
        fact(Say("停止时间", "Ended"), "/ended_at", Show::Moment),
    ],
    parts: &[Part {
        empty: Say("还没有推送。可以先发送测试事件。", "Nothing was sent yet. Try a test event."),
        deed: Some(RowDeed {
            verb: "retry",
            path: "/webhooks/deliveries/{row}/retry",
            key: "/id",
            when: failed,
            button: Say("重新推送", "Send again"),
            done: Say("已重新排队推送。", "It is on its way again."),
        }),
        ..part(
            Say("推送记录", "Deliveries"),
            "/webhooks/{id}/deliveries?limit=50",
            &[
                fact(Say("时间", "When"), "/created_at", Show::Moment),
                fact(Say("事件", "Event"), "/kind", Show::Named(EVENTS)),
                fact(Say("对象", "Subject"), "/subject", Show::Thing),
                fact(STATE, "/state", Show::State(DELIVERIES)),
                text(Say("次数", "Attempts"), "/attempts"),
                text(Say("对方应答", "Answer"), "/last_status"),
                text(Say("原因", "Fault"), "/last_fault"),
            ],
        )
    }],
    deeds: &[
        Deed {
            when: active,
            help: Say(
                "发送一个 webhook.test 事件，结果见推送记录。",
                "Sends webhook.test; see the deliveries for what came of it.",
            ),
            done: Say(
                "测试事件已排队，刷新本页查看结果。",
                "The test event is on its way; reload to see what came of it.",
            ),
            ..deed("test", HOOKERS, "/webhooks/{id}/test", Say("发送测试事件", "Send a test event"))
        },
        Deed {
            when: active,
            help: Say(
                "新密钥立即用于签名，请同时告知对方。",
                "The new secret signs from now on; tell the other side.",
            ),
            done: Say("密钥已更换。", "The secret is changed."),
            told: SECRET,
            secret: true,
            ..deed("rotate", HOOKERS, "/webhooks/{id}/rotate-secret", Say("更换密钥", "Change the secret"))
        },
        Deed {
            when: active,
            danger: true,
            help: Say(
                "停止后不再推送，尚未送达的放弃。",
                "Nothing is sent any more; what is on its way is dropped.",
            ),
            done: Say("已停止推送。", "Ended."),
            ..deed("end", HOOKERS, "/webhooks/{id}/end", Say("停止推送", "End the webhook"))
        },
    ],
    makers: &[Deed {
        help: Say("建立后显示签名密钥，只显示一次。", "The secret for signatures is shown once afterwards."),
        entries: &[
            Entry { most: 100, ..typed("s:/name", Say("名称", "Name")) },
            Entry {
                most: 500,
                help: Say(
                    "公网 https 地址；内网地址须先由运维放行。",
                    "A public https address; others are allowed by the operator first.",
                ),
                ..typed("s:/url", Say("推送地址", "Address"))
            },
            Entry {
                help: Say(
                    "区划路径或者单位标识（unit_…）。",
                    "Path of an area or identifier of a unit (unit_…).",
                ),
                ..typed("s:/scope", Say("范围", "Scope"))
            },
            Entry {
                kind: "many",
                optional: true,
                choices: Choices::These(EVENTS),
                help: Say("不选则为全部事件。", "None: every kind."),
                ..typed("m:/events", Say("事件", "Events"))
            },
            Entry {
                optional: true,
                help: Say(
                    "接入系统的标识（clnt_…）：对方无权读取的事件不推送。",
                    "Identifier of a program (clnt_…): it is told nothing it may not read.",
                ),
                ..typed("s:/client", Say("所属系统", "Program"))
            },
        ],
        done: Say("事件推送已建立。", "The webhook is made."),
        told: SECRET,
        secret: true,
        ..deed("create", HOOKERS, "/webhooks", Say("新建事件推送", "Make a webhook"))
    }],
};

const EITHER: &[&str] = &["system_administrator", "security_administrator"];

/// Other systems and their roots.
pub const PEERS: Book = Book {
    name: "peers",
    pages: Pages::Own,
    api: "/peers",
    key: "/id",
    title: Say("对接系统与信任根", "Other systems and trust anchors"),
    lead: Say(
        "承认哪些系统的印章：由系统管理员提出，安全管理员核对后确认。",
        "Whose seals are recognized: proposed by a system administrator, compared and confirmed by a security administrator.",
    ),
    empty: Say(
        "还没有对接系统。未经两人确认的信任根不起作用。",
        "None yet. A root that two people did not confirm counts for nothing.",
    ),
    help: &[Say(
        "确认前，请通过另一条渠道（电话、公文）核对页面上的摘要：摘要涵盖代码、信任根和签名证书的全部内容。",
        "Before confirming, compare the digest on another way (telephone, letter): it covers code, roots and certificates.",
    )],
    shelf: Shelf::Connections,
    readers: &["system_administrator", "security_administrator", "audit_administrator"],
    filters: &[
        Filter { name: "state", label: STATE, choices: PEER_STATES },
        Filter { name: "name", label: BEGINS, choices: &[] },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(PEER_STATES)),
        text(Say("代码", "Code"), "/code"),
        fact(Say("类型", "Kind"), "/kind", Show::Named(PEER_KINDS)),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(PEER_STATES)),
        fact(Say("代码", "Code"), "/code", Show::Code),
        fact(Say("类型", "Kind"), "/kind", Show::Named(PEER_KINDS)),
        fact(Say("区划", "Area"), "/area", Show::Code),
        fact(Say("摘要（SM3）", "Digest (SM3)"), "/digest", Show::Code),
        fact(Say("状态服务", "Status service"), "/status_url", Show::Code),
        fact(Say("提出人", "Proposed by"), "/proposed_by", Show::Code),
        fact(Say("确认人", "Confirmed by"), "/confirmed_by", Show::Code),
        fact(Say("提出时间", "Proposed"), "/created_at", Show::Moment),
        text(Say("信任列表编号", "Trust list, number"), "/trust_list/number"),
        fact(Say("信任列表有效至", "Trust list, until"), "/trust_list/next_update", Show::Moment),
        fact(Say("信任根", "Roots"), "/anchors", Show::Pre),
        fact(Say("签名证书", "Certificates"), "/certificates", Show::Pre),
    ],
    parts: &[
        part(
            Say("对账", "Comparisons"),
            "/peers/{id}/reconciliations?limit=20",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                text(Say("自", "From"), "/from"),
                text(Say("至", "To"), "/to"),
                fact(
                    Say("结果", "Outcome"),
                    "/agrees",
                    Show::Flag(Say("一致", "agree"), Say("不一致", "differ")),
                ),
                text(Say("原因", "Fault"), "/fault"),
            ],
        ),
        Part {
            deed: Some(RowDeed {
                verb: "resend",
                path: "/exchange-deliveries/{row}/retry",
                key: "/id",
                when: failed,
                button: Say("重发", "Send again"),
                done: Say("已重新排队发送。", "It is on its way again."),
            }),
            ..part(
                Say("发件箱", "Messages"),
                "/peers/{id}/deliveries?limit=30",
                &[
                    fact(Say("时间", "When"), "/created_at", Show::Moment),
                    text(Say("印章编码", "Seal code"), "/code"),
                    fact(Say("事件", "Event"), "/event", Show::Named(EVENTS)),
                    fact(STATE, "/state", Show::State(DELIVERIES)),
                    text(Say("原因", "Fault"), "/last_fault"),
                ],
            )
        },
        inside(
            Say("办理记录", "History"),
            "/history",
            &[
                fact(Say("时间", "When"), "/at", Show::Moment),
                fact(STATE, "/to", Show::Named(PEER_STATES)),
                text(Say("人员", "By"), "/by"),
                text(Say("理由", "Reason"), "/reason"),
            ],
        ),
    ],
    deeds: &[
        Deed {
            when: proposed,
            help: Say(
                "粘贴从另一条渠道得到的摘要。与页面上的不一致时，请不要确认。",
                "Paste the digest you got on another way. If it differs from the page, do not confirm.",
            ),
            entries: &[Entry { most: 64, ..typed("s:/digest", Say("摘要（SM3）", "Digest (SM3)")) }],
            done: Say("已确认，其信任根开始起作用。", "Confirmed; its roots count from now on."),
            ..deed("confirm", SECURITY, "/peers/{id}/confirm", Say("确认对接系统", "Confirm the system"))
        },
        Deed {
            when: confirmed,
            help: Say(
                "比对双方在这些日期收发的消息。",
                "Compares what both sides sent and received on these days.",
            ),
            entries: &[
                Entry { kind: "date", ..typed("s:/from", Say("自", "From")) },
                Entry { kind: "date", ..typed("s:/to", Say("至", "To")) },
            ],
            done: Say("对账已开始，结果见对账记录。", "Begun; see the comparisons."),
            ..deed("reconcile", SYSTEM, "/peers/{id}/reconcile", Say("发起对账", "Compare"))
        },
        Deed {
            when: confirmed,
            danger: true,
            entries: &[reason()],
            done: Say("已暂停，其信任根暂不起作用。", "Suspended; its roots count for nothing meanwhile."),
            ..deed("suspend", EITHER, "/peers/{id}/suspend", Say("暂停", "Suspend"))
        },
        Deed {
            when: suspended,
            entries: &[reason()],
            done: Say("已恢复。", "Resumed."),
            ..deed("resume", SECURITY, "/peers/{id}/resume", Say("恢复", "Resume"))
        },
        Deed {
            when: not_ended,
            danger: true,
            help: Say("终止后不能恢复，须重新提出。", "For good; it would have to be proposed anew."),
            entries: &[reason()],
            done: Say("已终止。", "Ended."),
            ..deed("end", EITHER, "/peers/{id}/end", Say("终止", "End"))
        },
    ],
    makers: &[Deed {
        help: Say(
            "提出后由安全管理员核对摘要并确认，才起作用。",
            "It counts once a security administrator compared its digest and confirmed it.",
        ),
        entries: &[
            typed("s:/name", Say("系统名称", "Name")),
            Entry { most: 64, ..typed("s:/code", Say("系统代码", "Code")) },
            Entry {
                kind: "select",
                choices: Choices::These(PEER_KINDS),
                ..typed("s:/kind", Say("类型", "Kind"))
            },
            Entry {
                help: Say(
                    "对方主管的区划路径，可以不在本系统内。",
                    "Path of the area it is in charge of; it need not lie here.",
                ),
                ..typed("s:/area", Say("区划路径", "Area"))
            },
            Entry {
                kind: "area",
                help: Say("DER 的 Base64，一行一张。", "DER, base64, one a line."),
                ..typed("l:/anchors", Say("信任根证书", "Roots"))
            },
            Entry {
                kind: "area",
                help: Say(
                    "对方签名用的证书（SM2），DER 的 Base64，一行一张。",
                    "Certificates it signs by (SM2), DER, base64, one a line.",
                ),
                ..typed("l:/certificates", Say("签名证书", "Certificates"))
            },
            Entry {
                optional: true,
                most: 500,
                ..typed("s:/status_url", Say("状态服务地址", "Status service"))
            },
            Entry {
                optional: true,
                help: Say("对方在本系统的接入系统标识（clnt_…）。", "Its program here (clnt_…)."),
                ..typed("s:/client", Say("接入系统", "Program"))
            },
        ],
        done: Say("已提出，等待安全管理员确认。", "Proposed; it waits for a security administrator."),
        ..deed("propose", SYSTEM, "/peers", Say("提出对接系统", "Propose a system"))
    }],
};

fn in_use(key: &Value) -> bool {
    key.pointer("/active").and_then(Value::as_bool) == Some(true)
}

const PURPOSES: &[Named] = &[
    ("field", Say("个人信息", "personal details")),
    ("document", Say("文件", "documents")),
    ("index", Say("检索（盲索引）", "blind index")),
    ("row", Say("记录完整性", "integrity of rows")),
    ("audit", Say("审计链", "audit chain")),
    ("token", Say("令牌和登录", "tokens and sessions")),
];

/// Data keys.
pub const KEYS: Book = Book {
    name: "keys",
    pages: Pages::Alone,
    api: "/keys",
    key: "/purpose",
    title: Say("数据密钥", "Data keys"),
    lead: Say(
        "保护记录、个人信息、审计和会话的密钥，按用途轮换。",
        "Keys that protect rows, personal details, the log and sessions, rotated by purpose.",
    ),
    empty: Say("没有密钥。", "No keys."),
    help: &[Say(
        "轮换后新数据立即使用新密钥，旧数据在后台逐步换算；旧密钥保留到换算完成，期间服务不中断。",
        "New data take the new key at once; old ones are rewritten in the background. The old key stays until that is done; nothing stops meanwhile.",
    )],
    shelf: Shelf::System,
    readers: SECURITY,
    filters: &[],
    heading: "",
    row: &[],
    facts: &[],
    parts: &[Part {
        deed: Some(RowDeed {
            verb: "rotate",
            path: "/keys/{row}/rotate",
            key: "/purpose",
            when: in_use,
            button: Say("轮换", "Rotate"),
            done: Say("已轮换，新数据使用新密钥。", "Rotated; new data take the new key."),
        }),
        ..inside(
            Say("密钥清单", "Keys"),
            "/items",
            &[
                fact(Say("用途", "Purpose"), "/purpose", Show::Named(PURPOSES)),
                text(Say("第几把", "Number"), "/number"),
                fact(Say("使用中", "In use"), "/active", Show::Flag(Say("是", "yes"), Say("否", "no"))),
                fact(Say("生成时间", "Made"), "/created_at", Show::Moment),
                fact(Say("停用时间", "Retired"), "/retired_at", Show::Moment),
                text(Say("保护方式", "Wrapped by"), "/wrapped_by"),
            ],
        )
    }],
    deeds: &[],
    makers: &[],
};

fn no_next(authority: &Value) -> bool {
    authority.pointer("/next").is_none_or(Value::is_null)
}

fn has_next(authority: &Value) -> bool {
    !no_next(authority)
}

/// Certificates of the authority.
pub const AUTHORITY: Book = Book {
    name: "authority",
    pages: Pages::Alone,
    api: "/authority",
    key: "/code",
    title: Say("主管部门证书", "Certificates of the authority"),
    lead: Say(
        "签发准予制作凭证和状态应答的证书，到期前更换。",
        "What signs approvals and status answers; renewed before it ends.",
    ),
    empty: Say::NONE,
    help: &[Say(
        "更换分两步：先生成证书申请，由电子认证服务机构签发；再启用新证书。旧证书签过的凭证继续有效。证书链可从 /api/v1/certificates 下载。",
        "Renewal takes two steps: a request that a certification authority answers, then the new certificate is put into use. What the old one signed stays good.",
    )],
    shelf: Shelf::System,
    readers: SECURITY,
    filters: &[],
    heading: "/name",
    row: &[],
    facts: &[
        fact(Say("代码", "Code"), "/code", Show::Code),
        text(Say("证书主体", "Subject"), "/current/subject"),
        fact(Say("有效期起", "Valid from"), "/current/not_before", Show::Day),
        fact(Say("有效期至", "Valid until"), "/current/not_after", Show::Day),
        fact(Say("证书摘要（SM3）", "Digest (SM3)"), "/current/sm3", Show::Code),
        fact(Say("公钥摘要（SM3）", "Digest of the key (SM3)"), "/current/key_sm3", Show::Code),
        fact(Say("更换申请时间", "Renewal asked for"), "/next/asked_at", Show::Moment),
        fact(Say("证书申请（PKCS#10）", "Request (PKCS#10)"), "/next/request", Show::Pre),
        text(Say("新证书主体", "Next certificate"), "/next/issued/subject"),
    ],
    parts: &[inside(
        Say("以前的证书", "Former certificates"),
        "/former",
        &[
            text(Say("主体", "Subject"), "/subject"),
            fact(Say("有效期至", "Valid until"), "/not_after", Show::Day),
            fact(Say("更换时间", "Replaced"), "/replaced_at", Show::Moment),
            fact(Say("摘要（SM3）", "Digest (SM3)"), "/sm3", Show::Code),
        ],
    )],
    deeds: &[
        Deed {
            when: no_next,
            entries: &[Entry {
                kind: "check",
                optional: true,
                ..typed("b:/new_key", Say("同时换新密钥", "With a new key"))
            }],
            done: Say("证书申请已生成。", "The request is made."),
            ..deed(
                "renew",
                SECURITY,
                "/authority/renewals",
                Say("申请新证书", "Ask for the next certificate"),
            )
        },
        Deed {
            when: has_next,
            entries: &[Entry {
                kind: "area",
                optional: true,
                most: 65536,
                help: Say(
                    "由外部机构签发时粘贴证书及其上级证书（PEM）；使用测试 CA 时不填。",
                    "Where issued outside: the certificate with its issuers, PEM. Empty with the test CA.",
                ),
                ..typed("s:/chain", Say("证书链", "Chain"))
            }],
            done: Say("新证书已启用。", "The new certificate is in use."),
            ..deed("turn", SECURITY, "/authority/certificate", Say("启用新证书", "Put it into use"))
        },
    ],
    makers: &[],
};

/// Mails that were given up.
pub const FAILED_MAILS: Book = Book {
    name: "failed-mails",
    pages: Pages::Alone,
    api: "/failed-mails",
    key: "/id",
    title: Say("未发出的邮件", "Mails given up"),
    lead: Say(
        "多次重试仍未发出的通知邮件，排除故障后可以重新发送。",
        "Mails of notices that were tried and given up; send them again once the cause is gone.",
    ),
    empty: Say("没有发送失败的邮件。", "Every mail went out."),
    help: &[],
    shelf: Shelf::System,
    readers: SYSTEM,
    filters: &[],
    heading: "",
    row: &[],
    facts: &[],
    parts: &[Part {
        empty: Say("没有发送失败的邮件。", "Every mail went out."),
        deed: Some(RowDeed {
            verb: "retry",
            path: "/failed-mails/{row}/retry",
            key: "/id",
            when: always,
            button: Say("重新发送", "Send again"),
            done: Say("已重新排队发送。", "It is on its way again."),
        }),
        ..inside(
            Say("未发出的邮件", "Mails given up"),
            "/items",
            &[
                fact(Say("时间", "When"), "/created_at", Show::Moment),
                text(Say("次数", "Attempts"), "/attempts"),
                text(Say("原因", "Fault"), "/fault"),
                fact(Say("放弃时间", "Given up"), "/given_up_at", Show::Moment),
            ],
        )
    }],
    deeds: &[],
    makers: &[],
};
