//! Codes that people read from a screen or paper and type: first passwords (初始口令) and recovery codes (恢复码).
//!
//! The alphabet has 32 characters and leaves out 0, 1, I and O, so each is 5 bits and none is mistaken for another.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::Secret;
use super::keyring::{KeyRing, Purpose};

const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// Characters between two dashes.
const GROUP: usize = 4;
/// Characters of a one-time password: 120 bits.
const PASSWORD_LEN: usize = 24;
/// Characters of a recovery code: 80 bits.
const RECOVERY_LEN: usize = 16;
/// Recovery codes handed out at once.
pub const RECOVERY_CODES: usize = 10;

/// A one-time password of 120 random bits, `ABCD-EFGH-…`, six groups of four. Hash [`normalize`]d text, with the account's
/// `must_change` set.
pub fn generate_password(rng: &mut dyn CryptoRng) -> Secret {
    generate(PASSWORD_LEN, rng)
}

/// Ten recovery codes of 80 random bits each, to be shown once.
pub fn generate_recovery_codes(rng: &mut dyn CryptoRng) -> Vec<Secret> {
    (0..RECOVERY_CODES).map(|_| generate(RECOVERY_LEN, rng)).collect()
}

/// The one form of a typed code: capitals, without dashes and spaces. `None` if it is neither a one-time password nor a recovery
/// code, so that a password somebody chose is left as it was typed.
pub fn normalize(typed: &str) -> Option<Secret> {
    let mut code = Zeroizing::new(String::with_capacity(PASSWORD_LEN + 1));
    for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
        let c = c.to_ascii_uppercase();
        if code.len() == PASSWORD_LEN || !u8::try_from(c).is_ok_and(|b| ALPHABET.contains(&b)) {
            return None;
        }
        code.push(c);
    }
    matches!(code.len(), PASSWORD_LEN | RECOVERY_LEN).then(|| Secret::new(code.as_str()))
}

/// What is stored of a recovery code: its code under the token key, Base64url. 80 random bits need no slow hash.
pub fn recovery_digest(ring: &KeyRing, account: &str, code: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(ring.mac(Purpose::Token, &parts(account, code)))
}

/// Uses a recovery code up: the digests that remain, or `None` if it is not among them. Each digest is looked at, in constant time.
pub fn redeem_recovery_code(
    ring: &KeyRing,
    account: &str,
    stored: &[String],
    typed: &str,
) -> Option<Vec<String>> {
    let code = normalize(typed)?;
    let parts = parts(account, &code);
    let fits = |digest: &String| {
        let digest = URL_SAFE_NO_PAD.decode(digest).unwrap_or_default();
        ring.verify_mac(Purpose::Token, &parts, &digest).is_ok()
    };
    let remaining: Vec<String> = stored.iter().filter(|digest| !fits(digest)).cloned().collect();
    (remaining.len() < stored.len()).then_some(remaining)
}

fn parts<'a>(account: &'a str, code: &'a Secret) -> [&'a [u8]; 3] {
    [b"yinxin recovery code 1", account.as_bytes(), code.reveal().as_bytes()]
}

fn generate(len: usize, rng: &mut dyn CryptoRng) -> Secret {
    let mut random = Zeroizing::new(vec![0; len]);
    rng.fill_bytes(&mut random);
    let mut code = Zeroizing::new(String::with_capacity(len + len / GROUP));
    for (i, byte) in random.iter().enumerate() {
        if i > 0 && i % GROUP == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32: every character is as likely as any other.
        code.extend(ALPHABET.get(usize::from(byte & 31)).map(|b| char::from(*b)));
    }
    Secret::new(code.as_str())
}
