// The user and the sessions, in SQLite.

import { join } from 'node:path';
import Database from 'better-sqlite3';
import session from 'express-session';

/** Opens the database that all `workers` of a server share. */
export function openDatabase(folder, workers) {
  const database = new Database(join(folder, `express-${workers}.db`));
  database.pragma('journal_mode = WAL');
  database.exec(`
    CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL, name TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL);
    INSERT OR IGNORE INTO users VALUES
      ('0123456789abcdef0123456789abcdef', 'demo@latchkey.localhost', 'Dana Demo');
  `);
  return database;
}

/** A store for express-session that prepares statements once and does not write when a session is read. */
export class SessionStore extends session.Store {
  constructor(database) {
    super();
    this.read = database.prepare('SELECT data FROM sessions WHERE id = ?');
    this.write = database.prepare('INSERT OR REPLACE INTO sessions VALUES (?, ?)');
    this.remove = database.prepare('DELETE FROM sessions WHERE id = ?');
  }

  get(id, callback) {
    const row = this.read.get(id);
    callback(null, row && JSON.parse(row.data));
  }

  set(id, data, callback) {
    this.write.run(id, JSON.stringify(data));
    callback(null);
  }

  destroy(id, callback) {
    this.remove.run(id);
    callback(null);
  }

  touch(id, data, callback) {
    callback(null);
  }
}
