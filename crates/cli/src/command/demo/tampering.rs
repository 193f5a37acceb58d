//! Step 8: forgers at work, and what the verifier says to each.

use yinxin_ofd::sign::Placement;
use yinxin_seal::Verdict;
use yinxin_seal::report::{Text, text};

use super::cast::Cast;
use super::documents::Papers;
use super::sealing::{Act, Sealed};
use super::seals::Seals;
use super::stage::Stage;
use super::trial::{Claim, Trial};
use super::{forge, tamper};
use crate::failure::Failure;

/// Makes the tampered copies and verifies each.
pub fn tell(
    stage: &Stage,
    trial: &mut Trial,
    cast: &Cast,
    seals: &Seals,
    sealed: &Sealed,
    papers: &Papers,
) -> Result<(), Failure> {
    stage.step(8, "动手脚，看能不能蒙混过关", "Tampering, and what comes of it");
    let notice = &sealed.notice;
    let place = || vec![Placement::on_page(0, 130.0, 75.0, 40.0, 40.0)];
    let impostor = Act { who: &cast.impostor, seal: &seals.unit, places: place(), tsa: None };
    let late = Act { who: &cast.unit, seal: &seals.expired, places: place(), tsa: None };
    let refused: [(&str, Vec<u8>, Text, &str); 9] = [
        (
            "tampered/page-changed.ofd",
            tamper::change_page(notice)?,
            text("把“壹拾万元”改成“玖拾万元”", "the sum on the page made nine times as large"),
            "DOCUMENT_MODIFIED",
        ),
        (
            "tampered/seal-replaced.ofd",
            tamper::replace_seal(notice, &seals.partner)?,
            text("把显示的印章换成另一家的", "the displayed seal replaced by another unit's"),
            "SEAL_FILE_MISMATCH",
        ),
        (
            "tampered/seal-copied.ofd",
            tamper::copy_seal(notice)?,
            text("把印章复制到页面别处，充作第二枚章", "the seal copied to another place as a second one"),
            "DOCUMENT_MODIFIED",
        ),
        (
            "tampered/value-altered.ofd",
            tamper::flip_value(notice)?,
            text("改动签名值的一个比特", "one bit of the signature value flipped"),
            "SIGNATURE_VALUE",
        ),
        (
            "tampered/list-deleted.ofd",
            tamper::delete_list(notice)?,
            text("删掉签名列表，想让文件看起来没盖过章", "the list of signatures deleted, to look unsigned"),
            "SIGNATURE_LIST",
        ),
        (
            "tampered/hidden-duplicate.ofd",
            tamper::duplicate_page(notice)?,
            text(
                "藏入同名的第二页：不同软件会显示不同金额",
                "a second page under the same name: programs differ in what they show",
            ),
            "CONTAINER",
        ),
        (
            "tampered/signer-not-listed.ofd",
            forge::apply(stage, &papers.notice, &impostor)?,
            text("别家用自己的证书盖这枚章", "another unit uses the seal with its own certificate"),
            "SIGNER_NOT_LISTED",
        ),
        (
            "tampered/seal-expired.ofd",
            forge::apply(stage, &papers.notice, &late)?,
            text("用已过期的印章签章", "a seal used after it had expired"),
            "SEAL_EXPIRED_THEN",
        ),
        (
            "tampered/statement-changed.pdf",
            tamper::change_pdf(&sealed.statement)?,
            text("把 PDF 中的“壹拾万元”改成“玖拾万元”", "the sum in the PDF made nine times as large"),
            "DOCUMENT_MODIFIED",
        ),
    ];
    for (file, bytes, deed, reason) in refused {
        stage.write(file, &bytes)?;
        trial.check(stage, Claim { file, deed, verdict: Verdict::Invalid, reason: Some(reason) })?;
    }
    replaced_later(stage, trial, sealed)?;
    remarks(stage, trial, sealed)?;
    stage.try_it(&format!(
        "yinxin verify {} --trust {}",
        stage.show("tampered/page-changed.ofd"),
        stage.show("trust")
    ));
    Ok(())
}

/// A page put in place of another by what is appended, as PDF allows: the signed bytes are all there, and what is shown is another page.
fn replaced_later(stage: &Stage, trial: &mut Trial, sealed: &Sealed) -> Result<(), Failure> {
    stage.tell(
        "PDF 可以在末尾追加新版本，把某一页换掉，而签名的字节原样不动。多数阅读器只会显示新的一页；这里逐个对象比对，并能取出签章人当时所见：",
        "A PDF may be appended to: a page is exchanged while the signed bytes stay. Most viewers just show the new page. Here every object is compared, and what the signer saw can be had:",
    );
    let file = "cases/statement-page-replaced.pdf";
    stage.write(file, &tamper::replace_page_later(&sealed.statement)?)?;
    let deed = text("追加一个版本，换掉第一页", "a revision appended that exchanges page 1");
    trial
        .check(stage, Claim { file, deed, verdict: Verdict::Indeterminate, reason: Some("LATER_CHANGES") })?;
    stage.try_it(&format!("yinxin extract {} --revision 2 -o as-signed.pdf", stage.show(file)));
    Ok(())
}

/// Two copies that stay valid, but not without a remark.
fn remarks(stage: &Stage, trial: &mut Trial, sealed: &Sealed) -> Result<(), Failure> {
    stage.tell(
        "还有两种改动不影响所见内容，文件仍然有效，但报告会提醒：",
        "Two more changes leave what is shown alone: still valid, but not without a warning:",
    );
    let warned: [(&str, Vec<u8>, Text, &str); 2] = [
        (
            "cases/part-added.ofd",
            tamper::add_part(&sealed.notice)?,
            text("塞进一个没有用到的文件", "a file put in that nothing uses"),
            "COVERAGE",
        ),
        (
            "cases/record-removed.ofd",
            tamper::drop_record(&sealed.contract)?,
            text("从两枚章中摘掉第一枚的登记", "the record of the first of two seals taken out"),
            "HIDDEN_SIGNATURE",
        ),
    ];
    for (file, bytes, deed, reason) in warned {
        stage.write(file, &bytes)?;
        trial.check(stage, Claim { file, deed, verdict: Verdict::Valid, reason: Some(reason) })?;
    }
    Ok(())
}
