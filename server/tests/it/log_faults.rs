//! A log that cannot be written decides about nothing: requests are answered, mails are sent, and the process
//! ends as it should.

use std::{fs::File, io::pipe, process::Stdio};

use crate::harness::{DANA, PASSWORD, Process, free_address, settings};

/// A log on a full disk, and a pipe whose reader has ended.
fn unwritable_logs() -> [Stdio; 2] {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let (reader, writer) = pipe().unwrap();
    drop(reader);
    [full.into(), writer.into()]
}

#[tokio::test]
async fn without_a_log_everything_else_works() {
    for log in unwritable_logs() {
        let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let addr = free_address();
        let mut settings = settings(addr, &sandbox, folder.path(), &[]);
        settings.push(("RUST_LOG".to_owned(), "trace".to_owned()));
        let process = Process::launch_with_log(addr, &settings, log);
        assert!(process.becomes_ready().await);
        let browser = process.anonymous();
        assert_eq!(browser.sign_in(DANA, "a wrong password").await.status, 401);
        assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
        browser.post("/forgot-password", &[("email", DANA)]).await;
        for _ in 0..1000 {
            if !sandbox.mailbox().messages_for(DANA).is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        assert_eq!(sandbox.mailbox().messages_for(DANA).len(), 1);
        process.terminate();
        let (ended, _) = process.ended().await;
        assert!(ended.success(), "{ended}");
    }
}

#[tokio::test]
async fn a_start_that_fails_says_so_by_its_status() {
    for log in unwritable_logs() {
        let settings = [("LATCHKEY_ENV".to_owned(), "nowhere".to_owned())];
        let process = Process::launch_with_log(free_address(), &settings, log);
        assert_eq!(process.ended().await.0.code(), Some(1));
    }
}
