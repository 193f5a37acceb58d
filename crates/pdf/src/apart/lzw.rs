//! LZW as PDF has it: codes of 9 to 12 bits, the highest bit first (ISO 32000-1 §7.4.4).

const CLEAR: usize = 256;
const END: usize = 257;
const LARGEST: usize = 4096;

/// Undoes LZW; data that go wrong end there. `None` above `max` bytes.
pub(super) fn decode(data: &[u8], early: bool, max: usize) -> Option<Vec<u8>> {
    let mut out: Vec<u8> = Vec::new();
    // Where in `out` the word of each code from 258 on stands, and how long it is.
    let mut words: Vec<(usize, usize)> = Vec::new();
    let mut before: Option<(usize, usize)> = None;
    let (mut bits, mut held) = (0_u32, 0_u32);
    let mut width = 9;
    let mut input = data.iter();
    loop {
        while held < width {
            let Some(byte) = input.next() else { return Some(out) };
            bits = bits << 8 | u32::from(*byte);
            held = held.saturating_add(8);
        }
        held = held.saturating_sub(width);
        let code = (bits >> held & ((1 << width) - 1)) as usize;
        bits &= (1 << held) - 1;
        if code == END {
            return Some(out);
        }
        if code == CLEAR {
            words.clear();
            before = None;
            width = 9;
            continue;
        }
        let start = out.len();
        if code < CLEAR {
            out.push(code as u8);
        } else {
            // A word not in the list yet is the one before with its own first byte.
            let word = words.get(code.saturating_sub(END + 1)).copied();
            let Some((from, length)) = word.or(before) else { return Some(out) };
            for at in from..from.saturating_add(length) {
                let byte = out.get(at).copied().unwrap_or(0);
                out.push(byte);
            }
            if word.is_none() {
                let first = out.get(from).copied().unwrap_or(0);
                out.push(first);
            }
        }
        if out.len() > max {
            return None;
        }
        if let Some((from, length)) = before
            && words.len() < LARGEST - END - 1
        {
            // The word before and the first byte of this one stand side by side in what was written.
            words.push((from, length.saturating_add(1)));
        }
        before = Some((start, out.len().saturating_sub(start)));
        let reached = words.len().saturating_add(END + 1 + usize::from(early));
        width = match reached {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        let packed = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(decode(&packed, true, 100).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
        assert_eq!(decode(&packed, true, 5), None);
    }

    #[test]
    fn any_bytes_end() {
        for seed in 0..200_u32 {
            let data: Vec<u8> = (0..300_u32).map(|n| (n.wrapping_mul(seed + 7) >> 3) as u8).collect();
            let _ = (decode(&data, true, 1 << 20), decode(&data, false, 1 << 20));
        }
    }
}
