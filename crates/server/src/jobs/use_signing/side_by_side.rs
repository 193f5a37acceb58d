//! Computing on many things at once: some threads, each with its share, so that a thing costs no hand-over of its own.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// As many threads as compute at once.
pub fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What came of each, in their order; `None` where the work on one broke off.
pub async fn side_by_side<T: Send + 'static, R: Send + 'static>(
    threads: usize,
    mut things: Vec<T>,
    work: impl Fn(T) -> R + Send + Sync + 'static,
) -> Vec<Option<R>> {
    let share = things.len().div_ceil(threads.max(1)).max(1);
    let work = Arc::new(work);
    let mut shares = Vec::new();
    while !things.is_empty() {
        let rest = things.split_off(share.min(things.len()));
        let (mine, work) = (std::mem::replace(&mut things, rest), Arc::clone(&work));
        let count = mine.len();
        let one = move |thing| catch_unwind(AssertUnwindSafe(|| work(thing))).ok();
        shares.push((count, spawn_blocking(move || mine.into_iter().map(one).collect::<Vec<_>>())));
    }
    let mut came = Vec::new();
    for (count, share) in shares {
        came.extend(share.await.unwrap_or_else(|_| (0..count).map(|_| None).collect()));
    }
    came
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_has_its_answer_and_one_that_breaks_off_spoils_no_other() {
        for (threads, count) in [(0, 1), (1, 0), (1, 7), (2, 7), (3, 100), (9, 7)] {
            let work = |number| {
                assert_ne!(number, 5, "the one that breaks off");
                number * 2
            };
            let came = side_by_side(threads, (0..count).collect(), work).await;
            let expected: Vec<_> = (0..count).map(|number| (number != 5).then_some(number * 2)).collect();
            assert_eq!(came, expected);
        }
    }
}
