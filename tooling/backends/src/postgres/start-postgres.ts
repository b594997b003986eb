import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgresAvailability } from './availability.ts';
import { ClusterPrograms } from './cluster-programs.ts';
import { guardAgainstOrphans } from './orphan-guard.ts';
import { PostgresError } from './postgres-error.ts';
import { serverUser } from './server-user.ts';

export interface StartOptions {
  /** More lines of `postgresql.conf`, such as `{ deadlock_timeout: '100ms' }`. Settings of durability are those of PostgreSQL. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** What `pg` needs to connect: a socket in the cluster's folder, no password. */
export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/**
 * Makes a cluster in a temporary folder and starts it (about a second). It listens on a Unix socket in that folder and nowhere
 * else, and is gone with its folder when this process ends. @throws PostgresError
 */
export async function startPostgres(options: StartOptions = {}): Promise<PostgresServer> {
  const availability = postgresAvailability();
  if (!availability.available) {
    throw new PostgresError('unavailable', `${availability.reason}; to install it: ${availability.install}`);
  }
  const user = serverUser();
  const folder = await mkdtemp(join(tmpdir(), 'omemo-kit-postgres-'));
  if (user.uid !== undefined) await chown(folder, user.uid, user.gid!);
  const dismissGuard = guardAgainstOrphans(folder);
  try {
    const programs = new ClusterPrograms({ programs: availability.programs, folder, user });
    await programs.create();
    await writeFile(join(programs.data, 'postgresql.auto.conf'), settingLines(folder, options.settings));
    await programs.start();
    return new PostgresServer({ folder, programs, dismissGuard });
  } catch (error) {
    dismissGuard();
    throw error;
  }
}

function settingLines(folder: string, settings: Readonly<Record<string, string>> = {}): string {
  const all = {
    listen_addresses: '',
    unix_socket_directories: folder,
    shared_buffers: '32MB',
    max_connections: '60',
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

/** A running server with a cluster of its own. */
export class PostgresServer {
  /** Where `log`, `data` and the socket are. */
  readonly folder: string;
  readonly #programs: ClusterPrograms;
  readonly #dismissGuard: () => void;
  #state: 'running' | 'down' | 'removed' = 'running';
  #databases = 0;

  /** @internal Made by `startPostgres`. */
  constructor(options: { folder: string; programs: ClusterPrograms; dismissGuard: () => void }) {
    this.folder = options.folder;
    this.#programs = options.programs;
    this.#dismissGuard = options.dismissGuard;
  }

  connection(database = 'postgres'): ConnectionOptions {
    return { host: this.folder, port: 5432, user: 'omemo', database };
  }

  /** The file of the socket, for those who want to stand in between. */
  get socket(): string {
    return join(this.folder, '.s.PGSQL.5432');
  }

  /** Makes an empty database. In `dictionary order` its texts do not compare by their bytes (needs version 15). */
  async createDatabase(order: 'byte order' | 'dictionary order' = 'byte order'): Promise<ConnectionOptions> {
    const name = `test_${++this.#databases}`;
    const collation = order === 'byte order' ? '' : ` LOCALE_PROVIDER icu ICU_LOCALE 'en'`;
    await this.run(`CREATE DATABASE ${name} TEMPLATE template0${collation}`);
    return this.connection(name);
  }

  /** Runs statements as the superuser, on a connection of its own. Returns the rows. */
  async run(statements: string, database?: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client(this.connection(database));
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(statements)).rows;
    } finally {
      await client.end();
    }
  }

  /** Ends every process of the server without a checkpoint or a goodbye, as a crash would; `restart` recovers from the log. */
  async crash(): Promise<void> {
    if (this.#state !== 'running') return;
    this.#state = 'down';
    await this.#programs.stop('immediate');
  }

  /** Starts the server again, ending it first in order if it still runs. */
  async restart(): Promise<void> {
    if (this.#state === 'running') await this.#programs.stop('fast');
    this.#state = 'down';
    await this.#programs.start();
    this.#state = 'running';
  }

  /** Ends the server and removes its folder. */
  async stop(): Promise<void> {
    if (this.#state === 'removed') return;
    await this.crash();
    this.#state = 'removed';
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
    this.#dismissGuard();
  }
}
