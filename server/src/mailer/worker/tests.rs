//! A mail server that accepts a connection and sends nothing.

use tokio::net::TcpListener;

use super::*;

#[tokio::test]
async fn a_server_that_never_greets_does_not_hold_the_queue() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url)
        .unwrap()
        .build();
    let message = Message::builder()
        .from("a@example.test".parse().unwrap())
        .to("b@example.test".parse().unwrap())
        .body("hello".to_owned())
        .unwrap();
    let sending = send(&smtp, message, Duration::from_millis(100));
    let outcome = timeout(Duration::from_secs(10), sending).await.unwrap();
    let error = outcome.unwrap_err().to_string();
    assert_eq!(error, "the mail server does not answer");
}
