//! Texts of pages where a unit brings files.

use super::words;

words! {
    files_help "PDF、OFD、PNG、JPEG、BMP，不超过 20 MB。" / "PDF, OFD, PNG, JPEG, BMP; at most 20 MB.";
    rules_title "印章使用管理制度" / "Rules of use";
    rules_back "返回单位" / "Back to the unit";
    rules_lead "报送本单位的印章使用管理制度和主管机构；每年至少审阅一次。" / "The unit's rules for using seals and who is in charge; looked at once a year at least.";
    rules_hand_in "报送" / "Hand in";
    ticket_files "整改材料" / "Files of the correction";
    papers_back "返回印章" / "Back to the seal";
    papers_request "提交证书申请" / "Hand in a certification request";
    papers_request_lead "密钥在外部签发证书时使用。选择由印章密钥签名的 PKCS#10 文件。" / "Where an authority outside issues: choose the PKCS#10 file signed by the seal's key.";
    papers_request_help "一个文件，DER 或者 PEM（.csr、.p10、.der、.pem）。" / "One file, DER or PEM (.csr, .p10, .der, .pem).";
    papers_chain "导入证书" / "Import the certificate";
    papers_chain_lead "选择电子认证服务机构签发的证书和上级证书，可以一次选择几个文件；次序由系统排定。" / "Choose the certificate and those of its issuers, several files at once; they are put in order.";
    papers_chain_help "DER 或者 PEM（.cer、.crt、.der、.pem），合计不超过 10 个文件。" / "DER or PEM (.cer, .crt, .der, .pem), 10 files at most.";
    papers_made "提交制成的印章" / "Hand in the made seal";
    papers_made_lead "一次选择印章文件和所有人证书及其上级证书。格式版本、印模摘要、制作时间、准予制作凭证编号由系统从文件和制作任务中取得，并逐项核对；不符之处会列出，可以改正后再提交。" / "Choose the seal together with its owner's certificate and those of its issuers. Version, digest, time and number of the approval are taken from the files and the order; everything is compared, and what is wrong is listed.";
    papers_made_help "印章 .esl（GB/T 38540 或者 GM/T 0031），证书 .cer、.crt、.der、.pem；合计不超过 10 个文件。" / "The seal as .esl, certificates as .cer, .crt, .der, .pem; 10 files at most.";
    papers_none "没有选择文件，或者文件不是这里需要的" / "no file was chosen, or it is not what is needed here";
    papers_no_seal "所选文件中没有印章（.esl），或者印章已损坏" / "none of the files is a seal (.esl), or it is broken";
    papers_two_seals "所选文件中有不止一枚印章" / "there is more than one seal among the files";
    papers_too_many "文件太多或者太大：合计不超过 10 个，每个不超过 1 MB" / "too many files or too large: 10 at most, 1 MB each";
    ticket_back "返回监管单" / "Back to the ticket";
    ticket_files_lead "上传能够证明整改的材料，再回到监管单反馈整改情况。" / "Bring what shows the correction, then answer the ticket.";
}
