//! Sends queued mails. While the mail server is down, mails are delayed and retried for two days.

use std::time::Duration;

use anyhow::Context;
use lettre::{
    Message,
    message::{
        Mailbox, MultiPart,
        header::{Header, HeaderName, HeaderValue},
    },
};
use tokio::time::sleep;

use super::{
    smtp::{self, DeliveryError, SmtpClient},
    writer::{Letter, Writer},
};
use crate::{
    clock::Clock,
    config::HttpConfig,
    database::{Database, StorageError},
    mail::{MailConfig, MailQueue, store},
    outbound::ExtraRoots,
    random,
    workers::Worker,
};

/// How long a mail is leased to a worker. Longer than a delivery, so that no mail is sent twice at once.
const LEASE: Duration = Duration::from_secs(180);

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
    smtp: SmtpClient,
    from: Mailbox,
    /// The domain of message IDs.
    domain: String,
}

impl MailWorker {
    /// Workers that share the queue; none if no mail server is configured.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub fn team(
        (config, roots): (&MailConfig, &ExtraRoots),
        queue: &MailQueue,
        database: &Database,
        clock: &Clock,
        http: &HttpConfig,
    ) -> anyhow::Result<Vec<Self>> {
        let Some(smtp) = &config.smtp else {
            return Ok(Vec::new());
        };
        let smtp = SmtpClient::new(smtp, roots).context("cannot set up TLS for the mail server")?;
        let worker = || Self {
            queue: queue.clone(),
            database: database.clone(),
            clock: clock.clone(),
            writer: Writer {
                database: database.clone(),
                clock: clock.clone(),
                login_origin: http.login_origin.clone(),
            },
            smtp: smtp.clone(),
            from: config.from.clone(),
            domain: http.login_origin.host().to_owned(),
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
            Err(error @ DeliveryError::NoRecipient(_)) => {
                tracing::warn!(kind = leased.kind, %error, "gave up on a mail");
                store::delete(&mut tx, &leased.id).await?;
            }
            Err(error) if self.clock.now().since(leased.created_at) > GIVE_UP_AFTER => {
                tracing::error!(kind = leased.kind, %error, "gave up on a mail after two days");
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

    async fn deliver(&self, letter: Letter) -> Result<(), DeliveryError> {
        let message = self.message(letter);
        let message = message.map_err(|error| {
            DeliveryError::Failed("the mail cannot be written", format!("{error:#}"))
        })?;
        self.smtp.deliver(&message).await
    }

    /// The message, with its content as text and as HTML.
    fn message(&self, letter: Letter) -> anyhow::Result<Message> {
        let Letter { to, content } = letter;
        let to = to.parse().context("the recipient is not an address")?;
        let id = format!("<{}@{}>", random::uid(), self.domain);
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(content.subject)
            .message_id(Some(id))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(
                content.text,
                content.html,
            ))
            .context("a header is not valid")
    }
}

/// Tells responders, such as those for holidays, not to reply (RFC 3834, section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

impl Worker for MailWorker {
    const NAME: &'static str = "mail";
    const MAX_WORK: Duration = smtp::MAX_TIME.saturating_add(Duration::from_secs(20));

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

/// Ten seconds, doubling up to an hour.
fn back_off(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(9);
    Duration::from_secs(10 * 2_u64.pow(doublings)).min(store::MAX_DELAY)
}
