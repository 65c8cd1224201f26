//! Mail, from the SMTP client to the mailbox's pages and JSON.

use lettre::message::{MessageBuilder, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use reqwest::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Reply, Sandbox};

async fn send(sandbox: &Sandbox, to: &str, subject: &str, text: &str) {
    let mail = head(to, subject).body(text.to_owned()).unwrap();
    deliver(sandbox, mail).await;
}

fn head(to: &str, subject: &str) -> MessageBuilder {
    Message::builder()
        .from("Latchkey <no-reply@latchkey.localhost>".parse().unwrap())
        .to(to.parse().unwrap())
        .subject(subject)
}

async fn deliver(sandbox: &Sandbox, mail: Message) {
    let smtp = sandbox.running.smtp;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.ip().to_string())
        .port(smtp.port())
        .build();
    transport.send(mail).await.unwrap();
}

/// Sends all of `script` and returns the receiver's replies until it closes the connection.
async fn send_script(sandbox: &Sandbox, script: &str) -> String {
    let mut stream = TcpStream::connect(sandbox.running.smtp).await.unwrap();
    stream.write_all(script.as_bytes()).await.unwrap();
    let mut replies = String::new();
    stream.read_to_string(&mut replies).await.unwrap();
    replies
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_sent() {
    let sandbox = Sandbox::start().await;
    let text =
        "Grüße!\n.\n..two dots\nhttp://login.latchkey.localhost:3000/verify-email?token=a.b\n";
    send(&sandbox, "Dana <dana@example.com>", "Schlüssel", text).await;
    let mail = sandbox.running.mailbox().messages().pop().unwrap();
    assert_eq!(mail.text.trim_end(), text.trim_end());
    assert_eq!(mail.subject, "Schlüssel");
    assert_eq!(mail.from, "no-reply@latchkey.localhost");
    assert_eq!(mail.to, ["dana@example.com"]);
    assert_eq!(mail.date, "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn the_json_lists_the_newest_first_and_filters_by_recipient() {
    let sandbox = Sandbox::start().await;
    send(&sandbox, "dana@example.com", "one", "1").await;
    send(&sandbox, "riva@example.com", "two", "2").await;
    send(&sandbox, "dana@example.com", "three", "3").await;
    let subjects = async |path| -> Vec<String> {
        let mails = sandbox.get(path).await.json();
        let mails = mails.as_array().unwrap().iter();
        mails
            .map(|mail| mail["subject"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(subjects("/mailbox.json").await, ["three", "two", "one"]);
    assert_eq!(
        subjects("/mailbox.json?to=Dana@Example.com").await,
        ["three", "one"]
    );
    assert!(
        subjects("/mailbox.json?to=unknown@example.com")
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn deleting_the_json_empties_the_mailbox() {
    let sandbox = Sandbox::start().await;
    send(&sandbox, "dana@example.com", "one", "1").await;
    let delete = sandbox.request(Method::DELETE, "/mailbox.json");
    let foreign = delete
        .try_clone()
        .unwrap()
        .header("sec-fetch-site", "cross-site");
    assert_eq!(Reply::of(foreign).await.status, 403);
    assert_eq!(Reply::of(delete).await.status, 204);
    assert_eq!(sandbox.get("/mailbox.json").await.body, "[]");
}

#[tokio::test]
async fn mails_are_shown_escaped_and_their_links_open_elsewhere() {
    let sandbox = Sandbox::start().await;
    let text = "<img src=x onerror=alert(1)> http://a.test/?x=1&y=\"><b> javascript:alert(1)";
    send(&sandbox, "dana@example.com", "<b>Hi</b>", text).await;
    for path in ["/mailbox", "/mailbox/1"] {
        let page = sandbox.get(path).await.body;
        assert!(!page.contains("<img") && !page.contains("<b>"), "{path}");
        assert!(page.contains("&lt;b&gt;Hi&lt;/b&gt;"), "{path}");
    }
    let page = sandbox.get("/mailbox/1").await.body;
    let link = "<a href=\"http://a.test/?x=1&amp;y=\" target=\"_blank\" rel=\"noopener\">";
    assert!(page.contains(link), "{page}");
    assert!(!page.contains("href=\"javascript:"));
}

#[tokio::test]
async fn html_is_shown_in_a_frame_that_runs_no_scripts() {
    let sandbox = Sandbox::start().await;
    let document = "<!DOCTYPE html><p style=\"margin:0\">Grüße</p><script>alert(1)</script>";
    let parts = MultiPart::alternative_plain_html("Grüße\n".to_owned(), document.to_owned());
    let mail = head("dana@example.com", "both").multipart(parts).unwrap();
    deliver(&sandbox, mail).await;
    let mail = sandbox.running.mailbox().messages().pop().unwrap();
    assert_eq!(mail.text.trim_end(), "Grüße");
    assert_eq!(mail.html.unwrap().trim_end(), document);

    let page = sandbox.get("/mailbox/1").await;
    assert!(
        page.body
            .contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"")
    );
    assert!(page.body.contains("src=\"/mailbox/1/html\"") && !page.body.contains("alert"));
    assert!(
        page.header("content-security-policy")
            .contains("frame-src 'self'")
    );
    let framed = sandbox.get("/mailbox/1/html").await;
    assert_eq!(framed.body.trim_end(), document);
    let rules = framed.header("content-security-policy");
    for rule in ["sandbox allow-popups", "default-src 'none'"] {
        assert!(rules.contains(rule), "{rules}");
    }
    for permission in ["allow-scripts", "allow-same-origin", "script-src"] {
        assert!(!rules.contains(permission), "{rules}");
    }
}

#[tokio::test]
async fn a_mail_without_html_has_no_frame() {
    let sandbox = Sandbox::start().await;
    send(&sandbox, "dana@example.com", "text", "only text").await;
    assert_eq!(sandbox.running.mailbox().messages()[0].html, None);
    assert!(!sandbox.get("/mailbox/1").await.body.contains("<iframe"));
    assert_eq!(sandbox.get("/mailbox/1/html").await.status, 404);
}

#[tokio::test]
async fn an_unknown_mail_is_not_found() {
    let sandbox = Sandbox::start().await;
    for path in ["/mailbox/1", "/mailbox/x", "/mailbox/1/html"] {
        assert_eq!(sandbox.get(path).await.status, 404);
    }
}

#[tokio::test]
async fn only_the_last_two_hundred_mails_are_kept() {
    let sandbox = Sandbox::start().await;
    let mail = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n.\r\n";
    send_script(
        &sandbox,
        &format!("EHLO me\r\n{}QUIT\r\n", mail.repeat(203)),
    )
    .await;
    let mails = sandbox.running.mailbox().messages();
    assert_eq!((mails.len(), mails[0].id, mails[199].id), (200, 203, 4));
}

#[tokio::test]
async fn commands_out_of_order_are_refused() {
    let sandbox = Sandbox::start().await;
    let replies = send_script(
        &sandbox,
        "MAIL FROM:<a@b>\r\nHELO me\r\nDATA\r\nRCPT TO:<c@d>\r\nWHAT\r\nRCPT\r\nQUIT\r\n",
    )
    .await;
    let codes: Vec<&str> = replies.lines().map(|line| &line[..3]).collect();
    assert_eq!(
        codes,
        ["220", "503", "250", "503", "503", "500", "503", "221"]
    );
}

#[tokio::test]
async fn reset_forgets_the_envelope() {
    let sandbox = Sandbox::start().await;
    let script = "HELO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRSET\r\nNOOP\r\nDATA\r\nQUIT\r\n";
    let replies = send_script(&sandbox, script).await;
    assert!(replies.contains("503"), "{replies}");
    assert!(sandbox.running.mailbox().messages().is_empty());
}

#[tokio::test]
async fn a_bare_line_feed_does_not_end_a_mail() {
    let sandbox = Sandbox::start().await;
    let smuggled = "x\n.\nMAIL FROM:<evil@b>\r\n";
    let script = format!(
        "EHLO me\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n\r\n{smuggled}.\r\nQUIT\r\n"
    );
    send_script(&sandbox, &script).await;
    let mails = sandbox.running.mailbox().messages();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("evil@b"));
}

#[tokio::test]
async fn a_mail_that_is_too_large_is_refused_and_the_next_one_is_taken() {
    let sandbox = Sandbox::start().await;
    let line = format!("{}\r\n", "x".repeat(998));
    let envelope = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n";
    let script = format!(
        "EHLO me\r\nMAIL FROM:<a@b> SIZE=9999999\r\n{envelope}{}.\r\n{envelope}\r\nsmall\r\n.\r\nQUIT\r\n",
        line.repeat(5300)
    );
    let replies = send_script(&sandbox, &script).await;
    assert_eq!(replies.matches("552").count(), 2, "{replies}");
    assert_eq!(sandbox.running.mailbox().messages().len(), 1);
}
