//! Sends queued mails. While the mail server is down, mails are delayed and retried for two days.

use std::time::Duration;

use anyhow::Context;
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use secrecy::ExposeSecret;
use tokio::time::{sleep, timeout};

use super::writer::{Letter, Writer};
use crate::{
    clock::Clock,
    config::Origin,
    database::{Database, StorageError},
    mail::{MailConfig, MailQueue, store},
    workers::Worker,
};

/// How long a mail is leased to the worker. Longer than [`SEND`], so that no mail is sent twice at once.
const LEASE: Duration = Duration::from_secs(120);

/// How long connecting to the mail server may take.
const CONNECT: Duration = Duration::from_secs(20);

/// How long sending may take in all. Mail servers may take minutes to accept a mail (RFC 5321, section
/// 4.5.3.2), and a mail that times out is sent again.
const SEND: Duration = Duration::from_secs(100);

/// How often the worker checks for mails to retry, for which nothing wakes it.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How many mails are sent at once, so that one for which the server takes long does not hold the rest.
const AT_ONCE: usize = 4;

/// A mail that could not be sent for this long is deleted.
const GIVE_UP_AFTER: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// Sends queued mails over SMTP.
pub struct MailWorker {
    queue: MailQueue,
    database: Database,
    clock: Clock,
    writer: Writer,
    smtp: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl MailWorker {
    /// Workers that share the queue; none if no mail server is configured.
    ///
    /// # Errors
    /// If `SMTP_URL` is not valid. The message does not contain it.
    pub fn team(
        config: &MailConfig,
        queue: &MailQueue,
        database: &Database,
        clock: &Clock,
        login_origin: &Origin,
    ) -> anyhow::Result<Vec<Self>> {
        let Some(smtp) = &config.smtp else {
            return Ok(Vec::new());
        };
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp.url.expose_secret())
            .ok()
            .context("SMTP_URL must be like smtps://user:password@host:465 or smtp://host:25")?
            .timeout(Some(CONNECT))
            .build();
        let worker = || Self {
            queue: queue.clone(),
            database: database.clone(),
            clock: clock.clone(),
            writer: Writer {
                database: database.clone(),
                clock: clock.clone(),
                login_origin: login_origin.clone(),
            },
            smtp: smtp.clone(),
            from: config.from.clone(),
        };
        Ok(std::iter::repeat_with(worker).take(AT_ONCE).collect())
    }

    /// Sends one mail that is due; returns whether there was one.
    async fn send_next(&self) -> Result<bool, StorageError> {
        let mut tx = self.database.write().await?;
        let leased = store::lease(&mut tx, self.clock.now(), LEASE).await?;
        tx.commit().await?;
        let Some(leased) = leased else {
            return Ok(false);
        };
        let sent = match self.writer.write(&leased).await? {
            Some(letter) => self.deliver(letter).await,
            None => Ok(()),
        };
        let mut tx = self.database.write().await?;
        match sent {
            Ok(()) => store::delete(&mut tx, &leased.id).await?,
            Err(error) if self.clock.now().since(leased.created_at) > GIVE_UP_AFTER => {
                tracing::error!(kind = leased.kind, %error, "gave up on a mail");
                store::delete(&mut tx, &leased.id).await?;
            }
            Err(error) => {
                tracing::warn!(kind = leased.kind, attempt = leased.attempts, %error, "cannot send a mail; will retry");
                store::postpone(
                    &mut tx,
                    &leased.id,
                    self.clock.now() + back_off(leased.attempts),
                )
                .await?;
            }
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn deliver(&self, Letter { to, subject, body }: Letter) -> anyhow::Result<()> {
        let to = to.parse().context("the recipient is not an address")?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .context("the mail cannot be written")?;
        send(&self.smtp, message, SEND).await
    }
}

impl Worker for MailWorker {
    const NAME: &'static str = "mail";
    const MAX_WORK: Duration = LEASE;

    async fn work(&self) -> anyhow::Result<bool> {
        Ok(self.send_next().await?)
    }

    async fn idle(&self) {
        tokio::select! {
            () = self.queue.added() => {}
            () = sleep(LOOK_EVERY) => {}
        }
    }
}

/// Sends a mail within a time limit. The transport's own timeout covers only connecting, not the server's
/// replies.
async fn send(
    smtp: &AsyncSmtpTransport<Tokio1Executor>,
    message: Message,
    limit: Duration,
) -> anyhow::Result<()> {
    timeout(limit, smtp.send(message))
        .await
        .context("the mail server does not answer")?
        .context("the mail server did not accept the mail")?;
    Ok(())
}

/// Ten seconds, doubling up to an hour.
fn back_off(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(9);
    Duration::from_secs(10 * 2_u64.pow(doublings)).min(Duration::from_secs(60 * 60))
}

#[cfg(test)]
mod tests;
