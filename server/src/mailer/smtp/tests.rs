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
    let config = SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        login: Some(("user".to_owned(), SecretString::from("password"))),
        hello_name: "login.example.test".to_owned(),
    };
    let message = Message::builder()
        .from("a@example.test".parse().unwrap())
        .to("b@example.test".parse().unwrap())
        .body("hello".to_owned())
        .unwrap();
    let client = SmtpClient::new(&config, &ExtraRoots::default()).unwrap();
    client.deliver(&message).await
}

#[tokio::test]
async fn a_rejection_names_its_step_and_its_code_and_only_a_recipient_is_given_up() {
    for (command, reply, for_good, told) in [
        (
            "AUTH",
            "535 5.7.8 Username and Password not accepted",
            false,
            "cannot use the mail server",
        ),
        (
            "MAIL",
            "530 5.7.0 Must issue a STARTTLS command first",
            false,
            "rejected the sender",
        ),
        (
            "MAIL",
            "550 5.7.60 Client does not have permissions to send as this sender",
            false,
            "rejected the sender",
        ),
        (
            "RCPT",
            "550 5.1.1 User unknown",
            true,
            "rejected the recipient",
        ),
        ("RCPT", "550 User unknown", true, "rejected the recipient"),
        (
            "RCPT",
            "552 5.2.2 Mailbox full",
            true,
            "rejected the recipient",
        ),
        (
            "RCPT",
            "550 5.7.1 Relaying denied",
            false,
            "rejected the recipient for now",
        ),
        (
            "RCPT",
            "554 Relay access denied",
            false,
            "rejected the recipient for now",
        ),
        (
            "RCPT",
            "451 4.7.1 Greylisted",
            false,
            "rejected the recipient for now",
        ),
        (
            "DATA",
            "554 5.7.1 Message rejected as spam",
            false,
            "rejected the mail",
        ),
        (
            ".",
            "554 5.7.1 Message rejected as spam",
            false,
            "rejected the mail",
        ),
        (
            ".",
            "452 4.3.1 Out of disk space",
            false,
            "rejected the mail",
        ),
    ] {
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
