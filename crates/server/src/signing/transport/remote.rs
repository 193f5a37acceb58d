//! The gate in a process of its own, over the network.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::wire::{Answers, Ask, Asks, MOST_ASKS, MOST_BODY, MOST_SIGNED, PATH};
use super::{KeyHolder, SignAsk, SignFault};
use crate::making::transport::{PortError, base_of, client};

/// Longest wait for the answer to one exchange.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A key process at an address.
#[derive(Clone)]
pub struct RemoteGate {
    address: String,
    agent: ureq::Agent,
}

impl RemoteGate {
    /// The key process at `base` (`http://10.0.0.5:8090`, without a path). Tokens vouch for themselves and signatures are verified
    /// here, so that neither end has to know the other; who listens in between learns what is sealed: use https or a network of your own.
    ///
    /// # Errors
    /// [`PortError::Answer`] where the address is none.
    pub fn new(base: &str) -> Result<Self, PortError> {
        Ok(Self { address: format!("{}{PATH}", base_of(base)?), agent: client(TIMEOUT) })
    }

    fn exchange(&self, asks: &[SignAsk]) -> Vec<Result<Vec<u8>, SignFault>> {
        let all = |fault: SignFault| vec![Err(fault); asks.len()];
        match self.answers(asks) {
            Err(fault) => all(fault),
            Ok(answers) if answers.answers.len() != asks.len() => all(unreadable("count")),
            Ok(answers) => {
                let each = answers.answers.into_iter();
                each.map(|answer| answer.read().unwrap_or_else(|| Err(unreadable("answer")))).collect()
            }
        }
    }

    fn answers(&self, asks: &[SignAsk]) -> Result<Answers, SignFault> {
        let body = serde_json::to_vec(&Asks { asks: asks.iter().map(Ask::from).collect() })
            .map_err(|e| unreadable(&e.to_string()))?;
        let request = self.agent.post(&self.address).header("content-type", "application/json");
        let mut response = request.send(&body).map_err(|e| unreachable(&e.to_string()))?;
        let status = response.status().as_u16();
        let answer = response.body_mut().with_config().limit(MOST_BODY as u64).read_to_vec();
        let answer = answer.map_err(|e| unreachable(&e.to_string()))?;
        match status {
            200 => serde_json::from_slice(&answer).map_err(|e| unreadable(&e.to_string())),
            _ => Err(unreachable(&format!("HTTP {status}"))),
        }
    }
}

impl KeyHolder for RemoteGate {
    fn sign(&self, asks: Vec<SignAsk>) -> BoxFuture<'_, Vec<Result<Vec<u8>, SignFault>>> {
        let gate = self.clone();
        Box::pin(async move {
            let count = asks.len();
            let work = move || {
                let mut answers = Vec::with_capacity(asks.len());
                for part in parts(&asks) {
                    answers.extend(gate.exchange(part));
                }
                answers
            };
            let done = tokio::task::spawn_blocking(work).await;
            done.unwrap_or_else(|_| vec![Err(unreachable("broken off")); count])
        })
    }
}

/// Exchanges that keep the limits of [`wire`](super::wire), one after the other.
fn parts(asks: &[SignAsk]) -> Vec<&[SignAsk]> {
    let (mut parts, mut rest) = (Vec::new(), asks);
    while !rest.is_empty() {
        let mut bytes = 0_usize;
        let fitting = rest.iter().take(MOST_ASKS).take_while(|ask| {
            bytes = bytes.saturating_add(ask.to_sign.len());
            bytes <= MOST_SIGNED
        });
        let (part, left) = rest.split_at(fitting.count().max(1));
        parts.push(part);
        rest = left;
    }
    parts
}

fn unreachable(detail: &str) -> SignFault {
    tracing::warn!(detail, "the key process cannot be reached");
    fault("KEY_HOLDER_UNREACHABLE", "密钥服务暂时无法连接 (the key process cannot be reached)")
}

/// Not a refusal: somebody who cannot answer may answer later.
fn unreadable(detail: &str) -> SignFault {
    tracing::error!(detail, "the answer of the key process cannot be read");
    fault("KEY_HOLDER_ANSWER", "密钥服务的答复无法识别 (the answer of the key process cannot be read)")
}

fn fault(code: &str, message: &str) -> SignFault {
    SignFault { code: code.to_owned(), message: message.to_owned(), temporary: true }
}

impl std::fmt::Debug for RemoteGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteGate").field("address", &self.address).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchange_keeps_its_limits_and_nothing_is_left_out() {
        let ask = |bytes: usize| SignAsk {
            claims: Vec::new(),
            sheet: Vec::new(),
            signature: Vec::new(),
            key: String::new(),
            to_sign: vec![0; bytes],
        };
        let sizes = |asks: &[SignAsk]| parts(asks).iter().map(|part| part.len()).collect::<Vec<_>>();
        assert_eq!(sizes(&[]), Vec::<usize>::new());
        assert_eq!(sizes(&vec![ask(10); 150]), [64, 64, 22]);
        assert_eq!(sizes(&[ask(5 << 20), ask(3 << 20), ask(1), ask(9 << 20), ask(1)]), [2, 1, 1, 1]);
    }
}
