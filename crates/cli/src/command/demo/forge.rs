//! Signing without the checks that honest software makes first: what an attacker's program would do.

use std::io::Cursor;

use yinxin_crypto::{SignatureAlgorithm, SigningKey};
use yinxin_formats::der::Limits;
use yinxin_formats::ses::{Seal, TbsBuilder, assemble_signature};
use yinxin_ofd::Package;
use yinxin_ofd::sign::{SealKind, SignRequest, prepare};

use super::sealing::Act;
use super::stage::Stage;
use crate::failure::Failure;

/// Seals whatever the seal and whoever the signer.
pub fn apply(stage: &Stage, document: &[u8], act: &Act<'_>) -> Result<Vec<u8>, Failure> {
    let wrong = |e: &dyn std::fmt::Display| Failure::new("DEMO_FORGERY", e.to_string());
    let mut package = Package::open(Cursor::new(document), &yinxin_ofd::Limits::default())?;
    let time = stage.calendar.signed;
    let mut request = SignRequest::new(SealKind::Seal(act.seal.to_vec()), time);
    request.placements = act.places.clone();
    let prepared = prepare(&mut package, &request).map_err(|e| wrong(&e))?;
    let seal = Seal::parse(act.seal, &Limits::default())?;
    let to_sign = TbsBuilder {
        version: seal.version,
        seal: act.seal.to_vec(),
        time,
        data_hash: prepared.data_hash.to_vec(),
        property_info: prepared.property_info().to_owned(),
        extensions: Vec::new(),
    };
    let to_sign = to_sign.build().map_err(|e| wrong(&e))?;
    let signature = act.who.key.sign(&to_sign)?;
    let algorithm = SignatureAlgorithm::Sm2Sm3.oid();
    let value = assemble_signature(&to_sign, act.who.certificate.raw(), &algorithm, &signature, None)
        .map_err(|e| wrong(&e))?;
    let mut out = Vec::new();
    prepared.embed_unchecked(&mut package, &value, &mut out, &mut |_, _| {}).map_err(|e| wrong(&e))?;
    Ok(out)
}
