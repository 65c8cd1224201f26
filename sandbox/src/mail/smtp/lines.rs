//! Reads SMTP's lines with limits on their length and on the client's silence.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// In bytes. RFC 5321 limits commands to 512 bytes and lines of text to 1000, but senders exceed both.
const MAX_LINE: u64 = 64 * 1024;
/// How long a client may be silent.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Reads one line with its line end; `None` when the client has closed the connection.
///
/// # Errors
/// A line that is too long, a client that is silent too long, a broken connection.
pub(super) async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut limited = stream.take(MAX_LINE);
    let read = limited.read_until(b'\n', &mut line);
    tokio::time::timeout(IDLE_TIMEOUT, read).await??;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "line too long or cut off",
        )),
    }
}

/// Reads a mail up to the line with a single dot, and removes dot-stuffing.
/// Returns `None` for a mail longer than `limit` bytes, which is still read to its end.
pub(super) async fn read_data(
    stream: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut data = Vec::new();
    let mut length = 0;
    while let Some(line) = read(stream).await? {
        // Only CR LF ends a mail: accepting a bare LF would allow SMTP smuggling.
        if line == b".\r\n" {
            return Ok((length <= limit).then_some(data));
        }
        let line = line.strip_prefix(b".").unwrap_or(&line);
        length += line.len();
        if length <= limit {
            data.extend_from_slice(line);
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
