//! All texts of the pages, in both languages, in one place. A text that is missing does not compile.

mod audit;
mod codes;
mod custody;
mod desk;
mod entry;
mod files;
mod help;
mod imprint;
mod public;
mod questions;
mod sealing;
mod supervision;
mod work;

pub use codes::tone;

use crate::frame::Lang;

/// The texts in a language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Lang);

/// A table of texts: name, Chinese, English.
macro_rules! words {
    ($($name:ident $zh:literal / $en:literal;)*) => {
        impl $crate::words::Words {
            $(#[doc = $en] pub fn $name(self) -> &'static str { self.0.pick($zh, $en) })*
        }
    };
}
use words;

words! {
    product "印信 · 电子印章" / "Yinxin electronic seals";
    skip "跳到正文" / "Skip to the content";
    navigation "主导航" / "Main";
    other_language "English" / "中文";
    other_tag "en" / "zh-CN";
    login "登录" / "Log in";
    logout "退出" / "Log out";
    footer "依据《电子印章管理办法》提供服务。页面上的结论以签名的核验报告和状态应答为准。" / "A service under the Measures for the Administration of Electronic Seals. The signed report and the signed status answer are what counts.";
    nav_verify "核验文件" / "Verify";
    nav_status "查询印章" / "Seal status";
    nav_help "帮助" / "Help";
    nav_home "我的待办" / "To do";
    nav_applications "制章申请" / "Applications";
    nav_seals "印章" / "Seals";
    nav_uses "用印" / "Sealing";
    nav_notices "通知" / "Notices";
    optional "选填" / "optional";
    all "全部" / "All";
    open "打开" / "Open";
    edit "修改" / "Change";
    view "查看" / "View";
    filter "筛选" / "Filter";
    find "查找" / "Find";
    printed_at "打印时间：" / "Printed:";
    print_page "打印" / "Print";
    next_page "下一页" / "Next page";
    request_number "请求编号：" / "Number of the request:";
    back_to_start "返回首页" / "Back to the start";
    not_found "没有找到这个页面" / "There is no such page";
    not_found_more "地址可能写错了，或者内容不在您可以查看的范围内。" / "The address may be mistyped, or what it names is outside what you may see.";
    other_site "这个操作不是从本网站发出的" / "This did not come from this site";
    other_site_more "为保护您的账号，来自其他网站的提交一律不予受理。" / "To protect your account, forms sent by other sites are refused.";
    bad_form "提交的内容无法读取" / "What was sent could not be read";
    bad_form_more "可能没有选择文件，或者传输中断。" / "Perhaps no file was chosen, or the transfer broke off.";
    too_large "文件太大" / "The file is too large";
    too_large_more "文件不能超过" / "A file may have at most";
    busy "现在办理的人较多" / "Many people are here at the moment";
    busy_more "您的内容没有丢失，也没有被处理。" / "Nothing was done, and nothing is lost.";
    gone "这个页面已经过期" / "This page is no longer there";
    gone_more "为保护文件内容，核验结果的页面只保留 15 分钟。" / "To protect documents, the page of a result is kept for 15 minutes only.";
    internal "系统出现意外错误" / "Something unexpected went wrong";
    internal_more "错误已经记录。" / "The error is on record.";
    advice_start "请从首页重新开始。" / "Please begin again from the start page.";
    advice_back "请返回上一页，改正后再试。" / "Please go back, correct it and try again.";
    advice_wait "请过一会儿再试。" / "Please try again in a while.";
    advice_again "请重新核验文件，即可再次查看。" / "Verify the document again to see it again.";
    advice_login "请登录后继续。" / "Please log in to go on.";
    advice_role "如确需办理，请使用有权限的账号，或者联系安全管理员。" / "Use an account that may, or ask the security administrator.";
    advice_reload "他人刚刚修改了同一内容。请返回并刷新页面，核对后再提交。" / "Somebody else has just changed the same thing. Go back, reload, compare and send again.";
}

impl Words {
    /// What to do about a refusal of the API.
    pub fn advice(self, code: &str) -> &'static str {
        match code {
            "UNAUTHENTICATED" | "SESSION_EXPIRED" => self.advice_login(),
            "FORBIDDEN" => self.advice_role(),
            "PRECONDITION_FAILED" | "CONFLICT" => self.advice_reload(),
            "RATE_LIMITED" | "UNAVAILABLE" | "TIMEOUT" | "LOCKED_OUT" | "INTERNAL" => self.advice_wait(),
            "NOT_FOUND" => self.advice_start(),
            _ => self.advice_back(),
        }
    }
}
