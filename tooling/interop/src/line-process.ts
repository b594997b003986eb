import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { TwomemoEffect } from './effects.ts';
import { InteropError, type InteropErrorDetails } from './interop-error.ts';

const STDERR_KEPT = 4000;
const DEFAULT_CLOSE_GRACE_MS = 2000;

/** A question of the process that it needs answered to go on. */
export interface Ask {
  readonly question: string;
  readonly device: string;
  /** Bare JID of the account asked about. */
  readonly of: string;
  readonly deviceId?: number;
}

export interface LineProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** For the ready line and for each answer. Milliseconds. */
  readonly timeoutMs: number;
  /** How long it may take to end by itself after `close()`, before it is killed. 2 seconds unless given. */
  readonly closeGraceMs?: number;
  /** XML, or `undefined` when there is nothing of the kind. A rejection is told to the process as a failure. */
  answer?(ask: Ask): Promise<string | undefined>;
  /** Something happened that nobody asked for. */
  event?(event: LineEvent): void;
  /** A first line for the process, before it is ready. */
  readonly greeting?: object;
}

/** What a process tells on its own. */
export interface LineEvent {
  readonly event: string;
  readonly [detail: string]: unknown;
}

export interface LineRequest {
  readonly method: string;
  /** Where the process has several. */
  readonly device?: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** In the place of that of the process. */
  readonly timeoutMs?: number;
}

/** What travels over the pipe; the protocol stands at the top of python/twomemo_peer.py. */
type Line =
  | { readonly ready: unknown }
  | (Ask & { readonly ask: number })
  | LineEvent
  | (LineReply & { readonly id: number })
  | { readonly id: number; readonly error: RemoteError; readonly effects: readonly TwomemoEffect[] };

interface RemoteError {
  readonly exception: string;
  readonly message: string;
  readonly causes: readonly string[];
}

/** An answer as it came. */
export interface LineReply {
  readonly result: unknown;
  readonly effects: readonly TwomemoEffect[];
}

interface Waiting {
  readonly method: string;
  readonly timer: NodeJS.Timeout;
  resolve(reply: LineReply): void;
  reject(error: InteropError): void;
}

const READY = 0;

/**
 * A process that answers JSON lines. Whatever happens to it, every request settles: with the answer, or with an
 * {@link InteropError} that tells a refusal from a timeout, from an exit, from `close()`.
 */
export class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #options: LineProcessOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #ready: unknown;
  #stderr = '';
  #nextId = READY + 1;
  /** Why no request can be served any more. */
  #end:
    | { code: 'peer-exited' | 'peer-closed' | 'peer-protocol'; message: string; details: InteropErrorDetails }
    | undefined;

  /** @throws {InteropError} `peer-unavailable` when it cannot be started or ends before it is ready. */
  static async start(options: LineProcessOptions): Promise<LineProcess> {
    const process = new LineProcess(options);
    try {
      if (options.greeting !== undefined) process.#write(options.greeting);
      process.#ready = (await process.#wait(READY, 'start', options.timeoutMs)).result;
      return process;
    } catch (cause) {
      await process.close();
      const why = cause instanceof Error ? cause.message : String(cause);
      const details = { stderr: process.#stderr };
      throw new InteropError(
        'peer-unavailable',
        `${options.command} did not start: ${why}\n${process.#stderr}`,
        details,
        { cause },
      );
    }
  }

  private constructor(options: LineProcessOptions) {
    this.#options = options;
    this.#child = spawn(options.command, options.args, { stdio: 'pipe' });
    this.#child.stdin.on('error', () => {}); // a write to a dead process: its exit is reported by the `close` event
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#read(line));
    this.#exited = new Promise((resolve) => {
      this.#child.on('error', (error) => {
        this.#finish('peer-exited', error.message);
        resolve();
      });
      // `close`, not `exit`: by then every line that it wrote has been read.
      this.#child.on('close', (exitCode, signal) => {
        this.#finish('peer-exited', `the process ended (${signal ?? exitCode})`, { exitCode, signal });
        resolve();
      });
    });
  }

  /** What the process said of itself in its ready line. */
  get ready(): unknown {
    return this.#ready;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** @throws {InteropError} any code but `peer-unavailable`. */
  request({ timeoutMs = this.#options.timeoutMs, ...request }: LineRequest): Promise<LineReply> {
    if (this.#end !== undefined) return Promise.reject(this.#ended(request.method));
    const id = this.#nextId++;
    const reply = this.#wait(id, request.method, timeoutMs);
    this.#write({ id, ...request });
    return reply;
  }

  /** Ends the process; what waits for an answer rejects with `peer-closed`. Resolves when the process is gone. */
  async close(): Promise<void> {
    this.#finish('peer-closed', 'the peer was closed');
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#options.closeGraceMs ?? DEFAULT_CLOSE_GRACE_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #wait(id: number, method: string, timeoutMs: number): Promise<LineReply> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        const details = { method, stderr: this.#stderr };
        reject(new InteropError('peer-timeout', `${method}: no answer in ${timeoutMs} ms`, details));
      }, timeoutMs);
      this.#waiting.set(id, { method, timer, resolve, reject });
    });
  }

  #write(line: object): void {
    this.#child.stdin.write(`${JSON.stringify(line)}\n`);
  }

  #read(text: string): void {
    const line = parseLine(text);
    if (line === undefined) {
      this.#finish('peer-protocol', `not a line of the protocol: ${text.slice(0, 200)}`);
      this.#child.kill('SIGKILL');
    } else if (isEvent(line)) {
      this.#options.event?.(line);
    } else if ('ask' in line) {
      void this.#answer(line);
    } else {
      const id = 'ready' in line ? READY : line.id;
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) return; // came after its timeout
      this.#waiting.delete(id);
      clearTimeout(waiting.timer);
      if ('ready' in line) waiting.resolve({ result: line.ready, effects: [] });
      else if ('error' in line) waiting.reject(this.#refusal(waiting.method, line));
      else waiting.resolve(line);
    }
  }

  async #answer(ask: Ask & { readonly ask: number }): Promise<void> {
    try {
      this.#write({ ask: ask.ask, xml: (await this.#options.answer?.(ask)) ?? null });
    } catch (error) {
      this.#write({ ask: ask.ask, failure: error instanceof Error ? error.message : String(error) });
    }
  }

  #refusal(
    method: string,
    { error, effects }: { error: RemoteError; effects: readonly TwomemoEffect[] },
  ): InteropError {
    const { exception, message, causes } = error;
    const chain = [`${exception}: ${message}`, ...causes].join(' < ');
    return new InteropError('peer-refused', `${method}: ${chain}`, {
      method,
      exception,
      causes,
      effects,
      stderr: this.#stderr,
    });
  }

  #finish(
    code: 'peer-exited' | 'peer-closed' | 'peer-protocol',
    message: string,
    details: InteropErrorDetails = {},
  ): void {
    this.#end ??= { code, message, details };
    for (const [id, waiting] of this.#waiting) {
      clearTimeout(waiting.timer);
      this.#waiting.delete(id);
      waiting.reject(this.#ended(waiting.method));
    }
  }

  #ended(method: string): InteropError {
    const { code, message, details } = this.#end!;
    return new InteropError(code, `${method}: ${message}`, { ...details, method, stderr: this.#stderr });
  }
}

function isEvent(line: Line): line is LineEvent {
  return 'event' in line;
}

function parseLine(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    const known =
      typeof line === 'object' && line !== null && ['ready', 'ask', 'id', 'event'].some((key) => key in line);
    return known ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}
