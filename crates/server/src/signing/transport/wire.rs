//! What goes between the registry and a key process, as JSON. Both ends mistrust the other: lengths are bounded, unknown members refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::{SignAsk, SignFault};

/// Where signatures are asked for.
pub const PATH: &str = "/v1/signatures";
/// Most asks of one exchange.
pub const MOST_ASKS: usize = 64;
/// Most bytes to be signed of one exchange, all together; a single ask may be larger, up to what the gate takes.
pub const MOST_SIGNED: usize = 8 << 20;
/// Most bytes of an exchange in its written form.
pub const MOST_BODY: usize = 32 << 20;
/// Longest message, characters.
const MESSAGE: usize = 300;

/// Asks for signatures.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asks {
    /// At most [`MOST_ASKS`].
    pub asks: Vec<Ask>,
}

/// A [`SignAsk`]; bytes in base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    claims: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sheet: String,
    signature: String,
    key: String,
    to_sign: String,
}

/// Answers in the order of the asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    /// As many as there were asks.
    pub answers: Vec<Answer>,
}

/// What came of an ask.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum Answer {
    /// Signed.
    Signed {
        /// SM2, DER, base64.
        signature: String,
    },
    /// Not signed.
    Refused {
        /// Stable code.
        code: String,
        /// In Chinese and English.
        message: String,
        /// Whether another token may have more luck.
        temporary: bool,
    },
}

impl From<&SignAsk> for Ask {
    fn from(ask: &SignAsk) -> Self {
        Self {
            claims: STANDARD.encode(&ask.claims),
            sheet: STANDARD.encode(&ask.sheet),
            signature: STANDARD.encode(&ask.signature),
            key: ask.key.clone(),
            to_sign: STANDARD.encode(&ask.to_sign),
        }
    }
}

impl Ask {
    /// The ask itself; `None` where something is no base64.
    pub fn read(&self) -> Option<SignAsk> {
        let bytes = |text: &str| STANDARD.decode(text).ok();
        Some(SignAsk {
            claims: bytes(&self.claims)?,
            sheet: bytes(&self.sheet)?,
            signature: bytes(&self.signature)?,
            key: self.key.clone(),
            to_sign: bytes(&self.to_sign)?,
        })
    }
}

impl From<Result<Vec<u8>, SignFault>> for Answer {
    fn from(outcome: Result<Vec<u8>, SignFault>) -> Self {
        match outcome {
            Ok(signature) => Self::Signed { signature: STANDARD.encode(signature) },
            Err(SignFault { code, message, temporary }) => Self::Refused { code, message, temporary },
        }
    }
}

impl Answer {
    /// The outcome; `None` where it cannot be one.
    pub fn read(self) -> Option<Result<Vec<u8>, SignFault>> {
        match self {
            Self::Signed { signature } => Some(Ok(STANDARD.decode(signature).ok()?)),
            Self::Refused { code, message, temporary } => {
                let sound = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
                if code.is_empty() || code.len() > 64 || !code.bytes().all(sound) {
                    return None;
                }
                let message = message.chars().filter(|c| !c.is_control()).take(MESSAGE).collect();
                Some(Err(SignFault { code, message, temporary }))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_comes_in_and_a_strange_code_does_not() {
        let ask = SignAsk {
            claims: vec![1],
            sheet: vec![3],
            signature: vec![2; 70],
            key: "k".to_owned(),
            to_sign: vec![],
        };
        let read = Ask::from(&ask).read().unwrap();
        assert_eq!((read.claims, read.signature, read.key), (ask.claims, ask.signature, ask.key));
        let fault = |code: &str, message: &str| SignFault {
            code: code.to_owned(),
            message: message.to_owned(),
            temporary: true,
        };
        let back = |outcome| {
            let text = serde_json::to_string(&Answer::from(outcome)).unwrap();
            serde_json::from_str::<Answer>(&text).unwrap().read()
        };
        assert_eq!(back(Ok(vec![7; 3])), Some(Ok(vec![7; 3])));
        assert_eq!(
            back(Err(fault("TOKEN_SPENT", "已使用\u{1b}[2J"))),
            Some(Err(fault("TOKEN_SPENT", "已使用[2J")))
        );
        assert_eq!(back(Err(fault("no code", ""))), None);
        assert!(serde_json::from_str::<Answer>(r#"{"outcome":"signed"}"#).is_err());
    }
}
