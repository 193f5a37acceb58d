//! Questions people ask, and their answers.

use super::Words;
use crate::frame::Lang;

/// A question with the paragraphs of its answer.
type Answered = (&'static str, &'static [&'static str]);

const ZH: &[Answered] = &[
    (
        "什么是电子印章？",
        &[
            "电子印章是用密码技术把印模图像、印章名称、所有人、数字证书和签名密钥结合在一起的数据。依法制作的电子印章与实物印章具有同等法律效力，法律另有规定的除外。",
            "文件上的一幅印章图片不是电子印章，没有法律效力。",
        ],
    ),
    (
        "核验结论是什么意思？",
        &[
            "有效：文件自盖章后没有改动，印章真实，盖章时有效。",
            "无效：至少一项检查不通过，例如文件被改动、印章数据被改动、盖章时印章已停用。",
            "无法判定：没有发现错误，但缺少依据，例如不认识印章的制作单位，或者盖章时间无人证明。",
            "没有电子印章：文件里没有可以核验的电子印章。",
        ],
    ),
    (
        "结论不是“有效”怎么办？",
        &[
            "先看理由。每一项检查都可以展开，说明依据的标准条款和证据。",
            "请出具单位重新提供原始的电子文件。经转换、另存、打印后扫描的文件不是原件。",
            "怀疑伪造的，携带文件和核验报告向印章主管部门或者公安机关反映。",
        ],
    ),
    (
        "打印件有效吗？",
        &[
            "打印件和转换成其他格式的文件是副本。用纸面上的验证码或者二维码可以查到原件的登记情况，以原件为准。",
        ],
    ),
    (
        "我的文件会被保存吗？",
        &[
            "核验记录只保存文件的摘要、大小和结论。供您查看的页面图最长保留 15 分钟，可以随时删除；勾选“立即删除文件”的，不保留页面图。",
        ],
    ),
    (
        "怎样申请电子印章？",
        &[
            "单位经办人登录后，在“制章申请”中选择印章种类，按提示填写并上传材料，确认承诺书后提交。审核结果和补正理由会在“通知”中告知。",
        ],
    ),
    (
        "印章丢失或者密钥泄露怎么办？",
        &["立即登录，打开印章，点击“挂失”并确认。挂失即时生效。忘记口令的，联系主管部门挂失。"],
    ),
    (
        "键盘怎样操作？",
        &["所有操作都可以用键盘完成：Tab 键移动，回车键打开，空格键勾选。页面开头的“跳到正文”可以越过导航。"],
    ),
];

const EN: &[Answered] = &[
    (
        "What is an electronic seal?",
        &[
            "Data that bind the picture of an imprint, the name of the seal, its owner, a digital certificate and a signing key by cryptography. Lawfully made, it has the force of a physical seal unless a law says otherwise.",
            "A mere picture of a seal in a document is no electronic seal and has no legal force.",
        ],
    ),
    (
        "What do the verdicts mean?",
        &[
            "Valid: the document is unchanged since it was sealed; the seal is genuine and was in force.",
            "Invalid: at least one check failed; the document or the seal was changed, say, or the seal was suspended when it was used.",
            "Indeterminate: nothing wrong was found, but something is missing: an unknown maker, or a time nobody vouches for.",
            "No electronic seal: there is none that could be verified.",
        ],
    ),
    (
        "What if it is not valid?",
        &[
            "Read the reasons first. Every check opens and shows its clause and evidence.",
            "Ask the issuing unit for the original electronic file. One that was converted, saved anew or scanned is no original.",
            "If you suspect forgery, bring document and report to the authority for seals or to the police.",
        ],
    ),
    (
        "Is a print-out valid?",
        &[
            "Print-outs and conversions are copies. The code or QR code on the paper leads to what is on record of the original, which is what counts.",
        ],
    ),
    (
        "Is my document kept?",
        &[
            "The record keeps digest, size and verdict only. Pictures of its pages are kept for 15 minutes at most and can be deleted at any time; with “Delete the document at once” there are none.",
        ],
    ),
    (
        "How does a unit apply for a seal?",
        &[
            "Its agent logs in, chooses the kind of seal under “Applications”, fills in what is asked, uploads the documents, confirms the statement and hands it in. Decisions and reasons come as notices.",
        ],
    ),
    (
        "A seal was lost, or its key leaked?",
        &[
            "Log in at once, open the seal, choose “Report a loss” and confirm. It takes effect immediately. Without your password, ask the authority to do it.",
        ],
    ),
    (
        "Can everything be done with the keyboard?",
        &[
            "Yes: Tab moves, Enter opens, Space ticks. “Skip to the content” at the top passes over the navigation.",
        ],
    ),
];

impl Words {
    /// The questions.
    pub fn questions(self) -> &'static [Answered] {
        match self.0 {
            Lang::Zh => ZH,
            Lang::En => EN,
        }
    }
}
