//! Step 4: imprints are drawn and seals made.

use jiff::Timestamp;
use yinxin_crypto::SigningKey;
use yinxin_formats::ses::{SealPicture, SesVersion};
use yinxin_imprint::{Font, ImprintSpec, Kind, draw};
use yinxin_seal::make::{self, ListKind, SealRequest};
use yinxin_seal::sign::TimestampSource;

use super::cast::{CARRIER, Cast, PARTNER, Person, UNIT};
use super::stage::{Stage, day};
use crate::command::ca::authority::days_from;
use crate::failure::Failure;

/// Fine enough for print.
const DPI: u32 = 600;

/// The seals of the story, each the DER of an SESeal.
#[derive(Debug)]
pub struct Seals {
    /// Of the hero: version 4.
    pub unit: Vec<u8>,
    /// The hero's contract seal: version 5 with a timestamp.
    pub contract: Vec<u8>,
    /// Of the partner: version 5 with a timestamp.
    pub partner: Vec<u8>,
    /// Of the unit whose key is lost: version 4.
    pub carrier: Vec<u8>,
    /// An old one of the hero, expired before anything is sealed.
    pub expired: Vec<u8>,
}

/// One seal to be made.
struct Order<'a> {
    spec: ImprintSpec,
    name: String,
    code: &'a str,
    owner: &'a Person,
    version: SesVersion,
    until: Timestamp,
    picture_file: &'a str,
}

/// Draws and makes.
pub fn make(stage: &Stage, cast: &Cast) -> Result<Seals, Failure> {
    let calendar = stage.calendar;
    stage.step(4, "画印模，制作印章", "Drawing the imprint and making the seal");
    cast.turn_clock(calendar.made);
    let until = days_from(calendar.made, 365)?;
    let order = |owner, name: &str, code, version| Order {
        spec: ImprintSpec::official(name).with_code(code),
        name: name.to_owned(),
        code,
        owner,
        version,
        until,
        picture_file: "",
    };
    let unit =
        Order { picture_file: "imprint.png", ..order(&cast.unit, UNIT, "1101050012345", SesVersion::V4) };
    let contract = Order {
        spec: ImprintSpec::new(Kind::Contract, UNIT),
        name: format!("{UNIT}合同专用章"),
        picture_file: "imprint-contract.png",
        ..order(&cast.unit, UNIT, "1101050012346", SesVersion::V5)
    };
    let partner = order(&cast.partner, PARTNER, "1101050054321", SesVersion::V5);
    let carrier = order(&cast.carrier, CARRIER, "1101050067890", SesVersion::V4);
    let expired =
        Order { until: calendar.expired, ..order(&cast.unit, UNIT, "1101050012344", SesVersion::V4) };
    let seals = Seals {
        unit: one(stage, cast, &unit)?,
        contract: one(stage, cast, &contract)?,
        partner: one(stage, cast, &partner)?,
        carrier: one(stage, cast, &carrier)?,
        expired: one(stage, cast, &expired)?,
    };
    stage.write("seal.esl", &seals.unit)?;
    stage.write("seal-v5.esl", &seals.contract)?;
    tell(stage, until);
    Ok(seals)
}

fn tell(stage: &Stage, until: Timestamp) {
    let until = day(until);
    stage.tell(
        "印章 = 印模图像 + 名称 + 所有者证书 + 有效期，由制章人签名。少一样都不成印章；不能比所有者的证书更长寿。",
        "A seal is a picture, a name, the owner's certificate and a validity, signed by the maker; it may not outlive its owner's certificate.",
    );
    stage.made("imprint.png", "印模，40 mm，600 dpi", "the imprint, 40 mm at 600 dpi");
    stage.made(
        "seal.esl",
        &format!("公章，第 4 版（GB/T 38540-2020），有效至 {until}"),
        &format!("the unit's seal, version 4 (GB/T 38540-2020), valid until {until}"),
    );
    stage.made(
        "seal-v5.esl",
        "合同专用章，第 5 版（GM/T 0031-2025），带制章时间戳",
        "its contract seal, version 5 (GM/T 0031-2025), with a timestamp on the making",
    );
    stage.try_it(&format!(
        "yinxin imprint draw --kind official --name {UNIT} --code 1101050012345 -o my-imprint.png"
    ));
    stage.try_it(&format!(
        "yinxin seal make --name {UNIT} --id 1101050012345 --picture {} --width 40 --height 40 --cert {} --maker-cert {} \
         --maker-key {} --password-file {} -o my-seal.esl",
        stage.show("imprint.png"),
        stage.show("signer.pem"),
        stage.show("people/maker.pem"),
        stage.show("people/maker.key"),
        stage.show("signer.password"),
    ));
    stage.try_it(&format!(
        "yinxin seal verify {} --trust {} --all",
        stage.show("seal.esl"),
        stage.show("trust")
    ));
}

/// Draws one imprint and makes one seal of it.
fn one(stage: &Stage, cast: &Cast, order: &Order<'_>) -> Result<Vec<u8>, Failure> {
    let drawing = draw(&order.spec, &Font::builtin())?;
    let picture = drawing.to_png(DPI)?;
    if !order.picture_file.is_empty() {
        stage.write(order.picture_file, &picture)?;
    }
    let (width, height) = drawing.size_mm();
    let request = SealRequest {
        version: order.version,
        vendor: "yinxin".to_owned(),
        id: order.code.to_owned(),
        seal_type: 1,
        name: order.name.clone(),
        owners: vec![order.owner.certificate.clone()],
        list: ListKind::Certificates,
        picture: SealPicture {
            kind: "PNG".to_owned(),
            data: picture,
            width_mm: width.round() as u64,
            height_mm: height.round() as u64,
        },
        created: stage.calendar.made,
        valid_start: stage.calendar.made,
        valid_end: order.until,
    };
    let stamp = (order.version == SesVersion::V5).then_some(&cast.tsa as &dyn TimestampSource);
    let key: &dyn SigningKey = &cast.maker.key;
    Ok(make::make(&request, &cast.maker.certificate, key, Some(&cast.anchors()), stamp)?)
}
