//! Step 5: documents nobody has sealed yet.

use yinxin_ofd::sample;
use yinxin_pdf::sample as pdf_sample;

use super::cast::{CARRIER, PARTNER, UNIT};
use super::stage::Stage;
use crate::failure::Failure;

/// The sum in the notice that the forger will want to be another.
pub const SUM: &str = "人民币壹拾万元";
/// What the forger makes of it.
pub const FORGED_SUM: &str = "人民币玖拾万元";

/// Unsigned documents.
#[derive(Debug)]
pub struct Papers {
    /// Three pages, for two parties.
    pub contract: Vec<u8>,
    /// One page.
    pub notice: Vec<u8>,
    /// One page of the unit whose key is lost.
    pub receipt: Vec<u8>,
    /// Two pages, PDF.
    pub statement: Vec<u8>,
}

/// Writes them.
pub fn write(stage: &Stage) -> Result<Papers, Failure> {
    let party_a = format!("甲方：{UNIT}");
    let party_b = format!("乙方：{PARTNER}");
    let carrier = format!("承运人：{CARRIER}");
    let papers = Papers {
        contract: sample::document_of(
            "采购合同（样例）",
            &[
                &[
                    &party_a,
                    &party_b,
                    "一、乙方向甲方供应样品设备十台，总价款壹拾贰万元整。",
                    "二、设备的型号、数量和单价以本合同第二页所列为准。",
                ],
                &[
                    "三、样品设备甲型六台，每台壹万元；乙型四台，每台壹万伍仟元。",
                    "四、乙方应于合同签订后三十日内交货，甲方验收后十日内付款。",
                    "五、因本合同发生的争议，由双方协商解决。",
                ],
                &[
                    "六、本合同双方加盖电子印章后生效，各页加盖骑缝章。",
                    &party_a,
                    "（盖章）",
                    &party_b,
                    "（盖章）",
                ],
            ],
        ),
        notice: sample::document(
            1,
            "付款通知（样例）",
            &[&party_a, &format!("请贵单位于本月底前支付货款{SUM}整。"), "特此通知。"],
        ),
        receipt: sample::document(1, "收货证明（样例）", &[&carrier, "兹证明已收到样品设备十台，外观完好。"]),
        statement: pdf_sample::document_of(
            "往来对账单（样例）",
            &[
                &[&party_a, &party_b, &format!("截至本月底，甲方应付乙方货款{SUM}整。")],
                // Room for two seals of 40 mm, neither over the other.
                &["以上数额核对无误。", "甲方（盖章）：", "", "", "", "", "乙方（盖章）："],
            ],
        ),
    };
    stage.write("documents/contract.ofd", &papers.contract)?;
    stage.write("documents/notice.ofd", &papers.notice)?;
    stage.write("documents/receipt.ofd", &papers.receipt)?;
    stage.write("documents/statement.pdf", &papers.statement)?;
    stage.step(
        5,
        "准备几份版式文件（OFD 和 PDF）",
        "Documents in OFD, the national format for fixed layout, and in PDF",
    );
    stage.made("documents/contract.ofd", "三页合同", "a contract of three pages");
    stage.made("documents/notice.ofd", "一页付款通知", "a payment notice of one page");
    stage.made("documents/receipt.ofd", "一页收货证明", "a receipt of one page");
    stage.made("documents/statement.pdf", "两页对账单，PDF", "a statement of two pages, PDF");
    stage.try_it(&format!("yinxin inspect {}", stage.show("documents/contract.ofd")));
    Ok(papers)
}
