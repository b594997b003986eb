import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { XmppServer } from '@omemo-kit/interop';
import { temporaryDataDirectory } from './temporary-directory.ts';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

/** A JSON line that the program printed. */
export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Said {
  readonly code: number | null;
  readonly lines: readonly Line[];
  readonly error: string;
}

/** Somebody with a data directory of their own who calls the program, for JSON. */
export class Person {
  readonly jid: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #service: string;

  private constructor(jid: string, env: NodeJS.ProcessEnv, service: string) {
    this.jid = jid;
    this.#env = env;
    this.#service = service;
  }

  /** @param over how to reach the server. */
  static async at(server: XmppServer, name: string, over: 'tcp' | 'websocket' = 'tcp'): Promise<Person> {
    const account = server.account(name);
    const { FORCE_COLOR: _, NO_COLOR: __, ...inherited } = process.env;
    const env = { ...inherited, ...(await temporaryDataDirectory()), OMEMO_KIT_PASSWORD: account.password };
    const service = over === 'tcp' ? server.tcpUrl : server.websocketUrl;
    return new Person(account.jid, env, service);
  }

  login(...options: string[]): Promise<Said> {
    return this.run(['login', this.jid, '--service', this.#service, ...options]);
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], input = ''): Promise<Said> {
    const started = this.start(args, input);
    return started.ended;
  }

  /** Starts a command; `until` waits for a line that it prints. */
  start(args: readonly string[], input = '') {
    const child = spawn(process.execPath, ['--conditions=@omemo-kit/source', MAIN, ...args, '--json'], {
      env: this.#env,
      stdio: 'pipe',
    });
    child.stdin.end(input);
    const lines: Line[] = [];
    let waiting: (() => void)[] = [];
    let rest = '';
    let error = '';
    let over = false;
    const wake = () => {
      for (const one of waiting.splice(0)) one();
      waiting = [];
    };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((part) => JSON.parse(part) as Line));
      wake();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
    const ended = new Promise<Said>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        over = true;
        wake();
        resolve({ code, lines, error });
      });
    });
    const until = async (type: string, count = 1): Promise<readonly Line[]> => {
      for (;;) {
        const found = lines.filter((line) => line.type === type);
        if (found.length >= count) return found;
        if (over) throw new Error(`it ended without ${count} lines of type ${type}: ${JSON.stringify(lines)} ${error}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    };
    return { ended, until, interrupt: () => child.kill('SIGINT') };
  }
}
