//! Accounts, and what they are found by.

use crate::access::Access;
use crate::idempotency::KeptAnswer;
use crate::list::{LAST, ListFilter, Page};
use crate::record::{Versioned, read_from, record};
use crate::session::{SessionRow, WIDTH, columns};
use crate::time::micros;
use crate::value::values;
use crate::{StoreError, Tx};
use jiff::Timestamp;
use std::collections::BTreeSet;
use yinxin_registry::account::{Account, AccountState};
use yinxin_registry::role::{Role, Scope};

record! {
    Account, "account", key: |account| account.id.as_str(),
    columns: {
        login = 5: |account| account.login.as_str().into(),
        name = 6: |account| account.name.as_str().into(),
        state = 7: |account| match account.state {
            AccountState::Active => "active",
            AccountState::Disabled => "disabled",
        }.into(),
    },
    find: {
        BY_LOGIN = "WHERE login = $1";
        BY_KEY = "WHERE id IN (SELECT account_id FROM account_key WHERE kind = $1 || '' AND value = $2) ORDER BY id LIMIT CAST($3 AS BIGINT)";
        ALL_IDS = "WHERE id > $1 AND (CAST($3 AS TEXT) IS NULL OR state = $3) ORDER BY id LIMIT CAST($2 AS BIGINT)";
        ALL_IDS_STATE = "WHERE state = $3 AND id > $1 ORDER BY id LIMIT CAST($2 AS BIGINT)";
        NAME = "WHERE (name, id) > ($1, $2) AND name < $3 AND (CAST($5 AS TEXT) IS NULL OR state = $5) ORDER BY name, id LIMIT CAST($4 AS BIGINT)";
    },
    other: {
        AUTHENTICATE = concat!(
            "SELECT ", columns!("s."), ", a.id, a.version, a.body, a.mac, a.login, a.name, a.state, ",
            "i.request, i.status, i.headers, i.body FROM session s JOIN account a ON a.id = s.account_id ",
            "LEFT JOIN idempotency i ON i.owner = a.id AND i.key = $2 AND i.expires_at > $3 WHERE s.token_hash = $1"
        );
        ADD_KEY = "INSERT INTO account_key (kind, value, account_id) VALUES ($1, $2, $3)";
        DROP_KEY = "DELETE FROM account_key WHERE kind = $1 AND value = $2 AND account_id = $3";
        KEYS = "SELECT kind, value FROM account_key WHERE account_id = $1";
    },
    lookup: keys
}

/// Who a session token belongs to, and what was answered before.
#[derive(Debug, Clone)]
pub struct Authenticated {
    /// The session, expired or not.
    pub session: SessionRow,
    /// Its account.
    pub account: Versioned<Account>,
    /// The answer kept under the idempotency key, if any.
    pub answer: Option<KeptAnswer>,
}

/// Kind and value of everything an account is found by.
fn keys(account: &Account) -> BTreeSet<(String, String)> {
    let certificates = account.credentials.certificates.iter();
    let certificates = certificates.map(|c| ("certificate".to_owned(), certificate(&c.issuer, &c.serial)));
    let roles = account.grants.iter().map(|grant| (grant.role.as_str().to_owned(), scope(&grant.scope)));
    certificates.chain(roles).collect()
}

fn certificate(issuer: &str, serial: &str) -> String {
    format!("{} {issuer}", serial.trim_start_matches('0').to_ascii_lowercase())
}

fn scope(scope: &Scope) -> String {
    match scope {
        Scope::All => "*".to_owned(),
        Scope::Area(area) => area.as_str().to_owned(),
        Scope::Unit(unit) => unit.as_str().to_owned(),
        Scope::Maker(maker) => maker.as_str().to_owned(),
    }
}

impl Access {
    /// Session, account and kept answer in one round trip: what every request of a person begins with.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn authenticate(
        &mut self,
        token_hash: &[u8; 32],
        idempotency_key: Option<&str>,
        now: Timestamp,
    ) -> Result<Option<Authenticated>, StoreError> {
        let row = self.row(&AUTHENTICATE, values![token_hash, idempotency_key, micros(now)]).await?;
        let Some(row) = row else { return Ok(None) };
        let session = SessionRow::read(&row, self.keys())?;
        let end = WIDTH + 7;
        let account = read_from(&row, WIDTH, end, self.keys())?;
        let answer = row.maybe_blob(end)?.map(|_| KeptAnswer::read(&row, end)).transpose()?;
        Ok(Some(Authenticated { session, account, answer }))
    }

    /// The account with a login name.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn account_by_login(&mut self, login: &str) -> Result<Option<Versioned<Account>>, StoreError> {
        self.find(&BY_LOGIN, values![login]).await
    }

    /// The account a certificate is bound to: issuer as bound, serial number in hex.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn account_by_certificate(
        &mut self,
        issuer: &str,
        serial: &str,
    ) -> Result<Option<Versioned<Account>>, StoreError> {
        let value = certificate(issuer, serial);
        let found: Option<Versioned<Account>> = self.find(&BY_KEY, values!["certificate", &value, 1]).await?;
        // The row that led here has no MAC; the account's own word counts.
        Ok(found.filter(|account| keys(&account.value).contains(&("certificate".to_owned(), value))))
    }

    /// Accounts with a grant of `role` for exactly `scope`, ended grants included; at most 200.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn accounts_with_role(
        &mut self,
        role: Role,
        of: &Scope,
    ) -> Result<Vec<Versioned<Account>>, StoreError> {
        let value = scope(of);
        let mut found: Vec<Versioned<Account>> =
            self.find_all(&BY_KEY, values![role.as_str(), &value, 200]).await?;
        found.retain(|account| {
            account.value.grants.iter().any(|grant| grant.role == role && grant.scope == *of)
        });
        Ok(found)
    }

    /// Accounts by id, with a name in the filter by name; the filter's kind does not count.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`]; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn accounts(&mut self, filter: &ListFilter<'_>) -> Result<Page<Account>, StoreError> {
        let size = filter.size();
        let position = filter.position()?;
        if let Some(first) = filter.name {
            let (name, id) = position.filter(|(name, _)| *name >= first).unwrap_or((first, ""));
            let last = format!("{first}{LAST}");
            let found = self.find_all(&NAME, values![name, id, &last, size + 1, filter.state]).await?;
            return Ok(Page::cut(found, size, |account: &Account| {
                format!("{}~{}", account.name, account.id)
            }));
        }
        let after = position.map_or("", |(_, id)| id);
        let statement = if filter.state.is_some() { &ALL_IDS_STATE } else { &ALL_IDS };
        let found = self.find_all(statement, values![after, size + 1, filter.state]).await?;
        Ok(Page::cut(found, size, |account: &Account| format!("~{}", account.id)))
    }
}

impl Access {
    pub(crate) async fn lookup_of(
        &mut self,
        account_id: &str,
    ) -> Result<BTreeSet<(String, String)>, StoreError> {
        let rows = self.rows(&KEYS, values![account_id]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }
}

impl Tx {
    /// Brings what an account is found by from `before` to `after`.
    pub(crate) async fn set_lookup(
        &mut self,
        account_id: &str,
        before: &BTreeSet<(String, String)>,
        after: &BTreeSet<(String, String)>,
    ) -> Result<(), StoreError> {
        for (kind, value) in before.difference(after) {
            self.execute(&DROP_KEY, values![kind, value, account_id]).await?;
        }
        for (kind, value) in after.difference(before) {
            self.execute(&ADD_KEY, values![kind, value, account_id]).await?;
        }
        Ok(())
    }
}
