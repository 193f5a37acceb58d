//! Notices to people. A notice never changes; what its reader marks stands beside it.

use crate::list::ListFilter;
use crate::record::{Versioned, read_from, record};
use crate::time::{maybe_timestamp, micros};
use crate::value::values;
use crate::{Access, StoreError, Tx};
use jiff::Timestamp;
use yinxin_registry::notice::Notice;

/// Columns of the record.
const WIDTH: usize = 9;
/// Behind every identifier.
const END: &str = "ntc~";

macro_rules! of_account {
    ($unread:literal) => {
        concat!(
            "SELECT id, version, body, mac, account_id, event, kind, subject, at, read_at FROM notice WHERE account_id = $1 AND id < $2 ",
            $unread,
            "AND (CAST($4 AS TEXT) IS NULL OR kind = $4) AND (CAST($5 AS TEXT) IS NULL OR subject = $5) ORDER BY id DESC LIMIT CAST($3 AS BIGINT)"
        )
    };
}

record! {
    Notice, "notice", key: |notice| notice.id.as_str(),
    columns: {
        account_id = 5: |notice| notice.account.as_str().into(),
        event = 6: |notice| notice.event.as_str().into(),
        kind = 7: |notice| notice.kind.as_str().into(),
        subject = 8: |notice| notice.subject.as_str().into(),
        at = 9: |notice| micros(notice.at).into(),
    },
    other: {
        OF_ACCOUNT = of_account!("");
        UNREAD_OF_ACCOUNT = of_account!("AND read_at IS NULL ");
        ONE = "SELECT id, version, body, mac, account_id, event, kind, subject, at, read_at FROM notice WHERE id = $1 AND account_id = $2";
        UNREAD = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM notice WHERE account_id = $1 AND read_at IS NULL LIMIT CAST($2 AS BIGINT)) AS counted";
        TOLD = "SELECT account_id FROM notice WHERE event = $1";
        READ = "UPDATE notice SET read_at = $3 WHERE id = $2 AND account_id = $1 AND read_at IS NULL";
        READ_ALL = "UPDATE notice SET read_at = $3 WHERE account_id = $1 AND read_at IS NULL AND id <= $2";
    }
}

/// Which notices of a person.
#[derive(Debug, Clone, Default)]
pub struct NoticeFilter<'a> {
    /// Only what he has not marked as read.
    pub unread: bool,
    /// Only this kind.
    pub kind: Option<&'a str>,
    /// Only about this thing.
    pub subject: Option<&'a str>,
    /// [`NoticePage::next`] of the part before.
    pub cursor: Option<&'a str>,
    /// How many, 1 to 200; 0 counts as 50.
    pub limit: u32,
}

/// Part of a person's notices.
#[derive(Debug, Clone)]
pub struct NoticePage {
    /// The notices, the newest first, each with when it was marked as read.
    pub items: Vec<(Notice, Option<Timestamp>)>,
    /// Where the next part begins.
    pub next: Option<String>,
}

impl Access {
    /// A person's notices, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn notices(
        &mut self,
        account: &str,
        filter: &NoticeFilter<'_>,
    ) -> Result<NoticePage, StoreError> {
        let size = ListFilter { limit: filter.limit, ..ListFilter::default() }.size();
        let statement = if filter.unread { &UNREAD_OF_ACCOUNT } else { &OF_ACCOUNT };
        let before = filter.cursor.unwrap_or(END);
        let rows =
            self.rows(statement, values![account, before, size + 1, filter.kind, filter.subject]).await?;
        let mut items = Vec::with_capacity(rows.len());
        for row in &rows {
            let notice: Versioned<Notice> = read_from(row, 0, WIDTH, self.keys())?;
            items.push((notice.value, maybe_timestamp(row.maybe_int(WIDTH)?)?));
        }
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| more).map(|(last, _)| last.id.as_str().to_owned());
        Ok(NoticePage { items, next })
    }

    /// A notice of a person, and when he marked it as read.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], for another's too; [`StoreError::Integrity`]; [`StoreError::Unavailable`].
    pub async fn notice(
        &mut self,
        account: &str,
        id: &str,
    ) -> Result<(Notice, Option<Timestamp>), StoreError> {
        let row = self.row(&ONE, values![id, account]).await?;
        let row = row.ok_or_else(|| StoreError::NotFound { table: "notice", id: id.to_owned() })?;
        let notice: Versioned<Notice> = read_from(&row, 0, WIDTH, self.keys())?;
        Ok((notice.value, maybe_timestamp(row.maybe_int(WIDTH)?)?))
    }

    /// How many notices a person has not marked as read; counted no further than `most`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn unread_notices(&mut self, account: &str, most: u32) -> Result<u64, StoreError> {
        let row = self.row(&UNREAD, values![account, i64::from(most)]).await?;
        let count = row.map_or(Ok(0), |row| row.int(0))?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Who was told of an event already.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn told(&mut self, event: &str) -> Result<Vec<String>, StoreError> {
        let rows = self.rows(&TOLD, values![event]).await?;
        rows.iter().map(|row| row.text(0)).collect()
    }
}

impl Tx {
    /// A person marks a notice of his as read; one that is read stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn read_notice(&mut self, account: &str, id: &str, now: Timestamp) -> Result<(), StoreError> {
        self.execute(&READ, values![account, id, micros(now)]).await.map(|_| ())
    }

    /// A person marks all his notices up to one as read; how many were not.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`].
    pub async fn read_notices(
        &mut self,
        account: &str,
        up_to: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.execute(&READ_ALL, values![account, up_to, micros(now)]).await
    }
}
