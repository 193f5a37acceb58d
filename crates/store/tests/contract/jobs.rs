//! Jobs.

use crate::bench::{Bench, unique};
use crate::sample::{later, now};
use std::collections::HashSet;
use yinxin_store::{Constraint, Job, JobState, NewJob, StoreError};

fn job(subject: &str) -> NewJob {
    NewJob {
        id: format!("job_{}", unique()),
        queue: "mail".to_owned(),
        kind: "notify".to_owned(),
        subject: subject.to_owned(),
        payload: r#"{"说":"\"引\""}"#.to_owned(),
        run_at: now(),
    }
}

async fn add(bench: &Bench, jobs: &[NewJob]) {
    let mut tx = bench.store.begin().await.unwrap();
    tx.add_jobs(jobs, now()).await.unwrap();
    assert!(tx.round_trips() <= 2, "jobs are added in one round trip");
    tx.commit().await.unwrap();
}

async fn claim(bench: &Bench, at: i64, limit: u32) -> Vec<Job> {
    let mut tx = bench.store.begin().await.unwrap();
    let jobs = tx.claim_jobs("mail", later(at), later(at + 10), limit, "node").await.unwrap();
    tx.commit().await.unwrap();
    jobs
}

async fn finish(bench: &Bench, job: &Job) -> Result<(), StoreError> {
    let mut tx = bench.store.begin().await.unwrap();
    tx.finish_job(job, later(1)).await?;
    tx.commit().await.map(|_| ())
}

pub async fn jobs_are_claimed_when_due_and_finished(bench: &Bench) {
    let (mut late, elsewhere) = (job("c"), NewJob { queue: "publish".to_owned(), ..job("d") });
    late.run_at = later(100);
    let first = [job("a"), job("b"), late, elsewhere];
    add(bench, &first).await;
    add(bench, &[]).await;
    let mut read = bench.store.read().await.unwrap();
    assert_eq!(read.next_due("mail").await.unwrap(), Some(now()));
    assert_eq!(read.next_due("none").await.unwrap(), None);
    let claimed = claim(bench, 0, 10).await;
    assert_eq!(claimed.iter().map(|j| &j.id).collect::<Vec<_>>(), [&first[0].id, &first[1].id]);
    assert_eq!((claimed[0].payload.as_str(), claimed[0].attempts), (first[0].payload.as_str(), 1));
    assert_eq!((claimed[0].state, claimed[0].run_at), (JobState::Running, later(10)));
    assert!(claim(bench, 5, 10).await.is_empty());
    for job in &claimed {
        finish(bench, job).await.unwrap();
    }
    let done = read.job(&first[0].id).await.unwrap().unwrap();
    assert_eq!((done.state, done.ended_at), (JobState::Done, Some(later(1))));
    assert_eq!(read.next_due("mail").await.unwrap(), Some(later(100)));
    let mut due = async |queue, second| read.jobs_due(queue, later(second)).await.unwrap();
    assert_eq!([due("mail", 99).await, due("mail", 100).await, due("publish", 0).await], [0, 1, 1]);
    assert_eq!(due("none", 100).await, 0);
    let mut tx = bench.store.begin().await.unwrap();
    // Told at once or by the commit.
    let refused = match tx.add_jobs(&first[..1], now()).await {
        Ok(()) => tx.commit().await.unwrap_err(),
        Err(refused) => refused,
    };
    assert!(matches!(refused, StoreError::Conflict { constraint: Constraint::JobId }), "{refused}");
}

pub async fn a_node_that_was_killed_takes_its_own_work_up_at_once(bench: &Bench) {
    add(bench, &[job("a"), job("b")]).await;
    let own = claim(bench, 0, 1).await.remove(0);
    let mut tx = bench.store.begin().await.unwrap();
    let other = tx.claim_jobs("mail", later(0), later(10), 1, "other").await.unwrap().remove(0);
    tx.commit().await.unwrap();
    assert!(claim(bench, 1, 10).await.is_empty());
    let mut tx = bench.store.begin().await.unwrap();
    assert_eq!(tx.free_jobs("node", later(1)).await.unwrap(), 1);
    assert_eq!(tx.free_jobs("", later(1)).await.unwrap(), 0);
    tx.commit().await.unwrap();
    let again = claim(bench, 1, 10).await;
    assert_eq!(again.iter().map(|j| &j.id).collect::<Vec<_>>(), [&own.id], "not that of another node");
    assert!(matches!(finish(bench, &own).await, Err(StoreError::Stale { .. })));
    finish(bench, &other).await.unwrap();
}

pub async fn jobs_of_one_subject_run_in_order(bench: &Bench) {
    let jobs = [job("seal_1"), job("seal_1"), job("seal_2")];
    add(bench, &jobs).await;
    let claimed = claim(bench, 0, 10).await;
    assert_eq!(claimed.iter().map(|j| &j.id).collect::<Vec<_>>(), [&jobs[0].id, &jobs[2].id]);
    assert!(claim(bench, 1, 10).await.is_empty(), "the second waits for the first");
    finish(bench, &claimed[0]).await.unwrap();
    let next = claim(bench, 2, 10).await;
    assert_eq!(next.iter().map(|j| &j.id).collect::<Vec<_>>(), [&jobs[1].id]);
}

pub async fn job_of_a_dead_worker_comes_due_again_and_the_late_worker_is_refused(bench: &Bench) {
    add(bench, &[job("a")]).await;
    let first = claim(bench, 0, 1).await.remove(0);
    let mut tx = bench.store.begin().await.unwrap();
    tx.extend_job(&first, later(20)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(bench, 19, 1).await.is_empty());
    let second = claim(bench, 20, 1).await.remove(0);
    assert_eq!((second.id.as_str(), second.attempts), (first.id.as_str(), 2));
    let refused = finish(bench, &first).await.unwrap_err();
    assert!(matches!(refused, StoreError::Stale { table: "job", .. }), "{refused}");
    finish(bench, &second).await.unwrap();
    assert!(finish(bench, &second).await.is_err(), "finished twice");
}

pub async fn failed_job_is_tried_again_buried_and_revived(bench: &Bench) {
    let jobs = [job("a"), job("a")];
    add(bench, &jobs).await;
    let first = claim(bench, 0, 1).await.remove(0);
    let mut tx = bench.store.begin().await.unwrap();
    tx.retry_job(&first, later(50), "邮件服务器无应答").await.unwrap();
    tx.commit().await.unwrap();
    assert!(claim(bench, 49, 9).await.is_empty(), "the one behind it waits, too");
    let again = claim(bench, 50, 9).await.remove(0);
    assert_eq!(
        (again.id.as_str(), again.last_error.as_deref()),
        (first.id.as_str(), Some("邮件服务器无应答"))
    );
    let mut tx = bench.store.begin().await.unwrap();
    tx.bury_job(&again, later(51), "放弃").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(claim(bench, 52, 9).await[0].id, jobs[1].id, "a dead one holds up nobody");
    let mut read = bench.store.read().await.unwrap();
    let dead = read.dead_jobs(None, 10).await.unwrap();
    assert_eq!((dead.len(), dead[0].state), (1, JobState::Dead));
    assert!(read.dead_jobs(Some(&dead[0]), 10).await.unwrap().is_empty());
    let mut tx = bench.store.begin().await.unwrap();
    tx.revive_job(&dead[0].id, later(60)).await.unwrap();
    assert!(matches!(tx.revive_job(&dead[0].id, later(60)).await, Err(StoreError::NotFound { .. })));
    tx.commit().await.unwrap();
    let job = read.job(&dead[0].id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Waiting, 0));
}

pub async fn no_job_is_claimed_twice_by_racing_workers(bench: &Bench) {
    let jobs: Vec<_> = (0..60).map(|i| job(&format!("seal_{i}"))).collect();
    add(bench, &jobs).await;
    let other = bench.second().await;
    let workers: Vec<_> = (0..6)
        .map(|worker| {
            let store = if worker % 2 == 0 { bench.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let mut tx = store.begin().await.unwrap();
                    let jobs = tx.claim_jobs("mail", now(), later(10), 5, "node").await.unwrap();
                    tx.commit().await.unwrap();
                    if jobs.is_empty() {
                        return mine;
                    }
                    mine.extend(jobs.into_iter().map(|job| job.id));
                }
            })
        })
        .collect();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    assert_eq!(all.len(), 60);
    assert_eq!(all.into_iter().collect::<HashSet<_>>().len(), 60);
}
