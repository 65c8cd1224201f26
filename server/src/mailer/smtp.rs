//! Delivers mails over SMTP, step by step: each has its own time limit, and an error says what was rejected.

use std::time::Duration;

use lettre::{
    Message,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Certificate, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::{ClientId, Extension, MailParameter},
    },
};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use crate::{
    mail::{SmtpConfig, SmtpTls},
    outbound::ExtraRoots,
};

/// How long the server may take until it is ready for a mail. One that is mute fails here.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long the server may take for each line of the envelope.
const ENVELOPE_TIMEOUT: Duration = Duration::from_secs(20);

/// How long the server may take to accept the mail itself. It may check it meanwhile, and a mail that times out
/// is sent again (RFC 5321, section 4.5.3.2).
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(50);

/// How long a delivery takes at most.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30 + 3 * 20 + 50);

/// How many characters of a server's words are logged.
const MAX_WORDS: usize = 300;

/// Why a mail was not delivered: a step, and what the server or the network said.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeliveryError {
    /// There is no such recipient. Trying again is no use.
    #[error("the mail server rejected the recipient: {0}")]
    NoRecipient(String),
    #[error("{0}: {1}")]
    Failed(&'static str, String),
}

/// A mail server.
#[derive(Clone)]
pub(super) struct SmtpClient {
    config: SmtpConfig,
    tls: TlsParameters,
}

impl SmtpClient {
    /// # Errors
    /// If the host is no name for TLS or an extra certificate is not valid.
    pub(super) fn new(config: &SmtpConfig, roots: &ExtraRoots) -> anyhow::Result<Self> {
        let mut tls = TlsParameters::builder(config.host.clone());
        if let Some(pem) = roots.pem() {
            tls = tls.add_root_certificate(Certificate::from_pem(pem)?);
        }
        Ok(Self {
            config: config.clone(),
            tls: tls.build()?,
        })
    }

    /// Delivers a mail.
    ///
    /// # Errors
    /// [`DeliveryError`].
    pub(super) async fn deliver(&self, message: &Message) -> Result<(), DeliveryError> {
        let mut server = timed(
            "cannot use the mail server",
            CONNECT_TIMEOUT,
            self.connect(),
        )
        .await?;
        let sent = send(&mut server, message).await;
        // The server may be mute; there is nothing to lose.
        let _ = timeout(Duration::from_secs(1), server.abort()).await;
        sent
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let SmtpConfig {
            host,
            port,
            tls,
            login,
            hello_name,
        } = &self.config;
        let hello = ClientId::Domain(hello_name.clone());
        let wrapper = (*tls == SmtpTls::Wrapper).then(|| self.tls.clone());
        let address = (host.as_str(), *port);
        let mut server = AsyncSmtpConnection::connect_tokio1(
            address,
            Some(CONNECT_TIMEOUT),
            &hello,
            wrapper,
            None,
        )
        .await?;
        if *tls == SmtpTls::Required || *tls == SmtpTls::Opportunistic && server.can_starttls() {
            server.starttls(self.tls.clone(), &hello).await?;
        }
        if let Some((user, password)) = login {
            let credentials = Credentials::new(user.clone(), password.expose_secret().to_owned());
            server.auth(DEFAULT_MECHANISMS, &credentials).await?;
        }
        Ok(server)
    }
}

async fn send(server: &mut AsyncSmtpConnection, message: &Message) -> Result<(), DeliveryError> {
    let envelope = message.envelope();
    let mut options = Vec::new();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    if addresses.any(|address| !address.to_string().is_ascii()) {
        if !server
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let cause = "it has no SMTPUTF8, which this address needs".to_owned();
            return Err(DeliveryError::NoRecipient(cause));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let sender = Mail::new(envelope.from().cloned(), options);
    timed(
        "the mail server rejected the sender",
        ENVELOPE_TIMEOUT,
        server.command(sender),
    )
    .await?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        let step = "the mail server rejected the recipient for now";
        let accepted = timeout(ENVELOPE_TIMEOUT, server.command(recipient)).await;
        match accepted {
            Ok(Err(error)) if is_no_recipient(&error) => {
                return Err(DeliveryError::NoRecipient(words(&error)));
            }
            Ok(accepted) => accepted.map_err(|error| failed(step, &error))?,
            Err(_) => return Err(mute(step)),
        };
    }
    timed(
        "the mail server rejected the mail",
        ENVELOPE_TIMEOUT,
        server.command(Data),
    )
    .await?;
    timed(
        "the mail server rejected the mail",
        MESSAGE_TIMEOUT,
        server.message(&message.formatted()),
    )
    .await?;
    Ok(())
}

async fn timed<T>(
    step: &'static str,
    limit: Duration,
    work: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, DeliveryError> {
    match timeout(limit, work).await {
        Ok(done) => done.map_err(|error| failed(step, &error)),
        Err(_) => Err(mute(step)),
    }
}

fn failed(step: &'static str, error: &SmtpError) -> DeliveryError {
    DeliveryError::Failed(step, words(error))
}

fn mute(step: &'static str) -> DeliveryError {
    DeliveryError::Failed(step, "no response in time".to_owned())
}

/// Whether a rejection is about the recipient's address and for good. An enhanced status code says so (RFC 3463:
/// 5.1 addressing, 5.2 mailbox); 5.7, for example, is a policy that an operator can change. Without one, the reply
/// code decides (RFC 5321, section 4.2.3).
fn is_no_recipient(error: &SmtpError) -> bool {
    let Some(code) = error.status().filter(|_| error.is_permanent()) else {
        return false;
    };
    let text = std::error::Error::source(error).map(ToString::to_string);
    let text = text.unwrap_or_default();
    match text.split(' ').next().filter(|word| is_enhanced(word)) {
        Some(status) => status.starts_with("5.1.") || status.starts_with("5.2."),
        None => matches!(u16::from(code), 550 | 551 | 553),
    }
}

fn is_enhanced(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok())
}

/// What the server or the network said, in one line of bounded length. Servers may quote the mail, so tokens of
/// links are cut out.
fn words(error: &SmtpError) -> String {
    let text = error.to_string();
    let line: String = text
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .take(MAX_WORDS)
        .collect();
    match line.split_once("token=") {
        Some((before, _)) => format!("{before}token=…"),
        None => line,
    }
}

#[cfg(test)]
mod tests;
