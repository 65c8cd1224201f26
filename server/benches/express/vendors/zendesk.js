// Zendesk's sample for Chat: a JWT for the signed-in user.

import { createSecretKey } from 'node:crypto';
import jwt from 'jsonwebtoken';

const KEY = createSecretKey(Buffer.from('zendesk-chat-demo-secret-not-for-production'));

export default function zendesk(app) {
  app.get('/generate/token', (request, response) => {
    const { user } = request;
    if (!user) return response.status(401).json({ code: '00-00', description: 'Token not passed' });
    const claims = { name: user.name, email: user.email, external_id: user.id };
    const token = jwt.sign(claims, KEY, { algorithm: 'HS256', expiresIn: '5m' });
    return response.json({ token });
  });
}
