import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Answer, Request } from './serve.ts';

/** A process that measures when it is asked to, and rests otherwise. */
export class MeasuringProcess {
  readonly differs: string;
  #name: string;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  private constructor(name: string, differs: string, child: ChildProcess) {
    this.#name = name;
    this.differs = differs;
    this.#child = child;
    if (child.stdout === null) throw new TypeError('its output is not read');
    this.#lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  }

  /** Starts it; throws when it does not get ready. */
  static async start(options: {
    readonly name: string;
    readonly differs: string;
    readonly command: string;
    readonly args: readonly string[];
  }): Promise<MeasuringProcess> {
    const { name, differs, command, args } = options;
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    child.on('error', () => child.stdout?.destroy());
    const started = new MeasuringProcess(name, differs, child);
    const { ready } = (await started.#read()) as { readonly ready: { readonly version?: string } };
    if (ready.version !== undefined) started.#name = `${name} ${ready.version}`;
    return started;
  }

  /** With its version, where it says one. */
  get name(): string {
    return this.#name;
  }

  /** Microseconds for one unit; undefined where it cannot do the job. */
  async measure(request: Request): Promise<number | undefined> {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
    const { us, error } = (await this.#read()) as Answer;
    if (error !== undefined) console.error(`${this.name}, job ${request.job}: ${error}`);
    return us;
  }

  async #read(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new TypeError(`${this.name} ended`);
    return JSON.parse(value);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.stdin?.end();
    await once(this.#child, 'close');
  }
}
