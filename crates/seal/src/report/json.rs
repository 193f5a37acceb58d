//! The report as canonical JSON: keys sorted, no floats, no insignificant spaces; the same facts give the same bytes.

use serde_json::{Map, Value, json};

use super::{Check, Lang, LaterChange, Outcome, Report, SealReport, SealSummary, SignatureReport};

/// JSON Schema of a report, published as `docs/generated/report.schema.json`.
pub const JSON_SCHEMA: &str = include_str!("report.schema.json");

impl Report {
    /// The object for one file. `file` is the name the caller knows it by.
    pub fn to_json(&self, file: &str, lang: Lang) -> Value {
        let warnings: Vec<Value> = self
            .warnings()
            .map(|(s, c)| {
                let mut w = Map::new();
                w.insert("code".into(), c.code.into());
                w.insert("detail".into(), c.detail.get(lang).into());
                if let Some(s) = s {
                    w.insert("signature".into(), s.id.clone().into());
                }
                Value::Object(w)
            })
            .collect();
        json!({
            "file": file,
            "verdict": self.verdict.word(),
            "document_format": self.document_format,
            "judged_at": self.judged_at,
            "policy": self.policy,
            "warnings": warnings,
            "checks": checks(&self.checks, lang),
            "signatures": self.signatures.iter().map(|s| signature(s, lang)).collect::<Vec<_>>(),
        })
    }
}

impl SealReport {
    /// The object for one seal.
    pub fn to_json(&self, file: &str, lang: Lang) -> Value {
        json!({
            "file": file,
            "verdict": self.verdict.word(),
            "judged_at": self.judged_at,
            "seal": self.seal.as_ref().map(seal),
            "checks": checks(&self.checks, lang),
        })
    }
}

/// Any serializable value as canonical JSON.
pub fn to_value(v: &impl serde::Serialize) -> Value {
    serde_json::to_value(v).unwrap_or(Value::Null)
}

fn signature(s: &SignatureReport, lang: Lang) -> Value {
    json!({
        "id": s.id,
        "verdict": s.verdict.word(),
        "format": s.format,
        "seal": s.seal.as_ref().map(seal),
        "signer": s.signer,
        "signing_time": s.signing_time,
        "time_source": s.time_source,
        "stamps": to_value(&s.stamps),
        "checks": checks(&s.checks, lang),
    })
}

fn seal(s: &SealSummary) -> Value {
    json!({
        "id": s.id, "name": s.name, "version": s.version, "valid_from": s.valid_from, "valid_to": s.valid_to,
        "created": s.created, "picture_type": s.picture_type, "width_mm": s.width_mm, "height_mm": s.height_mm,
        "maker": s.maker,
    })
}

fn checks(list: &[Check], lang: Lang) -> Vec<Value> {
    list.iter()
        .map(|c| {
            let evidence: Vec<Value> =
                c.evidence.iter().map(|(n, v)| json!({ "name": n, "value": v })).collect();
            let mut out = json!({
                "code": c.code,
                "clause": c.clause,
                "outcome": outcome(c.outcome),
                "detail": c.detail.get(lang),
                "evidence": evidence,
            });
            if let Some(out) = out.as_object_mut() {
                if !c.changes().is_empty() {
                    let changes: Vec<Value> = c.changes().iter().map(|change| later(change, lang)).collect();
                    out.insert("changes".into(), changes.into());
                }
                if let Some(signed) = c.signed() {
                    out.insert("signed".into(), to_value(&signed));
                }
            }
            out
        })
        .collect()
}

fn later(c: &LaterChange, lang: Lang) -> Value {
    json!({
        "code": c.code, "standing": to_value(&c.standing), "pages": c.pages, "revision": c.revision, "subject": c.subject,
        "objects": c.objects, "text": c.text.get(lang),
    })
}

fn outcome(o: Outcome) -> &'static str {
    match o {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Warn => "warn",
        Outcome::Indeterminate => "indeterminate",
        Outcome::NotRun => "not_run",
    }
}
