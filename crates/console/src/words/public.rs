//! Texts of the public pages.

use super::{Words, words};

words! {
    front_title "这份文件上的电子印章是真的吗？" / "Is the electronic seal on this document genuine?";
    front_lead "放入收到的 OFD 或 PDF 文件，即可知道结论和理由。无需登录，不收费用。" / "Drop the OFD or PDF document you received, and see the answer with its reasons. No account, no fee.";
    front_privacy "文件只用于本次核验：核验记录只保存文件摘要，不保存内容；供您查看的页面图最长保留 15 分钟，您也可以随时删除。" / "The document is used for this verification only: the record keeps its digest, never its contents; the pictures of its pages are kept for 15 minutes at most, and you may delete them at any time.";
    drop_here "把文件拖到这里，或者点击选择" / "Drop the document here, or click to choose";
    drop_help "OFD 或 PDF，不超过" / "OFD or PDF, at most";
    drop_private "核验后立即删除文件（不显示页面图）" / "Delete the document at once (no pictures of its pages)";
    drop_go "核验" / "Verify";
    drop_type "请选择 OFD 或 PDF 文件。" / "Please choose an OFD or PDF document.";
    drop_busy "正在核验，请稍候……" / "Verifying, please wait…";
    status_title "查询印章状态" / "Status of a seal";
    status_lead "输入印章编码，查看这枚印章现在是否有效。" / "Enter the code of a seal to see whether it is in force now.";
    seal_code "印章编码" / "Seal code";
    ask "查询" / "Ask";
    paper_title "核对打印件" / "Check a print-out";
    paper_lead "输入纸面上的验证码，查看对应的原件。打印件是副本，以原件为准。" / "Enter the code on the paper to see the original it stands for. A print-out is a copy; the original is what counts.";
    paper_code "验证码" / "Verification code";
    how_title "核验时检查什么" / "What is checked";
    how_1 "文件没有被改动" / "The document is unchanged";
    how_1_more "盖章之后改一个字、换一页，都能发现。" / "One letter changed after sealing is found, and so is a page exchanged.";
    how_2 "印章是登记的那一枚" / "The seal is the one on record";
    how_2_more "印章数据由有资格的制作单位签名，并与备案的逐字节比对。" / "Its data are signed by a licensed maker and compared with the record byte by byte.";
    how_3 "盖章时印章有效" / "The seal was in force when it was used";
    how_3_more "核对证书、停用和缴销记录以及盖章时间。" / "Certificates, suspensions and cancellations are compared with the time of sealing.";
    judged_at "核验时间" / "Verified at";
    why "理由" / "Why";
    what_to_do "怎么办" / "What to do";
    known_sealed "这份文件是在本系统用印的，登记为：" / "This very document was sealed here, on record as:";
    known_original "这是用印之前的文件，用印登记为：" / "This is the document before it was sealed, on record as:";
    pages_title "页面" / "Pages";
    pages_help "印章用方框标出：绿色有效，红色无效，橙色无法判定；方框上方写明结论。" / "Each seal is framed: green is valid, red is not, orange cannot be told; the words stand above the frame.";
    pages_more "没有显示的页数：" / "Pages that are not shown:";
    page "第" / "Page";
    pages_forgotten "按您的选择，文件已删除，不显示页面图。" / "As you chose, the document was deleted; its pages are not shown.";
    pages_not_drawn "这种格式暂时不能显示页面图，不影响核验结论。" / "Pages of this format cannot be shown yet; the verdict does not depend on it.";
    a_signature "签名" / "Signature";
    owner "印章所有人" / "Owner";
    validity "有效期" / "Valid";
    registered "登记情况" / "On record";
    status_then "盖章时状态" / "Status when sealed";
    status_now "现在状态" / "Status now";
    signed_at "盖章时间" / "Sealed at";
    signer "签名人" / "Signer";
    since_signing "签名之后的改动" / "What was done since it was signed";
    seen_then "下载签名时的文件" / "The document as it was signed";
    seen_then_help "对照它和现在的文件，可以看到改了什么。" / "Beside the document as it is now it shows what was changed.";
    all_checks "逐项检查" / "Every check";
    document_checks "文件本身的检查" / "Checks of the document";
    outcome_word "结果" / "Outcome";
    clause "标准条款" / "Clause";
    check "检查" / "Check";
    check_code "检查代码" / "Code";
    report_title "核验报告" / "Verification report";
    report_help "报告可以存档或者转交他人。JSON 供程序读取。" / "For your files, or for others. JSON is for programs.";
    report_html "下载报告（HTML）" / "Report (HTML)";
    report_json "下载报告（JSON）" / "Report (JSON)";
    another "核验另一份文件" / "Another document";
    record "核验记录编号" / "Number of the record";
    file "文件" / "Document";
    forget "立即删除文件和本页" / "Delete the document and this page now";
    bad_code "印章编码由字母和数字组成，请核对后重新输入。" / "A seal code has letters and digits; please compare and enter it again.";
    since "自" / "since";
    credit_code "统一社会信用代码" / "Credit code";
    timeline "状态变化" / "Changes";
    answered_by "应答单位：" / "Answered by";
    status_signed "需要签名的应答时，请使用状态接口。" / "Programs get the signed answer from the status API.";
    status_empty "印章编码印在印章备案凭证上，也写在核验结果里。" / "The code stands on the certificate of filing, and in the result of a verification.";
    verdict_valid "有效" / "Valid";
    verdict_invalid "无效" / "Invalid";
    verdict_indeterminate "无法判定" / "Indeterminate";
    verdict_unsigned "没有电子印章" / "No electronic seal";
    sentence_valid "文件自盖章后没有改动，印章真实，盖章时有效。" / "The document is unchanged since it was sealed; the seal is genuine and was in force.";
    sentence_invalid "至少一项检查不通过，请不要采信这份文件。" / "At least one check failed. Do not rely on this document.";
    sentence_indeterminate "没有发现错误，但缺少作出结论所需的依据。" / "Nothing wrong was found, but something is missing that a verdict needs.";
    sentence_unsigned "文件里没有电子印章或电子签名。图片形式的印章没有法律效力。" / "There is no electronic seal or signature in the document. A mere picture of a seal has no legal force.";
}

impl Words {
    /// Verdict in a word.
    pub fn verdict(self, verdict: &str) -> &'static str {
        match verdict {
            "valid" => self.verdict_valid(),
            "invalid" => self.verdict_invalid(),
            "unsigned" => self.verdict_unsigned(),
            _ => self.verdict_indeterminate(),
        }
    }

    /// Verdict in a sentence.
    pub fn sentence(self, verdict: &str) -> &'static str {
        match verdict {
            "valid" => self.sentence_valid(),
            "invalid" => self.sentence_invalid(),
            "unsigned" => self.sentence_unsigned(),
            _ => self.sentence_indeterminate(),
        }
    }

    /// A sign beside the word.
    pub fn verdict_sign(self, verdict: &str) -> &'static str {
        match verdict {
            "valid" => "✓",
            "invalid" => "✕",
            "unsigned" => "–",
            _ => "?",
        }
    }

    /// What somebody does who holds a document that is not valid.
    pub fn advice_on(self, verdict: &str) -> &'static [&'static str] {
        let zh = self.0 == crate::frame::Lang::Zh;
        match (verdict, zh) {
            ("invalid", true) => &[
                "不要据此付款、签约或办理业务。",
                "向出具文件的单位核实，请使用您已知的联系方式，不要用文件上写的。",
                "请对方重新提供原始的电子文件；经聊天软件转换、另存或打印后扫描的文件不再是原件。",
                "怀疑伪造的，可携带文件和核验报告向印章主管部门或公安机关反映。",
            ],
            ("invalid", false) => &[
                "Do not pay, sign or decide on the strength of it.",
                "Ask the unit that issued it, in a way you know already, not one given in the document.",
                "Ask for the original electronic file: one that was converted, saved anew or scanned is no original any more.",
                "If you suspect forgery, bring the document and this report to the authority for seals or to the police.",
            ],
            ("unsigned", true) => {
                &["请向出具单位索取带电子印章的原始文件。", "如果只有打印件，请用纸面上的验证码核对原件。"]
            }
            ("unsigned", false) => &[
                "Ask the unit that issued it for the original with its electronic seal.",
                "If you have a print-out only, use the code on the paper.",
            ],
            (_, true) => &[
                "理由里写明了缺少什么，例如无法识别印章的制作单位，或者没有可信时间。",
                "可以请出具单位补充可信时间戳，或者稍后再次核验。",
                "在弄清之前，请通过其他途径核实文件内容。",
            ],
            (_, false) => &[
                "The reasons say what is missing: an unknown maker, say, or a time nobody vouches for.",
                "The issuing unit can add a trusted timestamp; or try again later.",
                "Until then, confirm what the document says in another way.",
            ],
        }
    }

    /// Outcome of a check.
    pub fn outcome(self, outcome: &str) -> &'static str {
        match outcome {
            "pass" => self.0.pick("通过", "passed"),
            "fail" => self.0.pick("不通过", "failed"),
            "warn" => self.0.pick("提醒", "warning"),
            "indeterminate" => self.0.pick("无法判定", "indeterminate"),
            _ => self.0.pick("未进行", "not run"),
        }
    }

    /// A sign for it.
    pub fn mark(self, outcome: &str) -> &'static str {
        match outcome {
            "pass" => "✓",
            "fail" => "✕",
            "warn" => "!",
            "indeterminate" => "?",
            _ => "–",
        }
    }

    /// How the registry knows a seal.
    pub fn registered_as(self, known: &str) -> &'static str {
        match known {
            "yes" => self.0.pick("与本系统备案的印章完全一致", "the very seal that is on record here"),
            "different" => self.0.pick(
                "编码相同，但不是本系统备案的那一枚",
                "another seal than the one on record under this code",
            ),
            _ => self.0.pick("不是本系统登记的印章", "not a seal of this registry"),
        }
    }

    /// What vouches for a time.
    pub fn time_source(self, source: &str) -> &'static str {
        match source {
            "timestamp" => self.0.pick("可信时间戳", "trusted timestamp"),
            "claimed" => self.0.pick("签名人自称", "as the signer claims"),
            _ => "",
        }
    }

    /// Status of a seal.
    pub fn status(self, status: &str) -> &'static str {
        match status {
            "valid" => self.0.pick("有效", "In force"),
            "suspended" => self.0.pick("暂停使用", "Suspended"),
            "ended" => self.0.pick("已缴销或更换", "Canceled or replaced"),
            "expired" => self.0.pick("已过期", "Expired"),
            "void" => self.0.pick("无效", "Void"),
            "not_in_force" => self.0.pick("尚未生效", "Not in force yet"),
            _ => self.0.pick("没有这枚印章", "No such seal"),
        }
    }

    /// What that means.
    pub fn status_more(self, status: &str) -> &'static str {
        match status {
            "valid" => self.0.pick("这枚印章现在可以使用。", "The seal may be used now."),
            "suspended" => self.0.pick("停用期间加盖的印章无效；停用之前加盖的不受影响。", "What is sealed while it is suspended is not valid; what was sealed before is not touched."),
            "ended" => self.0.pick("这枚印章不再使用；此前加盖的不受影响。", "The seal is no longer used; what was sealed before is not touched."),
            "expired" => self.0.pick("有效期已满；到期之前加盖的不受影响。", "Its time is over; what was sealed before is not touched."),
            "void" => self.0.pick("主管部门已宣告这枚印章无效。", "The authority has declared this seal void."),
            "not_in_force" => self.0.pick("印章还没有交付给所有人。", "The seal is not in its owner's hands yet."),
            _ => self.0.pick("本系统没有登记或者没有公布这个编码。请核对编码；仍然没有的，请向所示单位核实。", "No seal with this code is registered or published here. Compare the code; if there is still none, ask the unit it names."),
        }
    }

    /// A sign for it.
    pub fn status_sign(self, status: &str) -> &'static str {
        match status {
            "valid" => "✓",
            "void" | "suspended" => "✕",
            "unknown" => "?",
            _ => "–",
        }
    }
}
