//! How the story ends: the count, what was left, what to try next; and the same as JSON.

use serde_json::{Value, json};

use super::stage::Stage;
use super::trial::Trial;

/// The last words.
pub fn tell(stage: &Stage, trial: &Trial, registry_as_told: bool) {
    stage.out.say("");
    let (all, told) = (trial.findings.len(), trial.findings.iter().filter(|f| f.as_told()).count());
    if trial.as_told() {
        stage.say(
            &format!("讲完了：{all} 份文件的结论都与所讲相符。"),
            &format!("The end: the verdicts on all {all} files are as told."),
        );
    } else {
        stage.say(
            &format!("有 {} 份文件的结论与所讲不符，见上。", all - told),
            &format!("The verdicts on {} files are NOT as told, see above.", all - told),
        );
    }
    if registry_as_told {
        stage.say("登记系统里的每一步也与所讲相符。", "Every step in the registry came out as told.");
    } else {
        stage.say("登记系统里有步骤与所讲不符，见上。", "Steps in the registry are NOT as told, see above.");
    }
    stage.made(
        "report.html",
        "用浏览器打开，看全部结论和逐项检查",
        "open it in a browser: all verdicts and checks",
    );
    let trust = stage.show("trust");
    stage.say("接下来可以：", "Next:");
    stage.try_it(&format!(
        "yinxin verify {}/* {}/* --trust {trust}",
        stage.show("sealed"),
        stage.show("tampered")
    ));
    stage.try_it(&format!(
        "yinxin sign {} -o my-notice.ofd --seal {} --key {} --password-file {} --page 1 --x 130 --y 75",
        stage.show("documents/notice.ofd"),
        stage.show("seal.esl"),
        stage.show("signer.key"),
        stage.show("signer.password"),
    ));
    stage.try_it(&format!("yinxin verify my-notice.ofd --trust {trust} --json"));
    stage.try_it(&format!("yinxin seal inspect {}", stage.show("seal.esl")));
}

/// The summary for programs.
pub fn summary(stage: &Stage, trial: &Trial, registry: &Value) -> Value {
    let path = |inside: &str| stage.path(inside).display().to_string();
    let files: Vec<Value> = trial
        .findings
        .iter()
        .map(|f| {
            json!({
                "file": path(f.claim.file),
                "verdict": f.report.verdict.word(),
                "expected": f.claim.verdict.word(),
                "as_told": f.as_told(),
                "reason": f.reason().map(|c| json!({ "code": c.code, "detail": c.detail.get(stage.out.lang) })),
            })
        })
        .collect();
    json!({
        "as_told": trial.as_told() && registry.get("as_told") == Some(&Value::Bool(true)),
        "folder": stage.path("").components().collect::<std::path::PathBuf>().display().to_string(),
        "documents": path("documents"),
        "sealed": path("sealed"),
        "tampered": path("tampered"),
        "cases": path("cases"),
        "trust": path("trust"),
        "crl": [path("crl/ca.crl"), path("crl/root.crl")],
        "seal": path("seal.esl"),
        "key": path("signer.key"),
        "password_file": path("signer.password"),
        "report": path("report.html"),
        "files": files,
        "registry": registry,
    })
}
