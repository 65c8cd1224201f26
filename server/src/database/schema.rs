//! The tables of the schema, as an engine's catalog describes them.

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    /// In the order of the table's definition, which may differ between databases.
    pub(super) columns: Vec<TableColumn>,
    /// The names of the primary key's columns.
    pub(super) key: Vec<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TableColumn {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Integer,
    /// Of no table of ours.
    Other,
}

/// A row of a catalog: table, column, its type, and its position in the primary key, from 1; 0 if it is not in it.
pub(super) type ColumnRow = (String, String, String, i64);

/// A foreign key: a table and the one that it refers to.
pub(super) type Reference = (String, String);

impl Table {
    /// The name, as SQL takes it.
    pub(super) fn quoted(&self) -> String {
        quoted(&self.name)
    }

    /// A statement that reads a row. It names the columns: a newer version may add some while this one runs, and
    /// PostgreSQL refuses a prepared statement whose columns have changed.
    pub(super) fn read_one(&self) -> String {
        let columns: Vec<String> = self.column_names().map(quoted).collect();
        format!(
            "SELECT {} FROM {} LIMIT 1",
            columns.join(", "),
            self.quoted()
        )
    }

    /// The columns' names.
    pub(super) fn column_names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

/// A name, as SQL takes it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The tables of a catalog's rows, which are sorted by table, with those that others refer to first.
pub(super) fn tables(rows: Vec<ColumnRow>, references: &[Reference]) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut keys: Vec<(i64, String)> = Vec::new();
    for (table, name, kind, position) in rows {
        if tables.last().is_none_or(|last| last.name != table) {
            keys.clear();
            tables.push(Table {
                name: table,
                columns: Vec::new(),
                key: Vec::new(),
            });
        }
        let Some(table) = tables.last_mut() else {
            continue;
        };
        if position > 0 {
            keys.push((position, name.clone()));
            keys.sort();
            table.key = keys.iter().map(|(_, name)| name.clone()).collect();
        }
        let kind = match kind.to_ascii_lowercase().as_str() {
            "text" => Kind::Text,
            "bigint" => Kind::Integer,
            _ => Kind::Other,
        };
        table.columns.push(TableColumn { name, kind });
    }
    in_order(tables, references)
}

/// Takes each table once all that it refers to have been taken, or if they refer to each other, as they come.
fn in_order(mut waiting: Vec<Table>, references: &[Reference]) -> Vec<Table> {
    let mut taken: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let is_free = |table: &Table| {
            let mut own = references
                .iter()
                .filter(|(from, to)| *from == table.name && from != to);
            own.all(|(_, to)| waiting.iter().all(|other| other.name != *to))
        };
        let next = waiting.iter().position(is_free).unwrap_or(0);
        taken.push(waiting.remove(next));
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(table: &str, column: &str, kind: &str, key: i64) -> ColumnRow {
        (table.to_owned(), column.to_owned(), kind.to_owned(), key)
    }

    #[test]
    fn tables_have_their_columns_and_keys_and_come_after_those_that_they_refer_to() {
        let rows = vec![
            row("codes", "b", "TEXT", 2),
            row("codes", "a", "TEXT", 1),
            row("codes", "at", "BIGINT", 0),
            row("sessions", "id", "text", 1),
            row("users", "id", "text", 1),
            row("users", "shape", "geometry", 0),
        ];
        let refers = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        let references = [
            refers("codes", "sessions"),
            refers("sessions", "users"),
            refers("users", "users"),
        ];
        let tables = tables(rows, &references);
        let names: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(names, ["users", "sessions", "codes"]);
        assert_eq!(tables[2].key, ["a", "b"]);
        let kinds: Vec<Kind> = tables[2].columns.iter().map(|column| column.kind).collect();
        assert_eq!(kinds, [Kind::Text, Kind::Text, Kind::Integer]);
        assert_eq!(tables[0].columns[1].kind, Kind::Other);
    }

    #[test]
    fn tables_that_refer_to_each_other_are_taken_nevertheless() {
        let rows = vec![row("a", "id", "text", 1), row("b", "id", "text", 1)];
        let references = [
            ("a".to_owned(), "b".to_owned()),
            ("b".to_owned(), "a".to_owned()),
        ];
        assert_eq!(tables(rows, &references).len(), 2);
    }
}
