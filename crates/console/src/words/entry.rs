//! Texts of logging in with a certificate, and of writing flows of approval.

use super::{Words, words};

words! {
    flow_list "用印审批流程" / "Flows of approval";
    flow_new "新建审批流程" / "Write a flow";
    flow_edit "修订审批流程" / "Revise the flow";
    flow_which_unit "为哪个单位建立？" / "For which unit?";
    flow_name "流程名称" / "Name";
    flow_name_help "例如：合同用印审批。" / "Such as: contracts.";
    flow_seals "适用的印章种类" / "Kinds of seal";
    flow_seals_help "不选则适用全部种类。" / "None: every kind.";
    flow_documents "适用的文件种类（一行一种）" / "Kinds of document, one a line";
    flow_documents_help "不填则适用全部文件。例如：合同、证明、公文。" / "Empty: every kind. Such as contract, certificate, letter.";
    flow_step "步骤" / "Step";
    flow_step_name "步骤名称" / "Name of the step";
    flow_approvers "审批人" / "Approvers";
    flow_need "须同意人数" / "How many must agree";
    flow_hours "办理时限（小时）" / "Hours until it is due";
    flow_superior "逾期后由谁决定" / "Who decides once it is overdue";
    flow_superior_help "逾期后，此人一票决定；不能是本步骤的审批人。" / "One vote of this person decides then; none of the approvers.";
    flow_no_superior "不设" / "nobody";
    flow_delegable "审批人可以委托他人" / "An approver may delegate his vote";
    flow_steps_help "步骤依次进行；不需要的步骤留空。" / "Steps follow one another; leave empty what is not needed.";
    flow_save "保存流程" / "Save the flow";
    flow_more "再加一步" / "Another step";
    flow_nobody "本单位还没有用印审批人。请联系安全管理员授予“用印审批人”岗位，并告知单位标识：" / "Nobody holds the role of approver here. Ask the security administrator, and tell the identifier:";
    certificate_login "使用证书登录" / "Log in with a certificate";
    certificate_login_lead "使用已绑定到账号的 SM2 证书，无需口令和动态口令。" / "By an SM2 certificate bound to your account; no password, no one-time code.";
    certificate_bind "绑定证书" / "Bind a certificate";
    certificate_bind_lead "绑定后可以用证书登录。私钥始终在您自己的设备里。" / "You can log in with it then. Its key never leaves your device.";
    certificate_step_1 "把待签名的文字保存为 challenge.txt，内容一字不改。" / "Keep the text as challenge.txt, unchanged to the last line break.";
    certificate_step_2 "用 USB Key 工具或者命令签名：SM2 和 SM3，用户标识 1234567812345678。" / "Sign it with the tool of your USB key or by a command: SM2 with SM3, user identifier 1234567812345678.";
    certificate_step_3 "两分钟内提交证书和签名。" / "Hand in certificate and signature within two minutes.";
    certificate_until "须在此前提交：" / "To be handed in before";
    certificate_text "待签名的文字" / "Text to be signed";
    certificate_command "命令示例（OpenSSL 3）" / "With OpenSSL 3";
    certificate_file "证书文件（PEM 或者 DER）" / "Certificate (PEM or DER)";
    certificate_signature "签名文件" / "Signature, a file";
    certificate_pasted "或者粘贴签名（Base64）" / "Or the signature pasted (Base64)";
    certificate_save_text "保存为文件" / "Keep as a file";
    my_certificates "登录证书" / "Certificates to log in with";
    my_certificates_empty "还没有绑定证书。" / "No certificate is bound.";
    certificate_subject "主体" / "Subject";
    certificate_serial "序列号" / "Serial number";
    certificate_bound "绑定时间" / "Bound";
    certificate_unbind "解除" / "Take off";
    with_password "使用口令登录" / "Log in with a password";
}

impl Words {
    /// Behind the question mark of the form of a flow.
    pub fn flow_help(self) -> [&'static str; 2] {
        [
            self.0.pick(
                "一枚印章、一种文件适用哪条流程，按“印章种类”和“文件种类”最相符的一条；都不限定的流程兜底。",
                "Of several flows the one that fits kind of seal and kind of document most closely applies; one without limits is the last resort.",
            ),
            self.0.pick(
                "审批人须先有“用印审批人”岗位。建议重要文件至少两步，由不同的人审批。",
                "Approvers hold the role of approver first. For what matters, two steps by different people are wise.",
            ),
        ]
    }
}
