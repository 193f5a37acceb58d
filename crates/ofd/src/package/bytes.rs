/// Little-endian integers at a position; `None` past the end.
pub(crate) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let end = at.checked_add(2)?;
    Some(u16::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    Some(u32::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let end = at.checked_add(8)?;
    Some(u64::from_le_bytes(bytes.get(at..end)?.try_into().ok()?))
}

/// The value of one extra field (APPNOTE 4.5), by its id.
pub(crate) fn extra_field(extra: &[u8], id: u16) -> Option<&[u8]> {
    extra_fields(extra).find(|(found, _, _)| *found == id).map(|(_, value, _)| value)
}

/// Every well-formed extra field: id, value, and the whole field with its header.
pub(crate) fn extra_fields(extra: &[u8]) -> impl Iterator<Item = (u16, &[u8], &[u8])> {
    let mut rest = extra;
    std::iter::from_fn(move || {
        let id = u16_at(rest, 0)?;
        let len = usize::from(u16_at(rest, 2)?);
        let whole = rest.get(..len.checked_add(4)?)?;
        let value = whole.get(4..)?;
        rest = rest.get(whole.len()..)?;
        Some((id, value, whole))
    })
}
