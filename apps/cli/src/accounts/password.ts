import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError } from '../cli-error.ts';

/** Where a password may come from. */
export interface PasswordSources {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WritableStream;
}

/** One of the environment, OMEMO_KIT_PASSWORD, comes first: for scripts, and for who wants none to be kept. */
export function passwordInEnvironment(env: NodeJS.ProcessEnv): string | undefined {
  const password = env['OMEMO_KIT_PASSWORD'];
  return password === '' ? undefined : password;
}

/** The first line of standard input; typed without being shown where that is a terminal. @throws CliError `usage`. */
export async function readPassword({ stdin, stderr }: PasswordSources, jid: string): Promise<string> {
  const line = stdin.isTTY ? await typed(stdin, stderr, jid) : (await text(stdin)).split(/\r?\n/)[0];
  if (line !== undefined && line !== '') return line;
  throw new CliError('usage', 'there is no password', {
    hint: 'type it when asked, pipe it in, or put it into the environment variable OMEMO_KIT_PASSWORD',
  });
}

async function typed(stdin: NodeJS.ReadStream, stderr: NodeJS.WritableStream, jid: string): Promise<string> {
  stderr.write(`Password of ${jid}: `);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
