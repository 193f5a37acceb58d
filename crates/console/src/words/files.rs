//! Texts of pages where a unit brings files.

use super::words;

words! {
    files_help "PDF、OFD、PNG、JPEG、BMP，不超过 20 MB。" / "PDF, OFD, PNG, JPEG, BMP; at most 20 MB.";
    rules_title "印章使用管理制度" / "Rules of use";
    rules_back "返回单位" / "Back to the unit";
    rules_lead "报送本单位的印章使用管理制度和主管机构；每年至少审阅一次。" / "The unit's rules for using seals and who is in charge; looked at once a year at least.";
    rules_hand_in "报送" / "Hand in";
    ticket_files "整改材料" / "Files of the correction";
    ticket_back "返回监管单" / "Back to the ticket";
    ticket_files_lead "上传能够证明整改的材料，再回到监管单反馈整改情况。" / "Bring what shows the correction, then answer the ticket.";
}
