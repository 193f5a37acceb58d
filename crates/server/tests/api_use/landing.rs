//! The page that a code on paper leads to.

use crate::copies::{print, sealed_as};
use crate::stage::Stage;
use crate::support::{Answer, Server, for_each_engine, on_sqlite};
use crate::uses::contract;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::json;
use yinxin_crypto::DigestAlgorithm;
use yinxin_testkit::oracle::Lab;

async fn page(server: &Server, code: &str) -> Answer {
    let page = server.visitor().send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{}", page.text());
    page
}

/// The style is the one the policy allows, nothing runs, and the marks are in order: as XML reads them.
fn sound(lab: &Lab, page: &Answer) {
    let text = page.text();
    let style = text.split("<style>").nth(1).unwrap().split("</style>").next().unwrap();
    let digest = STANDARD.encode(DigestAlgorithm::Sha256.digest(style.as_bytes()));
    let policy = page.header("content-security-policy");
    assert_eq!(
        policy,
        format!(
            "default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        )
    );
    assert_eq!((page.header("cache-control"), page.header("x-robots-tag")), ("no-store", "noindex"));
    for active in ["<script", "javascript:", "onerror=\"", "<img", "style=\"", "http-equiv"] {
        assert!(!text.contains(active), "{active}: {text}");
    }
    assert!(text.starts_with("<!doctype html><html lang=\"zh-CN\">") && text.contains("lang=\"en\""));
    // Void elements are the only ones that XML would want closed.
    let (_, html) = text.split_once("<!doctype html>").unwrap();
    let mut xml = html.replace("<br>", "<br/>");
    for void in ["<meta charset=\"utf-8\">", "initial-scale=1\">", "content=\"noindex\">"] {
        assert!(xml.contains(void), "{void}");
        xml = xml.replace(void, &void.replace('>', "/>"));
    }
    lab.write("page.xml", xml);
    let (whole, said) = lab.run("xmllint", &["--noout", "page.xml"]);
    assert!(whole, "{said}");
}

#[test]
fn the_page_says_what_the_copy_is_and_what_became_of_seal_and_copy() {
    for_each_engine(async |server| {
        let lab = Lab::new(&format!("landing-{}", server.app.config.database.url.is_postgres()));
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = sealed_as(&stage, "合同", contract(1)).await;
        let copy = stage.user.post(&format!("{}/copies", document.item), print()).await.ok();
        let code = copy["code"].as_str().unwrap();
        let seal = stage.agent.get(&stage.seal).await.ok();
        let digest = hex::encode(yinxin_crypto::sm3(&document.after));
        let grouped = format!("{}-{}-{}-{}", &code[..5], &code[5..10], &code[10..15], &code[15..]);

        let shown = page(server, &grouped.to_lowercase()).await;
        assert_eq!(shown.status.as_u16(), 200);
        sound(&lab, &shown);
        let facts = [
            "您手中的是副本",
            "What you hold is a copy",
            "只有原电子文件载有电子印章",
            &grouped,
            &digest,
            seal["name"].as_str().unwrap(),
            seal["code"].as_str().unwrap(),
            seal["unit_name"].as_str().unwrap(),
            "<dd>3</dd>",
            "打印件",
            "<td>1–2</td>",
            "/api/v1/verifications",
            "有不符之处",
            "<svg ",
        ];
        for fact in facts {
            assert!(shown.text().contains(fact), "{fact}: {}", shown.text());
        }
        for secret in ["对方单位存档", "签订年度采购合同", "采购合同1.ofd", "示例人员", &stage.user.id]
        {
            assert!(!shown.text().contains(secret), "{secret}");
        }
        assert!(!shown.text().contains("已撤回") && !shown.text().contains("暂停使用"));
        let original = page(server, &document.code).await;
        sound(&lab, &original);
        assert!(original.text().contains("没有单独登记") && original.text().contains(&digest));

        // Statuses count in whole seconds.
        server.advance(SignedDuration::from_secs(5)).await;
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        let path = format!("/copies/{}", copy["id"].as_str().unwrap());
        stage.user.step(&path, "withdraw", json!({ "reason": "用途已变" })).await.ok();
        let shown = page(server, code).await;
        sound(&lab, &shown);
        for fact in [
            "这份副本已撤回",
            "This copy is withdrawn",
            "<td>有效 <span lang=\"en\">valid</span>",
            "<td>暂停使用 <span",
        ] {
            assert!(shown.text().contains(fact), "{fact}: {}", shown.text());
        }
        assert!(!shown.text().contains("用途已变"));
    });
}

#[test]
fn nothing_that_somebody_wrote_becomes_markup() {
    on_sqlite(async |server| {
        let lab = Lab::new("landing-hostile");
        let hostile = "<script>alert(\"1\")</script>&'章";
        let stage =
            Stage::set_with(server, |content| content["seal_name"] = json!(hostile)).await.kept().await;
        stage.flow().await;
        let kind = "<img src=x onerror=alert(2)>";
        let document = sealed_as(&stage, kind, contract(1)).await;
        let format = "</title><b>PDF";
        let body =
            json!({ "form": { "kind": "conversion", "format": format }, "number": 1, "purpose": "存档" });
        let copy = stage.user.post(&format!("{}/copies", document.item), body).await.ok();
        let shown = page(server, copy["code"].as_str().unwrap()).await;
        assert_eq!(shown.status.as_u16(), 200);
        sound(&lab, &shown);
        for safe in [
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;章",
            "&lt;img src=x onerror=alert(2)&gt;",
            "&lt;/title&gt;&lt;b&gt;PDF",
        ] {
            assert!(shown.text().contains(safe), "{safe}: {}", shown.text());
        }
        for typed in
            ["%3Cscript%3Ealert(3)%3C%2Fscript%3E", "x%22%20onload=%22y", "%FF%FE", &"A".repeat(5000)]
        {
            let none = page(server, typed).await;
            assert_eq!(none.status.as_u16(), 404);
            sound(&lab, &none);
            assert!(none.text().contains("没有这个验证码") && none.text().contains("No such code"));
            assert!(none.text().len() < 10_000);
        }
        let typed = page(server, "%3Cscript%3Ealert(3)%3C%2Fscript%3E").await;
        assert!(typed.text().contains("&lt;script&gt;alert(3)&lt;/script&gt;"));
        // A session that has ended keeps nobody from reading.
        let headers = [("cookie", "yinxin=gone; __Host-yinxin=gone")];
        let ended =
            server.visitor().send("GET", &format!("/v/{}", document.code), &headers, Vec::new()).await;
        assert_eq!(ended.status.as_u16(), 200);
        server
            .visitor()
            .send("POST", &format!("/v/{}", document.code), &[], Vec::new())
            .await
            .problem("METHOD_NOT_ALLOWED");
    });
}
