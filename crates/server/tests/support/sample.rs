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

/// A PDF that says nothing.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {text}\n%%EOF\n").into_bytes()
}

/// Content of an application for the legal-name seal of a unit of this name; the person who applies has number `agent`.
pub fn content(unit_name: &str, agent: u32) -> Value {
    json!({
        "kind": "legal_name",
        "seal_name": unit_name,
        "agent": person(agent),
        "legal_representative": person(agent + 1),
        "seal_administrator": person(agent + 2),
        "technical_measures": "印章密钥存放在密码设备内，双人双控。",
        "imprint": { "kind": "drawn", "width_tenth_mm": 400, "height_tenth_mm": 400 },
        "years": 3
    })
}

#[test]
fn numbers_hold() {
    let today = jiff::civil::date(2026, 11, 22);
    for number in [0, 1, 2, 3, 11, 12, 500, 999, 1000, 27_971] {
        yinxin_registry::credit_code::CreditCode::parse(&credit_code(number)).unwrap();
        yinxin_registry::resident_id::ResidentId::parse(&id_number(number), today).unwrap();
    }
}
