import {
  blindTrustBeforeVerification,
  type ReadMessage,
  systemRandomness,
  textBody,
  textOf,
} from '@omemo-kit/omemo-core';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { type AttachedOmemo, type AttachOptions, attachOmemo, type Trouble } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { onTestFinished } from 'vitest';
import type { AccountUnderTest, Link, ServerUnderTest } from './server-under-test.ts';

export interface DeviceOptions extends Omit<Partial<AttachOptions>, 'account'> {
  readonly account?: AccountUnderTest;
  readonly resource?: string;
  /** That of a device before, which comes back. */
  readonly memory?: SharedMemory;
}

let chosen = 0;

/** Pre-keys in turn: of two who meet a device at once, some would take the same one, and a message be lost. */
const randomness = {
  ...systemRandomness,
  choosePreKey: <Key>(keys: readonly Key[]) => keys[chosen++ % keys.length] as Key,
};

/** A device of an account: a connection with an Omemo attached, and what it told. */
export class Device {
  readonly account: AccountUnderTest;
  readonly memory: SharedMemory;
  readonly link: Link;
  readonly attached: AttachedOmemo;
  readonly messages: ReadMessage[] = [];
  /** Why something could not be read: the `type`s of what was told. */
  readonly unread: string[] = [];
  readonly troubles: Trouble[] = [];
  /** Stanzas without OMEMO. */
  readonly others: Element[] = [];
  readonly #server: ServerUnderTest;
  readonly #options: DeviceOptions;

  /** Comes online and is announced, and has read its archive. */
  static async online(server: ServerUnderTest, options: DeviceOptions = {}): Promise<Device> {
    const { account = server.freshAccount(), resource = 'desk', memory = new SharedMemory(), ...rest } = options;
    const link = await server.connect(account, resource);
    onTestFinished(() => link.leave());
    const attached = await attachOmemo(link.channel, {
      store: memory.open(),
      trust: blindTrustBeforeVerification,
      randomness,
      ...rest,
    });
    onTestFinished(() => attached.close());
    const device = new Device({ server, account, memory, link, attached, options });
    await attached.ready;
    return device;
  }

  private constructor(parts: {
    readonly server: ServerUnderTest;
    readonly account: AccountUnderTest;
    readonly memory: SharedMemory;
    readonly link: Link;
    readonly attached: AttachedOmemo;
    readonly options: DeviceOptions;
  }) {
    const { server, account, memory, link, attached, options } = parts;
    this.#server = server;
    this.#options = options;
    this.account = account;
    this.memory = memory;
    this.link = link;
    this.attached = attached;
    attached.on('message', (message) => message.type === 'message' && this.messages.push(message));
    attached.on('failed', ({ result }) => this.unread.push(result.type));
    attached.on('trouble', (trouble) => this.troubles.push(trouble));
    attached.on('other', ({ stanza }) => this.others.push(stanza));
  }

  get jid(): string {
    return this.account.jid;
  }

  get omemo() {
    return this.attached.omemo;
  }

  /** What was read, in order. */
  get texts(): string[] {
    return this.messages.map(({ envelope }) => (envelope === undefined ? '' : (textOf(envelope) ?? '')));
  }

  say(to: string, text: string) {
    return this.omemo.send({ to, content: [textBody(text)] });
  }

  /** The process ends. */
  async leave(): Promise<void> {
    await this.attached.close();
    await this.link.leave();
  }

  /** A process starts on what this device left in its store. */
  comeBack(options: Partial<AttachOptions> = {}): Promise<Device> {
    const { account, memory } = this;
    return Device.online(this.#server, { ...this.#options, ...options, account, memory });
  }

  /** Pays all debts, and has nothing to complain of. */
  async settled(): Promise<void> {
    const failures = await this.omemo.settle();
    if (failures.length > 0) throw failures[0]!.cause;
  }
}
