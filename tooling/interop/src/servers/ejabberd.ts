import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ejabberdConfig } from './ejabberd-config.ts';
import { ejabberdCode } from './server-availability.ts';
import { type ServerSoftware, startServer } from './start-server.ts';
import type { XmppServer, XmppServerOptions } from './xmpp-server.ts';

/**
 * ejabberd, up in about two seconds.
 *
 * - 23.01 refuses publish-options that have `pubsub#max_items` at all (`wait`, `resource-constraint`, "Unknown field"), and
 *   announces neither config-node-max nor item-ids. To publish without and to configure the node afterwards works, with `max`
 *   and with numbers up to `maxItems`.
 * - A node that does not exist is `item-not-found` to everybody.
 */
export const Ejabberd = {
  /** @throws {InteropError} `peer-unavailable` with its log; `no-such-account`. */
  start: (options: XmppServerOptions): Promise<XmppServer> => startServer(ejabberd, options),
} as const;

const READY = 'omemo-kit: ejabberd is up';

// Plain erl: ejabberdctl wants fixed paths and epmd. Without a node name Erlang needs no epmd, and nobody can connect to it.
const ejabberd: ServerSoftware = {
  name: 'ejabberd',
  async prepare(site) {
    const { folder, accounts } = site;
    const config = join(folder, 'ejabberd.yml');
    const database = join(folder, 'database');
    await writeFile(config, ejabberdConfig(site));
    await mkdir(database);
    const registered = [...accounts].map(({ jid, password }) => {
      const [user, domain] = jid.split('@') as [string, string];
      return `ok = ejabberd_auth:try_register(${binary(user)}, ${binary(domain)}, ${binary(password)})`;
    });
    const program = ['{ok, _} = application:ensure_all_started(ejabberd)', ...registered, `io:format("~n${READY}~n")`];
    const args = ['-noinput', '-pa', ejabberdCode() ?? '', '-mnesia', 'dir', `"${database}"`];
    return {
      command: 'erl',
      args: [...args, '-ejabberd', 'config', `"${config}"`, '-eval', `${program.join(', ')}.`],
      env: {
        EJABBERD_CONFIG_PATH: config,
        EJABBERD_LOG_PATH: join(folder, 'ejabberd.log'),
        SPOOL_DIR: database,
        // A crash is told on standard output; nobody reads a dump.
        ERL_CRASH_DUMP_SECONDS: '0',
      },
    };
  },
  portTaken: (log) => log.includes('eaddrinuse') || log.includes('address already in use'),
  ready: (log) => log.includes(READY),
};

/** A binary of Erlang, byte by byte, so that nothing needs to be escaped. */
function binary(text: string): string {
  return `<<${[...Buffer.from(text, 'utf8')].join(',')}>>`;
}
