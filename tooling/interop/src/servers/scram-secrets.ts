import { createHash, createHmac, pbkdf2Sync, randomUUID } from 'node:crypto';

// The least that RFC 5802 section 5.1 wants. Clients in JavaScript need about a second for the 10,000 of Prosody's default.
const ITERATIONS = 4096;

/** What a server keeps of a password for SCRAM-SHA-1 (RFC 5802 section 3). */
export interface ScramSecrets {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** For a password of ASCII characters. */
export function scramSecrets(password: string): ScramSecrets {
  const salt = randomUUID();
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 20, 'sha1');
  const hmac = (text: string): Buffer => createHmac('sha1', salted).update(text).digest();
  const storedKey = createHash('sha1').update(hmac('Client Key')).digest();
  return { salt, iterations: ITERATIONS, storedKey, serverKey: hmac('Server Key') };
}
