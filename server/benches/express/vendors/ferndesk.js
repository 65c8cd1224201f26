// Ferndesk's sample: a JWT for the signed-in user.

import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const KEY = createSecretKey(Buffer.from('ferndesk-demo-secret-not-for-production'));

export default function ferndesk(app) {
  app.get('/api/ferndesk-token', (request, response) => {
    const { user } = request;
    if (!user) return response.status(401).json({ error: 'Not authenticated' });
    const claims = { userId: user.id, sub: user.id, email: user.email, name: user.name };
    const token = jwt.sign(claims, KEY, { algorithm: 'HS256', expiresIn: '10m' });
    return response.type('text/plain').send(token);
  });
}
