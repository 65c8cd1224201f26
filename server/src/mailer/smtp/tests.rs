//! Mail servers that are mute, and servers that reject each step.

use secrecy::SecretString;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};

use super::*;

/// Serves one connection: `reject` is a command and the reply to it.
async fn server(reject: (&'static str, &'static str)) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 hello\r\n").await.unwrap();
        let mut in_mail = false;
        while let Ok(Some(line)) = lines.next_line().await {
            let command = line.split(' ').next().unwrap_or_default();
            let reply = match command {
                _ if in_mail && line != "." => continue,
                _ if command == reject.0 => reject.1,
                "EHLO" => "250-hello\r\n250 AUTH PLAIN",
                "DATA" => "354 go on",
                _ => "250 OK",
            };
            in_mail = command == "DATA" && reply.starts_with('3');
            let reply = format!("{reply}\r\n");
            writer.write_all(reply.as_bytes()).await.unwrap();
        }
    });
    port
}

async fn deliver(port: u16) -> Result<(), DeliveryError> {
    deliver_between("a@example.test", "b@example.test", port).await
}

async fn deliver_between(from: &str, to: &str, port: u16) -> Result<(), DeliveryError> {
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        login: Some(("user".to_owned(), SecretString::from("password"))),
        hello_name: "login.example.test".to_owned(),
    };
    let message = Message::builder()
        .from(from.parse().unwrap())
        .to(to.parse().unwrap())
        .body("hello".to_owned())
        .unwrap();
    let client = SmtpClient::new(&config, &ExtraRoots::default()).unwrap();
    client.deliver(&message).await
}

/// A command, the reply to it, whether the mail is given up, and what the error says.
type Case = (&'static str, &'static str, bool, &'static str);

const SERVER: &str = "cannot use the mail server";
const FOR_GOOD: &str = "rejected the recipient: ";

/// Replies of Postfix, Exim, Exchange, qmail and others.
const CASES: [Case; 33] = [
    (
        "AUTH",
        "535 5.7.8 Username and Password not accepted",
        false,
        SERVER,
    ),
    (
        "MAIL",
        "530 5.7.0 Must issue a STARTTLS command first",
        false,
        SENDER,
    ),
    (
        "MAIL",
        "550 5.7.60 Client does not have permissions to send as this sender",
        false,
        SENDER,
    ),
    ("MAIL", "550 5.1.1 Unknown sender", false, SENDER),
    ("MAIL", "550 no such user", false, SENDER),
    ("RCPT", "550 5.1.1 User unknown", true, FOR_GOOD),
    (
        "RCPT",
        "550 5.1.1 <b@example.test>: User unknown in relay recipient table",
        true,
        FOR_GOOD,
    ),
    ("RCPT", "550 5.1.0 Address rejected", true, FOR_GOOD),
    ("RCPT", "550 5.1.2 Domain not found", true, FOR_GOOD),
    (
        "RCPT",
        "556 5.1.10 Recipient address has null MX",
        true,
        FOR_GOOD,
    ),
    ("RCPT", "550 5.2.1 Mailbox disabled", true, FOR_GOOD),
    ("RCPT", "550 User unknown", true, FOR_GOOD),
    ("RCPT", "550 Unrouteable address", true, FOR_GOOD),
    (
        "RCPT",
        "553 no mailbox here by that name (#5.1.1)",
        true,
        FOR_GOOD,
    ),
    (
        "RCPT",
        "550 5.1.8 <a@example.test>: Sender address rejected: Domain not found",
        false,
        RECIPIENT,
    ),
    (
        "RCPT",
        "550 5.1.7 <a@example.test>: Sender address rejected: undeliverable",
        false,
        RECIPIENT,
    ),
    (
        "RCPT",
        "550 5.1.0 <a@example.test>: Sender address rejected: User unknown",
        false,
        RECIPIENT,
    ),
    ("RCPT", "550 Sender verify failed", false, RECIPIENT),
    ("RCPT", "550 relay not permitted", false, RECIPIENT),
    ("RCPT", "550 Administrative prohibition", false, RECIPIENT),
    (
        "RCPT",
        "553 that domain isn't in my list of allowed rcpthosts (#5.7.1)",
        false,
        RECIPIENT,
    ),
    (
        "RCPT",
        "553 that domain isn't in my list of allowed rcpthosts",
        false,
        RECIPIENT,
    ),
    ("RCPT", "550 5.7.1 Relaying denied", false, RECIPIENT),
    ("RCPT", "554 Relay access denied", false, RECIPIENT),
    ("RCPT", "552 5.2.2 Mailbox full", false, RECIPIENT),
    ("RCPT", "451 4.7.1 Greylisted", false, RECIPIENT),
    ("RCPT", "450 4.1.1 User unknown for now", false, RECIPIENT),
    ("DATA", "554 5.7.1 Message rejected as spam", false, MAIL),
    (".", "554 5.7.1 Message rejected as spam", false, MAIL),
    (".", "550 Message rejected", false, MAIL),
    (".", "550 5.1.8 Sender address rejected", false, MAIL),
    (".", "452 4.3.1 Out of disk space", false, MAIL),
    (".", "550 5.1.1 User unknown", true, FOR_GOOD),
];

#[tokio::test]
async fn a_rejection_names_its_step_and_its_code_and_only_a_recipient_is_given_up() {
    for (command, reply, for_good, told) in CASES {
        let error = deliver(server((command, reply)).await).await.unwrap_err();
        let is_for_good = matches!(error, DeliveryError::NoRecipient(_));
        assert_eq!(is_for_good, for_good, "{command} {reply}");
        let text = error.to_string();
        let (code, rest) = reply.split_once(' ').unwrap();
        assert!(
            text.contains(told) && text.contains(code) && text.contains(rest),
            "{text}"
        );
    }
    deliver(server(("none", "")).await).await.unwrap();
}

#[tokio::test]
async fn a_sender_that_the_server_cannot_take_costs_no_mail() {
    for (from, to, for_good) in [
        ("\u{e4}@example.test", "b@example.test", false),
        ("\u{e4}@example.test", "b\u{fc}@example.test", false),
        ("a@example.test", "b\u{fc}@example.test", true),
    ] {
        let port = server(("none", "")).await;
        let error = deliver_between(from, to, port).await.unwrap_err();
        let is_for_good = matches!(error, DeliveryError::NoRecipient(_));
        assert_eq!(is_for_good, for_good, "{from} {to}: {error}");
        assert!(error.to_string().contains("SMTPUTF8"), "{error}");
    }
}

#[tokio::test]
async fn the_words_of_a_server_are_bounded_and_hold_no_link() {
    let long = "554 https://login.example.test/verify-email?token=c4n4ry is on a list";
    let text = deliver(server((".", long)).await)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("verify-email") && !text.contains("c4n4ry"),
        "{text}"
    );
    let long: &'static str = format!("554 {}", "x".repeat(900)).leak();
    let text = deliver(server((".", long)).await)
        .await
        .unwrap_err()
        .to_string();
    assert!(text.len() < MAX_WORDS + 50, "{text}");
}
