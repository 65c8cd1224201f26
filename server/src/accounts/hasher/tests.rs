//! The hashing queue and its limits, without a server.

use super::*;

const CHEAP: PasswordConfig = PasswordConfig {
    min_length: 15,
    max_length: 128,
    memory_kib: 7168,
    passes: 1,
    threads: 1,
    queue: 2,
    firebase_signer_key: None,
};

/// The address that the passwords are of.
const ADA: &str = "ada@example.test";

fn password(text: &str) -> Password {
    Password::parse_existing(text, &CHEAP).expect("a usable password")
}

#[tokio::test]
async fn a_hash_is_a_phc_string_with_the_configured_parameters() {
    let hasher = Hasher::start(&CHEAP).unwrap();
    let hash = hasher.hash(password("seven purple kites")).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=7168,t=1,p=1$"), "{hash}");
    let right = hasher
        .verify(password("seven purple kites"), Some(&hash), ADA)
        .await;
    assert_eq!(right, Ok(Verdict::Right));
    let wrong = hasher
        .verify(password("Seven purple kites"), Some(&hash), ADA)
        .await;
    assert_eq!(wrong, Ok(Verdict::Wrong));
}

#[test]
fn a_hash_that_cannot_be_used_costs_as_much_as_none() {
    let hasher = Hasher::start(&CHEAP).unwrap();
    for unusable in [
        "",
        "7c6a180b36896a0a8c02787eeafb0e4c",
        "$2b$05$damaged",
        "$firebase-scrypt$ln=14,r=8$Bw==$c2FsdA==$aGFzaA==",
    ] {
        let against = hasher.against(Some(unusable), ADA);
        assert!(matches!(against, Against::Decoy(_)), "{unusable}");
    }
    assert!(matches!(hasher.against(None, ADA), Against::Decoy(_)));
}

#[tokio::test]
async fn a_hash_with_older_parameters_is_right_and_comes_with_its_successor() {
    let old = Hasher::start(&CHEAP)
        .unwrap()
        .hash(password("seven purple kites"))
        .await
        .unwrap();
    let hasher = Hasher::start(&PasswordConfig { passes: 2, ..CHEAP }).unwrap();
    let verdict = hasher
        .verify(password("seven purple kites"), Some(&old), ADA)
        .await
        .unwrap();
    let Verdict::RightAndOutdated(new) = verdict else {
        panic!("{verdict:?}")
    };
    assert!(new.starts_with("$argon2id$v=19$m=7168,t=2,p=1$"), "{new}");
    assert_eq!(
        hasher
            .verify(password("seven purple kites"), Some(&new), ADA)
            .await,
        Ok(Verdict::Right)
    );
}

#[tokio::test]
async fn a_damaged_hash_is_wrong_and_costs_nothing() {
    let hasher = Hasher::start(&CHEAP).unwrap();
    let salt_and_hash = "c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    for stored in [
        "",
        "$argon2id$v=19",
        &format!("$argon2id$v=19$m=4294967295,t=1,p=1${salt_and_hash}"),
        &format!("$argon2id$v=19$m=7168,t=4000000,p=1${salt_and_hash}"),
        &format!("$argon2x$v=19$m=7168,t=1,p=1${salt_and_hash}"),
        "$2b$12$abcdefghijklmnopqrstuv",
    ] {
        let verdict = hasher
            .verify(password("seven purple kites"), Some(stored), ADA)
            .await;
        assert_eq!(verdict, Ok(Verdict::Wrong), "{stored}");
    }
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let hasher = Hasher::start(&CHEAP).unwrap();
    let attempts = (0..20).map(|_| {
        let hasher = hasher.clone();
        tokio::spawn(async move { hasher.hash(password("seven purple kites")).await })
    });
    let mut done = 0;
    let mut refused = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(_) => done += 1,
            Err(Overloaded) => refused += 1,
        }
    }
    assert!(done >= 2 && refused >= 1, "{done} done, {refused} refused");
}

#[tokio::test]
async fn a_job_whose_client_has_gone_is_not_hashed() {
    let mut worker = Worker::new(Params::new(7168, 1, 1, None).unwrap(), HashKeys::default());
    let (reply, result) = oneshot::channel();
    drop(result);
    worker.work(Job {
        password: password("seven purple kites"),
        queued: Instant::now(),
        task: Task::Hash(reply),
        request: tracing::Span::none(),
    });
    assert!(worker.memory.is_empty(), "the memory of a hash was touched");
}

#[tokio::test]
async fn a_job_that_panics_is_lost_alone() {
    let mut worker = Worker::new(Params::new(7168, 1, 1, None).unwrap(), HashKeys::default());
    let (jobs, queue) = bounded(3);
    let mut results = Vec::new();
    for _ in 0..3 {
        let (reply, result) = oneshot::channel();
        let (password, queued) = (password("seven purple kites"), Instant::now());
        let task = Task::Hash(reply);
        jobs.send(Job {
            password,
            queued,
            task,
            request: tracing::Span::none(),
        })
        .unwrap();
        results.push(result);
    }
    drop(jobs);
    let mut number = 0;
    serve(&queue, KEEP_MEMORY, |job| {
        number += 1;
        assert_ne!(number, 2, "on purpose");
        worker.work(job.unwrap());
    });
    let mut hashed = Vec::new();
    for result in results {
        hashed.push(result.await.is_ok());
    }
    assert_eq!(hashed, [true, false, true]);
}

#[test]
fn a_thread_without_work_is_told_so() {
    let (jobs, queue) = bounded(1);
    let mut jobs = Some(jobs);
    let mut idle = 0;
    serve(&queue, Duration::from_millis(1), |job| {
        assert!(job.is_none());
        idle += 1;
        if idle == 2 {
            jobs = None;
        }
    });
    assert_eq!(idle, 2);
}
