//! Reads one row on the calling thread.
//!
//! sqlx runs every statement of SQLite on the connection's own thread. For a row that is found by an index, the two
//! changes of thread take several times as long as the read. In the write-ahead log, a reader waits for no writer; in
//! the rare cases in which it would wait for something else, and if a statement takes longer than a look-up, it goes to a
//! connection of sqlx instead.

use std::{num::NonZero, path::Path, sync::Mutex, thread::available_parallelism};

use rusqlite::{Connection, OpenFlags, params_from_iter, types};

use super::{file::DatabaseFile, statements::without_row_locks};
use crate::database::{
    query::Query,
    row::{Column, Columns, DbRow},
    value::Value,
};

/// In KiB, for each connection. The pages of the index's upper levels are what is read again and again.
const CACHE_KIB: i64 = 1024;

/// In steps of SQLite's virtual machine. A look-up takes less than a hundred; a statement that takes more than this, such as
/// one that counts rows, goes to a connection of sqlx.
const MAX_STEPS: i32 = 10_000;

/// More than the number of different statements that read one row.
const STATEMENTS: usize = 64;

/// One connection for each core. A thread takes any that is free.
#[derive(Debug)]
pub(super) struct InlineReaders(Vec<Mutex<Option<Connection>>>);

impl InlineReaders {
    /// Opens the connections. SQLite's locks belong to the process, so this must be the same copy of the library that
    /// sqlx uses; Cargo allows only one.
    ///
    /// # Errors
    /// If the file cannot be opened, or is another one than `file`.
    pub(super) fn open(path: &Path, file: &DatabaseFile) -> anyhow::Result<Self> {
        let count = available_parallelism().map_or(1, NonZero::get);
        let connections = (0..count).map(|_| Ok(Mutex::new(Some(connect(path)?))));
        let connections = connections.collect::<rusqlite::Result<_>>()?;
        file.check()?;
        Ok(Self(connections))
    }

    /// Passes the first row to `read`. `None` if no connection is free, the database is busy or fails, or the statement
    /// takes too many steps.
    pub(super) fn first(&self, query: &Query<'_>, read: &mut dyn FnMut(DbRow<'_>)) -> Option<()> {
        let mut free = self.0.iter().filter_map(|slot| slot.try_lock().ok());
        let connection = free.next()?;
        first(connection.as_ref()?, query, read).ok()
    }

    /// Closes the connections, once those that read have done so.
    pub(super) fn close(&self) {
        for slot in &self.0 {
            if let Ok(mut slot) = slot.lock() {
                slot.take();
            }
        }
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_handler(None)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.progress_handler(MAX_STEPS, Some(|| true))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn first(
    connection: &Connection,
    query: &Query<'_>,
    read: &mut dyn FnMut(DbRow<'_>),
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(&without_row_locks(&query.sql))?;
    let mut rows = statement.query(params_from_iter(&query.values))?;
    if let Some(row) = rows.next()? {
        read(DbRow::new(&Row(row)));
    }
    Ok(())
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<types::ToSqlOutput<'_>> {
        Ok(types::ToSqlOutput::Borrowed(match self {
            Self::Text(Some(text)) => types::ValueRef::Text(text.as_bytes()),
            Self::Integer(Some(number)) => types::ValueRef::Integer(*number),
            Self::Text(None) | Self::Integer(None) => types::ValueRef::Null,
        }))
    }
}

struct Row<'a>(&'a rusqlite::Row<'a>);

impl Row<'_> {
    fn value<T: types::FromSql>(&self, column: Column<'_>) -> sqlx::Result<Option<T>> {
        let value = match column {
            Column::Name(name) => self.0.get(name),
            Column::Position(position) => self.0.get(position),
        };
        value.map_err(|error| sqlx::Error::ColumnDecode {
            index: format!("{column:?}"),
            source: error.into(),
        })
    }
}

impl Columns for Row<'_> {
    fn text(&self, column: Column<'_>) -> sqlx::Result<Option<String>> {
        self.value(column)
    }

    fn integer(&self, column: Column<'_>) -> sqlx::Result<Option<i64>> {
        self.value(column)
    }

    fn boolean(&self, column: Column<'_>) -> sqlx::Result<Option<bool>> {
        self.value(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{FromRow, query};

    /// A database with one table `numbers` of one row.
    fn readers(folder: &Path) -> InlineReaders {
        let path = folder.join("test.db");
        let connection = Connection::open(&path).unwrap();
        connection
            .execute_batch("CREATE TABLE numbers (n); INSERT INTO numbers VALUES (7)")
            .unwrap();
        InlineReaders::open(&path, &DatabaseFile::at(&path).unwrap()).unwrap()
    }

    /// The number that a statement returns at once.
    fn number(readers: &InlineReaders, sql: &'static str) -> Option<i64> {
        let mut number = None;
        readers.first(&query(sql), &mut |row| {
            number = i64::from_row(&row).ok();
        })?;
        number
    }

    #[test]
    fn a_row_is_read_unless_all_connections_are_in_use() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(folder.path());
        let look_up = || number(&readers, "SELECT n FROM numbers");
        assert_eq!(look_up(), Some(7));
        let in_use: Vec<_> = readers.0.iter().map(|slot| slot.lock().unwrap()).collect();
        assert_eq!(look_up(), None);
        drop(in_use);
        assert_eq!(look_up(), Some(7));
        readers.close();
        assert_eq!(look_up(), None);
    }

    #[test]
    fn a_statement_that_takes_long_is_given_up() {
        let folder = tempfile::tempdir().unwrap();
        let readers = readers(folder.path());
        let count =
            "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 100000)
                     SELECT COUNT(*) FROM c";
        assert_eq!(number(&readers, count), None);
        assert_eq!(number(&readers, "SELECT n FROM numbers"), Some(7));
    }
}
