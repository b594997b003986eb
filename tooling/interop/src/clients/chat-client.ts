import { InteropError } from '../interop-error.ts';
import { LineProcess } from '../line-process.ts';
import { type ChatEvents, EventQueue } from './chat-events.ts';

const DEFAULT_TIMEOUT_MS = 20_000;

export interface ChatClientOptions {
  /** Bare JID of an account. */
  readonly jid: string;
  readonly password: string;
  /** Where the server takes clients. */
  readonly port: number;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
  /** Of its device; without one unless given. */
  readonly label?: string;
  /** For the start, each request and each event. 20 seconds unless given. */
  readonly timeoutMs?: number;
}

/** A device as a client knows it. */
export interface ChatDevice {
  readonly deviceId?: number;
  readonly identityKey: string;
  readonly trust: string;
  readonly label: string | null;
}

/** What was sent. */
export interface Sent {
  /** Of the stanza. */
  readonly id: string;
}

/** An XMPP client of somebody else's with a device of its own. It trusts every device that it meets. */
export class ChatClient implements AsyncDisposable {
  /** Bare. */
  readonly jid: string;
  /** What the client said of itself and its device when it was ready. `identityKey` is Ed25519, base64. */
  readonly about: { readonly jid: string; readonly identityKey: string; readonly deviceId?: number };
  readonly #process: LineProcess;
  readonly #events: EventQueue;
  readonly #timeoutMs: number;

  /** @internal */
  protected constructor(jid: string, { process, events, timeoutMs }: Running) {
    this.jid = jid;
    this.about = process.ready as ChatClient['about'];
    this.#process = process;
    this.#events = events;
    this.#timeoutMs = timeoutMs;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Encrypts for all devices of the contact and of the own account. Reads the contact's device list first. */
  send(message: { readonly to: string; readonly body: string }): Promise<Sent> {
    return this.request('say', message);
  }

  /** Not encrypted. */
  async sendPlain(message: {
    readonly to: string;
    readonly body: string;
    readonly kind?: 'chat' | 'groupchat';
  }): Promise<void> {
    await this.request('send_plain', message);
  }

  /** Asks for the contact's presence, which the contact's device lists follow. */
  async subscribe(to: string): Promise<void> {
    await this.request('subscribe', { to });
  }

  /** The devices of that account that it knows by now. */
  devices(jid: string): Promise<readonly ChatDevice[]> {
    return this.request('known_devices', { jid });
  }

  /**
   * The oldest event of that name that was not taken yet; waits for it.
   * @throws {InteropError} `peer-timeout`, with what happened instead.
   */
  async next<Name extends keyof ChatEvents>(
    name: Name,
    timeoutMs: number = this.#timeoutMs,
  ): Promise<ChatEvents[Name]> {
    const event = await this.#events.take(name, timeoutMs);
    if (event !== undefined) return event;
    const rest = this.#events.rest.map((other) => JSON.stringify(other).slice(0, 500)).join('\n');
    throw new InteropError('peer-timeout', `${this.jid}: no ${name} in ${timeoutMs} ms, but\n${rest || 'nothing'}`);
  }

  /** Events that happened and were not taken. */
  get untaken(): readonly string[] {
    return this.#events.rest.map(({ event }) => event);
  }

  /** Those of one name that were not taken, the oldest first. They stay. */
  untakenOf<Name extends keyof ChatEvents>(name: Name): readonly ChatEvents[Name][] {
    return this.#events.rest.filter(({ event }) => event === name) as unknown as readonly ChatEvents[Name][];
  }

  /** Ends the client without a goodbye to the server. */
  close(): Promise<void> {
    return this.#process.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal @throws {InteropError} any code but `peer-unavailable`. */
  protected async request<T>(method: string, params: object): Promise<T> {
    const { result } = await this.#process.request({ method, params: params as Readonly<Record<string, unknown>> });
    return result as T;
  }
}

/** @internal */
export interface Running {
  readonly process: LineProcess;
  readonly events: EventQueue;
  readonly timeoutMs: number;
}

/** @internal @throws {InteropError} `peer-unavailable`: the program is missing, or the server refuses it, or is not there. */
export async function startChatProgram(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly password: string;
  readonly timeoutMs: number | undefined;
}): Promise<Running> {
  const { command, args, password, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const events = new EventQueue();
  // The password is not an argument, since everybody may read those.
  const greeting = { password };
  const process = await LineProcess.start({ command, args, timeoutMs, greeting, event: (event) => events.put(event) });
  return { process, events, timeoutMs };
}
