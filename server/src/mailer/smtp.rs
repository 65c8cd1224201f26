//! Delivers mails over SMTP, step by step: each has its own time limit, and an error says what was rejected.

use std::time::Duration;

use lettre::{
    Address, Message,
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
    metrics::TimedCall,
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

/// Words of servers that send no enhanced status codes. Each tells of a rule that an operator can change, although
/// the reply code is that of an unknown recipient.
const POLICIES: [&str; 16] = [
    "sender",
    "from address",
    "relay",
    "authenticat",
    "login",
    "tls",
    "helo",
    "reverse",
    "dns",
    "ip address",
    "list",
    "denied",
    "prohibit",
    "permit",
    "policy",
    "block",
];

/// How many characters of a server's words are logged.
const MAX_WORDS: usize = 300;

/// The steps that a server may reject.
const SENDER: &str = "the mail server rejected the sender";
const RECIPIENT: &str = "the mail server rejected the recipient for now";
const MAIL: &str = "the mail server rejected the mail";

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
        let mut call = TimedCall::to("mail");
        let mut server = timed(
            "cannot use the mail server",
            CONNECT_TIMEOUT,
            self.connect(),
        )
        .await?;
        let sent = send(&mut server, message).await;
        call.ended(if sent.is_ok() { "ok" } else { "rejected" });
        // The server may be mute; there is nothing to lose.
        let _ = timeout(Duration::from_secs(1), server.abort()).await;
        sent
    }

    /// Connects and signs in.
    pub(super) async fn check(&self) -> Result<(), DeliveryError> {
        let mut server = timed(
            "cannot use the mail server",
            CONNECT_TIMEOUT,
            self.connect(),
        )
        .await?;
        let _ = timeout(Duration::from_secs(1), server.abort()).await;
        Ok(())
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
    let needs_utf8 = |address: &Address| !address.to_string().is_ascii();
    let (sender, recipient) = (
        envelope.from().is_some_and(needs_utf8),
        envelope.to().iter().any(needs_utf8),
    );
    if sender || recipient {
        if !server
            .server_info()
            .supports_feature(Extension::SmtpUtfEight)
        {
            let cause = "it has no SMTPUTF8, which this address needs".to_owned();
            return Err(match sender {
                true => DeliveryError::Failed(SENDER, cause),
                false => DeliveryError::NoRecipient(cause),
            });
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let sender = Mail::new(envelope.from().cloned(), options);
    timed(SENDER, ENVELOPE_TIMEOUT, server.command(sender)).await?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        timed(RECIPIENT, ENVELOPE_TIMEOUT, server.command(recipient)).await?;
    }
    timed(MAIL, ENVELOPE_TIMEOUT, server.command(Data)).await?;
    let content = message.formatted();
    timed(MAIL, MESSAGE_TIMEOUT, server.message(&content)).await?;
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
    match is_no_recipient(step, error) {
        true => DeliveryError::NoRecipient(words(error)),
        false => DeliveryError::Failed(step, words(error)),
    }
}

fn mute(step: &'static str) -> DeliveryError {
    DeliveryError::Failed(step, "no response in time".to_owned())
}

/// Whether a rejection is about the recipient's address and for good, so that no change of a setting helps. Some
/// servers look at sender and recipient only when they have both, or when they have the mail.
///
/// An enhanced status code says so (RFC 3463: 5.1 addressing, of which 5.1.7 and 5.1.8 are the sender's; 5.2 mailbox,
/// of which 5.2.2, a full one, passes); 5.7, for example, is a policy. Without one, the reply code to the recipient
/// decides (RFC 5321, section 4.2.3), unless the words tell of a policy.
fn is_no_recipient(step: &'static str, error: &SmtpError) -> bool {
    let Some(code) = error.status().filter(|_| error.is_permanent()) else {
        return false;
    };
    let text = std::error::Error::source(error).map(ToString::to_string);
    let text = text.unwrap_or_default().to_lowercase();
    match text.split_whitespace().find_map(enhanced) {
        _ if step != RECIPIENT && step != MAIL => false,
        Some((1, 0)) => !text.contains("sender"),
        Some((1, detail)) => !matches!(detail, 7 | 8),
        Some((2, detail)) => detail != 2,
        Some(_) => false,
        None => {
            step == RECIPIENT
                && matches!(u16::from(code), 550 | 551 | 553)
                && !POLICIES.iter().any(|word| text.contains(word))
        }
    }
}

/// Subject and detail of a permanent enhanced status code, which some servers write in parentheses at the end, as in
/// `(#5.1.1)`.
fn enhanced(word: &str) -> Option<(u16, u16)> {
    let word = word.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    let (subject, detail) = word.strip_prefix("5.")?.split_once('.')?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
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
