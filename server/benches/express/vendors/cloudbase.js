// CloudBase's sample: a ticket from the vendor's SDK, with a key that is parsed once.

import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import cloudbase from '@cloudbase/node-sdk';

export default function tickets(app, folder) {
  const file = JSON.parse(readFileSync(join(folder, 'tcb_custom_login.json'), 'utf8'));
  const credentials = { ...file, private_key: createPrivateKey(file.private_key) };
  const auth = cloudbase.init({ env: file.env_id, credentials }).auth();
  app.get('/api/cloudbase/ticket', (request, response) => {
    const { user } = request;
    if (!user) return response.status(401).json({ error: 'Not authenticated' });
    const ticket = auth.createTicket(user.id, { refresh: 3_600_000 });
    return response.json({ ticket });
  });
}
