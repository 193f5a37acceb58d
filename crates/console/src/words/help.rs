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
            Nav::Verify | Nav::Status | Nav::Help | Nav::Desk | Nav::None => (&[], &[]),
        };
        match self.0 {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}
