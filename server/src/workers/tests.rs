//! Workers that fail, panic and hang.

use std::sync::atomic::AtomicUsize;

use tokio::sync::Notify;

use super::*;

/// How a unit of work goes wrong.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Error,
    Panic,
    Hang,
}

/// A worker whose first units of work go wrong.
struct Clumsy {
    faults: Vec<Fault>,
    units: Arc<AtomicUsize>,
    never: Notify,
}

impl Worker for Clumsy {
    const NAME: &'static str = "clumsy";
    const MAX_WORK: Duration = Duration::from_millis(50);

    async fn work(&self) -> anyhow::Result<bool> {
        match self.faults.get(self.units.fetch_add(1, Ordering::SeqCst)) {
            None => Ok(false),
            Some(Fault::Error) => Err(anyhow!("on purpose")),
            Some(Fault::Panic) => panic!("on purpose"),
            Some(Fault::Hang) => {
                self.never.notified().await;
                Ok(false)
            }
        }
    }

    async fn idle(&self) {
        self.never.notified().await;
    }
}

fn start(faults: &[Fault]) -> (Workers, Arc<AtomicUsize>) {
    let units = Arc::new(AtomicUsize::new(0));
    let workers = Workers::default();
    workers.start(Clumsy {
        faults: faults.to_vec(),
        units: Arc::clone(&units),
        never: Notify::new(),
    });
    (workers, units)
}

async fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1000 {
        if holds() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("not within ten seconds: {what}");
}

#[tokio::test]
async fn a_worker_goes_on_after_each_fault_and_is_seen_meanwhile() {
    let mut started = Vec::new();
    for fault in [Fault::Error, Fault::Panic, Fault::Hang] {
        started.push((fault, start(&[fault])));
    }
    for (fault, (workers, _)) in &started {
        until(&format!("{fault:?} is seen"), || {
            workers.failing() == ["clumsy"]
        })
        .await;
    }
    for (fault, (workers, units)) in &started {
        until(&format!("{fault:?} is over"), || {
            workers.failing().is_empty()
        })
        .await;
        assert_eq!(units.load(Ordering::SeqCst), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn stopping_ends_idle_and_busy_workers() {
    for faults in [&[][..], &[Fault::Hang]] {
        let (workers, units) = start(faults);
        until("it works", || units.load(Ordering::SeqCst) == 1).await;
        timeout(
            Duration::from_secs(10),
            workers.stop(Duration::from_secs(5)),
        )
        .await
        .unwrap();
        assert_eq!(units.load(Ordering::SeqCst), 1);
    }
}
