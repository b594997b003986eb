import { chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InteropError } from '../interop-error.ts';
import { Accounts } from './accounts.ts';
import { freePorts, LOOPBACK } from './free-ports.ts';
import { type ServiceUser, serviceUser } from './service-user.ts';
import { streamAnswers } from './stream-answers.ts';
import { SupervisedProcess } from './supervised-process.ts';
import type { XmppAccount, XmppServer, XmppServerOptions } from './xmpp-server.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_ITEMS = 1_000;
const ATTEMPTS = 4;

/** What a start of a server is about. */
export interface Site {
  /** For its data, owned by its user. */
  readonly folder: string;
  readonly user: ServiceUser;
  readonly domains: readonly string[];
  readonly mucDomain: string;
  readonly accounts: Accounts;
  readonly maxItems: number;
  readonly c2sPort: number;
  readonly httpPort: number;
}

/** How one kind of server is started. */
export interface ServerSoftware {
  readonly name: XmppServer['software'];
  /** Writes its files. */
  prepare(site: Site): Promise<{ command: string; args: readonly string[]; env?: Readonly<Record<string, string>> }>;
  /** Whether the log says that it listens. */
  ready(log: string, site: Site): boolean;
  /** Whether the log says that somebody else has one of the ports. */
  portTaken(log: string): boolean;
}

/** @throws {InteropError} `peer-unavailable` with its log; `no-such-account`. */
export async function startServer(software: ServerSoftware, options: XmppServerOptions): Promise<XmppServer> {
  const domains = options.domains ?? ['localhost'];
  const accounts = new Accounts(options.accounts, domains);
  const user = serviceUser(software.name);
  for (let attempt = 1; ; attempt++) {
    const [c2sPort, httpPort] = (await freePorts(2)) as [number, number];
    const folder = await mkdtemp(join(tmpdir(), `omemo-kit-${software.name}-`));
    const maxItems = options.maxItems ?? DEFAULT_MAX_ITEMS;
    const site = { folder, user, domains, mucDomain: `rooms.${domains[0]}`, accounts, maxItems, c2sPort, httpPort };
    const started = await tryStart(software, site, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    if (!(started instanceof InteropError)) return new RunningServer(software.name, site, started);
    if (attempt === ATTEMPTS || !software.portTaken(started.details.stderr ?? '')) throw started;
  }
}

async function tryStart(
  software: ServerSoftware,
  site: Site,
  timeoutMs: number,
): Promise<SupervisedProcess | InteropError> {
  const { folder, user, c2sPort: port } = site;
  const command = await software.prepare(site).catch(async (error: unknown) => {
    await rm(folder, { recursive: true });
    throw error;
  });
  if (user.uid !== undefined) await chownAll(folder, user);
  const server = new SupervisedProcess({ ...command, folder, user });
  try {
    const ready = (log: string): boolean => software.ready(log, site);
    await server.logged({ ready, failed: software.portTaken, timeoutMs });
    for (const domain of site.domains) await streamAnswers({ port, domain, timeoutMs });
    return server;
  } catch (error) {
    await server.close();
    // Its folder goes with the shell; without a shell (no /bin/sh, no such user) nobody removed it.
    await rm(folder, { recursive: true, force: true });
    return error instanceof InteropError ? error : server.failure((error as Error).message, error);
  }
}

async function chownAll(folder: string, { uid, gid }: ServiceUser): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) await chown(join(folder, name), uid!, gid!);
  await chown(folder, uid!, gid!);
}

class RunningServer implements XmppServer {
  readonly software: XmppServer['software'];
  readonly domain: string;
  readonly domains: readonly string[];
  readonly mucDomain: string;
  readonly host = LOOPBACK;
  readonly c2sPort: number;
  readonly websocketUrl: string;
  readonly tcpUrl: string;
  readonly #accounts: Accounts;
  readonly #process: SupervisedProcess;

  constructor(software: XmppServer['software'], site: Site, process: SupervisedProcess) {
    this.software = software;
    this.domain = site.domains[0]!;
    this.domains = site.domains;
    this.mucDomain = site.mucDomain;
    this.c2sPort = site.c2sPort;
    this.websocketUrl = `ws://${LOOPBACK}:${site.httpPort}/xmpp-websocket`;
    this.tcpUrl = `xmpp://${LOOPBACK}:${site.c2sPort}`;
    this.#accounts = site.accounts;
    this.#process = process;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  account(jid: string): XmppAccount {
    return this.#accounts.get(jid);
  }

  log(): string {
    return this.#process.log;
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
