//! What each part of the console is for, behind the question mark of its pages.

use super::{Words, words};
use crate::frame::{Lang, Nav};

words! {
    more_help "更多帮助" / "More help";
    guide_title "印章办理指南" / "Guide for applicants";
    guide_lead "申请电子印章需要什么材料、经过哪些步骤、多长时间。无需登录。" / "What an application for a seal needs, its steps and how long it takes. No account needed.";
    guide_area "区划代码（6 至 12 位），不填为全国规定" / "Code of the area; empty for the nation's rules";
    guide_bad_area "没有这个区划，以下为全国规定。" / "There is no such area; these are the nation's rules.";
    guide_duties "使用印章的注意事项" / "Whoever uses a seal";
}

type Lines = &'static [&'static str];

impl Words {
    /// What whoever uses a seal has to mind.
    pub fn duties(self) -> Lines {
        match self.0 {
            Lang::Zh => &[
                "建立印章使用管理制度，指定印章管理员，每次用印先审批、后盖章，全程留有记录。",
                "印章和激活口令由本人保管，不得出借、出租、出售，不得交给他人代用。",
                "发现丢失、被盗或者密钥泄露，立即在系统中挂失。",
                "单位更名、合并、注销，或者印章不再使用的，应当申请变更或者缴销。",
                "收到盖有电子印章的文件，可以在首页核验；打印件是副本，以原件为准。",
            ],
            Lang::En => &[
                "Have rules of use and a seal administrator; every use is agreed to before and on record.",
                "Keep seal and password yourself; neither is lent, let, sold or handed to others.",
                "Report a loss, theft or leak at once.",
                "Apply for change or cancellation when the unit is renamed, merged or dissolved, or the seal is not used any more.",
                "A sealed document can be verified on the start page; a print-out is a copy, the original counts.",
            ],
        }
    }

    /// Pages on which files are handed in.
    pub fn help_of_files(self) -> Lines {
        match self.0 {
            Lang::Zh => &[
                "选择文件后提交，系统收到后立即核对；不符之处会在本页列出，可以改正后再提交，原有内容不受影响。",
                "文件按内容识别，不看文件名；加密保存，查看和提交都有记录。",
            ],
            Lang::En => &[
                "Choose the files and hand them in. They are compared at once; what is wrong is listed here, and nothing else is touched.",
                "Files are told by their content, not by their names; they are kept encrypted, and reading and handing in are on record.",
            ],
        }
    }

    /// One row of the audit log.
    pub fn help_of_record(self) -> Lines {
        match self.0 {
            Lang::Zh => &[
                "一条审计记录：谁、以什么岗位、从哪里、何时、对什么、做了什么、结果如何。摘要与前一条相连，改动任何一条都会被“验证审计链”发现。",
                "可以查看前后各条，或者同一对象的全部记录；需要带走时，用“导出案卷”得到可以离线核对的文件。",
            ],
            Lang::En => &[
                "One row of the log: who, in which role, from where, when, what to, with what outcome. Its hash is chained to the row before; any change is found by verifying the chain.",
                "Go on to the rows around it or to everything about the same thing; “export a case” gives a file that can be checked offline.",
            ],
        }
    }

    /// The export of a case.
    pub fn help_of_case(self) -> Lines {
        match self.0 {
            Lang::Zh => &[
                "填写对象的标识（例如 seal_ 或者 app_ 开头），得到与它有关的全部审计记录，以及每条记录确实在审计链中的证明。",
                "案卷可以交给法院、上级或者第三方，用命令 yinxin audit case 核对，不需要访问本系统，也看不到其他记录。",
            ],
            Lang::En => &[
                "Name a thing by its identifier (seal_, app_): you get every row about it, each with the proof that it stands in the chain.",
                "Others can check the case by the command yinxin audit case, without this system and without seeing other rows.",
            ],
        }
    }

    /// The verification of the chain.
    pub fn help_of_chain(self) -> Lines {
        match self.0 {
            Lang::Zh => &[
                "系统从第一条记录起逐条重算摘要，并核对已签名的链首。结果完好，表示没有记录被改动、删除、插入或者移动。",
            ],
            Lang::En => &[
                "The chain is recomputed from the first row on and compared with the signed heads. Sound means that no row was changed, deleted, inserted or moved.",
            ],
        }
    }

    /// What a page is for. Pages of the desk say it themselves.
    pub fn help_of(self, nav: Nav) -> Lines {
        let (zh, en): (Lines, Lines) = match nav {
            Nav::Home => (
                &[
                    "这里列出按您的岗位等待办理的事项，按期限先后排列：橙色表示 48 小时内到期，红色表示已经逾期。",
                    "点击一项即可办理。上方可以按印章编码、印章名称或者单位名称查找。",
                ],
                &[
                    "What waits for your roles, by deadline: orange ends within 48 hours, red is overdue.",
                    "Each item leads to where it is done. Above, seals and units are found by code or name.",
                ],
            ),
            Nav::Applications => (
                &[
                    "申请分为填写、提交、审核、制作、办结。提交之前随时可以修改；退回补正的，改正后再次提交即可，不必重新填写。",
                    "审核有法定期限。获批后系统签发准予制作凭证，由制作单位制作，备案后交付签收。",
                ],
                &[
                    "An application is drafted, handed in, decided, made, completed. A draft can be changed at any time; one that was returned is corrected and handed in again.",
                    "The decision has a deadline. Once approved, the seal is made, filed, handed over and accepted.",
                ],
            ),
            Nav::Seals => (
                &[
                    "每枚印章一页：印模、状态、有效期、保管人、用印授权、用印登记和办理记录。",
                    "发现丢失、被盗或者密钥泄露，请立即在印章页面挂失，即时生效；暂时不用可以申请暂停。",
                ],
                &[
                    "Each seal has a page: imprint, state, validity, custodian, rights, register, history.",
                    "Report a loss, theft or leak on the page of the seal at once; it takes effect immediately.",
                ],
            ),
            Nav::Uses => (
                &[
                    "用印须先申请，按单位的审批流程逐步同意；审批人能看到将要盖章的页面和位置。内容有任何变化，已有的审批自动失效。",
                    "每次用印都进入用印登记，文件上的验证码可以随时核对。",
                ],
                &[
                    "A use is asked for and agreed to step by step; approvers see the pages with the seal in its place. Any change voids the votes.",
                    "Every use enters the register; the code on the document can be checked at any time.",
                ],
            ),
            Nav::Notices => (
                &["与您有关的事项会在这里通知；设置了通知邮箱的，同时发送邮件。通知只提醒，不代替办理。"],
                &[
                    "What concerns you is told here, and by mail where an address is set. A notice only reminds.",
                ],
            ),
            Nav::Me => (
                &[
                    "口令每 90 天须更换；管理员必须启用动态口令。绑定 SM2 证书后，可以用证书登录。",
                    "“我的登录”列出正在使用您账号的设备，不认识的请立即结束并修改口令。",
                ],
                &[
                    "Passwords are changed every 90 days; administrators need one-time codes. With a bound SM2 certificate you can log in by it.",
                    "“My sessions” lists the devices that use your account; end what you do not know and change the password.",
                ],
            ),
            Nav::Verify => (
                &[
                    "选择或者拖入收到的 OFD、PDF 文件，即可知道上面的电子印章是否真实、文件是否被改动、印章当时和现在是否有效。",
                    "文件和结果只保留 15 分钟，可以随时删除；只想留下摘要的，请勾选隐私方式。结论以可以下载的报告为准。",
                ],
                &[
                    "Choose or drop an OFD or PDF you received: you are told whether its seals are real, whether it was changed, whether the seal was and is in force.",
                    "File and result are kept for 15 minutes and can be deleted at once. The report to download is what counts.",
                ],
            ),
            Nav::Status => (
                &[
                    "按印章编码查询印章是否有效，结果由主管机构签名。编码印在印章信息里，也可以在核验结果中看到。",
                ],
                &[
                    "Tells by its code whether a seal is in force; the answer is signed. The code stands in the result of a verification.",
                ],
            ),
            Nav::Help => (
                &[
                    "这里说明如何核验、申请和使用电子印章；无需登录。登录后，每个页面下方都有该页面的说明，按 ? 键打开。",
                ],
                &[
                    "How seals are verified, applied for and used; no account needed. Every page explains itself below: press “?”.",
                ],
            ),
            Nav::Desk => (
                &[
                    "“管理”按类别列出您的岗位可以查看和办理的内容：单位与人员、监管、规则、对接、系统。",
                    "每项操作都会记入审计日志。没有看到需要的内容的，请联系安全管理员核对岗位和辖区。",
                ],
                &[
                    "The desk lists what your roles may see and do: units and people, supervision, rules, connections, the system.",
                    "Every step enters the audit log. If something is missing, ask the security administrator about your roles.",
                ],
            ),
            Nav::None => (
                &[
                    "登录或者操作遇到问题的，请联系本单位经办人或者主管机构；页面上的请求编号可以帮助查找原因。",
                ],
                &[
                    "If logging in or a step fails, ask your unit's agent or the department in charge; the request number on the page helps to find out why.",
                ],
            ),
        };
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
