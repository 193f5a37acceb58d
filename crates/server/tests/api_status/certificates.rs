//! The certificates that are published.

use crate::support::for_each_engine;
use crate::support::scene::Scene;
use yinxin_formats::der::Limits;
use yinxin_formats::pem;
use yinxin_server::status::certificates::remember;
use yinxin_testkit::oracle::Lab;

#[test]
fn openssl_reads_the_certificates_and_those_of_before_stay() {
    for_each_engine(async |server| {
        let scene = Scene::set(server).await;
        let visitor = server.visitor();
        remember(&server.app).await.unwrap_or_else(|_| panic!("not remembered"));
        let chain = visitor.get("/certificates").await;
        assert_eq!(chain.header("content-type"), "application/pem-certificate-chain");
        let blocks = pem::parse_pem_or_der(&chain.body, &Limits::default()).unwrap();
        let authority = server.app.authority.signing();
        for certificate in [&authority.certificate].into_iter().chain(&authority.chain) {
            assert!(blocks.iter().any(|block| block.der == certificate.raw()));
        }
        let maker = scene.operator.get(&format!("/makers/{}", scene.maker)).await.ok();
        assert!(maker["certificate"].is_object() || maker["certificate"].is_string(), "{maker}");
        assert!(blocks.len() >= 4, "authority, maker and two levels of the test authority: {}", blocks.len());

        let target = "/api/v1/certificates";
        let p7 = visitor.send("GET", target, &[("accept", "application/pkcs7-mime")], Vec::new()).await;
        assert!(p7.status.is_success());
        let lab = Lab::new("status-certificates");
        lab.write("chain.p7b", &p7.body);
        let printed = lab.openssl(&["pkcs7", "-inform", "DER", "-in", "chain.p7b", "-print_certs"]);
        assert_eq!(printed.matches("-----BEGIN CERTIFICATE-----").count(), blocks.len());
        visitor.send("GET", target, &[("accept", "image/png")], Vec::new()).await.problem("NOT_ACCEPTABLE");

        // A certificate no longer in use stays among them.
        let before = visitor.get("/certificates").await.body;
        let facts = yinxin_seal::TrustFacts::default();
        server.app.authority.set_trust(facts);
        assert_eq!(visitor.get("/certificates").await.body, before);
    });
}
