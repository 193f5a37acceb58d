//! A document that stays where it is: only its signature file is brought, voted on and sealed; the value goes into the document elsewhere.

use crate::pdfs::pdf_contract;
use crate::stage::{Stage, rule};
use crate::support::{Answer, Client, for_each_engine};
use crate::uses::{bring, contract, draft, looked_at, register_codes, sign};
use serde_json::{Value, json};
use std::io::Cursor;
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{CertList, Seal};
use yinxin_formats::x509::Certificate;
use yinxin_ofd::sign::{Edge, PageSelection, Placement};
use yinxin_ofd::{Package, Rect};
use yinxin_seal::sign::{PreparedSignature, SignRequest, What, prepare_ofd, prepare_pdf, range_digest_file};
use yinxin_seal::{TrustFacts, Verdict};
use yinxin_testkit::oracle::Lab;

/// Prepared where the document is, with the seal as the registry gives it out.
async fn prepared(stage: &Stage<'_>, document: &[u8]) -> PreparedSignature {
    let request = asked(stage).await;
    let mut package = Package::open(Cursor::new(document), &yinxin_ofd::Limits::default()).unwrap();
    prepare_ofd(&mut package, &request, &TrustFacts::default()).unwrap()
}

/// What is asked of the library, with the places of [`item`].
async fn asked(stage: &Stage<'_>) -> SignRequest {
    let data = stage.custodian.get(&format!("{}/data", stage.seal)).await;
    let seal = Seal::parse(&data.body, &Limits::default()).unwrap();
    let CertList::Certificates(list) = &seal.property.certs else { panic!("no certificates") };
    let signer = Certificate::parse(&list[0], &Limits::default()).unwrap();
    let (width, height) = (seal.picture.width_mm as f64, seal.picture.height_mm as f64);
    let mut request = SignRequest::new(What::Seal(data.body.to_vec()), signer, stage.server.now());
    let area = Rect::new(150.0 - width / 2.0, 240.0 - height / 2.0, width, height);
    request.placements.push(Placement::At { pages: PageSelection::Pages(vec![1]), area });
    request.placements.push(Placement::CrossPage {
        pages: PageSelection::All,
        edge: Edge::Right,
        width,
        height,
        along: Some(148.5 - height / 2.0),
    });
    for (edge, half, middle) in [(Edge::Left, height / 2.0, 60.0), (Edge::Top, width / 2.0, 105.0)] {
        let along = Some(middle - half);
        request.placements.push(Placement::CrossPage {
            pages: PageSelection::All,
            edge,
            width,
            height,
            along,
        });
    }
    request.show_time = false;
    request
}

fn item(prepared: &PreparedSignature) -> Value {
    let xml = prepared.document.signature_xml();
    json!({
        "name": "采购合同1.ofd", "format": "ofd-signature", "signature_path": prepared.document.property_info(),
        "digest": hex::encode(prepared.document.data_hash), "size": xml.len(),
        "placements": [
            { "kind": "at", "pages": { "kind": "range", "first": 2, "last": 2 }, "x": 15000, "y": 24000 },
            { "kind": "cross_page", "pages": { "kind": "range", "first": 1, "last": 2 }, "y": 14850 },
            { "kind": "cross_page", "pages": { "kind": "range", "first": 1, "last": 2 }, "edge": "left", "y": 6000 },
            { "kind": "cross_page", "pages": { "kind": "range", "first": 1, "last": 2 }, "edge": "top", "x": 10500 },
        ],
    })
}

async fn added(who: &Client, request: &str, item: Value) -> Answer {
    who.step(request, "items", json!({ "items": [item] })).await
}

/// One agreed to, and what carrying it out came to.
async fn carried_out(stage: &Stage<'_>, item: Value, xml: &[u8]) -> (String, Value) {
    carried_out_as(stage, item, xml, "application/xml").await
}

async fn carried_out_as(stage: &Stage<'_>, item: Value, bytes: &[u8], media_type: &str) -> (String, Value) {
    let grant = stage.grant(|_| {}).await;
    let request = draft(stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
    let told = added(&stage.user, &request, item).await.ok();
    let one = format!("{request}/items/{}", told["items"][0]["id"].as_str().unwrap());
    bring(&stage.user, &one, bytes, media_type).await.ok();
    let pending = stage.user.step(&request, "submit", json!({})).await.ok();
    let agree = json!({ "digest": pending["digest"] });
    stage.approver.step(&request, "approve", agree).await.ok();
    sign(&stage.user, &request, json!({})).await.ok();
    stage.server.tick().await;
    (one, stage.user.get(&format!("{request}/items")).await.ok()["items"][0].clone())
}

#[test]
fn a_document_is_sealed_by_its_digests_and_never_leaves_its_place() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = contract(1);
        let prepared = prepared(&stage, &document).await;
        let xml = prepared.document.signature_xml();
        let lab = Lab::new("digests");
        lab.write("Signature.xml", xml);
        let told = lab.openssl(&["dgst", "-sm3", "-r", "Signature.xml"]);
        assert!(told.starts_with(item(&prepared)["digest"].as_str().unwrap()));

        let (one, done) = carried_out(&stage, item(&prepared), xml).await;
        assert_eq!((&done["state"], &done["format"]), (&json!("signed"), &json!("ofd-signature")), "{done}");
        let seen = stage.approver.get(&format!("{one}/content")).await;
        assert_eq!((&seen.body[..], seen.header("content-type")), (xml, "application/xml"));
        let value = stage.user.get(&format!("{one}/sealed")).await;
        assert_eq!(value.header("content-type"), "application/octet-stream");
        assert_eq!(done["sealed"]["digest"], hex::encode(yinxin_crypto::sm3(&value.body)));

        // Where the document is, the value is looked at and put in.
        let trust = server.app.authority.trust();
        prepared.accept(&value.body, &trust, server.now()).unwrap();
        let mut package = Package::open(Cursor::new(&document), &yinxin_ofd::Limits::default()).unwrap();
        let mut sealed = Vec::new();
        prepared.embed(&mut package, &value.body, &mut sealed, &mut |_, _| ()).unwrap();
        let (verdict, approval) = looked_at(&stage, &sealed);
        assert_eq!(verdict, Verdict::Valid);
        let whole = stage.user.get(one.split_once("/items/").unwrap().0).await.ok();
        assert_eq!(approval, whole["approval_record"].as_str().unwrap());
        let entries = stage.custodian.get(&format!("{}/uses?limit=10", stage.seal)).await.ok();
        assert_eq!(entries["items"][0]["pages"], json!([1, 2]));
        assert_eq!(entries["items"][0]["document_digest"], item(&prepared)["digest"]);

        // In another document the value is none.
        let other = self::prepared(&stage, &contract(2)).await;
        let refused = other.accept(&value.body, &trust, server.now()).unwrap_err();
        assert_eq!(refused.code(), "SIGNATURE_VALUE_DIFFERS");
        // The page of the code does not claim to know the document.
        let code = done["sealed"]["verification_code"].as_str().unwrap();
        let page = server.visitor().send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
        assert!(page.text().contains("文件由发出者自行保存"), "{}", page.text());
    });
}

#[test]
fn a_pdf_is_sealed_by_the_digest_of_its_range_and_never_leaves_its_place() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let document = pdf_contract(1);
        let limits = yinxin_pdf::Limits::default();
        let mut opened = yinxin_pdf::Document::open(Cursor::new(&document), &limits).unwrap();
        let prepared = prepare_pdf(&mut opened, &asked(&stage).await, &TrustFacts::default()).unwrap();
        let file = range_digest_file(&prepared.document.data_hash);
        let mut item = item(&self::prepared(&stage, &contract(1)).await);
        item["name"] = json!("采购合同1.pdf");
        item["format"] = json!("pdf-digest");
        item["digest"] = json!(hex::encode(yinxin_crypto::sm3(&file)));
        item["size"] = json!(file.len());
        let grant = stage.grant(|_| {}).await;
        let other = draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
        // A digest has no path, and over words nothing can be placed.
        assert_eq!(rule(&added(&stage.user, &other, item.clone()).await), "SIGNATURE_PATH");
        item.as_object_mut().unwrap().remove("signature_path");
        let mut words = item.clone();
        words["placements"] = json!([{ "kind": "keyword", "word": "甲方", "hit": 1 }]);
        assert_eq!(rule(&added(&stage.user, &other, words).await), "PLACEMENT");
        let mut whole = item.clone();
        whole["digest"] = json!(hex::encode(yinxin_crypto::sm3(&document)));
        whole["size"] = json!(document.len());
        let told = added(&stage.user, &other, whole).await.ok();
        let one = format!("{other}/items/{}", told["items"][0]["id"].as_str().unwrap());
        bring(&stage.user, &one, &document, "application/pdf").await.problem("UNSUPPORTED_MEDIA_TYPE");
        bring(&stage.user, &one, &document, "text/plain").await.problem("UNSUPPORTED_MEDIA_TYPE");

        let (one, done) = carried_out_as(&stage, item.clone(), &file, "text/plain").await;
        assert_eq!((&done["state"], &done["format"]), (&json!("signed"), &json!("pdf-digest")), "{done}");
        let seen = stage.approver.get(&format!("{one}/content")).await;
        assert_eq!((&seen.body[..], seen.header("content-type")), (&file[..], "text/plain"));
        let value = stage.user.get(&format!("{one}/sealed")).await;
        assert_eq!(value.header("content-type"), "application/octet-stream");
        assert_eq!(done["sealed"]["digest"], hex::encode(yinxin_crypto::sm3(&value.body)));
        let package = stage.user.get(&format!("{one}/archive-package")).await;
        assert!(package.body.starts_with(b"PK"), "{}", package.text());

        // Where the document is, the value is looked at and put in.
        let trust = server.app.authority.trust();
        prepared.accept(&value.body, &trust, server.now()).unwrap();
        let mut sealed = Vec::new();
        prepared.embed(Cursor::new(&document), &value.body, &mut sealed, &mut |_, _| ()).unwrap();
        let (verdict, approval) = looked_at(&stage, &sealed);
        assert_eq!(verdict, Verdict::Valid);
        let whole = stage.user.get(one.split_once("/items/").unwrap().0).await.ok();
        assert_eq!(approval, whole["approval_record"].as_str().unwrap());
        let lab = Lab::new("pdf-digest");
        lab.write("s.pdf", &sealed);
        let (good, text) = lab.run("qpdf", &["--check", "s.pdf"]);
        assert!(good, "{text}");

        // In another document the value is none.
        let mut opened = yinxin_pdf::Document::open(Cursor::new(pdf_contract(2)), &limits).unwrap();
        let other = prepare_pdf(&mut opened, &asked(&stage).await, &TrustFacts::default()).unwrap();
        let refused = other.accept(&value.body, &trust, server.now()).unwrap_err();
        assert_eq!(refused.code(), "SIGNATURE_VALUE_DIFFERS");
        let code = done["sealed"]["verification_code"].as_str().unwrap();
        let page = server.visitor().send("GET", &format!("/v/{code}"), &[], Vec::new()).await;
        assert!(page.text().contains("PDF，文件由发出者自行保存"), "{}", page.text());
    });
}

#[test]
fn a_signature_file_that_is_not_what_was_asked_for_is_not_signed() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let prepared = prepared(&stage, &contract(1)).await;
        let xml = String::from_utf8(prepared.document.signature_xml().to_vec()).unwrap();
        let with = |xml: &str| {
            let mut item = item(&prepared);
            item["digest"] = json!(hex::encode(yinxin_crypto::sm3(xml.as_bytes())));
            item["size"] = json!(xml.len());
            item
        };
        let stamp = xml.find("<ofd:StampAnnot").unwrap();
        let twice = format!(
            "{}{}",
            &xml[..stamp],
            &xml[stamp..].replace(
                "<ofd:Seal>",
                "<ofd:StampAnnot ID=\"s900\" PageRef=\"1\" Boundary=\"0 0 9 9\"/><ofd:Seal>"
            )
        );
        let cases = [
            (twice, "SIGNATURE_FILE_PLACES"),
            (xml.replace("<ofd:StampAnnot", "<ofd:Nothing"), "SIGNATURE_FILE_PLACES"),
            (xml.replace("1.2.156.10197.1.401", "1.2.840.113549.2.5"), "CHECK_METHOD"),
            (xml.replacen("<ofd:CheckValue>", "<ofd:CheckValue>AA==", 1), "SIGNATURE_FILE_UNSOUND"),
            (
                xml.replace("<ofd:Seal>", "<ofd:Seel>").replace("</ofd:Seal>", "</ofd:Seel>"),
                "SIGNATURE_FILE_SEAL",
            ),
            // Another part that is protected, in the place of the seal.
            (
                xml.replace("Sign_0/Seal.esl</ofd:BaseLoc>", "../Document.xml</ofd:BaseLoc>"),
                "SIGNATURE_FILE_SEAL",
            ),
            ("<a/>".to_owned(), "SIGNATURE_FILE_UNSOUND"),
            ("no XML".to_owned(), "SIGNATURE_FILE_UNSOUND"),
        ];
        for (bent, code) in cases {
            assert_ne!(bent, xml);
            let (one, done) = carried_out(&stage, with(&bent), bent.as_bytes()).await;
            assert_eq!((&done["state"], &done["fault"]), (&json!("failed"), &json!(code)), "{bent}");
            stage.user.get(&format!("{one}/sealed")).await.problem("NOT_FOUND");
            assert_eq!(register_codes(&stage).await[0], code);
        }
        // The same strips asked for over another edge, or elsewhere along it.
        for (place, asked) in [
            (2, json!({ "edge": "right", "y": 6000 })),
            (3, json!({ "edge": "bottom", "y": 10500 })),
            (3, json!({ "edge": "left", "y": 10500 })),
            (3, json!({ "edge": "top", "x": 10600 })),
        ] {
            let mut bent = item(&prepared);
            let mut over = json!({ "kind": "cross_page", "pages": bent["placements"][place]["pages"] });
            over.as_object_mut().unwrap().extend(asked.as_object().unwrap().clone());
            bent["placements"][place] = over;
            if asked["edge"] == "bottom" {
                // No such place: told from the left only.
                let grant = stage.grant(|_| {}).await;
                let request =
                    draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
                assert_eq!(rule(&added(&stage.user, &request, bent).await), "PLACEMENT");
                continue;
            }
            let (_, done) = carried_out(&stage, bent, xml.as_bytes()).await;
            assert_eq!(
                (&done["state"], &done["fault"]),
                (&json!("failed"), &json!("SIGNATURE_FILE_PLACES")),
                "{asked}"
            );
        }
    });
}

#[test]
fn what_is_named_and_what_is_brought_have_to_fit() {
    for_each_engine(async |server| {
        let stage = Stage::set(server).await.kept().await;
        stage.flow().await;
        let prepared = prepared(&stage, &contract(1)).await;
        let xml = prepared.document.signature_xml();
        let grant = stage.grant(|_| {}).await;
        let request = draft(&stage, &stage.user, json!({ "kind": "grant", "grant": grant["id"] })).await;
        for (member, value, code) in [
            ("signature_path", json!(null), "SIGNATURE_PATH"),
            ("signature_path", json!("/Doc_0/../Signature.xml"), "SIGNATURE_PATH"),
            ("format", json!("ofd"), "SIGNATURE_PATH"),
        ] {
            let mut bent = item(&prepared);
            bent[member] = value;
            assert_eq!(rule(&added(&stage.user, &request, bent).await), code, "{member}");
        }
        for pages in
            [json!({ "kind": "last" }), json!({ "kind": "range", "first": 1, "last": 4_000_000_000u32 })]
        {
            let mut bent = item(&prepared);
            bent["placements"][0]["pages"] = pages;
            assert_eq!(rule(&added(&stage.user, &request, bent).await), "PLACEMENT_PAGES");
        }
        let told = added(&stage.user, &request, item(&prepared)).await.ok();
        let one = format!("{request}/items/{}", told["items"][0]["id"].as_str().unwrap());
        bring(&stage.user, &one, &contract(1), "application/ofd").await.problem("UNSUPPORTED_MEDIA_TYPE");
        bring(&stage.user, &one, &contract(1), "application/xml").await.problem("UNSUPPORTED_MEDIA_TYPE");
        let other = self::prepared(&stage, &contract(2)).await;
        let brought = bring(&stage.user, &one, other.document.signature_xml(), "application/xml").await;
        assert_eq!(rule(&brought), "CONTENT_DIFFERS");
        bring(&stage.user, &one, xml, "application/xml").await.ok();
    });
}
