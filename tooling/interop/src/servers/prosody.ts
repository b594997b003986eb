import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LOOPBACK } from './free-ports.ts';
import { prosodyConfig } from './prosody-config.ts';
import { scramSecrets } from './scram-secrets.ts';
import { type ServerSoftware, type Site, startServer } from './start-server.ts';
import type { XmppServer, XmppServerOptions } from './xmpp-server.ts';

/**
 * Prosody, up in about half a second.
 *
 * - A stranger who asks for a node that does not exist is told `forbidden`; the owner and contacts `item-not-found`.
 * - Publish-options that the node does not meet: `conflict` with `precondition-not-met`.
 * - `pubsub#max_items` takes `max`, which is `maxItems`; larger numbers are refused.
 */
export const Prosody = {
  /** @throws {InteropError} `peer-unavailable` with its log; `no-such-account`. */
  start: (options: XmppServerOptions): Promise<XmppServer> => startServer(prosody, options),
} as const;

const prosody: ServerSoftware = {
  name: 'prosody',
  async prepare(site) {
    const config = join(site.folder, 'prosody.cfg.lua');
    await writeFile(config, prosodyConfig(site));
    await mkdir(join(site.folder, 'certs'));
    await writeAccounts(site);
    return { command: 'prosody', args: ['--config', config, '-F'] };
  },
  // With a port that is taken Prosody goes on without it, and says so.
  portTaken: (log) => log.includes('Failed to open server port'),
  ready: (log, { c2sPort, httpPort }) =>
    log.includes(`Activated service 'c2s' on [${LOOPBACK}]:${c2sPort}`) &&
    log.includes(`Activated service 'http' on [${LOOPBACK}]:${httpPort}`),
};

/** As `prosodyctl register` would, which takes a quarter of a second for each. */
async function writeAccounts({ accounts, folder }: Site): Promise<void> {
  for (const { jid, password } of accounts) {
    const [user, domain] = jid.split('@') as [string, string];
    const path = join(folder, 'data', fileName(domain), 'accounts');
    await mkdir(path, { recursive: true });
    const secrets = scramSecrets(password);
    const fields = [
      `["salt"] = "${secrets.salt}"`,
      `["iteration_count"] = ${secrets.iterations}`,
      `["stored_key"] = "${secrets.storedKey.toString('hex')}"`,
      `["server_key"] = "${secrets.serverKey.toString('hex')}"`,
    ];
    await writeFile(
      join(path, `${fileName(user)}.dat`),
      `return {\n${fields.map((field) => `\t${field};\n`).join('')}};\n`,
    );
  }
}

/** Names as Prosody's datamanager writes them: what is neither letter nor digit as %xx. */
function fileName(name: string): string {
  const bytes = [...Buffer.from(name, 'utf8')].map((byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9]/.test(char) ? char : `%${byte.toString(16).padStart(2, '0')}`;
  });
  return bytes.join('');
}
