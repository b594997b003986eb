import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PostgresError } from './postgres-error.ts';
import type { ServerUser } from './server-user.ts';

/** The programs of one cluster in a folder of its own: `data`, `log`, and the socket. */
export class ClusterPrograms {
  readonly #programs: string;
  readonly #folder: string;
  readonly #user: ServerUser;

  constructor(options: { programs: string; folder: string; user: ServerUser }) {
    this.#programs = options.programs;
    this.#folder = options.folder;
    this.#user = options.user;
  }

  get data(): string {
    return join(this.#folder, 'data');
  }

  async create(): Promise<void> {
    const identity = ['-U', 'omemo', '-A', 'trust', '-E', 'UTF8', '--no-locale'];
    // The new cluster itself need not survive a power cut; what is written to it later does.
    await this.#run('initdb', ['-D', this.data, ...identity, '--no-sync', '--no-instructions']);
  }

  async start(): Promise<void> {
    const log = join(this.#folder, 'log');
    await this.#run('pg_ctl', ['start', '-w', '-t', '60', '-D', this.data, '-l', log]);
  }

  async stop(mode: 'fast' | 'immediate'): Promise<void> {
    await this.#run('pg_ctl', ['stop', '-w', '-t', '60', '-D', this.data, '-m', mode]);
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    // A group of its own: an interrupt of the test run must not reach the server half-way through.
    const child = spawn(join(this.#programs, program), args, {
      ...this.#user,
      cwd: this.#folder,
      detached: true,
      // Not a pipe: the server that pg_ctl leaves behind would hold it open.
      stdio: 'ignore',
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', PGOPTIONS: '' },
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code === 0) return;
    const log = await readFile(join(this.#folder, 'log'), 'utf8').catch(() => '');
    throw new PostgresError('failed', `${program} ${args[0]} ended with ${code}: ${log.slice(-2000)}`);
  }
}
