//! Texts of the desk: administration, supervision, audit.

use super::{Words, words};
use crate::desk::Shelf;

words! {
    nav_desk "管理" / "Desk";
    desk_lead "按您的岗位列出可以办理的事项。" / "What your roles have to do with.";
    desk_empty "您的岗位没有管理事项。" / "Your roles have nothing to administer.";
    shelf_directory "单位与人员" / "Units and people";
    shelf_supervision "监督" / "Supervision";
    shelf_rules "规则" / "Rules";
    shelf_connections "系统对接" / "Connections";
    shelf_system "系统" / "System";
    what_is_this "这一页说明" / "About this page";
    what_can_be_done "可以办理" / "What can be done";
    back_to_list "返回列表" / "Back to the list";
    shown_once "以下内容只显示这一次，离开本页后无法再查看。请立即妥善保存或者当面交付。" / "This is shown once and never again. Keep it or hand it over now.";
    go_on "我已保存，继续" / "I have it; go on";
    go_on_plain "继续" / "Go on";
    roles_title "授予岗位" / "Give a role";
    roles_step_role "岗位" / "Role";
    roles_step_scope "范围" / "For what";
    roles_step_give "确认" / "Confirm";
    roles_exclude "互相排斥的岗位不能由一人兼任：三员之间、制发与制作之间、监督与其他岗位之间。" / "Some roles exclude each other: the three administrators, who decides and who makes, who supervises and everybody else.";
    roles_other_role "另选岗位" / "Another role";
    roles_other_scope "另选范围" / "Something else";
    roles_everywhere "全局" / "Everywhere";
    roles_find_area "按名称查找区划" / "Find an area by its name";
    roles_find_unit "按名称开头或者统一社会信用代码查找单位" / "Find a unit by how its name begins or its credit code";
    roles_find_maker "按名称开头查找制作单位" / "Find a maker by how its name begins";
    roles_tree "区划" / "Areas";
    roles_this "选择本级（含全部下级）" / "This one, with all in it";
    roles_parts "下级" / "In it";
    roles_none "没有找到。请核对名称；还没有登记的单位和制作单位，请先由制发审核员登记。" / "Nothing found. Check the name; an issuing reviewer registers units and makers that are not on record yet.";
    roles_no_parts "没有下级区划，请选择本级或者返回上级。" / "There is no area in it: choose this one, or go back up.";
    roles_until "有效期至" / "Until";
    roles_until_help "不填则直至收回。" / "Empty: until taken back.";
    roles_leave "取消" / "Leave it";
    roles_programs "接入系统" / "Programs";
    queue_standings "待审批的业务系统用印授权" / "Rights of programs that wait for your vote";
    queue_standings_empty "没有等待您审批的授权。" / "None waits for you.";
    queue_orders "待领取的制作任务" / "Orders to be taken up";
    queue_no_maker "您的岗位对应的制作单位没有登记，暂时收不到任务。请联系制发审核员登记制作单位；已经登记的，请联系安全管理员把制章操作员岗位的范围改为该单位。" / "The maker of your role is not on record, so no orders reach you. Ask an issuing reviewer to register it; if it is registered, ask the security administrator to give you the role for that maker.";
    queue_orders_empty "没有等待制作的任务。申请获批后会出现在这里。" / "No order waits.";
    queue_deliver "待交付的印章" / "Seals to be handed over";
    queue_deliver_empty "没有等待交付的印章。" / "No seal waits to be handed over.";
    order_waits "待领取" / "to be taken up";
    three_title "三员分立" / "Three administrators, apart";
    three_lead "系统、安全、审计三个岗位分别由三人担任，互不兼任，也不办理业务；每项操作都留下审计记录。" / "System, security and audit are held by three people. None holds another post or does business, and every deed is on record.";
    three_system "系统管理员" / "System administrator";
    three_system_does "管理区划、地区配置、事件推送和对接系统；看不到业务数据，不能设置账号。" / "Areas, profiles, webhooks, other systems. Sees no business data, makes no accounts.";
    three_security "安全管理员" / "Security administrator";
    three_security_does "管理账号、岗位授权、接入系统和密钥；不能修改配置，不能查看审计日志。" / "Accounts, roles, programs, keys. Changes no settings, reads no audit log.";
    three_audit "审计管理员" / "Audit administrator";
    three_audit_does "查看审计日志、验证审计链、导出案卷；不能修改任何内容。" / "Reads the log, verifies the chain, exports cases. Changes nothing.";
    your_post "您的岗位" / "yours";
    figures_title "监管统计" / "Figures";
    figures_lead "制作、用印、拒绝、核验的数量，按月、按区划；异常和逾期。" / "Made, used, refused, verified: by month and area; anomalies and what is overdue.";
    audit_title "审计日志" / "Audit log";
    audit_lead "谁、何时、对什么、做了什么。每条记录与前一条相连，改动即被发现。" / "Who did what to what, and when. Every row is chained to the one before; a change is found.";
    case_title "案卷导出" / "Export a case";
    case_lead "把一件事的全部记录连同证明导出，供调查和诉讼使用。" / "Everything on record about a case with its proofs, for inquiries and courts.";
}

impl Words {
    /// Name of a part of the index.
    pub fn shelf(self, shelf: Shelf) -> &'static str {
        match shelf {
            Shelf::Directory => self.shelf_directory(),
            Shelf::Supervision => self.shelf_supervision(),
            Shelf::Rules => self.shelf_rules(),
            Shelf::Connections => self.shelf_connections(),
            Shelf::System => self.shelf_system(),
        }
    }
}
