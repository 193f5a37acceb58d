//! Step 7: the sealed documents are valid, and why.

use yinxin_seal::Verdict;
use yinxin_seal::report::{Text, text};

use super::stage::Stage;
use super::trial::{Claim, Trial};
use crate::failure::Failure;

/// Verifies everything that was sealed; explains one document check by check.
pub fn sealed(stage: &Stage, trial: &mut Trial) -> Result<(), Failure> {
    stage.step(7, "验证，并说明每一步的理由", "Verifying, with the reason for every step");
    let valid = |file, deed: Text| Claim { file, deed, verdict: Verdict::Valid, reason: None };
    trial.check(stage, valid("sealed/notice.ofd", text("公章", "the unit's seal")))?;
    let deed = text("合同章，有时间戳", "the contract seal, timestamped");
    trial.check(stage, valid("sealed/notice-timestamped.ofd", deed))?;
    let deed = text("末页章与骑缝章", "a seal on the last page and across the edges");
    trial.check(stage, valid("sealed/contract.ofd", deed))?;
    let deed = text("两家单位的章", "the seals of two units");
    trial.check(stage, valid("sealed/contract-two-seals.ofd", deed))?;
    let deed =
        text("PDF，按关键字盖章并加骑缝章", "a PDF, sealed where the words ask for it and across the edges");
    trial.check(stage, valid("sealed/statement.pdf", deed))?;
    let deed = text("PDF，两家单位的章", "a PDF with the seals of two units");
    trial.check(stage, valid("sealed/statement-two-seals.pdf", deed))?;
    if let Some(example) = trial.findings.iter().find(|f| f.claim.file == "sealed/contract.ofd") {
        stage.say(
            "\n  逐项看 sealed/contract.ofd 为什么有效：",
            "\n  Why sealed/contract.ofd is valid, check by check:",
        );
        for line in example.report.to_text(stage.out.lang, true).lines() {
            stage.out.say(format!("  | {line}"));
        }
    }
    stage.try_it(&format!(
        "yinxin verify {} --trust {} --crl {} --crl {} --all",
        stage.show("sealed/contract.ofd"),
        stage.show("trust"),
        stage.show("crl/ca.crl"),
        stage.show("crl/root.crl"),
    ));
    Ok(())
}
