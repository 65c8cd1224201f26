//! Logs that fail, and logs that are stuck.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use super::*;

/// A place that can be full, and what was written to it.
#[derive(Clone, Default)]
struct Disk(Arc<Mutex<(bool, String)>>);

impl Disk {
    fn state(&self) -> MutexGuard<'_, (bool, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.state();
        if state.0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        state.1 += &String::from_utf8_lossy(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn lines_that_could_not_be_written_are_counted_once_there_is_space() {
    let disk = Disk::default();
    let mut log = Log::to(disk.clone());
    log.write_all(b"first\n").unwrap();
    Log::flush(&log);
    disk.state().0 = true;
    log.write_all(b"second\n").unwrap();
    log.write_all(b"third\n").unwrap();
    Log::flush(&log);
    disk.state().0 = false;
    log.write_all(b"fourth\n").unwrap();
    Log::flush(&log);
    assert_eq!(
        disk.state().1,
        "first\n2 lines of the log were lost\nfourth\n"
    );
}

#[test]
fn a_log_that_is_stuck_holds_no_one_up() {
    let disk = Disk::default();
    let mut log = Log::to(disk.clone());
    let stuck = disk.state();
    let began = Instant::now();
    for _ in 0..MAX_WAITING + 100 {
        log.write_all(b"line\n").unwrap();
    }
    Log::flush(&log);
    assert!(began.elapsed() < FLUSH_TIMEOUT * 5);
    drop(stuck);
}
