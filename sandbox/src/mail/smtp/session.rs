//! The replies to commands, as a state machine without sockets or time.

/// The maximum size of a mail in bytes.
pub(super) const MAX_MAIL: usize = 5 * 1024 * 1024;
const MAX_RECIPIENTS: usize = 100;

/// What to do after a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Send this and continue.
    Reply(&'static str),
    /// Send the reply 354 and read the mail.
    ReadMail,
    /// Send the reply 221 and close the connection.
    Quit,
}

/// The sender and recipients of the current mail.
#[derive(Debug, Default)]
pub(super) struct Session {
    greeted: bool,
    from: Option<String>,
    to: Vec<String>,
}

const OK: Step = Step::Reply("250 OK");
const OUT_OF_ORDER: Step = Step::Reply("503 Bad sequence of commands");
const BAD_ARGUMENT: Step = Step::Reply("501 Syntax error in parameters");

impl Session {
    /// Handles one command line, without its line end.
    pub(super) fn step(&mut self, line: &str) -> Step {
        let (verb, argument) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => self.greet(Step::Reply(
                "250-sandbox\r\n250-SIZE 5242880\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING",
            )),
            "HELO" => self.greet(Step::Reply("250 sandbox")),
            "MAIL" => self.mail(argument),
            "RCPT" => self.recipient(argument),
            "DATA" if self.to.is_empty() => OUT_OF_ORDER,
            "DATA" => Step::ReadMail,
            "RSET" => {
                self.take();
                OK
            }
            "NOOP" => OK,
            "VRFY" => Step::Reply("252 Cannot verify, will try"),
            "QUIT" => Step::Quit,
            _ => Step::Reply("500 Command not recognized"),
        }
    }

    /// Takes the envelope of the mail that was just read, and resets for the next mail.
    pub(super) fn take(&mut self) -> (String, Vec<String>) {
        (
            self.from.take().unwrap_or_default(),
            std::mem::take(&mut self.to),
        )
    }

    fn greet(&mut self, step: Step) -> Step {
        self.take();
        self.greeted = true;
        step
    }

    fn mail(&mut self, argument: &str) -> Step {
        if !self.greeted || self.from.is_some() {
            return OUT_OF_ORDER;
        }
        let Some((from, parameters)) = path(argument, "FROM:") else {
            return BAD_ARGUMENT;
        };
        if announced_size(parameters) > MAX_MAIL {
            return Step::Reply("552 Mail is too large");
        }
        self.from = Some(from.to_owned());
        OK
    }

    fn recipient(&mut self, argument: &str) -> Step {
        if self.from.is_none() {
            return OUT_OF_ORDER;
        }
        match path(argument, "TO:") {
            Some((to, _)) if !to.is_empty() => {
                if self.to.len() == MAX_RECIPIENTS {
                    return Step::Reply("452 Too many recipients");
                }
                self.to.push(to.to_owned());
                OK
            }
            _ => BAD_ARGUMENT,
        }
    }
}

/// Splits `FROM:<address> parameters` into address and parameters.
fn path<'a>(argument: &'a str, keyword: &str) -> Option<(&'a str, &'a str)> {
    let head = argument.get(..keyword.len())?;
    if !head.eq_ignore_ascii_case(keyword) {
        return None;
    }
    argument[keyword.len()..]
        .trim_start()
        .strip_prefix('<')?
        .split_once('>')
}

fn announced_size(parameters: &str) -> usize {
    let size = parameters.split(' ').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.eq_ignore_ascii_case("size").then_some(value)
    });
    size.and_then(|size| size.parse().ok()).unwrap_or(0)
}
