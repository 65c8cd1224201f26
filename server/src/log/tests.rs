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

/// What a disk has that was full for two of four lines.
fn after_a_full_disk(format: LogFormat) -> String {
    let disk = Disk::default();
    let mut log = Log::to(disk.clone(), format);
    log.write_all(b"first\n").unwrap();
    Log::flush(&log);
    disk.state().0 = true;
    log.write_all(b"second\n").unwrap();
    log.write_all(b"third\n").unwrap();
    Log::flush(&log);
    disk.state().0 = false;
    log.write_all(b"fourth\n").unwrap();
    Log::flush(&log);
    disk.state().1.clone()
}

#[test]
fn lines_that_could_not_be_written_are_counted_once_there_is_space() {
    assert_eq!(
        after_a_full_disk(LogFormat::Text),
        "first\n2 lines of the log were lost\nfourth\n"
    );
    let json = after_a_full_disk(LogFormat::Json);
    let line = json.lines().nth(1).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(line["fields"]["message"], "2 lines of the log were lost");
}

#[test]
fn a_log_that_is_stuck_holds_no_one_up() {
    let disk = Disk::default();
    let mut log = Log::to(disk.clone(), LogFormat::Text);
    let stuck = disk.state();
    let began = Instant::now();
    for _ in 0..MAX_WAITING + 100 {
        log.write_all(b"line\n").unwrap();
    }
    Log::flush(&log);
    assert!(began.elapsed() < FLUSH_TIMEOUT * 5);
    drop(stuck);
}
