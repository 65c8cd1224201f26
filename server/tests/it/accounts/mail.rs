//! A failing mail server delays mails and loses none.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

use crate::harness::{DANA, GOOD_PASSWORD, RIVA, TestApp, token_in};

/// What a mail server does when it has received all of a mail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Accept,
    Reject,
    CloseConnection,
    SayNothing,
}

/// A mail server that refuses mail for some addresses.
#[derive(Clone, Default)]
struct RejectingServer {
    rejected_address: &'static str,
    /// How the first mail ends.
    first_end: End,
    /// How many mails it has received, accepted or not.
    received: Arc<Mutex<usize>>,
    /// A second address, of which it knows nothing.
    unknown_address: &'static str,
    accepted: Arc<Mutex<Vec<String>>>,
    rejections: Arc<Mutex<usize>>,
    received_lines: Arc<Mutex<Vec<String>>>,
}

impl RejectingServer {
    /// Serves `listener` until the tasks are dropped.
    async fn listen(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        while let Ok((stream, _)) = listener.accept().await {
            connections.spawn(self.clone().serve_client(stream));
        }
    }

    async fn serve_client(self, mut stream: TcpStream) {
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        let mut recipient = String::new();
        let mut in_data = false;
        writer.write_all(b"220 hello\r\n").await.unwrap();
        while let Ok(Some(line)) = lines.next_line().await {
            self.received_lines.lock().unwrap().push(line.clone());
            let reply = match line.split(' ').next() {
                Some(".") if in_data => {
                    in_data = false;
                    match self.next_end() {
                        End::Accept => {
                            self.accepted.lock().unwrap().push(recipient.clone());
                            "250 OK"
                        }
                        End::Reject => "451 Try again later",
                        End::CloseConnection => return,
                        End::SayNothing => std::future::pending().await,
                    }
                }
                _ if in_data => continue,
                Some("RCPT") if line.contains(self.rejected_address) => {
                    *self.rejections.lock().unwrap() += 1;
                    "450 Try again later"
                }
                Some("RCPT")
                    if !self.unknown_address.is_empty() && line.contains(self.unknown_address) =>
                {
                    "550 5.1.1 No such user here"
                }
                Some("RCPT") => {
                    recipient = line;
                    "250 OK"
                }
                Some("DATA") => {
                    in_data = true;
                    "354 Go ahead"
                }
                _ => "250 OK",
            };
            writer
                .write_all(format!("{reply}\r\n").as_bytes())
                .await
                .unwrap();
        }
    }

    fn next_end(&self) -> End {
        let mut received = self.received.lock().unwrap();
        *received += 1;
        if *received == 1 {
            self.first_end
        } else {
            End::Accept
        }
    }

    /// The IDs of all mails that were received.
    fn message_ids(&self) -> Vec<String> {
        let lines = self.received_lines.lock().unwrap();
        let ids = lines.iter().filter(|line| line.starts_with("Message-ID:"));
        ids.cloned().collect()
    }

    fn rejection_count(&self) -> usize {
        *self.rejections.lock().unwrap()
    }
}

/// The number of mails that the worker is sending. They become due again after two minutes at the earliest,
/// all other mails of these tests earlier.
const IN_DELIVERY: &str = "SELECT COUNT(*) FROM mails WHERE due_at > created_at + 100000";

/// Waits until `holds` returns true, since the mail worker runs in the background.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..2000 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not within twenty seconds: {what}");
}

#[tokio::test]
async fn a_mail_waits_for_a_server_that_is_down_and_is_sent_once() {
    let place = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = place.local_addr().unwrap();
    drop(place);
    let url = format!("smtp://{addr}");
    let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
    let browser = app.anonymous();
    let response = browser
        .register("ada@example.test", "Ada", GOOD_PASSWORD)
        .await;
    assert_eq!(response.status, 200);
    until("a first try", async || {
        app.count("SELECT COUNT(*) FROM mails WHERE attempts = 1")
            .await
            == 1
            && app.count(IN_DELIVERY).await == 0
    })
    .await;

    let server = RejectingServer {
        rejected_address: "unknown",
        ..RejectingServer::default()
    };
    let listener = TcpListener::bind(addr).await.unwrap();
    let _listening = tokio::spawn(server.clone().listen(listener));
    app.clock.advance(Duration::from_secs(120));
    app.mails.wake();
    until("an empty queue", async || {
        app.count("SELECT COUNT(*) FROM mails").await == 0
    })
    .await;
    assert_eq!(
        *server.accepted.lock().unwrap(),
        ["RCPT TO:<ada@example.test>"]
    );
}

#[tokio::test]
async fn the_queue_survives_a_restart() {
    let app = TestApp::start_with(&[("SMTP_URL", "")]).await;
    let browser = app.anonymous();
    browser.post("/forgot-password", &[("email", DANA)]).await;
    browser
        .register("ada@example.test", "Ada", GOOD_PASSWORD)
        .await;
    assert_eq!(app.count("SELECT COUNT(*) FROM mails").await, 2);
    assert_eq!(app.count("SELECT COUNT(*) FROM password_resets").await, 0);

    let (browser, _server) = app.restarted(&[]).await;
    let token = token_in(&app.mail_to("ada@example.test", 0).await);
    let confirmed = browser.post("/verify-email", &[("token", &token)]).await;
    assert_eq!(confirmed.status, 303);
    assert_eq!(app.mails_to(DANA).await, 1);
}

#[tokio::test]
async fn a_postponed_mail_holds_up_no_other_and_is_given_up_in_the_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = RejectingServer {
        rejected_address: DANA,
        ..RejectingServer::default()
    };
    let _listening = tokio::spawn(server.clone().listen(listener));
    let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
    let browser = app.anonymous();
    for email in [DANA, RIVA] {
        browser.post("/forgot-password", &[("email", email)]).await;
    }
    until("one mail that waits", async || {
        app.count("SELECT COUNT(*) FROM mails").await == 1
            && server.rejection_count() == 1
            && app.count(IN_DELIVERY).await == 0
    })
    .await;
    assert_eq!(server.accepted.lock().unwrap().len(), 1);

    // Retries are not early, and their delay grows.
    for (wait, tries) in [(9, 1), (1, 2), (19, 2), (1, 3)] {
        app.clock.advance(Duration::from_secs(wait));
        app.mails.wake();
        browser
            .post("/forgot-password", &[("email", "none@example.test")])
            .await;
        until("a queue at rest", async || {
            server.rejection_count() >= tries
                && app.count("SELECT COUNT(*) FROM mails").await == 1
                && app.count(IN_DELIVERY).await == 0
        })
        .await;
        assert_eq!(server.rejection_count(), tries);
    }

    app.clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
    app.mails.wake();
    until("an empty queue", async || {
        app.count("SELECT COUNT(*) FROM mails").await == 0
    })
    .await;
    assert_eq!(server.rejection_count(), 4);
}

#[tokio::test]
async fn a_mail_about_something_that_is_gone_is_not_sent() {
    let app = TestApp::start_with(&[("SMTP_URL", "")]).await;
    let browser = app.anonymous();
    browser.post("/forgot-password", &[("email", DANA)]).await;
    browser
        .register("ada@example.test", "Ada", GOOD_PASSWORD)
        .await;
    app.execute("UPDATE users SET disabled_at = 1").await;
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    let (_browser, _server) = app.restarted(&[]).await;
    assert_eq!(app.mails_to(DANA).await, 0);
    assert!(app.sandbox.mailbox().messages().is_empty());
}

#[tokio::test]
async fn a_name_stays_in_the_letter_and_out_of_its_head() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let name = "Ada <eve@example.test>, Bcc: eve@example.test";
    let response = browser
        .register("ada@example.test", name, GOOD_PASSWORD)
        .await;
    assert_eq!(response.status, 200);
    let mail = app.mail_to("ada@example.test", 0).await;
    assert!(mail.contains(name), "{mail}");
    let received = &app.sandbox.mailbox().messages()[0];
    assert_eq!(received.to, ["ada@example.test"]);
    assert!(!received.subject.contains("Ada"), "{}", received.subject);
}

#[tokio::test]
async fn markup_in_a_name_is_text_in_both_forms_of_a_mail() {
    let app = TestApp::start().await;
    let name = "<b>Ada</b> <a href=//evil.test>&amp;";
    let response = app
        .anonymous()
        .register("ada@example.test", name, GOOD_PASSWORD)
        .await;
    assert_eq!(response.status, 200);
    let text = app.mail_to("ada@example.test", 0).await;
    assert!(text.contains(name), "{text}");
    let html = app.sandbox.mailbox().messages()[0].html.clone().unwrap();
    let escaped = "Hi &lt;b&gt;Ada&lt;/b&gt; &lt;a href=//evil.test&gt;&amp;amp;,";
    assert!(html.contains(escaped), "{html}");
    let link = format!(
        "href=\"{}/verify-email?token={}\"",
        app.login_origin(),
        token_in(&text)
    );
    assert_eq!(html.matches(&link).count(), 2, "{html}");
    assert_eq!(html.matches("<a ").count(), 2, "{html}");
}

#[tokio::test]
async fn a_mail_to_no_one_is_given_up_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = RejectingServer {
        rejected_address: "nothing",
        unknown_address: DANA,
        ..RejectingServer::default()
    };
    let _listening = tokio::spawn(server.clone().listen(listener));
    let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
    for email in [DANA, RIVA] {
        let form = [("email", email)];
        app.anonymous().post("/forgot-password", &form).await;
    }
    until("an empty queue", async || {
        app.count("SELECT COUNT(*) FROM mails").await == 0
    })
    .await;
    assert_eq!(server.accepted.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_mute_server_for_one_mail_does_not_hold_the_rest() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = RejectingServer {
        rejected_address: "nothing",
        ..RejectingServer::default()
    };
    let working = server.clone();
    let _listening = tokio::spawn(async move {
        // The first connection gets no response at all.
        let _mute = listener.accept().await.unwrap();
        working.listen(listener).await;
    });
    let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
    for email in [DANA, RIVA] {
        let form = [("email", email)];
        app.anonymous().post("/forgot-password", &form).await;
    }
    until("the other mail", async || {
        server.accepted.lock().unwrap().len() == 1
    })
    .await;
}

#[tokio::test]
async fn a_queue_survives_a_clock_that_is_set_back() {
    let app = TestApp::start_with(&[("SMTP_URL", "")]).await;
    app.anonymous()
        .post("/forgot-password", &[("email", DANA)])
        .await;
    app.execute("UPDATE mails SET due_at = due_at + 7200000, created_at = created_at + 7200000")
        .await;
    let (_browser, _server) = app.restarted(&[]).await;
    assert_eq!(app.mails_to(DANA).await, 1);
}

#[tokio::test]
async fn a_mail_has_good_manners() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let server = RejectingServer {
        rejected_address: "nothing",
        ..RejectingServer::default()
    };
    let _listening = tokio::spawn(server.clone().listen(listener));
    let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
    app.anonymous()
        .post("/forgot-password", &[("email", DANA)])
        .await;
    until("a mail", async || {
        server.accepted.lock().unwrap().len() == 1
    })
    .await;
    let received_lines = server.received_lines.lock().unwrap().clone();
    for line in [
        "EHLO login.latchkey.localhost",
        "MIME-Version: 1.0",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative;",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Type: text/html; charset=utf-8",
    ] {
        assert!(
            received_lines.iter().any(|other| other.trim_end() == line),
            "{line}: {received_lines:#?}"
        );
    }
    let has = |begin, end| {
        received_lines
            .iter()
            .any(|line| line.starts_with(begin) && line.ends_with(end))
    };
    assert!(
        has("Message-ID: <", "@login.latchkey.localhost>"),
        "{received_lines:#?}"
    );
    assert!(has("Date: ", " +0000"), "{received_lines:#?}");
}

/// However the first delivery ends, mail servers can tell that the second one is the same mail.
#[tokio::test]
async fn a_mail_that_is_sent_again_has_the_same_id() {
    for first_end in [End::Reject, End::CloseConnection, End::SayNothing] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let server = RejectingServer {
            rejected_address: "nothing",
            first_end,
            ..RejectingServer::default()
        };
        let _listening = tokio::spawn(server.clone().listen(listener));
        let app = TestApp::start_with(&[("SMTP_URL", &url)]).await;
        let ask = async |email| {
            let form = [("email", email)];
            app.anonymous().post("/forgot-password", &form).await;
        };
        ask(DANA).await;
        until("a first delivery", async || {
            *server.received.lock().unwrap() == 1
        })
        .await;
        if first_end != End::SayNothing {
            until("a mail that waits", async || {
                app.count(IN_DELIVERY).await == 0
            })
            .await;
        }
        // The lease of a worker that never ends is over by then, and another server takes the mail.
        app.clock.advance(Duration::from_secs(300));
        let (_browser, _second) = app.restarted(&[("SMTP_URL", &url)]).await;
        app.mails.wake();
        until("a second delivery", async || {
            server.accepted.lock().unwrap().len() == 1
        })
        .await;
        ask(RIVA).await;
        until("another mail", async || {
            server.accepted.lock().unwrap().len() == 2
        })
        .await;
        let ids = server.message_ids();
        assert_eq!(ids.len(), 3, "{first_end:?}: {ids:?}");
        assert_eq!(ids[0], ids[1], "{first_end:?}");
        assert_ne!(ids[0], ids[2], "{first_end:?}");
    }
}
