//! Sample data that passes every check, plainly made up.

use serde_json::{Value, json};

/// A credit code with its check character; another one for each number.
pub fn credit_code(number: u32) -> String {
    const LETTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91610100MA{number:07}");
    // GB 32100: weights are powers of three modulo 31.
    let (mut sum, mut weight) = (0, 1);
    for letter in body.bytes() {
        sum += LETTERS.iter().position(|known| *known == letter).unwrap() * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(LETTERS[(31 - sum % 31) % 31]))
}

/// A resident identity number with its check character; another one for each number below 27972.
pub fn id_number(number: u32) -> String {
    let body = format!("610102{}{:02}15{:03}", 1970 + number / 999 % 28, 1 + number % 12, number % 999 + 1);
    // GB 11643: weights are powers of two modulo 11, counted from the end.
    let sum = body
        .bytes()
        .rev()
        .fold((0u32, 2u32), |(sum, weight), digit| (sum + u32::from(digit - b'0') * weight, weight * 2 % 11));
    let check = (12 - sum.0 % 11) % 11;
    format!("{body}{}", if check == 10 { "X".to_owned() } else { check.to_string() })
}

/// A person.
pub fn person(number: u32) -> Value {
    json!({ "name": format!("示例人{number}"), "id_number": id_number(number), "phone": format!("139{number:08}") })
}

/// A unit of 示例市: an enterprise with a credit code and people of its own number.
pub fn unit(number: u32) -> Value {
    json!({
        "area": "610100",
        "form": "legal",
        "credit_code": credit_code(number),
        "name": unit_name(number),
        "applicant_kind": "enterprise",
        "legal_representative": person(number * 10),
        "seal_administrator": person(number * 10 + 1),
        "technical_measures": "印章密钥存放在密码设备内，双人双控。",
    })
}

/// Name of the unit of this number.
pub fn unit_name(number: u32) -> String {
    format!("示例市第{number}示例有限公司")
}

/// A licensed maker for all of 示例市.
pub fn maker(number: u32, now: jiff::Timestamp) -> Value {
    let years = |years: i64| now.saturating_add(jiff::SignedDuration::from_hours(24 * 365 * years)).unwrap();
    json!({
        "area": "610100",
        "name": format!("示例市第{number}印章制作有限公司"),
        "credit_code": credit_code(900_000 + number),
        "jurisdictions": [super::CITY],
        "license": {
            "number": format!("示例公特〔2026〕{number}号"),
            "issuer": "示例市公安局",
            "from": years(-1),
            "until": years(4),
        },
        "responsible": "示例丙",
    })
}

/// A PDF that says nothing.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {text}\n%%EOF\n").into_bytes()
}

/// Content of an application of the unit of this number for its legal-name seal.
pub fn content(number: u32) -> Value {
    json!({
        "kind": "legal_name",
        "seal_name": unit_name(number),
        "agent": person(number * 10 + 2),
        "legal_representative": person(number * 10),
        "seal_administrator": person(number * 10 + 1),
        "technical_measures": "印章密钥存放在密码设备内，双人双控。",
        "imprint": { "kind": "drawn", "width_tenth_mm": 400, "height_tenth_mm": 400 },
        "years": 3,
    })
}

/// Content for a contract seal (合同专用章), of which a unit may have several.
pub fn contract_content(number: u32) -> Value {
    let mut content = content(number);
    content["kind"] = json!("business_contract");
    content["seal_name"] = json!(format!("{}合同专用章", unit_name(number)));
    content
}

#[test]
fn numbers_hold() {
    let today = jiff::civil::date(2026, 11, 22);
    for number in [0, 1, 2, 3, 11, 12, 500, 999, 1000, 27_971] {
        yinxin_registry::credit_code::CreditCode::parse(&credit_code(number)).unwrap();
        yinxin_registry::resident_id::ResidentId::parse(&id_number(number), today).unwrap();
    }
}
