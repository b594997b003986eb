import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

// Below the range from which systems pick ports of outgoing connections (32768 on Linux), so that none of those takes one
// between our looking and the server's listening. Prosody and ejabberd as services use 5222 and the like.
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * Ports of 127.0.0.1 that were free a moment ago. Another process may take one before the server does, which has to be noticed
 * when it starts.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
