//! SM3 of messages that begin alike: what was digested before is compared, which costs far less than digesting it again.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::Sm3;

/// Shorter messages are digested at once. Bytes.
const LONG: usize = 4 << 10;
/// Longer messages are not remembered. Bytes.
const LONGEST: usize = 512 << 10;
/// So many bytes apart the state of the digest is remembered.
const STEP: usize = 1 << 10;
/// How many messages are remembered.
const MESSAGES: usize = 16;

/// The latest long messages that were digested, and the digest's states on the way (摘要中间状态缓存): a seal of 50 kB stands at the beginning
/// of every signature made with it. What is compared are all bytes, so that the answer is always that of [`crate::sm3()`].
///
/// How long an answer takes tells whether a message was met before: not for contents that are nobody's business. Clones share what they
/// remember; nothing is remembered by default.
#[derive(Clone, Default)]
pub struct DigestMemory(Option<Arc<Mutex<VecDeque<Arc<Known>>>>>);

struct Known {
    lead: Vec<u8>,
    message: Vec<u8>,
    /// After the lead and each whole [`STEP`] of the message.
    states: Vec<Sm3>,
}

impl Known {
    /// How many steps a message has in common with this one, from the beginning.
    fn common(&self, message: &[u8]) -> usize {
        let pairs = self.message.chunks_exact(STEP).zip(message.chunks_exact(STEP));
        pairs.take_while(|(known, new)| known == new).count()
    }
}

impl fmt::Debug for DigestMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestMemory").field("shared", &self.0.is_some()).finish()
    }
}

impl DigestMemory {
    /// A memory that clones share.
    pub fn shared() -> Self {
        Self(Some(Arc::default()))
    }

    /// SM3 of `lead ‖ message`. The lead is short: nothing, or Z of SM2.
    pub fn sm3(&self, lead: &[u8], message: &[u8]) -> [u8; 32] {
        let mut state = Sm3::new();
        state.update(lead);
        let Some(memory) = self.0.as_ref().filter(|_| (LONG..=LONGEST).contains(&message.len())) else {
            state.update(message);
            return state.finalize();
        };
        let known: Vec<_> = lock(memory).iter().filter(|known| known.lead == lead).cloned().collect();
        let best = known.iter().map(|known| (known.common(message), known)).max_by_key(|(steps, _)| *steps);
        let (mut met, mut states) = (0, Vec::new());
        if let Some((steps, known)) = best
            && let Some((last, before)) = known.states.get(..steps).and_then(<[Sm3]>::split_last)
        {
            state = last.clone();
            met = steps.saturating_mul(STEP);
            // Most of it was met: nothing is gained by remembering this one too.
            if met >= message.len() / 4 * 3 {
                state.update(message.get(met..).unwrap_or_default());
                touch(memory, known);
                return state.finalize();
            }
            states.extend_from_slice(before);
            states.push(last.clone());
        }
        let mut rest = message.get(met..).unwrap_or_default().chunks_exact(STEP);
        for step in rest.by_ref() {
            state.update(step);
            states.push(state.clone());
        }
        state.update(rest.remainder());
        remember(memory, Known { lead: lead.to_vec(), message: message.to_vec(), states });
        state.finalize()
    }
}

fn lock(memory: &Mutex<VecDeque<Arc<Known>>>) -> MutexGuard<'_, VecDeque<Arc<Known>>> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is met again stands in front; what is new begins in the middle, so that many that come once do not push it out.
fn touch(memory: &Mutex<VecDeque<Arc<Known>>>, known: &Arc<Known>) {
    let mut all = lock(memory);
    if let Some(place) = all.iter().position(|one| Arc::ptr_eq(one, known))
        && place > 0
        && let Some(one) = all.remove(place)
    {
        all.push_front(one);
    }
}

fn remember(memory: &Mutex<VecDeque<Arc<Known>>>, known: Known) {
    let mut all = lock(memory);
    all.truncate(MESSAGES - 1);
    let place = all.len().min(MESSAGES / 2);
    all.insert(place, Arc::new(known));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sm3;

    fn message(first: u8, len: usize) -> Vec<u8> {
        (0..len).map(|at| first.wrapping_add((at / 7 % 251) as u8)).collect()
    }

    #[test]
    fn the_answer_is_always_that_of_sm3() {
        let memory = DigestMemory::shared();
        let lengths = [0, 1, LONG - 1, LONG, LONG + 1, 5 * STEP, 50_000, LONGEST, LONGEST + 1];
        for round in 0..3 {
            for (first, len) in (0..3).flat_map(|first| lengths.map(|len| (first, len))) {
                let whole = message(first, len);
                for lead in [&b""[..], &[7; 32], &[8; 32]] {
                    assert_eq!(memory.sm3(lead, &whole), sm3(&[lead, &whole].concat()), "{round} {len}");
                }
                // Something else in every place: in the steps, at their edges, behind them.
                for at in [0, STEP - 1, STEP, len / 2, len.saturating_sub(1)] {
                    let mut other = whole.clone();
                    if let Some(byte) = other.get_mut(at) {
                        *byte ^= 1;
                    }
                    assert_eq!(memory.sm3(b"", &other), sm3(&other), "{round} {len} {at}");
                }
            }
        }
        assert!(lock(memory.0.as_ref().unwrap()).len() <= MESSAGES);
    }

    #[test]
    fn what_is_met_again_and_again_is_not_pushed_out_by_what_comes_once() {
        let memory = DigestMemory::shared();
        let seal = message(0, 50_000);
        let knows = |memory: &DigestMemory| {
            lock(memory.0.as_ref().unwrap()).iter().any(|known| known.message == seal)
        };
        let once = |round: u8| {
            for first in 1..40 {
                memory.sm3(b"", &[&[round], &message(first, 10_000)[..]].concat());
            }
        };
        once(0);
        memory.sm3(b"", &seal);
        assert!(knows(&memory));
        once(1);
        assert!(!knows(&memory), "it came once, like the others");
        memory.sm3(b"", &seal);
        for round in 2..20 {
            memory.sm3(b"", &seal);
            once(round);
            assert!(knows(&memory));
        }
        assert!(DigestMemory::default().0.is_none());
    }
}
