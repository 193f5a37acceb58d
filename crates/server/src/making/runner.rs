//! One round of a workshop: see what is ordered, take up what holds, make it, hand it in. A round may be cut off anywhere;
//! the next one goes on.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use yinxin_crypto::rand_core::UnwrapErr;
use yinxin_seal::TrustFacts;

use super::authority::AuthorityError;
use super::dto::{CertificateRequestDto, OrderDto, SendBackDto};
use super::order::OrderFault;
use super::transport::{PortError, RegistryPort};
use super::{MadeSeal, MakingError, Order, Workshop};

/// Most pages looked at in one round.
const MAX_PAGES: usize = 50;

/// How one order came out.
#[derive(Debug)]
#[non_exhaustive]
pub enum Fate {
    /// Made and taken in by the registry.
    HandedIn {
        /// Key of the seal.
        seal: String,
    },
    /// At fault; sent back to who approved it.
    SentBack {
        /// Code of the fault.
        code: &'static str,
    },
    /// Left for the next round: the workshop's own affair.
    Waiting {
        /// Code of the reason.
        code: &'static str,
        /// The reason in words.
        detail: String,
    },
    /// The registry did not go along.
    Refused(PortError),
}

/// What a round came to: application and fate, in the order of work.
#[derive(Debug, Default)]
pub struct Round {
    /// Every order seen.
    pub orders: Vec<(String, Fate)>,
}

/// Works through the orders of the workshop's maker once.
///
/// # Errors
/// [`PortError`] where the orders cannot be had. What goes wrong with a single order is told in its [`Fate`].
pub async fn round(
    workshop: &Arc<Workshop>,
    registry: &dyn RegistryPort,
    facts: &Arc<TrustFacts>,
    now: Timestamp,
) -> Result<Round, PortError> {
    let mut round = Round::default();
    let mut cursor: Option<String> = None;
    for _ in 0..MAX_PAGES {
        let page = registry.orders(&workshop.maker.id, cursor.as_deref()).await?;
        for order in page.items {
            let application = order.application.clone();
            let fate = work(workshop, registry, facts, now, order).await;
            round.orders.push((application, fate));
        }
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    Ok(round)
}

async fn work(
    workshop: &Arc<Workshop>,
    registry: &dyn RegistryPort,
    facts: &Arc<TrustFacts>,
    now: Timestamp,
    order: OrderDto,
) -> Fate {
    let mut order = order;
    if order.assigned.is_none() {
        // Checked before it is taken up: what is refused is never begun.
        if let Err(e) = checked(workshop, facts, now, &order).await {
            return give_up(registry, &order, e).await;
        }
        order = match registry.take(&order).await {
            Ok(taken) => taken,
            Err(e) => return Fate::Refused(e),
        };
    }
    let made = match made(workshop, facts, now, &order).await {
        Err(MakingError::Authority(AuthorityError::Pending)) => {
            match with_imported(workshop, registry, facts, now, &order).await {
                Ok(made) => made,
                Err(fate) => return fate,
            }
        }
        Err(e) => return give_up(registry, &order, e).await,
        Ok(made) => made,
    };
    if let Err(e) = registry.hand_in(&made.seal, &made.to_dto()).await {
        return Fate::Refused(e);
    }
    let (noting, seal) = (Arc::clone(workshop), made.seal.clone());
    // Should this note be lost, the seal is handed in once more, and the registry knows it already.
    let _ = tokio::task::spawn_blocking(move || noting.delivered(&seal, now)).await;
    Fate::HandedIn { seal: made.seal }
}

/// Goes on with the certificate that came from an authority outside; before, the request is handed in for it, and the order waits.
async fn with_imported(
    workshop: &Arc<Workshop>,
    registry: &dyn RegistryPort,
    facts: &Arc<TrustFacts>,
    now: Timestamp,
    dto: &OrderDto,
) -> Result<MadeSeal, Fate> {
    let waiting = |e: MakingError| Fate::Waiting { code: e.code(), detail: e.to_string() };
    let Some(assigned) = &dto.assigned else { return Err(waiting(MakingError::NotTaken)) };
    if assigned.certificate_request.is_none() {
        let (noting, seal) = (Arc::clone(workshop), assigned.id.clone());
        let csr = blocking(move || noting.certification_request(&seal)).await.map_err(waiting)?;
        let csr = csr.ok_or_else(|| waiting(MakingError::LogContent("requested")))?;
        let request = CertificateRequestDto { request: STANDARD.encode(csr) };
        registry.request_certificate(&assigned.id, &request).await.map_err(Fate::Refused)?;
    }
    if assigned.certificates.is_empty() {
        return Err(waiting(AuthorityError::Pending.into()));
    }
    let order = Order::read(dto).map_err(|e| waiting(e.into()))?;
    let ders: Result<Vec<_>, _> = assigned.certificates.iter().map(|c| STANDARD.decode(c)).collect();
    let ders = ders.map_err(|_| waiting(OrderFault("assigned.certificates").into()))?;
    let (taking, trust) = (Arc::clone(workshop), Arc::clone(facts));
    let taken = blocking(move || taking.import_certificate(&order, &ders, &trust, now)).await;
    taken.map_err(waiting)?;
    made(workshop, facts, now, dto).await.map_err(waiting)
}

/// Sends an order back where it is at fault, and leaves it where the workshop is.
async fn give_up(registry: &dyn RegistryPort, order: &OrderDto, error: MakingError) -> Fate {
    let (code, detail) = (error.code(), error.to_string());
    if !error.is_refusal() {
        return Fate::Waiting { code, detail };
    }
    match registry.send_back(order, &SendBackDto { code: code.to_owned(), detail }).await {
        Ok(()) => Fate::SentBack { code },
        Err(e) => Fate::Refused(e),
    }
}

async fn checked(
    workshop: &Arc<Workshop>,
    facts: &Arc<TrustFacts>,
    now: Timestamp,
    dto: &OrderDto,
) -> Result<(), MakingError> {
    let order = Order::read(dto)?;
    let (workshop, facts) = (Arc::clone(workshop), Arc::clone(facts));
    blocking(move || workshop.second_check(&order, &facts, now).map(|_| ())).await
}

async fn made(
    workshop: &Arc<Workshop>,
    facts: &Arc<TrustFacts>,
    now: Timestamp,
    dto: &OrderDto,
) -> Result<MadeSeal, MakingError> {
    let order = Order::read(dto)?;
    let (workshop, facts) = (Arc::clone(workshop), Arc::clone(facts));
    blocking(move || workshop.make(&order, &facts, now, &mut UnwrapErr(getrandom::SysRng))).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MakingError> + Send + 'static,
) -> Result<T, MakingError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or(Err(MakingError::LogContent("task")))
}
