//! The gate in the same process, before the keys of the workshop beside the registry.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use jiff::Timestamp;
use yinxin_crypto::PublicKey;

use super::{KeyHolder, SignAsk, SignFault};
use crate::gate::{Ask, Gate, GateFault};
use crate::making::keys::{KeyId, SealKeys};

type Clock = dyn Fn() -> Option<Timestamp> + Send + Sync;
type Issuers = dyn Fn() -> Vec<PublicKey> + Send + Sync;
type Opened = Arc<Mutex<Option<Arc<Gate>>>>;

/// The gate, opened when it is asked first: of several processes over one folder one has it.
pub struct LocalGate {
    folder: PathBuf,
    keys: Arc<dyn SealKeys>,
    issuers: Arc<Issuers>,
    clock: Box<Clock>,
    gate: Opened,
}

impl LocalGate {
    /// Before `keys`, for tokens signed by one of `issuers` as they are at the time, with its list of used tokens in `folder`. `clock` gives no
    /// time where it is not to be trusted; then nothing is signed.
    pub fn new(
        folder: PathBuf,
        keys: Arc<dyn SealKeys>,
        issuers: impl Fn() -> Vec<PublicKey> + Send + Sync + 'static,
        clock: impl Fn() -> Option<Timestamp> + Send + Sync + 'static,
    ) -> Self {
        Self { folder, keys, issuers: Arc::new(issuers), clock: Box::new(clock), gate: Arc::default() }
    }

    /// Opens the gate now, where its folder is nobody else's business. Blocks.
    ///
    /// # Errors
    /// [`GateFault::Journal`] when the list of used tokens cannot be had.
    pub fn open(&self) -> Result<(), GateFault> {
        opened(&self.gate, &self.folder, Arc::clone(&self.keys), (self.issuers)()).map(drop)
    }
}

impl KeyHolder for LocalGate {
    fn sign(&self, asks: Vec<SignAsk>) -> BoxFuture<'_, Vec<Result<Vec<u8>, SignFault>>> {
        Box::pin(async move {
            let count = asks.len();
            let Some(now) = (self.clock)() else { return vec![Err(later("CLOCK_WENT_BACK")); count] };
            let (gate, folder) = (Arc::clone(&self.gate), self.folder.clone());
            let (keys, issuers) = (Arc::clone(&self.keys), Arc::clone(&self.issuers));
            let work = move || {
                let issuers = issuers();
                if issuers.is_empty() {
                    return vec![Err(later("TOKEN_ISSUER")); asks.len()];
                }
                match opened(&gate, &folder, keys, issuers) {
                    Ok(gate) => signed(&gate, &asks, now),
                    Err(fault) => vec![Err(told(&fault)); asks.len()],
                }
            };
            let done = tokio::task::spawn_blocking(work).await;
            done.unwrap_or_else(|_| vec![Err(later("KEY_HOLDER_BROKE_OFF")); count])
        })
    }
}

fn opened(
    gate: &Mutex<Option<Arc<Gate>>>,
    folder: &std::path::Path,
    keys: Arc<dyn SealKeys>,
    issuers: Vec<PublicKey>,
) -> Result<Arc<Gate>, GateFault> {
    let mut gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(gate) = &*gate {
        gate.set_issuers(issuers);
        return Ok(Arc::clone(gate));
    }
    let fresh = Arc::new(Gate::open(folder, keys, issuers)?);
    *gate = Some(Arc::clone(&fresh));
    Ok(fresh)
}

fn signed(gate: &Gate, asks: &[SignAsk], now: Timestamp) -> Vec<Result<Vec<u8>, SignFault>> {
    let keys: Vec<Result<KeyId, SignFault>> =
        asks.iter().map(|ask| KeyId::parse(&ask.key).map_err(|e| told(&e.into()))).collect();
    let good: Vec<Ask<'_>> = asks
        .iter()
        .zip(&keys)
        .filter_map(|(ask, key)| {
            let key = key.as_ref().ok()?;
            Some(Ask {
                claims: &ask.claims,
                sheet: &ask.sheet,
                signature: &ask.signature,
                key,
                to_sign: &ask.to_sign,
            })
        })
        .collect();
    let mut answers = gate.sign_all(&good, now).into_iter();
    keys.into_iter()
        .map(|key| {
            key?;
            let answer = answers.next().unwrap_or(Err(GateFault::Empty));
            answer.map_err(|fault| told(&fault))
        })
        .collect()
}

/// A device that does not answer, a list that cannot be written and a registry whose new certificate is not known yet may be well later;
/// a refusal stays one.
fn told(fault: &GateFault) -> SignFault {
    let temporary = matches!(
        fault,
        GateFault::Key(_) | GateFault::WrongSignature | GateFault::Journal { .. } | GateFault::Issuer
    ) || fault.code() == "KEY_STORE_IO";
    SignFault { code: fault.code().to_owned(), message: fault.to_string(), temporary }
}

fn later(code: &str) -> SignFault {
    SignFault { code: code.to_owned(), message: code.to_owned(), temporary: true }
}

impl std::fmt::Debug for LocalGate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LocalGate").field("folder", &self.folder).finish_non_exhaustive()
    }
}
