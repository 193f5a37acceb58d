//! Step 9: a certificate is revoked after signing; the timestamp makes the difference.

use yinxin_formats::crl::RevocationReason;
use yinxin_ofd::sign::Placement;
use yinxin_seal::Verdict;
use yinxin_seal::report::text;
use yinxin_seal::sign::TimestampSource;

use super::cast::{CARRIER, Cast};
use super::documents::Papers;
use super::sealing::{self, Act};
use super::seals::Seals;
use super::stage::{Stage, day};
use super::trial::{Claim, Trial};
use crate::failure::Failure;

/// Seals two copies, revokes the signer, verifies both.
pub fn tell(
    stage: &Stage,
    trial: &mut Trial,
    cast: &mut Cast,
    seals: &Seals,
    papers: &Papers,
) -> Result<(), Failure> {
    stage.step(9, "签章之后证书被吊销", "A certificate revoked after signing");
    cast.turn_clock(stage.calendar.signed);
    let facts = cast.anchors();
    let with = "cases/revoked-later-timestamped.ofd";
    let without = "cases/revoked-later-unproven.ofd";
    for (file, tsa) in [(with, Some(&cast.tsa as &dyn TimestampSource)), (without, None)] {
        let places = vec![Placement::on_page(0, 130.0, 75.0, 40.0, 40.0)];
        let act = Act { who: &cast.carrier, seal: &seals.carrier, places, tsa };
        stage.write(file, &sealing::apply(stage, &facts, &papers.receipt, &act)?)?;
    }
    let serial = cast.carrier.certificate.serial.to_string();
    let (signed, revoked) = (day(stage.calendar.signed), day(stage.calendar.revoked));
    cast.state.revoke(&serial, stage.calendar.revoked, RevocationReason::KeyCompromise)?;
    cast.publish(stage)?;
    trial.read_lists(stage)?;
    stage.tell(
        &format!("“{CARRIER}”在 {signed} 盖了两份收货证明，{revoked} 私钥泄露，证书吊销。"),
        &format!("\"{CARRIER}\" sealed two receipts on {signed}; on {revoked} its key was stolen and the certificate revoked."),
    );
    stage.tell(
        "拿到私钥的人可以把日期倒填。只有时间戳能证明章盖在吊销之前：",
        "Whoever has the key can write any date. Only a timestamp proves that the seal is older:",
    );
    let deed = text("有时间戳", "with timestamp");
    trial.check(stage, Claim { file: with, deed, verdict: Verdict::Valid, reason: None })?;
    let deed = text("没有时间戳", "without timestamp");
    let reason = Some("SIGNER_REVOKED_THEN");
    trial.check(stage, Claim { file: without, deed, verdict: Verdict::Indeterminate, reason })?;
    let (ca, pass) = (stage.show("ca"), stage.show("signer.password"));
    stage.made("crl", "吊销列表", "the revocation lists");
    stage.try_it(&format!(
        "yinxin verify {} --trust {} --crl {} --crl {}",
        stage.show(without),
        stage.show("trust"),
        stage.show("crl/ca.crl"),
        stage.show("crl/root.crl"),
    ));
    stage.try_it(&format!(
        "yinxin ca revoke {ca} --cert {} --reason keyCompromise && yinxin ca crl {ca} --password-file {pass} -o my-ca.crl",
        stage.show("people/impostor.pem"),
    ));
    Ok(())
}
