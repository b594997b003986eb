import { setTimeout as wait } from 'node:timers/promises';
import { type Client, client } from '@xmpp/client';
import type { Account } from '../accounts/account.ts';
import { CliError } from '../cli-error.ts';

/** How long a server may take to let us in, in milliseconds. */
const PATIENCE = 30_000;

export interface Connected {
  readonly xmpp: Client;
  /** Says goodbye and closes. */
  disconnect(): Promise<void>;
}

/**
 * Connects and logs in.
 *
 * @param prepare called before the connection is made, and waited for: what listens must miss nothing.
 *
 * @throws CliError `login-refused`, `server-unreachable`
 */
export async function connect(
  { jid, service }: Account,
  password: string,
  prepare: (xmpp: Client) => unknown = () => undefined,
): Promise<Connected> {
  const [username = '', domain = ''] = jid.split('@');
  const xmpp = client({ domain, username, password, ...(service === undefined ? {} : { service }) });
  let lastError: Error | undefined;
  xmpp.on('error', (error: Error) => {
    lastError = error;
  });
  await prepare(xmpp);
  const disconnect = async () => {
    xmpp.reconnect.stop();
    await xmpp.stop().catch(() => undefined);
  };
  const tooLate = new AbortController();
  try {
    await Promise.race([
      xmpp.start(),
      wait(PATIENCE, undefined, { signal: tooLate.signal }).then(() => {
        throw lastError ?? new Error(`no answer within ${PATIENCE / 1000} s`);
      }),
    ]);
    return { xmpp, disconnect };
  } catch (error) {
    await disconnect();
    throw troubleOf(error, { jid, domain: service ?? domain });
  } finally {
    tooLate.abort();
  }
}

function troubleOf(error: unknown, { jid, domain }: { readonly jid: string; readonly domain: string }): CliError {
  const said = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : '';
  const condition = error instanceof Error && 'condition' in error ? String(error.condition) : '';
  if (name === 'SASLError' || condition === 'not-authorized') {
    return new CliError('login-refused', `${domain} does not let ${jid} in: ${condition || said}`, {
      cause: error,
      hint: 'is the password right?',
    });
  }
  return new CliError('server-unreachable', `${domain} cannot be reached: ${condition || said || causeOf(error)}`, {
    cause: error,
    hint: 'omemo-kit login JID --service wss://HOST/xmpp-websocket, or xmpp://HOST:PORT, says where the server is',
  });
}

/** Failed connections to several addresses come as one error without a text. */
function causeOf(error: unknown): string {
  if (!(error instanceof AggregateError)) return 'no reason given';
  return error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ');
}
