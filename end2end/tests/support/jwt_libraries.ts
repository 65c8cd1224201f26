// Independent JWT libraries, to compare which tokens they accept.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { jwtVerify } from 'jose';
import jsonwebtoken from 'jsonwebtoken';

export type Claims = Record<string, unknown>;

/** The requirements on a token, besides an HS256 signature and an expiry in the future. */
export interface Demands {
  secret: string;
  /** The time of verification, in seconds since the Unix epoch. */
  at: number;
  issuer?: string;
  /** Required claims. */
  required?: string[];
}

/** The current time in seconds since the Unix epoch. */
export const now = () => Math.floor(Date.now() / 1000);

export interface Library {
  name: string;
  /** The claims of each token, or `null` for refused ones. */
  read(tokens: string[], demands: Demands): Promise<(Claims | null)[]>;
}

const nodeLibraries: Library[] = [
  {
    name: 'jsonwebtoken',
    async read(tokens, { secret, at, issuer, required = [] }) {
      return tokens.map((token) => {
        try {
          const claims = jsonwebtoken.verify(token, secret, { algorithms: ['HS256'], clockTimestamp: at, issuer });
          return typeof claims === 'object' && required.every((name) => name in claims) ? claims : null;
        } catch {
          return null;
        }
      });
    },
  },
  {
    name: 'jose',
    async read(tokens, { secret, at, issuer, required }) {
      const options = { algorithms: ['HS256'], currentDate: new Date(at * 1000), issuer, requiredClaims: required };
      const read = (token: string) => jwtVerify(token, new TextEncoder().encode(secret), options);
      const ends = await Promise.allSettled(tokens.map(read));
      return ends.map((end) => (end.status === 'fulfilled' ? end.value.payload : null));
    },
  },
];

/** The folder in which `cargo xtask test` has installed PyJWT; not set without Python. */
const PYJWT = process.env.PYJWT_FOLDER;

const pyJwt: Library = {
  name: 'PyJWT',
  async read(tokens, demands) {
    const script = fileURLToPath(new URL('pyjwt.py', import.meta.url));
    const python = spawn('python3', [script], {
      env: { ...process.env, PYTHONPATH: PYJWT },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    python.stdin.end(JSON.stringify({ tokens, ...demands }));
    return JSON.parse(await text(python.stdout)) as (Claims | null)[];
  },
};

export const LIBRARIES: readonly Library[] = PYJWT ? [...nodeLibraries, pyJwt] : nodeLibraries;
