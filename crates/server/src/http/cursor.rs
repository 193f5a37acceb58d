//! Cursors: where a list goes on, sealed so that a client can neither read meaning into one nor make one up.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use yinxin_crypto::hmac_sm3;
use zeroize::Zeroizing;

use super::problem::{Code, FieldError, Problem};

const VERSION: u8 = 1;
const MAC_LENGTH: usize = 16;
const MAX_LENGTH: usize = 1024;

/// Key that seals cursors. All nodes must hold the same, or a list could not go on at another node.
#[derive(Clone)]
pub struct CursorKey(Arc<Zeroizing<[u8; 32]>>);

impl CursorKey {
    /// The cursor key that belongs to a secret of the installation; any length, at least 16 bytes of entropy.
    pub fn derive(secret: &[u8]) -> Self {
        Self(Arc::new(Zeroizing::new(hmac_sm3(secret, b"yinxin/cursor/1"))))
    }

    fn mac(&self, context: &[u8], payload: &[u8]) -> [u8; 32] {
        let mut message = vec![VERSION];
        message.extend_from_slice(&(context.len() as u64).to_be_bytes());
        message.extend_from_slice(context);
        message.extend_from_slice(payload);
        hmac_sm3(&self.0[..], &message)
    }

    /// A cursor for the list `context` that goes on after the row with these key columns.
    pub(crate) fn seal(&self, context: &[u8], last: &[String]) -> String {
        let payload = serde_json::to_vec(last).unwrap_or_default();
        let mut bytes = vec![VERSION];
        bytes.extend(self.mac(context, &payload).into_iter().take(MAC_LENGTH));
        bytes.extend_from_slice(&payload);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The key columns in a cursor; `BAD_REQUEST` when it was not made here for this very list.
    pub(crate) fn open(&self, context: &[u8], cursor: &str) -> Result<Vec<String>, Problem> {
        self.try_open(context, cursor).ok_or_else(bad_cursor)
    }

    fn try_open(&self, context: &[u8], cursor: &str) -> Option<Vec<String>> {
        if cursor.len() > MAX_LENGTH {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (version, rest) = bytes.split_first()?;
        let (mac, payload) = rest.split_at_checked(MAC_LENGTH)?;
        let expected = self.mac(context, payload);
        let genuine = expected.get(..MAC_LENGTH)?.ct_eq(mac);
        if *version != VERSION || !bool::from(genuine) {
            return None;
        }
        serde_json::from_slice(payload).ok()
    }
}

impl core::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("CursorKey")
    }
}

pub(crate) fn bad_cursor() -> Problem {
    let (zh, en) = (
        "cursor 无效，或不属于这个列表和筛选条件；请从第一页重新开始。",
        "The cursor is not valid, or belongs to another list or filter; start again from the first page.",
    );
    Problem::new(Code::BadRequest).detail(zh, en).with_error(FieldError::parameter(
        "cursor",
        "BAD_VALUE",
        zh,
        en,
    ))
}
