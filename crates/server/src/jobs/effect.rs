//! How an effect of a step becomes a job.

use super::{CLOCK, WORK};
use jiff::Timestamp;
use rand_core::CryptoRng;
use yinxin_registry::ids::JobId;
use yinxin_registry::lifecycle::Effect;
use yinxin_store::NewJob;

/// The job an effect leaves for the thing `subject`. Jobs of one subject run in the order in which they were left; a deadline, which may lie
/// years ahead, has a subject of its own so that nothing waits behind it: `thing_of`.
pub fn job_of(effect: &Effect, subject: &str, now: Timestamp, rng: &mut dyn CryptoRng) -> Option<NewJob> {
    let (queue, kind, run_at) = match effect {
        Effect::Clock { at, .. } => (CLOCK, "clock", *at),
        Effect::PublishStatus => (WORK, "publish_status", now),
        Effect::NotifyUnit { .. }
        | Effect::NotifyAuthority { .. }
        | Effect::NotifyMaker { .. }
        | Effect::NotifySystem { .. } => (WORK, "notify", now),
        Effect::Announce { .. } => (WORK, "announce", now),
    };
    let id = JobId::new(now, rng).as_str().to_owned();
    let subject = if queue == CLOCK { format!("{subject}{APART}{id}") } else { subject.to_owned() };
    let payload = serde_json::to_string(effect).ok()?;
    Some(NewJob { id, queue: queue.to_owned(), kind: kind.to_owned(), subject, payload, run_at })
}

const APART: char = '#';

/// The thing a job is about.
pub fn thing_of(subject: &str) -> &str {
    subject.split_once(APART).map_or(subject, |(thing, _)| thing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use yinxin_testkit::rng::SeededRng;

    #[test]
    fn two_deadlines_of_a_thing_do_not_wait_for_each_other() {
        let now = Timestamp::UNIX_EPOCH;
        let mut rng = SeededRng::new("one");
        let clock = Effect::Clock { name: "expire".to_owned(), at: now };
        let mut job = || job_of(&clock, "seal_1", now, &mut rng).unwrap();
        let (one, other) = (job(), job());
        assert_ne!(one.subject, other.subject);
        assert_eq!(thing_of(&one.subject), "seal_1");
        assert_eq!(serde_json::from_str::<Effect>(&one.payload).unwrap(), clock);
        let told = job_of(&Effect::PublishStatus, "seal_1", now, &mut SeededRng::new("two")).unwrap();
        assert_eq!((told.subject.as_str(), told.queue.as_str()), ("seal_1", WORK));
    }
}
