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
type Issuer = dyn Fn() -> Option<PublicKey> + Send + Sync;
type Opened = Arc<Mutex<Option<(PublicKey, Arc<Gate>)>>>;

/// The gate, opened when it is asked first: of several processes over one folder one has it.
pub struct LocalGate {
    folder: PathBuf,
    keys: Arc<dyn SealKeys>,
    issuer: Box<Issuer>,
    clock: Box<Clock>,
    gate: Opened,
}

impl LocalGate {
    /// Before `keys`, for tokens signed by `issuer` as it is at the time, with its list of used tokens in `folder`. `clock` gives no time where it is not to be
    /// trusted; then nothing is signed.
    pub fn new(
        folder: PathBuf,
        keys: Arc<dyn SealKeys>,
        issuer: impl Fn() -> Option<PublicKey> + Send + Sync + 'static,
        clock: impl Fn() -> Option<Timestamp> + Send + Sync + 'static,
    ) -> Self {
        Self { folder, keys, issuer: Box::new(issuer), clock: Box::new(clock), gate: Arc::default() }
    }
}

impl KeyHolder for LocalGate {
    fn sign(&self, asks: Vec<SignAsk>) -> BoxFuture<'_, Vec<Result<Vec<u8>, SignFault>>> {
        Box::pin(async move {
            let count = asks.len();
            let Some(now) = (self.clock)() else { return vec![Err(later("CLOCK_WENT_BACK")); count] };
            let (gate, folder) = (Arc::clone(&self.gate), self.folder.clone());
            let keys = Arc::clone(&self.keys);
            let Some(issuer) = (self.issuer)() else { return vec![Err(later("TOKEN_ISSUER")); count] };
            let work = move || match opened(&gate, &folder, keys, issuer) {
                Ok(gate) => signed(&gate, &asks, now),
                Err(fault) => vec![Err(told(&fault)); asks.len()],
            };
            let done = tokio::task::spawn_blocking(work).await;
            done.unwrap_or_else(|_| vec![Err(later("KEY_HOLDER_BROKE_OFF")); count])
        })
    }
}

fn opened(
    gate: &Mutex<Option<(PublicKey, Arc<Gate>)>>,
    folder: &std::path::Path,
    keys: Arc<dyn SealKeys>,
    issuer: PublicKey,
) -> Result<Arc<Gate>, GateFault> {
    let mut gate = gate.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((known, gate)) = &*gate
        && *known == issuer
    {
        return Ok(Arc::clone(gate));
    }
    // The registry has another key: the gate is closed, which sets its list free, and opened for that one.
    *gate = None;
    let fresh = Arc::new(Gate::open(folder, keys, issuer.clone())?);
    *gate = Some((issuer, Arc::clone(&fresh)));
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
            Some(Ask { claims: &ask.claims, signature: &ask.signature, key, to_sign: &ask.to_sign })
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

/// A device that does not answer and a list that cannot be written may be well later; a refusal stays one.
fn told(fault: &GateFault) -> SignFault {
    let temporary =
        matches!(fault, GateFault::Key(_) | GateFault::WrongSignature | GateFault::Journal { .. })
            || fault.code() == "KEY_STORE_IO";
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
