//! SM2 signature values as they are met inside BIT STRINGs.

use yinxin_crypto::Sm2Signature;

use crate::der::{Ctx, Deviation, Limits, ParseError, ParseErrorKind, Reader, Tag};

const WHAT: &str = "SM2 signature value";

/// Reads an SM2 signature value as it is met in seals, signatures and certificates, and names what was odd about it:
/// `SIGNATURE_RAW64`, `SIGNATURE_NEGATIVE_INTEGER`, `SIGNATURE_PADDED_INTEGER` or a `BER_…` code. `bits` is the content
/// of the BIT STRING without its first byte; the deviation's position counts from there.
///
/// # Errors
/// Anything else than r and s of at most 256 bits each, bytes after them included.
pub fn read_sm2_signature(bits: &[u8]) -> Result<(Sm2Signature, Option<Deviation>), ParseError> {
    let (r, s, deviation) = split(bits)?;
    Ok((Sm2Signature { r, s }, deviation))
}

/// r, s and what was odd about their encoding.
pub(super) type Split = ([u8; 32], [u8; 32], Option<Deviation>);

/// Takes an SM2 value apart: SEQUENCE {r, s}, also with INTEGERs lacking their zero byte, or raw r‖s.
pub(super) fn split(value: &[u8]) -> Result<Split, ParseError> {
    match (structured(value), value.as_chunks::<32>()) {
        // 64 bytes that are no SEQUENCE: a DER value of that length would need numbers 2^48 times smaller than usual.
        (Err(_), ([r, s], [])) => {
            let detail = "r and s stand side by side without structure".to_owned();
            Ok((*r, *s, Some(Deviation { code: "SIGNATURE_RAW64", at: 0, detail })))
        }
        (result, _) => result,
    }
}

fn structured(value: &[u8]) -> Result<Split, ParseError> {
    let ctx = Ctx::new(&Limits { max_bytes: 256, max_depth: 2, max_items: 8 });
    let mut outer = Reader::new(value, &ctx)?;
    let (_, mut seq) = outer.sequence(WHAT)?;
    let r = number(&mut seq)?;
    let s = number(&mut seq)?;
    seq.finish(WHAT)?;
    outer.finish(WHAT)?;
    Ok((r, s, ctx.into_deviations().into_iter().next()))
}

/// An INTEGER of at most 32 bytes, read as non-negative whatever its first bit says.
fn number(seq: &mut Reader<'_, '_>) -> Result<[u8; 32], ParseError> {
    let node = seq.expect(Tag::INTEGER, WHAT)?;
    let bad = |m| ParseError::new(ParseErrorKind::Value(m), node.offset, WHAT);
    let ctx = seq.ctx();
    match node.content {
        [] => return Err(bad("empty INTEGER")),
        [b, ..] if b & 0x80 != 0 => {
            let detail = "an INTEGER lacks its leading zero byte and so reads as negative";
            ctx.deviate("SIGNATURE_NEGATIVE_INTEGER", node.offset, detail);
        }
        [0, b, ..] if b & 0x80 == 0 => {
            ctx.deviate(
                "SIGNATURE_PADDED_INTEGER",
                node.offset,
                "an INTEGER has needless leading zero bytes",
            );
        }
        _ => {}
    }
    let zeros = node.content.iter().take_while(|b| **b == 0).count();
    let digits = node.content.get(zeros..).unwrap_or_default();
    let mut out = [0u8; 32];
    let start = out.len().checked_sub(digits.len()).ok_or_else(|| bad("more than 256 bits"))?;
    out.get_mut(start..).unwrap_or_default().copy_from_slice(digits);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::write;

    fn code(value: &[u8]) -> Option<&'static str> {
        split(value).unwrap().2.map(|d| d.code)
    }

    #[test]
    fn reads_strict_der_without_deviation() {
        let v = write::sequence(&[&write::unsigned(&[0xff; 32]), &write::unsigned(&[1; 31])]);
        let (r, s, d) = split(&v).unwrap();
        assert_eq!((r, s[0], s[1], d), ([0xff; 32], 0, 1, None));
    }

    #[test]
    fn names_raw_negative_and_padded_values() {
        assert_eq!(code(&[0x77; 64]), Some("SIGNATURE_RAW64"));
        let negative = write::tlv(Tag::INTEGER, &[0xff; 32]);
        let plain = write::unsigned(&[1; 32]);
        assert_eq!(code(&write::sequence(&[&negative, &plain])), Some("SIGNATURE_NEGATIVE_INTEGER"));
        assert_eq!(split(&write::sequence(&[&negative, &plain])).unwrap().0, [0xff; 32]);
        let padded = write::tlv(Tag::INTEGER, &[0, 0, 1]);
        assert_eq!(code(&write::sequence(&[&padded, &plain])), Some("SIGNATURE_PADDED_INTEGER"));
    }

    #[test]
    fn raw_bytes_that_begin_like_a_sequence_stay_raw() {
        let mut raw = [0x55; 64];
        raw[..2].copy_from_slice(&[0x30, 62]);
        assert_eq!(code(&raw), Some("SIGNATURE_RAW64"));
    }

    #[test]
    fn rejects_trailing_bytes_long_numbers_and_rubbish() {
        let one = write::unsigned(&[1; 32]);
        let mut v = write::sequence(&[&one, &one]);
        v.push(0);
        assert!(split(&v).is_err());
        let long = write::unsigned(&[1; 33]);
        assert!(split(&write::sequence(&[&long, &one])).is_err());
        assert!(split(&write::sequence(&[&one, &one, &one])).is_err());
        assert!(split(&[]).is_err() && split(&[7; 63]).is_err());
    }
}
