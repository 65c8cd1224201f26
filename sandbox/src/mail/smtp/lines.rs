//! Reads SMTP's lines with a limit on their length and on the client's silence.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// RFC 5321 asks for 512 bytes for a command and 1000 for a line of text; senders exceed both.
const MAX_LINE: u64 = 64 * 1024;
/// How long a client may be silent.
const MAX_SILENCE: Duration = Duration::from_secs(60);

/// Reads one line with its line end; `None` when the client has closed the connection.
///
/// # Errors
/// A line that is too long, a client that is silent too long, a broken connection.
pub(super) async fn read(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut limited = stream.take(MAX_LINE);
    let read = limited.read_until(b'\n', &mut line);
    tokio::time::timeout(MAX_SILENCE, read).await??;
    match line.last() {
        None => Ok(None),
        Some(b'\n') => Ok(Some(line)),
        Some(_) => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "line too long or cut off",
        )),
    }
}

/// Reads a mail up to the line that holds a single dot and takes the stuffed dots out again.
/// `None` if it is longer than `limit` bytes; it is read to its end all the same.
pub(super) async fn read_data(
    stream: &mut (impl AsyncBufRead + Unpin),
    limit: usize,
) -> io::Result<Option<Vec<u8>>> {
    let mut data = Vec::new();
    let mut length = 0;
    while let Some(line) = read(stream).await? {
        // Only CR LF ends a mail: a bare LF would let one mail smuggle in another.
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
