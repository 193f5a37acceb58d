//! Step 20: the case is exported with proof, and the audit chain verified.

use serde_json::{Value, json};
use yinxin_crypto::{SignatureAlgorithm, sm3};
use yinxin_registry::audit::CaseExport;

use super::api::text;
use super::founding::Staff;
use super::paper;
use super::tale::Tale;
use crate::failure::Failure;

/// Exports and verifies.
pub fn tell(tale: &Tale<'_>, staff: &Staff, seals: &[&str]) -> Result<(), Failure> {
    tale.step(20, 0, "案件导出，审计验证", "The case exported, the audit chain verified")?;
    paper::trust(tale)?;
    let subjects: Vec<&str> = seals.iter().map(|seal| seal.trim_start_matches("/seals/")).collect();
    let body =
        json!({ "case": "示例案〔2026〕1号", "subjects": subjects, "document": "示例调证〔2026〕1号" });
    let exported = staff.get("supervisor")?.post("/cases", &body)?;
    let export = text(&exported, "export");
    tale.stage.write("papers/case.json", export.as_bytes())?;
    tale.stage.made("papers/case.json", "案件记录与证明", "the records of the case with their proof");
    let (rows, sound) = verify(tale, &export)?;
    let digest = hex::encode(sm3(export.as_bytes()));
    let outcome = match sound && digest == text(&exported, "digest") {
        true => "sound",
        false => "changed",
    };
    tale.claim(
        &format!("监督员导出三枚印章的全部 {rows} 条记录，逐条可证未被改动"),
        &format!("the supervisor exports all {rows} records of the three seals, each proven unchanged"),
        outcome,
        "sound",
    );
    tale.stage.try_it(&format!(
        "yinxin audit case {} --cert {}",
        tale.stage.show("papers/case.json"),
        tale.stage.show("papers/authority.pem")
    ));
    let chain = staff.get("auditor")?.post("/audit/verifications", &json!({}))?;
    let count = |name: &str| chain.get(name).and_then(Value::as_u64).unwrap_or_default();
    tale.claim(
        &format!("审计员验证审计链：{} 行相连，{} 个已签名的链首相符", count("rows"), count("heads_matched")),
        &format!(
            "the auditor verifies the chain: {} rows, {} signed heads fit",
            count("rows"),
            count("heads_matched")
        ),
        &chain.get("sound").map(Value::to_string).unwrap_or_default(),
        "true",
    );
    tale.note(
        "case",
        json!({ "file": "papers/case.json", "rows": rows, "digest": digest, "verified": sound }),
    );
    tale.note(
        "audit",
        json!({ "sound": chain.get("sound"), "rows": count("rows"), "heads_matched": count("heads_matched") }),
    );
    Ok(())
}

/// Notes how the seals stand at the end: the first was changed into another, the contract seal lost.
pub fn final_states(tale: &Tale<'_>, staff: &Staff, seal: &str, contract: &str) -> Result<(), Failure> {
    let agent = staff.get("agent")?;
    tale.note("seal", seal_facts(&agent.get(seal)?.json(), Some("papers/seal.esl")));
    tale.note("contract_seal", seal_facts(&agent.get(contract)?.json(), None));
    Ok(())
}

/// Verifies an export by the authority's certificate alone; gives the number of its records.
fn verify(tale: &Tale<'_>, export: &str) -> Result<(usize, bool), Failure> {
    let export: CaseExport =
        serde_json::from_str(export).map_err(|e| Failure::new("CASE_FORMAT", e.to_string()))?;
    let certificate = &tale.host.app.authority.signing().certificate;
    let (key, key_id) = (certificate.public_key()?, hex::encode(sm3(certificate.raw())));
    let check = |id: &str, text: &[u8], signature: &[u8]| {
        id == key_id && key.verify(SignatureAlgorithm::Sm2Sm3, text, signature).is_ok()
    };
    Ok((export.rows.len(), export.verify(&check).is_ok()))
}

/// What the summary says of a seal.
pub fn seal_facts(seal: &Value, file: Option<&str>) -> Value {
    let digest = seal.get("made").map(|made| text(made, "digest"));
    json!({
        "id": text(seal, "id"),
        "code": text(seal, "code"),
        "name": text(seal, "name"),
        "state": text(seal, "state"),
        "digest": digest,
        "file": file,
    })
}
