//! Accounts of people.

use super::codes::ENABLED;
use crate::desk::book::{
    Book, Choices, Deed, Entry, Filter, Pages, Shelf, Show, deed, fact, inside, reason, text, typed,
};
use crate::desk::say::Say;
use serde_json::Value;

const SECURITY: &[&str] = &["security_administrator"];
const STATE: Say = Say("状态", "State");

fn enabled(account: &Value) -> bool {
    account.pointer("/state").and_then(Value::as_str) == Some("active")
}

fn disabled(account: &Value) -> bool {
    !enabled(account)
}

fn locked(account: &Value) -> bool {
    account.pointer("/failed_logins").and_then(Value::as_u64).unwrap_or(0) > 0
        || account.pointer("/locked_until").is_some_and(|until| !until.is_null())
}

fn has_role(account: &Value) -> bool {
    account.pointer("/grants").and_then(Value::as_array).is_some_and(|grants| !grants.is_empty())
}

const ONE_TIME: &[crate::desk::Fact] = &[
    fact(Say("登录名", "Login name"), "/login", Show::Code),
    fact(Say("一次性口令", "One-time password"), "/one_time_password", Show::Code),
];

/// Who may log in.
pub const ACCOUNTS: Book = Book {
    name: "accounts",
    pages: Pages::Own,
    api: "/accounts",
    key: "/id",
    title: Say("账号与岗位", "Accounts and roles"),
    lead: Say(
        "开设账号，按区划或者单位授予岗位，锁定、解锁、重置口令。",
        "Accounts, roles by area or unit, locks and passwords.",
    ),
    empty: Say("没有账号。", "No accounts."),
    help: &[
        Say(
            "新账号的一次性口令只显示一次，请当面或者通过可靠渠道交给本人；本人首次登录必须修改。",
            "The one-time password is shown once: hand it over in person or on a safe way. Its owner changes it at the first login.",
        ),
        Say(
            "三员（系统、安全、审计管理员）不能兼任，也不能办理业务；监督员不能办理业务；制章操作员不能审核。系统会拒绝互相排斥的授权。",
            "The three administrators hold nothing else; supervisors do no business; who makes does not decide. Excluding roles are refused.",
        ),
        Say(
            "人员离岗请先收回岗位再停用账号：停用立即结束其全部登录。",
            "When somebody leaves, take the roles back and disable the account: it ends every session at once.",
        ),
    ],
    shelf: Shelf::Directory,
    readers: SECURITY,
    filters: &[
        Filter { name: "name", label: Say("姓名开头", "Name begins with"), choices: &[] },
        Filter { name: "state", label: STATE, choices: ENABLED },
    ],
    heading: "/name",
    row: &[
        fact(STATE, "/state", Show::State(ENABLED)),
        text(Say("登录名", "Login name"), "/login"),
        fact(Say("岗位", "Roles"), "/grants", Show::Roles),
    ],
    facts: &[
        fact(STATE, "/state", Show::State(ENABLED)),
        fact(Say("登录名", "Login name"), "/login", Show::Code),
        text(Say("通知邮箱", "Mail for notices"), "/email"),
        fact(
            Say("动态口令", "One-time codes"),
            "/totp",
            Show::Flag(Say("已启用", "enrolled"), Say("未启用", "not enrolled")),
        ),
        fact(
            Say("须修改口令", "Must change the password"),
            "/must_change_password",
            Show::Flag(Say("是", "yes"), Say("否", "no")),
        ),
        fact(Say("口令设置时间", "Password set"), "/password_set_at", Show::Moment),
        text(Say("连续登录失败次数", "Failed logins in a row"), "/failed_logins"),
        fact(Say("锁定至", "Locked until"), "/locked_until", Show::Moment),
        fact(Say("开设时间", "Made"), "/created_at", Show::Moment),
        fact(Say("标识", "Identifier"), "/id", Show::Code),
    ],
    parts: &[
        crate::desk::book::Part {
            empty: Say(
                "还没有岗位。没有岗位的账号只能登录，不能办理任何事项。",
                "No roles yet: it can log in and do nothing else.",
            ),
            ..inside(
                Say("岗位", "Roles"),
                "/grants",
                &[
                    fact(Say("岗位", "Role"), "/role", Show::Zh),
                    fact(Say("范围", "Scope"), "/scope", Show::Code),
                    fact(Say("自", "From"), "/from", Show::Day),
                    fact(Say("至", "Until"), "/until", Show::Day),
                ],
            )
        },
        inside(
            Say("登录证书", "Certificates to log in with"),
            "/certificates",
            &[
                text(Say("主体", "Subject"), "/subject"),
                fact(Say("序列号", "Serial number"), "/serial", Show::Code),
                fact(Say("绑定时间", "Bound"), "/bound_at", Show::Moment),
            ],
        ),
    ],
    deeds: &[
        Deed {
            when: enabled,
            page: "/roles/give?account={id}",
            done: Say("岗位已授予。", "The role is given."),
            ..deed("grant", SECURITY, "/accounts/{id}/grants", Say("授予岗位", "Give a role"))
        },
        Deed {
            when: has_role,
            danger: true,
            entries: &[
                Entry { kind: "select", choices: Choices::Held, ..typed("held", Say("岗位", "Role")) },
                reason(),
            ],
            done: Say("岗位已收回，立即生效。", "The role is taken back, at once."),
            ..deed(
                "take-back",
                SECURITY,
                "/accounts/{id}/grants/take-back",
                Say("收回岗位", "Take a role back"),
            )
        },
        Deed {
            when: enabled,
            help: Say(
                "生成新的一次性口令，原口令和全部登录立即失效。",
                "Makes a new one-time password; the old one and every session end at once.",
            ),
            entries: &[
                reason(),
                Entry {
                    kind: "check",
                    optional: true,
                    ..typed(
                        "b:/second_factor",
                        Say("同时重置动态口令（手机丢失时）", "Reset one-time codes as well (phone lost)"),
                    )
                },
            ],
            done: Say("口令已重置。", "The password is reset."),
            told: ONE_TIME,
            secret: true,
            ..deed("reset", SECURITY, "/accounts/{id}/reset-password", Say("重置口令", "Reset the password"))
        },
        Deed {
            when: locked,
            help: Say(
                "清除连续登录失败的记录，本人可以立即再次登录。",
                "Clears failed logins; its owner can log in again at once.",
            ),
            entries: &[reason()],
            done: Say("已解锁。", "Unlocked."),
            ..deed("unlock", SECURITY, "/accounts/{id}/unlock", Say("解锁", "Unlock"))
        },
        Deed {
            entries: &[Entry {
                optional: true,
                help: Say("留空则删除。", "Empty takes it away."),
                ..typed("s:/email", Say("通知邮箱", "Mail for notices"))
            }],
            done: Say("邮箱已设置。", "The address is set."),
            ..deed("email", SECURITY, "/accounts/{id}/email", Say("设置通知邮箱", "Set the mail address"))
        },
        Deed {
            when: enabled,
            danger: true,
            help: Say(
                "停用后不能登录，全部登录立即结束。岗位保留，启用后恢复。",
                "It cannot log in; every session ends at once. Roles stay.",
            ),
            entries: &[reason()],
            done: Say("账号已停用。", "Disabled."),
            ..deed("disable", SECURITY, "/accounts/{id}/disable", Say("停用账号", "Disable the account"))
        },
        Deed {
            when: disabled,
            entries: &[reason()],
            done: Say("账号已启用。", "Enabled."),
            ..deed("enable", SECURITY, "/accounts/{id}/enable", Say("启用账号", "Enable the account"))
        },
    ],
    makers: &[Deed {
        help: Say(
            "开设后显示一次性口令，请交给本人。下一步授予岗位。",
            "The one-time password is shown afterwards. Roles are given next.",
        ),
        entries: &[
            Entry { most: 64, ..typed("s:/name", Say("姓名", "Name")) },
            Entry {
                most: 64,
                help: Say("小写字母、数字和 . - _，3 至 64 个。", "Small letters, digits, . - _; 3 to 64."),
                ..typed("s:/login", Say("登录名", "Login name"))
            },
            Entry { optional: true, ..typed("s:/email", Say("通知邮箱", "Mail for notices")) },
        ],
        done: Say("账号已开设。", "The account is made."),
        told: ONE_TIME,
        secret: true,
        ..deed("create", SECURITY, "/accounts", Say("开设账号", "Make an account"))
    }],
};
