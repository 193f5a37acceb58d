//! Step 6: documents are sealed.

use std::io::Cursor;

use yinxin_ofd::sign::{Edge, Placement};
use yinxin_ofd::{Limits, Package};
use yinxin_render::{FontSet, Options, Paged};
use yinxin_seal::TrustFacts;
use yinxin_seal::sign::{SignRequest, TimestampSource, What, sign_ofd, sign_pdf};

use super::cast::{Cast, Person};
use super::documents::Papers;
use super::seals::Seals;
use super::stage::Stage;
use crate::failure::Failure;

/// Sealed documents that forgers will work on.
#[derive(Debug)]
pub struct Sealed {
    /// The notice with the hero's seal, without timestamp.
    pub notice: Vec<u8>,
    /// The contract with both seals.
    pub contract: Vec<u8>,
    /// The statement, PDF, with both seals.
    pub statement: Vec<u8>,
}

/// Who seals with what, and where.
pub struct Act<'a> {
    /// The signer.
    pub who: &'a Person,
    /// The seal.
    pub seal: &'a [u8],
    /// Where it shows.
    pub places: Vec<Placement>,
    /// Timestamps, if any.
    pub tsa: Option<&'a dyn TimestampSource>,
}

/// Seals.
pub fn seal(stage: &Stage, cast: &Cast, seals: &Seals, papers: &Papers) -> Result<Sealed, Failure> {
    stage.step(6, "签章", "Sealing");
    cast.turn_clock(stage.calendar.signed);
    let facts = cast.anchors();
    let tsa: &dyn TimestampSource = &cast.tsa;
    let on_notice = || vec![Placement::on_page(0, 130.0, 75.0, 40.0, 40.0)];
    let plain = Act { who: &cast.unit, seal: &seals.unit, places: on_notice(), tsa: None };
    let notice = apply(stage, &facts, &papers.notice, &plain)?;
    stage.write("sealed/notice.ofd", &notice)?;
    let stamped = Act {
        who: &cast.unit,
        seal: &seals.contract,
        places: vec![Placement::on_page(0, 130.0, 75.0, 38.0, 38.0)],
        tsa: Some(tsa),
    };
    stage.write("sealed/notice-timestamped.ofd", &apply(stage, &facts, &papers.notice, &stamped)?)?;
    let first = Act {
        who: &cast.unit,
        seal: &seals.unit,
        places: vec![
            Placement::on_page(2, 30.0, 190.0, 40.0, 40.0),
            Placement::cross_page(Edge::Right, 40.0, 40.0),
        ],
        tsa: Some(tsa),
    };
    let contract = apply(stage, &facts, &papers.contract, &first)?;
    stage.write("sealed/contract.ofd", &contract)?;
    let second = Act {
        who: &cast.partner,
        seal: &seals.partner,
        places: vec![Placement::on_page(2, 130.0, 190.0, 40.0, 40.0)],
        tsa: Some(tsa),
    };
    let both = apply(stage, &facts, &contract, &second)?;
    stage.write("sealed/contract-two-seals.ofd", &both)?;
    let statement = statement(stage, cast, seals, papers)?;
    tell(stage);
    Ok(Sealed { notice, contract: both, statement })
}

/// The PDF goes the same way: a seal where the text asks for it and one over the edges, then the partner's.
fn statement(stage: &Stage, cast: &Cast, seals: &Seals, papers: &Papers) -> Result<Vec<u8>, Failure> {
    let facts = cast.anchors();
    let tsa: &dyn TimestampSource = &cast.tsa;
    let mut places = over_words(&papers.statement, "甲方（盖章）")?;
    places.push(Placement::cross_page(Edge::Right, 40.0, 40.0));
    let first = Act { who: &cast.unit, seal: &seals.unit, places, tsa: Some(tsa) };
    let once = apply(stage, &facts, &papers.statement, &first)?;
    stage.write("sealed/statement.pdf", &once)?;
    let places = over_words(&papers.statement, "乙方（盖章）")?;
    let second = Act { who: &cast.partner, seal: &seals.partner, places, tsa: Some(tsa) };
    let both = apply(stage, &facts, &once, &second)?;
    stage.write("sealed/statement-two-seals.pdf", &both)?;
    Ok(both)
}

/// To the right of where a word stands.
fn over_words(document: &[u8], word: &str) -> Result<Vec<Placement>, Failure> {
    let options = Options { images: false, ..Options::new(FontSet::builtin()) };
    let mut pages = Paged::open(Cursor::new(document), options, &Limits::default())?;
    let mut places = Vec::new();
    for number in 0..pages.count() {
        for hit in pages.page(number)?.text().find(word) {
            let (x, y) = hit.center();
            places.push(Placement::on_page(number, x + 20.0, y - 20.0, 40.0, 40.0));
        }
    }
    Ok(places)
}

fn tell(stage: &Stage) {
    stage.tell(
        "签章时先核对：印章是真的、没过期、签章人在印章的名单里、证书有效。文件里每个部件的 SM3 摘要都写进签名。",
        "Before sealing: the seal is genuine and in date, the signer is on its list, the certificate is good. The SM3 of every part goes into the signature.",
    );
    stage.made("sealed/notice.ofd", "单页，公章，没有时间戳", "one page, without timestamp");
    stage.made(
        "sealed/notice-timestamped.ofd",
        "第 5 版合同章，有时间戳",
        "a version 5 seal, with timestamp",
    );
    stage.made(
        "sealed/contract.ofd",
        "末页盖章，右侧骑缝章，有时间戳",
        "on the last page and across the right edges, with timestamp",
    );
    stage.made("sealed/contract-two-seals.ofd", "合作方再盖第二枚章", "a second seal by the partner");
    stage.made(
        "sealed/statement.pdf",
        "PDF：按“甲方（盖章）”找到位置，右侧骑缝章，有时间戳",
        "PDF: where the words ask for the seal, and across the right edges, with timestamp",
    );
    stage.made(
        "sealed/statement-two-seals.pdf",
        "合作方在 PDF 上盖第二枚章",
        "a second seal on the PDF by the partner",
    );
    let (seal, key, pass) = (stage.show("seal.esl"), stage.show("signer.key"), stage.show("signer.password"));
    stage.try_it(&format!(
        "yinxin sign {} -o my-contract.ofd --seal {seal} --key {key} --password-file {pass} --page 3 --x 30 --y 190 --cross-page right",
        stage.show("documents/contract.ofd"),
    ));
    stage.try_it(&format!(
        "yinxin tsa --cert {} --key {} --password-file {pass}   {}",
        stage.show("people/tsa.pem"),
        stage.show("people/tsa.key"),
        stage.out.pick(
            "# 时间戳服务；另开一个窗口，在 sign 后加 --tsa http://127.0.0.1:3161/",
            "# a timestamp service; in another window add --tsa http://127.0.0.1:3161/ to sign",
        ),
    ));
}

/// Seals one document as the story's day of sealing has it.
pub fn apply(stage: &Stage, facts: &TrustFacts, document: &[u8], act: &Act<'_>) -> Result<Vec<u8>, Failure> {
    let what = What::Seal(act.seal.to_vec());
    let mut request = SignRequest::new(what, act.who.certificate.clone(), stage.calendar.signed);
    request.placements = act.places.clone();
    let mut out = Vec::new();
    if document.starts_with(b"%PDF") {
        let input = Cursor::new(document);
        sign_pdf(input, &request, &act.who.key, facts, act.tsa, &mut out, &mut |_, _| {})?;
        return Ok(out);
    }
    let mut package = Package::open(Cursor::new(document), &Limits::default())?;
    sign_ofd(&mut package, &request, &act.who.key, facts, act.tsa, &mut out, &mut |_, _| {})?;
    Ok(out)
}
