//! How refusals of the domain and faults of the store become answers.

use crate::documents::DocumentError;
use crate::http::{Code, Problem, StoredResponse};
use axum::response::{IntoResponse, Response};
use yinxin_registry::lifecycle::Refused;
use yinxin_registry::permission::Denied;
use yinxin_store::{Constraint, StoreError};

/// Why a handler stops: a problem, or the answer of an earlier request with the same idempotency key.
#[derive(Debug)]
pub enum Stop {
    /// A problem.
    Problem(Problem),
    /// The answer given before.
    Replay(Box<StoredResponse>),
}

impl Stop {
    /// Code of the problem, for the log.
    pub fn code(&self) -> &'static str {
        match self {
            Stop::Problem(problem) => problem.code().kind().code,
            Stop::Replay(_) => "REPLAYED",
        }
    }
}

impl IntoResponse for Stop {
    fn into_response(self) -> Response {
        match self {
            Stop::Problem(problem) => problem.into_response(),
            Stop::Replay(kept) => kept.replay(),
        }
    }
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Stop::Problem(problem)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Problem(problem_of(&error))
    }
}

impl From<Refused> for Stop {
    fn from(refused: Refused) -> Self {
        Stop::Problem(refusal(refused))
    }
}

impl From<Denied> for Stop {
    fn from(denied: Denied) -> Self {
        Stop::Problem(match denied {
            Denied::Role => Problem::new(Code::Forbidden),
            // What lies outside a scope is not even said to exist.
            Denied::Scope => Problem::new(Code::NotFound),
        })
    }
}

impl From<DocumentError> for Stop {
    fn from(error: DocumentError) -> Self {
        Stop::Problem(error.into())
    }
}

/// A refusal of the domain.
pub fn refusal(refused: Refused) -> Problem {
    match refused {
        Refused::State { state, event, allowed } => Problem::state_conflict(state, event, allowed),
        Refused::Rule { code, zh, en } => {
            let kind = match code {
                "MAKER_IS_ISSUER" => Code::MakerIsIssuer,
                _ => Code::Conflict,
            };
            Problem::new(kind).rule(code).detail(format!("{zh}（{code}）"), format!("{en} ({code})"))
        }
    }
}

/// A fault of the store.
pub fn problem_of(error: &StoreError) -> Problem {
    let problem = match error {
        StoreError::Unavailable { .. } => match error.code() {
            "STORAGE_FULL" => Problem::new(Code::StorageFull),
            _ => Problem::new(Code::Unavailable),
        },
        StoreError::Conflict { constraint } => conflict(*constraint),
        StoreError::Rule { rule } => {
            tracing::warn!(rule, "the database refused what the domain let through");
            Problem::new(Code::Conflict).rule("DATABASE_RULE")
        }
        StoreError::Stale { .. } => Problem::new(Code::PreconditionFailed),
        StoreError::Integrity { table, id } => {
            tracing::error!(table, id, "a row fails its MAC");
            Problem::new(Code::Integrity)
        }
        StoreError::BadCursor => Problem::new(Code::BadRequest),
        StoreError::NotFound { .. } => Problem::new(Code::NotFound),
        StoreError::ClockBack { .. } => Problem::new(Code::ClockWentBack),
        StoreError::Migration(_) => Problem::new(Code::Unavailable),
        other => {
            tracing::error!(error = %other, "store");
            Problem::new(Code::Internal)
        }
    };
    match error.retry_after() {
        Some(wait) => problem.retry_after(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).max(1)),
        None => problem,
    }
}

fn conflict(constraint: Constraint) -> Problem {
    match constraint {
        Constraint::IdempotencyKey => Problem::new(Code::IdempotencyKeyInProgress),
        Constraint::Nonce => Problem::new(Code::Replay),
        Constraint::OneLegalNameInForce
        | Constraint::OneLegalNameInMaking
        | Constraint::OneOpenApplicationForLegalName => Problem::new(Code::LegalNameSealExists),
        other => match taken(other) {
            Some((zh, en)) => Problem::new(Code::Duplicate).detail(zh, en),
            None => Problem::new(Code::Duplicate).detail(
                format!("已存在相同的记录（{}）。", other.as_str()),
                format!("The same exists ({}).", other.as_str()),
            ),
        },
    }
}

/// What is there already, where people meet it, with what to do.
fn taken(constraint: Constraint) -> Option<(&'static str, &'static str)> {
    Some(match constraint {
        Constraint::UnitCreditCode => {
            ("这个统一社会信用代码的单位已经登记。", "A unit with this credit code is on record already.")
        }
        Constraint::MakerCreditCode => (
            "这个统一社会信用代码的制作单位已经登记。",
            "A maker with this credit code is on record already.",
        ),
        Constraint::AccountLogin => {
            ("这个登录名已被使用，请另选一个。", "This login name is taken; choose another.")
        }
        Constraint::AccountCertificate => (
            "这张证书已绑定其他账号，请先由原账号解除绑定。",
            "This certificate is bound to another account; it has to be unbound there first.",
        ),
        Constraint::OneOpenApplicationForSeal => (
            "这枚印章已有一项正在办理的申请，请先办结或者撤回。",
            "An application about this seal is under way; finish or withdraw it first.",
        ),
        Constraint::OneChangeForSeal => (
            "这枚印章已有一项变更正在办理，请先办结或者撤回。",
            "A change of this seal is under way; finish or withdraw it first.",
        ),
        Constraint::BusinessNumber => {
            ("单位已有同类同编号的印章。", "The unit has a seal of this kind with this number already.")
        }
        Constraint::PeerCode => ("这个代码的系统已经登记。", "A system with this code is on record already."),
        _ => return None,
    })
}
