//! What comes of documents of every kind.

use crate::documents::{PATH, changed, codes, contract, digest, noise, sealed, sealed_of, verify, verify_as};
use crate::stage::Stage;
use crate::support::{for_each_engine, on_sqlite};
use serde_json::{Value, json};
use std::io::Cursor;
use std::time::{Duration, Instant};
use yinxin_seal::report::Lang;
use yinxin_seal::{TrustFacts, VerifyOptions};
use yinxin_server::status::{timeline, verify::facts_of};
use yinxin_testkit::zip::{Zip, item};

#[test]
fn a_document_sealed_here_is_valid_for_everybody_and_the_report_is_that_of_the_library() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, original) = sealed(&stage, 1).await;
        let seal = stage.agent.get(&stage.seal).await.ok();
        let answer = verify(&server.visitor(), &document).await;
        let told = answer.ok();
        assert_eq!(answer.status.as_u16(), 201);
        assert_eq!(answer.header("location"), format!("{PATH}/{}", told["id"].as_str().unwrap()));
        assert_eq!((&told["verdict"], &told["failed"]), (&json!("valid"), &json!([])), "{told}");
        assert_eq!((&told["digest"], &told["size"]), (&json!(digest(&document)), &json!(document.len())));
        assert_eq!(
            (&told["kept"], &told["caller"], told.get("by")),
            (&json!("digest"), &json!("anonymous"), None)
        );
        let found = &told["seals"][0];
        assert_eq!((&found["code"], &found["registered"]), (&seal["code"], &json!("yes")));
        assert_eq!((&found["status_then"], &found["status_now"]), (&json!("valid"), &json!("valid")));
        assert_eq!((&found["name"], &found["owner"]), (&seal["name"], &seal["unit_name"]));
        let known = &told["sealed_here"][0];
        assert_eq!((&known["document"], &known["code"]), (&json!("sealed"), &seal["code"]));

        // Anybody who has the library and the facts comes to the same, word for word.
        let code = seal["code"].as_str().unwrap();
        let kept = server.app.store.read().await.unwrap().seal_by_code(code).await.unwrap().unwrap().value;
        let trust = server.app.authority.trust();
        let facts = TrustFacts { statuses: facts_of(code, &timeline(&kept)), ..TrustFacts::clone(&trust) };
        let at = told["at"].as_str().unwrap().parse().unwrap();
        let report = yinxin_seal::verify(Cursor::new(&document), &facts, &VerifyOptions::at(at));
        assert_eq!(told["report"], report.to_json(&digest(&document), Lang::Zh));
        assert!(codes(&told, "pass").contains(&"STATUS_CANCELLED_THEN".to_owned()));
        let english = verify_as(&server.visitor(), "?lang=en", &document).await.ok();
        assert_eq!(
            english["report"]["checks"][0]["detail"],
            report.to_json("", Lang::En)["checks"][0]["detail"]
        );
        let headers = [("content-type", "application/octet-stream"), ("accept-language", "en-GB, zh;q=0.5")];
        let listed = server.visitor().send("POST", PATH, &headers, document.clone()).await.ok();
        assert_eq!(listed["report"]["checks"], english["report"]["checks"]);

        // Before it was sealed it had no signature; it is known here all the same.
        let before = verify(&server.visitor(), &original).await.ok();
        assert_eq!((&before["verdict"], &before["seals"]), (&json!("unsigned"), &json!([])));
        assert_eq!(before["sealed_here"][0]["document"], "original");
        let unknown = verify(&server.visitor(), &contract(7)).await.ok();
        assert_eq!(unknown["sealed_here"], json!([]));
    });
}

#[test]
fn a_suspended_seal_was_valid_then_and_is_suspended_now() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        server.advance_days(1).await;
        let loss = json!({ "reason": "loss", "detail": "密钥载体遗失" });
        stage.agent.post(&format!("{}/report-loss", stage.seal), loss).await.ok();
        let told = verify(&server.visitor(), &document).await.ok();
        let found = &told["seals"][0];
        assert_eq!((&found["status_then"], &found["status_now"]), (&json!("valid"), &json!("suspended")));
        // No timestamp proves when it was sealed: so it is for the reader to decide, and he is told.
        assert_eq!((&told["verdict"], &told["failed"]), (&json!("indeterminate"), &json!([])));
        assert_eq!(codes(&told, "indeterminate"), ["STATUS_SUSPENDED_THEN"]);
        assert_eq!(told["sealed_here"][0]["status_now"], "suspended");
        assert_eq!(told["sealed_here"][0]["status_then"], "valid");
    });
}

#[test]
fn a_seal_with_the_code_of_another_is_none_of_this_registry() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        let code = stage.agent.get(&stage.seal).await.ok()["code"].as_str().unwrap().to_owned();
        let at = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
        // One bit of its name, which stands behind the code: the seal says the code of ours and is another.
        let forged = changed(&document, "SignedValue.dat", |value| {
            let place = at(value, code.as_bytes()).unwrap() + code.len() + 11;
            value[place] ^= 1;
        });
        let told = verify(&server.visitor(), &forged).await.ok();
        assert_eq!(told["verdict"], "invalid");
        let Some(found) = told["seals"].get(0).filter(|seal| seal["code"] == code.as_str()) else {
            panic!("the change made the seal unreadable: {told}")
        };
        assert_eq!(found["registered"], "different", "{told}");
        assert!(found.get("status_then").is_none() && found.get("name").is_none(), "{found}");
        assert!(!codes(&told, "pass").contains(&"STATUS_CANCELLED_THEN".to_owned()));
    });
}

#[test]
fn a_changed_document_is_invalid_and_the_code_says_why() {
    on_sqlite(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let (document, _) = sealed(&stage, 1).await;
        assert_eq!(
            verify(&server.visitor(), &changed(&document, "Content.xml", |_| ())).await.ok()["verdict"],
            "valid"
        );
        let forged = changed(&document, "Page_0/Content.xml", |page| {
            let text = String::from_utf8(page.clone()).unwrap();
            assert!(text.contains("100 元"), "{text}");
            *page = text.replace("100 元", "900 元").into_bytes();
        });
        let told = verify(&server.visitor(), &forged).await.ok();
        assert_eq!(told["verdict"], "invalid");
        assert_eq!(told["failed"], json!(["DOCUMENT_MODIFIED"]), "{told}");
        assert_eq!(told["sealed_here"], json!([]), "these bytes were not sealed here");
        // A signature cut off is seen as well: the list that the document names is gone.
        let cut = verify(&server.visitor(), &document[..document.len() / 2]).await.ok();
        assert_eq!((&cut["verdict"], &cut["failed"]), (&json!("invalid"), &json!(["CONTAINER"])));
    });
}

#[test]
fn what_is_no_document_gets_a_report_and_never_a_fault() {
    on_sqlite(async |server| {
        let visitor = server.visitor();
        let cases: [(&str, Vec<u8>, &str, Value); 5] = [
            ("empty", Vec::new(), "invalid", json!(["UNSUPPORTED_FORMAT"])),
            ("no package", b"PK\x03\x04 no package".to_vec(), "invalid", json!(["CONTAINER"])),
            ("noise", noise(300_000), "invalid", json!(["CONTAINER"])),
            ("text", "示例文本".repeat(1000).into_bytes(), "invalid", json!(["CONTAINER"])),
            ("PDF", b"%PDF-1.7 sample".to_vec(), "invalid", json!(["CONTAINER"])),
        ];
        for (name, bytes, verdict, failed) in cases {
            let told = verify(&visitor, &bytes).await.ok();
            assert_eq!((&told["verdict"], &told["failed"]), (&json!(verdict), &failed), "{name}: {told}");
            assert_eq!((&told["size"], &told["seals"]), (&json!(bytes.len()), &json!([])), "{name}");
        }
    });
}

#[test]
fn a_bomb_is_refused_by_the_report_in_no_time() {
    on_sqlite(async |server| {
        let bomb = |name: &str, size: usize| {
            let zeros = item(name, &vec![b' '; size]).with(|one| one.deflate = true);
            Zip::of(vec![zeros]).build()
        };
        let bytes = bomb("OFD.xml", 100 << 20);
        assert!(bytes.len() < 1 << 20, "{}", bytes.len());
        let many: Vec<_> = (0..60_000).map(|number| item(&format!("Doc_0/{number}"), b"")).collect();
        for (name, bytes) in [("one part", bytes), ("many parts", Zip::of(many).build())] {
            let began = Instant::now();
            let told = verify(&server.visitor(), &bytes).await.ok();
            assert_eq!(told["verdict"], "invalid", "{name}: {told}");
            assert_ne!(told["failed"], json!([]), "{name}");
            assert!(began.elapsed() < Duration::from_secs(20), "{name}: {:?}", began.elapsed());
        }
    });
}

#[test]
fn a_pdf_sealed_here_is_known_and_judged_as_an_ofd_is() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let contract = yinxin_pdf::sample::document(2, "示例合同", &["第一条 合同金额 100 元。"]);
        let (document, original) = sealed_of(&stage, contract).await;
        let seal = stage.agent.get(&stage.seal).await.ok();
        let told = verify(&server.visitor(), &document).await.ok();
        assert_eq!((&told["verdict"], &told["failed"]), (&json!("valid"), &json!([])), "{told}");
        let found = &told["seals"][0];
        assert_eq!((&found["code"], &found["registered"]), (&seal["code"], &json!("yes")));
        assert_eq!((&found["status_then"], &found["status_now"]), (&json!("valid"), &json!("valid")));
        assert_eq!(told["sealed_here"][0]["document"], "sealed");
        assert_eq!(told["report"]["signatures"][0]["stamps"][0]["page"], 2);
        let before = verify(&server.visitor(), &original).await.ok();
        assert_eq!((&before["verdict"], &before["seals"]), (&json!("unsigned"), &json!([])));
        assert_eq!(before["sealed_here"][0]["document"], "original");

        // What somebody appends, and what somebody changes in place.
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 841] /Resources << >> /Contents 7 0 R >>";
        let appended = yinxin_testkit::pdf::append(
            &document,
            &[(6, page.to_owned())],
            "/Root 1 0 R /ID [<00000000000000000000000000000001> <01>]",
        );
        let told = verify(&server.visitor(), &appended).await.ok();
        assert_ne!(told["verdict"], "valid", "{told}");
        assert!(told["seals"][0]["code"] == seal["code"]);
        let mut changed = document.clone();
        let at = changed
            .windows(5)
            .position(|w| w == b"7B2C4")
            .or_else(|| changed.windows(4).position(|w| w == b"7B2C"));
        changed[at.unwrap()] = b'6';
        let told = verify(&server.visitor(), &changed).await.ok();
        assert_eq!(told["verdict"], "invalid", "{told}");
    });
}
