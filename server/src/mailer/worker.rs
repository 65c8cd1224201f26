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
    renderer::{MailRenderer, RenderedMail},
    smtp::{self, DeliveryError, SmtpClient},
};
use crate::{
    clock::{Clock, Timestamp},
    config::HttpConfig,
    database::{Database, StorageError},
    mail::{MailConfig, MailQueue, store},
    metrics::METRICS,
    outbound::ExtraRoots,
    workers::Worker,
};

/// How long a mail is leased to a worker. Longer than a delivery, so that no mail is sent twice at once.
const LEASE: Duration = Duration::from_secs(240);

/// How often the worker checks for mails to retry, for which nothing wakes it.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// How many mails are sent at once, so that one for which the server takes long does not hold the rest.
const MAX_CONCURRENT: usize = 4;

/// How often, and how many times more, the worker tries to store that a mail was sent: within the lease.
const STORE_INTERVAL: Duration = Duration::from_secs(1);
const STORE_ATTEMPTS: usize = 10;

/// A mail that could not be sent for this long is deleted.
const MAX_AGE: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// Sends queued mails over SMTP.
pub struct MailWorker {
    queue: MailQueue,
    database: Database,
    clock: Clock,
    renderer: MailRenderer,
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
            renderer: MailRenderer {
                database: database.clone(),
                clock: clock.clone(),
                login_origin: http.login_origin.clone(),
            },
            smtp: smtp.clone(),
            from: config.from.clone(),
            domain: http.login_origin.host().to_owned(),
        };
        Ok(std::iter::repeat_with(worker)
            .take(MAX_CONCURRENT)
            .collect())
    }

    /// Sends one mail that is due; returns whether there was one.
    async fn send_next(&self) -> Result<bool, StorageError> {
        let mut tx = self.database.write().await?;
        let leased = store::lease(&mut tx, self.clock.now(), LEASE).await?;
        tx.commit().await?;
        let Some(leased) = leased else {
            return Ok(false);
        };
        let sent = match self.renderer.render(&leased).await? {
            Some(mail) => self.deliver(&leased.id, mail).await,
            None => Ok(()),
        };
        METRICS.mail(match &sent {
            Ok(()) => "sent",
            Err(DeliveryError::NoRecipient(_)) => "no_recipient",
            Err(_) => "failed",
        });
        let retry_at = match sent {
            Ok(()) => None,
            Err(error @ DeliveryError::NoRecipient(_)) => {
                tracing::warn!(kind = leased.kind, %error, "gave up on a mail");
                None
            }
            Err(error) if self.clock.now().since(leased.created_at) > MAX_AGE => {
                tracing::error!(kind = leased.kind, %error, "gave up on a mail after two days");
                None
            }
            Err(error) => {
                tracing::warn!(kind = leased.kind, attempt = leased.attempts, %error, "cannot send a mail; will retry");
                Some(self.clock.now() + back_off(leased.attempts))
            }
        };
        // If this is not stored, the mail is sent again when its lease ends: an outage of the database may pass.
        for _ in 0..STORE_ATTEMPTS {
            match self.settle(&leased.id, retry_at).await {
                Err(StorageError::Unavailable(_)) => sleep(STORE_INTERVAL).await,
                settled => return settled.map(|()| true),
            }
        }
        self.settle(&leased.id, retry_at).await.map(|()| true)
    }

    /// Removes a mail from the queue, or leaves it there until its next attempt.
    async fn settle(&self, id: &str, retry_at: Option<Timestamp>) -> Result<(), StorageError> {
        let mut tx = self.database.write().await?;
        match retry_at {
            None => store::delete(&mut tx, id).await?,
            Some(at) => store::postpone(&mut tx, id, at).await?,
        }
        tx.commit().await
    }

    async fn deliver(&self, id: &str, mail: RenderedMail) -> Result<(), DeliveryError> {
        let message = self.message(id, mail);
        let message = message.map_err(|error| {
            DeliveryError::Failed("the mail cannot be written", format!("{error:#}"))
        })?;
        self.smtp.deliver(&message).await
    }

    /// The message, with its content as text and as HTML. One that is sent again has the same ID, by which mail servers
    /// can recognize it.
    fn message(&self, id: &str, mail: RenderedMail) -> anyhow::Result<Message> {
        let RenderedMail { to, content } = mail;
        let to = to.parse().context("the recipient is not an address")?;
        let id = format!("<{id}@{}>", self.domain);
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
    const MAX_WORK: Duration = smtp::TIMEOUT.saturating_add(Duration::from_secs(60));

    async fn work(&self) -> anyhow::Result<bool> {
        Ok(self.send_next().await?)
    }

    async fn idle(&self) {
        tokio::select! {
            () = self.queue.added() => {}
            () = sleep(POLL_INTERVAL) => {}
        }
    }
}

/// Ten seconds, doubling up to an hour.
fn back_off(attempts: i64) -> Duration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(9);
    Duration::from_secs(10 * 2_u64.pow(doublings)).min(store::MAX_DELAY)
}
