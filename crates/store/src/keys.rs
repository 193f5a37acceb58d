//! MAC over rows: what stands in a row that carries rights or a status was written by this program.

use crate::value::Value;
use subtle::ConstantTimeEq;
use yinxin_crypto::hmac_sm3;
use zeroize::Zeroizing;

/// The keys of the row MAC (HMAC-SM3), each with a number. New rows take the current key; rows under an older one stay readable as
/// long as it is handed in.
#[derive(Clone)]
pub struct RowKeys {
    current: Key,
    older: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    number: u32,
    secret: Zeroizing<Vec<u8>>,
}

impl RowKeys {
    /// Keys with `number` as the current one.
    pub fn new(number: u32, secret: &[u8]) -> Self {
        Self { current: Key { number, secret: Zeroizing::new(secret.to_vec()) }, older: Vec::new() }
    }

    /// Adds a key that only reads.
    #[must_use]
    pub fn with_older(mut self, number: u32, secret: &[u8]) -> Self {
        self.older.push(Key { number, secret: Zeroizing::new(secret.to_vec()) });
        self
    }

    /// The MAC of a row: number of the key (4 bytes) and HMAC-SM3 (32 bytes).
    pub(crate) fn mac(&self, table: &str, values: &[Value<'_>]) -> Vec<u8> {
        let mut mac = self.current.number.to_be_bytes().to_vec();
        mac.extend_from_slice(&hmac_sm3(&self.current.secret, &canonical(table, values)));
        mac
    }

    /// Whether `mac` is the MAC of the row under one of the keys.
    pub(crate) fn verify(&self, table: &str, values: &[Value<'_>], mac: &[u8]) -> bool {
        let Some((number, tag)) = mac.split_first_chunk::<4>() else { return false };
        let number = u32::from_be_bytes(*number);
        let key = std::iter::once(&self.current).chain(&self.older).find(|key| key.number == number);
        key.is_some_and(|key| hmac_sm3(&key.secret, &canonical(table, values)).ct_eq(tag).into())
    }

    /// Whether `mac` was made with the current key.
    pub(crate) fn is_current(&self, mac: &[u8]) -> bool {
        mac.first_chunk::<4>().is_some_and(|number| u32::from_be_bytes(*number) == self.current.number)
    }
}

impl std::fmt::Debug for RowKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowKeys").field("current", &self.current.number).finish_non_exhaustive()
    }
}

/// Bytes that no other row has: the table's name and every value with its kind and length. Absent values at the end are left out,
/// so that a later migration may append a column without touching the rows there are.
fn canonical(table: &str, values: &[Value<'_>]) -> Vec<u8> {
    let absent =
        |value: &Value<'_>| matches!(value, Value::Text(None) | Value::Int(None) | Value::Blob(None));
    let kept = values.len() - values.iter().rev().take_while(|value| absent(value)).count();
    let mut out = b"yinxin-row-1".to_vec();
    put(&mut out, b't', table.as_bytes());
    for value in values.iter().take(kept) {
        match value {
            Value::Text(Some(text)) => put(&mut out, b't', text.as_bytes()),
            Value::Int(Some(number)) => put(&mut out, b'i', &number.to_be_bytes()),
            Value::Blob(Some(bytes)) => put(&mut out, b'b', bytes),
            Value::Text(None) | Value::Int(None) | Value::Blob(None) => put(&mut out, b'n', b""),
        }
    }
    out
}

fn put(out: &mut Vec<u8>, kind: u8, bytes: &[u8]) {
    out.push(kind);
    out.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_rows_share_their_bytes() {
        let rows: Vec<Vec<u8>> = vec![
            canonical("unit", &[Value::from("ab"), Value::from("c")]),
            canonical("unit", &[Value::from("a"), Value::from("bc")]),
            canonical("unit", &[Value::from("abc")]),
            canonical("unit", &[Value::from("ab"), Value::Int(None), Value::from("c")]),
            canonical("unit", &[Value::from(&b"ab"[..]), Value::from("c")]),
            canonical("unit", &[Value::from(1), Value::from("c")]),
            canonical("uni", &[Value::from("tab"), Value::from("c")]),
        ];
        for (i, a) in rows.iter().enumerate() {
            for b in rows.iter().skip(i + 1) {
                assert_ne!(a, b);
            }
        }
    }

    #[test]
    fn a_column_appended_later_leaves_old_macs_good() {
        let keys = RowKeys::new(1, b"0123456789abcdef");
        let mac = keys.mac("unit", &[Value::from("a"), Value::from(1)]);
        assert!(keys.verify("unit", &[Value::from("a"), Value::from(1), Value::Text(None)], &mac));
        assert!(!keys.verify("unit", &[Value::from("a"), Value::from(1), Value::from("x")], &mac));
        assert!(!keys.verify("unit", &[Value::from("a")], &mac));
    }

    #[test]
    fn older_keys_read_and_unknown_keys_do_not() {
        let old = RowKeys::new(1, b"first");
        let mac = old.mac("unit", &[Value::from("a")]);
        let rotated = RowKeys::new(2, b"second").with_older(1, b"first");
        assert!(rotated.verify("unit", &[Value::from("a")], &mac) && !rotated.is_current(&mac));
        assert!(!RowKeys::new(2, b"first").verify("unit", &[Value::from("a")], &mac));
        assert!(!RowKeys::new(1, b"other").verify("unit", &[Value::from("a")], &mac));
        assert!(!old.verify("unit", &[Value::from("a")], &mac[..20]));
        assert!(!old.verify("unit", &[Value::from("a")], b""));
    }
}
