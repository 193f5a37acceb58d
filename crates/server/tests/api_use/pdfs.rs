//! PDF in daily use: asked for, approved, sealed and archived as OFD is; qpdf, mupdf and poppler look at what comes out.

use crate::stage::{Stage, rule};
use crate::support::for_each_engine;
use crate::uses::{add, approved, bring, contract, draft, item, looked_at, register_codes, sign};
use serde_json::{Value, json};
use yinxin_pdf::sample;
use yinxin_seal::Verdict;
use yinxin_testkit::oracle::Lab;

/// A contract of two pages.
pub fn pdf_contract(number: u32) -> Vec<u8> {
    let text = format!("第一条 第{number}号合同金额 100 元。");
    sample::document(2, "示例合同", &[&text, "甲方（盖章）：", "乙方（盖章）："])
}

#[test]
fn pdf_and_ofd_of_one_request_are_sealed_alike() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let documents = [pdf_contract(1), contract(2), pdf_contract(3)];
        let (request, items) = approved(&stage, &documents).await;
        let listed = stage.user.get(&format!("{request}/items")).await.ok();
        let formats: Vec<&str> =
            listed["items"].as_array().unwrap().iter().map(|item| item["format"].as_str().unwrap()).collect();
        assert_eq!(formats, ["pdf", "ofd", "pdf"], "the content tells");
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        let whole = stage.user.get(&request).await.ok();
        assert_eq!((&whole["state"], &whole["tally"]["signed"]), (&json!("done"), &json!(3)), "{whole}");
        assert_eq!(register_codes(&stage).await, ["sealed"; 3]);
        for (one, original) in items.iter().zip(&documents) {
            let sealed = stage.user.get(&format!("{one}/sealed")).await;
            let (verdict, approval) = looked_at(&stage, &sealed.body);
            assert_eq!(verdict, Verdict::Valid);
            assert_eq!(approval, whole["approval_record"].as_str().unwrap());
            if !original.starts_with(b"%PDF-") {
                continue;
            }
            assert_eq!(sealed.header("content-type"), "application/pdf");
            assert!(sealed.body.starts_with(original), "the old bytes stay");
            let lab = Lab::new("sealed-pdf");
            lab.write("s.pdf", &sealed.body);
            let (good, text) = lab.run("qpdf", &["--check", "s.pdf"]);
            assert!(good, "{text}");
            let (good, text) = lab.run("mutool", &["show", "s.pdf", "trailer"]);
            assert!(good && !text.contains("error") && !text.contains("warning"), "{text}");
            // The seal's red stands around the middle of its place on the last page.
            let (good, text) =
                lab.run("pdftoppm", &["-r", "50.8", "-f", "2", "-l", "2", "-singlefile", "s.pdf", "page"]);
            assert!(good, "{text}");
            let red = |left: usize, top: usize, right: usize, bottom: usize| {
                let data = lab.read("page.ppm");
                let size: Vec<&str> = std::str::from_utf8(&data[3..11]).unwrap().split_whitespace().collect();
                let wide: usize = size[0].parse().unwrap();
                let pixels = &data[data.len() - wide * size[1].parse::<usize>().unwrap() * 3..];
                let at = |x: usize, y: usize| &pixels[(y * wide + x) * 3..][..3];
                let mut count = 0;
                for y in top..bottom {
                    for x in left..right {
                        let p = at(x, y);
                        count += usize::from(p[0] > 150 && p[1] < 120 && p[2] < 120);
                    }
                }
                count
            };
            // Two pixels for each millimeter: 150, 240 is the middle.
            assert!(red(260, 440, 340, 520) > 300, "no seal where it should be");
            assert_eq!(red(20, 440, 250, 520), 0);
        }
    });
}

#[test]
fn a_pdf_is_told_by_its_content_and_what_is_two_kinds_at_once_is_not_taken() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let grant = stage.grant(|_| {}).await;
        let request = draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
        let bytes = pdf_contract(1);
        let both = [bytes.clone(), contract(1)].concat();
        let body = json!({ "items": [item(1, &bytes), item(2, &both)] });
        let added = stage.user.step(&request, "items", body).await.ok();
        let path = |at: usize| format!("{request}/items/{}", added["items"][at]["id"].as_str().unwrap());
        for kind in ["application/ofd", "application/xml", "application/zip"] {
            bring(&stage.user, &path(0), &bytes, kind).await.problem("UNSUPPORTED_MEDIA_TYPE");
        }
        bring(&stage.user, &path(0), &bytes, "application/pdf").await.ok();
        for kind in ["application/pdf", "application/ofd"] {
            bring(&stage.user, &path(1), &both, kind).await.problem("UNSUPPORTED_MEDIA_TYPE");
        }
        assert_eq!(rule(&stage.user.step(&request, "submit", json!({})).await), "CONTENT_MISSING");
    });
}

#[test]
fn the_seal_goes_where_a_word_stands_in_documents_of_either_kind() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let grant = stage.grant(|body| body["most"] = json!(10)).await;
        let request = draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
        let ofd = yinxin_ofd::sample::document(2, "示例合同", &["甲方（盖章）：", "乙方（盖章）："]);
        let documents = [pdf_contract(1), ofd, pdf_contract(2)];
        let words = [("甲方(盖章)", 2), ("乙方（盖章）", 0), ("丙方", 1)];
        let items: Vec<Value> = documents
            .iter()
            .zip(words)
            .map(|(bytes, (word, hit))| {
                let mut one = item(1, bytes);
                one["placements"] = json!([{ "kind": "keyword", "word": word, "hit": hit }]);
                one
            })
            .collect();
        let added = stage.user.step(&request, "items", json!({ "items": items })).await.ok();
        let paths: Vec<String> = added["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| format!("{request}/items/{}", item["id"].as_str().unwrap()))
            .collect();
        for (path, bytes) in paths.iter().zip(&documents) {
            let kind = if bytes.starts_with(b"%PDF-") { "application/pdf" } else { "application/ofd" };
            bring(&stage.user, path, bytes, kind).await.ok();
        }
        let pending = stage.user.step(&request, "submit", json!({})).await.ok();
        stage.approver.step(&request, "approve", json!({ "digest": pending["digest"] })).await.ok();
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        let whole = stage.user.get(&request).await.ok();
        assert_eq!(whole["tally"]["signed"], json!(2), "{whole}");
        assert!(register_codes(&stage).await.contains(&"PLACEMENT_KEYWORD".to_owned()));
        for (path, pages) in [(&paths[0], &[2][..]), (&paths[1], &[1, 2])] {
            let sealed = stage.user.get(&format!("{path}/sealed")).await;
            let facts = server.app.authority.trust();
            let options = yinxin_seal::VerifyOptions::at(server.now());
            let report = yinxin_seal::verify(std::io::Cursor::new(&sealed.body), &facts, &options);
            assert_eq!(report.verdict, Verdict::Valid);
            let found: Vec<usize> = report.signatures[0].stamps.iter().map(|stamp| stamp.page).collect();
            assert_eq!(found, pages);
        }
    });
}

#[test]
fn the_package_for_an_archive_holds_the_pdf_and_its_report() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let grant = stage.grant(|_| {}).await;
        let request = draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
        let items = add(&stage.user, &request, &[pdf_contract(1)]).await;
        let pending = stage.user.step(&request, "submit", json!({})).await.ok();
        stage.approver.step(&request, "approve", json!({ "digest": pending["digest"] })).await.ok();
        sign(&stage.user, &request, json!({})).await.ok();
        server.tick().await;
        let answer = stage.user.get(&format!("{}/archive-package", items[0])).await;
        let lab = Lab::new("pdf-package");
        lab.write("p.zip", &answer.body);
        let (good, text) = lab.run("unzip", &["-q", "p.zip", "-d", "out"]);
        assert!(good, "{text}");
        assert_eq!(lab.read("out/original.pdf"), pdf_contract(1));
        let report: Value = serde_json::from_slice(&lab.read("out/verification.json")).unwrap();
        assert_eq!(report["verdict"], "valid", "{report}");
        let (good, text) = lab.run("xmllint", &["--noout", "out/metadata.xml"]);
        assert!(good, "{text}");
    });
}
