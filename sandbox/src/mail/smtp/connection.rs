//! One client's connection, from greeting to `QUIT`.

use std::io;

use tokio::io::{AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::lines;
use super::session::{MAX_MAIL, Session, Step};
use crate::mail::mailbox::Mailbox;
use crate::mail::message::Envelope;

/// Speaks SMTP with a client and delivers its mails to the mailbox.
///
/// # Errors
/// A broken connection, a line that is too long, or a client that is silent too long.
pub(super) async fn run(mut stream: TcpStream, mailbox: Mailbox) -> io::Result<()> {
    let (reader, mut writer) = stream.split();
    let mut reader = BufReader::new(reader);
    let mut session = Session::default();
    reply(&mut writer, "220 sandbox ESMTP").await?;
    while let Some(line) = lines::read(&mut reader).await? {
        let line = String::from_utf8_lossy(&line);
        match session.step(line.trim_end_matches(['\r', '\n'])) {
            Step::Reply(text) => reply(&mut writer, text).await?,
            Step::Quit => return reply(&mut writer, "221 Goodbye").await,
            Step::ReadMail => {
                reply(&mut writer, "354 End with a line that holds a single dot").await?;
                let data = lines::read_data(&mut reader, MAX_MAIL).await?;
                let (from, to) = session.take();
                reply(&mut writer, store(&mailbox, from, to, data)).await?;
            }
        }
    }
    Ok(())
}

fn store(mailbox: &Mailbox, from: String, to: Vec<String>, data: Option<Vec<u8>>) -> &'static str {
    match data {
        Some(data) => {
            mailbox.receive(Envelope { from, to, data });
            "250 OK"
        }
        None => "552 Mail is too large",
    }
}

async fn reply(writer: &mut (impl AsyncWrite + Unpin), text: &str) -> io::Result<()> {
    writer.write_all(format!("{text}\r\n").as_bytes()).await?;
    writer.flush().await
}
