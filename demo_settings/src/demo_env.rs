//! `demo.env`: the variables that the demo sets for a vendor. Lines are `NAME=value`; `{name}` in a value is
//! replaced by a place of the demo, such as `{data}`, or by a variable that was set before.

use std::ffi::OsString;

use anyhow::{Context, Result};

use crate::Variables;

const FILE: &str = "demo.env";

/// The lines of all vendors for the server.
pub(crate) const SERVER: &str = include_str!(concat!(env!("OUT_DIR"), "/server.env"));

/// The lines of all vendors for the sandbox.
pub(crate) const SANDBOX: &str = include_str!(concat!(env!("OUT_DIR"), "/sandbox.env"));

/// The variable that a line sets, with the names in braces replaced; `None` for comments and empty lines.
pub(crate) fn variable(line: &str, known: &[&Variables]) -> Result<Option<(String, OsString)>> {
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let (name, value) = line
        .split_once('=')
        .with_context(|| format!("{FILE}: {line:?} must be NAME=value."))?;
    Ok(Some((name.to_owned(), fill(value, known)?)))
}

fn fill(value: &str, known: &[&Variables]) -> Result<OsString> {
    let mut filled = OsString::new();
    let mut rest = value;
    while let Some((before, (name, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        let mut variables = known.iter().flat_map(|variables| variables.iter());
        let (_, found) = variables
            .find(|(other, _)| other == name)
            .with_context(|| format!("{FILE}: nothing is called {{{name}}}."))?;
        filled.push(before);
        filled.push(found);
        rest = after;
    }
    filled.push(rest);
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Variables {
        vec![("sandbox".to_owned(), "http://localhost:3001".into())]
    }

    #[test]
    fn names_in_braces_are_replaced() {
        let line = variable("A_URL={sandbox}/a?b={sandbox}", &[&known()]).unwrap();
        let value = OsString::from("http://localhost:3001/a?b=http://localhost:3001");
        assert_eq!(line, Some(("A_URL".to_owned(), value)));
    }

    #[test]
    fn comments_set_nothing_and_mistakes_are_named() {
        assert_eq!(variable("# A=b", &[]).unwrap(), None);
        assert_eq!(variable("", &[]).unwrap(), None);
        assert!(variable("A", &[]).is_err());
        let error = variable("A={unknown}", &[&known()]).unwrap_err();
        assert!(error.to_string().contains("{unknown}"), "{error}");
    }
}
