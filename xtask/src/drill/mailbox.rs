//! The mails that the sandbox has received.

use std::collections::BTreeSet;

use super::stage::Client;

/// A mail.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mail {
    /// Its `Message-ID`, by which mail servers recognize one that was sent again.
    pub(super) id: String,
    pub(super) to: String,
    /// The token of its link.
    pub(super) token: Option<String>,
}

impl Client {
    /// The newest mails, the last one first.
    pub(super) fn received(self) -> Vec<Mail> {
        let page = self.send_to_sandbox("GET /mailbox.json", "");
        read(&page.map(|page| page.text()).unwrap_or_default())
    }

    /// How many mails the sandbox has received; one that was sent again counts once.
    pub(super) fn mails(self) -> usize {
        let ids: BTreeSet<String> = self.received().into_iter().map(|mail| mail.id).collect();
        ids.len()
    }

    /// The newest token in a mail to an address, unless it is this one.
    pub(super) fn token_for(self, address: &str, other_than: Option<&str>) -> Option<String> {
        let mails = self.received().into_iter();
        let mut tokens = mails
            .filter(|mail| mail.to == address)
            .filter_map(|mail| mail.token);
        tokens
            .next()
            .filter(|token| Some(token.as_str()) != other_than)
    }
}

/// Reads the sandbox's JSON, in which a mail begins with its number.
fn read(json: &str) -> Vec<Mail> {
    json.split("{\"id\":").skip(1).filter_map(mail).collect()
}

fn mail(json: &str) -> Option<Mail> {
    let value = |name: &str| {
        let (_, rest) = json.split_once(name)?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let token = json.split_once("token=").map(|(_, rest)| {
        rest.chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect()
    });
    Some(Mail {
        id: value("\"message_id\":\"")?,
        to: value("\"to\":[\"")?,
        token,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_has_its_id_its_recipient_and_the_token_of_its_link() {
        let json = r#"[{"id":2,"from":"a@b","to":["ada@example.test"],"message_id":"x@y","subject":"S",
            "text":"Hi,\nhttp://localhost/verify-email?token=a-B_9\nBye","html":null,"date":"d"},
            {"id":1,"from":"a@b","to":["eve@example.test"],"message_id":"w@y","subject":"","text":"","html":null,"date":"d"}]"#;
        let mail = |id: &str, to: &str, token: Option<&str>| Mail {
            id: id.to_owned(),
            to: to.to_owned(),
            token: token.map(str::to_owned),
        };
        assert_eq!(
            read(json),
            [
                mail("x@y", "ada@example.test", Some("a-B_9")),
                mail("w@y", "eve@example.test", None)
            ]
        );
    }
}
