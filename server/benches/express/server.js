// The vendors' samples on Express: each looks up the session and the user in the database, and signs a token.
// Tuned: statements are prepared once, secrets and keys are parsed once, and a session is not written when it is read.
//
// node server.js WORKERS PORT FOLDER

import cluster from 'node:cluster';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import { openDatabase, SessionStore } from './database.js';

const [workers, port, folder] = process.argv.slice(2);

if (Number(workers) > 1 && cluster.isPrimary) {
  openDatabase(folder, workers);
  for (let worker = 0; worker < Number(workers); worker += 1) cluster.fork();
} else {
  await serve();
}

async function serve() {
  const database = openDatabase(folder, workers);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(
    session({
      store: new SessionStore(database),
      secret: 'a secret of the benchmark, and of nothing else',
      resave: false,
      saveUninitialized: false,
    }),
  );
  const byId = database.prepare('SELECT id, email, name FROM users WHERE id = ?');
  app.use((request, response, next) => {
    request.user = request.session.userId && byId.get(request.session.userId);
    next();
  });
  app.post('/login', (request, response) => {
    request.session.userId = database.prepare('SELECT id FROM users').get().id;
    response.json({ status: 'ok' });
  });
  const vendors = join(import.meta.dirname, 'vendors');
  for (const file of readdirSync(vendors)) {
    const { default: vendor } = await import(join(vendors, file));
    vendor(app, folder);
  }
  app.listen(Number(port), '127.0.0.1');
}
