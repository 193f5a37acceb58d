//! Hashing with argon2id (RFC 9106), off the asynchronous threads and with bounded memory.

use std::future::Future;
use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{
    ARGON2ID_IDENT, Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
};
use rand_core::CryptoRng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;

use crate::security::Secret;

/// Longer input is never hashed; no policy allows it.
const LONGEST_INPUT: usize = 1024;
/// A stored hash that asks for more KiB than this is taken for an attack on the memory of the server.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
/// And for more passes, on its time.
const MOST_PASSES: u32 = 64;
/// As many checks may wait for each that runs.
const WAITING_PER_SLOT: usize = 32;
/// Salt of the hash that unknown accounts are checked against: its result is thrown away.
const DUMMY_SALT: [u8; 16] = *b"yinxin-no-such-1";

/// What a hash costs: argon2id parameters. The defaults are those OWASP recommends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HashCost {
    /// Memory in KiB, at least 8 for each lane.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for HashCost {
    /// 19 MiB, 2 passes, 1 lane.
    fn default() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }
}

/// Why a password could not be hashed or checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasswordError {
    /// The configured cost is out of range.
    #[error(
        "口令散列参数无效：内存 8 KiB×线程数至 1 GiB，遍数 1 至 64 / invalid password hash cost: memory from 8 KiB per lane to 1 GiB, 1 to 64 passes"
    )]
    Cost,
    /// Too many logins at once.
    #[error("登录请求过多，请稍后再试 / too many logins at once: try again in a moment")]
    Busy,
    /// What is stored is no hash of ours.
    #[error(
        "存储的口令散列已损坏；请由管理员重置口令 / the stored password hash is damaged: ask an administrator to reset the password"
    )]
    StoredHash,
    /// Longer than anything is hashed.
    #[error("口令过长 / the password is too long")]
    TooLong,
    /// The hash function failed: no memory.
    #[error(
        "口令散列失败，服务器内存可能不足 / hashing the password failed: the server may be short of memory"
    )]
    Failed,
}

impl PasswordError {
    /// Stable code for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cost => "PASSWORD_COST",
            Self::Busy => "PASSWORD_BUSY",
            Self::StoredHash => "PASSWORD_HASH_DAMAGED",
            Self::TooLong => "PASSWORD_TOO_LONG",
            Self::Failed => "PASSWORD_HASH_FAILED",
        }
    }
}

/// Result of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The password is right.
    Right {
        /// The stored hash was made at another cost: hash again and store.
        rehash: bool,
    },
    /// It is wrong, or there is no such account.
    Wrong,
}

/// Hashes and checks passwords, so many at a time; cheap to clone. Needs a Tokio runtime.
#[derive(Debug, Clone)]
pub struct PasswordHasher {
    params: Params,
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
}

impl PasswordHasher {
    /// A hasher of this cost that runs at most `parallel` hashes at a time: their memory is the memory logins can take. Further ones
    /// wait, and beyond 32 for each slot they are refused.
    ///
    /// # Errors
    /// [`PasswordError::Cost`].
    pub fn new(cost: HashCost, parallel: NonZeroUsize) -> Result<Self, PasswordError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None);
        let params = params.map_err(|_| PasswordError::Cost)?;
        if !is_bearable(&params) {
            return Err(PasswordError::Cost);
        }
        let parallel = parallel.get().min(Semaphore::MAX_PERMITS / (2 * WAITING_PER_SLOT));
        Ok(Self {
            params,
            running: Arc::new(Semaphore::new(parallel)),
            admitted: Arc::new(Semaphore::new(parallel + parallel * WAITING_PER_SLOT)),
        })
    }

    /// Hashes a password with a random salt; the result is a PHC string, `$argon2id$v=19$…`.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub fn hash(
        &self,
        password: Secret,
        rng: &mut dyn CryptoRng,
    ) -> impl Future<Output = Result<String, PasswordError>> + Send + use<> {
        let mut salt = [0; 16];
        rng.fill_bytes(&mut salt);
        let (this, argon2) = (self.clone(), self.argon2());
        async move {
            this.run(move || {
                let hash = argon2.hash_password_with_salt(input(&password)?, &salt);
                hash.map(|h| h.to_string()).map_err(|_| PasswordError::Failed)
            })
            .await
        }
    }

    /// Checks a password against the stored hash. Without an account, pass `None`: a hash of the same cost is computed all the same, so
    /// that the time of the answer does not tell which accounts exist.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn check(
        &self,
        password: Secret,
        stored: Option<String>,
    ) -> Result<PasswordCheck, PasswordError> {
        let (params, argon2) = (self.params.clone(), self.argon2());
        self.run(move || {
            let password = input(&password)?;
            let Some(stored) = stored else {
                let hash = argon2.hash_password_with_salt(password, &DUMMY_SALT);
                std::hint::black_box(hash.map_err(|_| PasswordError::Failed)?);
                return Ok(PasswordCheck::Wrong);
            };
            let (hash, used) = parse(&stored)?;
            let rehash = used.m_cost() != params.m_cost()
                || used.t_cost() != params.t_cost()
                || used.p_cost() != params.p_cost();
            Ok(if matches(&argon2, password, &hash)? {
                PasswordCheck::Right { rehash }
            } else {
                PasswordCheck::Wrong
            })
        })
        .await
    }

    /// Whether a password is one of the last so many, of which `former` has the hashes, newest first. Damaged ones are passed over: they
    /// can be nobody's password any more.
    ///
    /// # Errors
    /// See [`PasswordError`].
    pub async fn is_reused(
        &self,
        password: Secret,
        former: Vec<String>,
        last: usize,
    ) -> Result<bool, PasswordError> {
        let argon2 = self.argon2();
        self.run(move || {
            let password = input(&password)?;
            for stored in former.iter().take(last) {
                let Ok((hash, _)) = parse(stored) else { continue };
                if matches(&argon2, password, &hash)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }

    /// Whether a stored hash was made at another cost than the present one, or is damaged.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        match parse(stored) {
            Ok((_, used)) => {
                used.m_cost() != self.params.m_cost()
                    || used.t_cost() != self.params.t_cost()
                    || used.p_cost() != self.params.p_cost()
            }
            Err(_) => true,
        }
    }

    fn argon2(&self) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, self.params.clone())
    }

    /// Runs work on a thread that may block. The slot belongs to the work and not to the request, so that requests given up by their
    /// clients cannot pile work up.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let admitted = Arc::clone(&self.admitted).try_acquire_owned().map_err(|_| PasswordError::Busy)?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| PasswordError::Busy)?;
        let job = tokio::task::spawn_blocking(move || {
            let result = work();
            drop((running, admitted));
            result
        });
        job.await.map_err(|_| PasswordError::Failed)?
    }
}

fn input(password: &Secret) -> Result<&[u8], PasswordError> {
    let bytes = password.reveal().as_bytes();
    if bytes.len() > LONGEST_INPUT { Err(PasswordError::TooLong) } else { Ok(bytes) }
}

/// A stored hash, if it is argon2id version 19 at a bearable cost.
fn parse(stored: &str) -> Result<(PasswordHash, Params), PasswordError> {
    let hash = PasswordHash::new(stored).map_err(|_| PasswordError::StoredHash)?;
    let params = Params::try_from(&hash).map_err(|_| PasswordError::StoredHash)?;
    let ours = hash.algorithm == ARGON2ID_IDENT
        && hash.version == Some(Version::V0x13.into())
        && hash.hash.is_some()
        && hash.salt.is_some();
    if ours && is_bearable(&params) { Ok((hash, params)) } else { Err(PasswordError::StoredHash) }
}

fn is_bearable(params: &Params) -> bool {
    params.m_cost() <= MOST_MEMORY_KIB && params.t_cost() <= MOST_PASSES
}

fn matches(argon2: &Argon2<'_>, password: &[u8], hash: &PasswordHash) -> Result<bool, PasswordError> {
    use argon2::password_hash::Error;
    match argon2.verify_password(password, hash) {
        Ok(()) => Ok(true),
        Err(Error::PasswordInvalid) => Ok(false),
        Err(_) => Err(PasswordError::Failed),
    }
}
