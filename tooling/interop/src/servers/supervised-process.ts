import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { InteropError } from '../interop-error.ts';
import type { ServiceUser } from './service-user.ts';

const LOG_KEPT = 64_000;

// The shell outlives us: when our end of its standard input closes, because we say so or because this process ended in whatever
// way, it kills the server. However the server ends, its folder goes. It writes nothing itself: there may be nobody to read it.
const SUPERVISE = `
  folder=$1
  shift
  exec 3<&0
  "$@" </dev/null 3<&- &
  server=$!
  exec >/dev/null 2>&1
  (cat <&3; kill -KILL $server) &
  watch=$!
  exec 3<&-
  wait $server
  code=$?
  kill $watch
  cd /
  rm -rf "$folder"
  exit $code
`;

export interface SupervisedOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Its working directory and HOME, owned by its user; removed when it ends. */
  readonly folder: string;
  readonly user: ServiceUser;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server and the shell that sees to its end. */
export class SupervisedProcess {
  readonly #shell: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #ended: Promise<void>;
  readonly #watchers = new Set<() => void>();
  #log = '';
  #end: string | undefined;

  constructor({ command, args, folder, user, env }: SupervisedOptions) {
    this.#shell = spawn('/bin/sh', ['-c', SUPERVISE, 'supervise', folder, command, ...args], {
      ...user,
      cwd: folder,
      // A group of its own: an interrupt from the keyboard must not end the shell before the server.
      detached: true,
      env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8', HOME: folder, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#shell.stdin.on('error', () => {});
    for (const stream of [this.#shell.stdout, this.#shell.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-LOG_KEPT);
        for (const watcher of this.#watchers) watcher();
      });
    }
    this.#ended = new Promise((resolve) => {
      const finish = (end: string): void => {
        this.#end ??= end;
        this.#shell.stdin.destroy();
        for (const watcher of this.#watchers) watcher();
        resolve();
      };
      this.#shell.on('error', (error) => finish(error.message));
      this.#shell.on('close', (code, signal) => finish(`it ended (${signal ?? code})`));
    });
    // A test run that forgets a server still ends, and the server with it.
    this.#shell.unref();
    for (const stream of [this.#shell.stdin, this.#shell.stdout, this.#shell.stderr]) {
      (stream as unknown as { unref(): void }).unref();
    }
  }

  /** Process id of the supervising shell, as long as there is one. */
  get pid(): number | undefined {
    return this.#end === undefined ? this.#shell.pid : undefined;
  }

  get log(): string {
    return this.#log;
  }

  /**
   * Resolves when the log says what is waited for.
   * @throws {InteropError} `peer-unavailable` when it ends before, says that it failed, or takes too long; with its log.
   */
  async logged(when: {
    readonly ready: (log: string) => boolean;
    readonly failed: (log: string) => boolean;
    readonly timeoutMs: number;
  }): Promise<void> {
    const end = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => settle(`it was not ready in ${when.timeoutMs} ms`), when.timeoutMs);
      const settle = (why?: string): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(why);
      };
      const look = (): void => {
        if (this.#end !== undefined) settle(this.#end);
        else if (when.failed(this.#log)) settle('it said that it failed');
        else if (when.ready(this.#log)) settle();
      };
      this.#watchers.add(look);
      look();
    });
    if (end !== undefined) throw this.failure(end);
  }

  failure(why: string, cause?: unknown): InteropError {
    const message = `the server did not start: ${why}\n${this.#log.slice(-8_000)}`;
    return new InteropError('peer-unavailable', message, { stderr: this.#log }, { cause });
  }

  /** Kills it. Resolves when it and its folder are gone. */
  async close(): Promise<void> {
    this.#shell.ref();
    this.#shell.stdin.end();
    await this.#ended;
  }
}
