import { InteropError, TwomemoAccount, type TwomemoPeer } from '@omemo-kit/interop';
import type { Connection, LoopbackServer } from '@omemo-kit/loopback';
import { fingerprint } from '@omemo-kit/omemo-core';
import { bareJidOf, parseEnvelope } from '@omemo-kit/omemo-wire';
import { recallEd25519PublicKey } from '@omemo-kit/primitives';
import type { Element } from 'ltx';
import type { DeviceKind, DeviceName, Person } from './cast.ts';
import type { ChatDevice, KnownDevice, OutgoingText, SendOutcome, Shown } from './chat-device.ts';
import { type Incoming, incomingOf } from './incoming.ts';
import { ScreenOfDevice } from './screen-of-device.ts';
import { sealText, textIn } from './text-content.ts';

/**
 * A device that runs python-omemo. It knows no SCE, so envelopes are made and read here, and no carbons, so copies are
 * taken out of them before it sees them.
 */
export class TwomemoDevice implements ChatDevice {
  readonly owner: Person;
  readonly kind: DeviceKind;
  readonly software: string;
  readonly #connection: Connection;
  readonly #account: TwomemoAccount;
  readonly #screen = new ScreenOfDevice();
  #reading: Promise<void> = Promise.resolve();

  static async open(made: { server: LoopbackServer; peer: TwomemoPeer; owner: Person; kind: DeviceKind }) {
    const { server, peer, owner, kind } = made;
    const connection = server.connect(`${owner.jid}/${kind}`);
    const { transport } = connection;
    const account = await TwomemoAccount.open({ peer, transport, jid: owner.jid, newDevices: 'undecided' });
    const software = `python-omemo ${peer.versions.packages.omemo}`;
    return new TwomemoDevice({ owner, kind, connection, account, software });
  }

  private constructor(made: {
    readonly owner: Person;
    readonly kind: DeviceKind;
    readonly connection: Connection;
    readonly account: TwomemoAccount;
    readonly software: string;
  }) {
    this.owner = made.owner;
    this.kind = made.kind;
    this.software = made.software;
    this.#connection = made.connection;
    this.#account = made.account;
    this.#connection.onStanza((stanza) => {
      this.#reading = this.#reading.then(() => this.#receive(stanza));
      return this.#reading;
    });
  }

  get name(): DeviceName {
    return { owner: this.owner.name, kind: this.kind };
  }

  get fullJid(): string {
    return this.#connection.jid;
  }

  get deviceId(): number {
    return this.#account.device.deviceId;
  }

  get fingerprint(): readonly string[] {
    return this.#account.device.fingerprint.split(' ');
  }

  async send({ to, text, id }: OutgoingText): Promise<SendOutcome> {
    try {
      const envelope = sealText({ from: this.owner.jid, to: to.jid, text });
      await this.#account.send({ to: to.jid, envelope, id });
      return { type: 'sent' };
    } catch (error) {
      if (exceptionOf(error) !== 'StillUndecided') throw error;
      const known = [...(await this.knownDevices(this.owner)), ...(await this.knownDevices(to))];
      return { type: 'refused', reason: 'StillUndecided', undecided: known.filter((one) => one.trust === 'undecided') };
    }
  }

  async knownDevices(person: Person): Promise<readonly KnownDevice[]> {
    if (person !== this.owner) await this.#account.run((device) => device.refreshDevices(person.jid));
    const known = await this.#account.device.knownDevices(person.jid);
    return known
      .filter(({ deviceId, active }) => active && !(person === this.owner && deviceId === this.deviceId))
      .map(({ deviceId, identityKey, trust }) => {
        const key = recallEd25519PublicKey(identityKey);
        const decided = trust === 'undecided' ? 'undecided' : 'decided';
        return { owner: person, deviceId, identityKey: key, fingerprint: fingerprint(key), trust: decided };
      });
  }

  async verify({ owner, identityKey }: KnownDevice): Promise<void> {
    await this.#account.run((device) => device.setTrust({ jid: owner.jid, identityKey, trust: 'trusted' }));
  }

  readArchived(stanza: Element): Promise<void> {
    return this.#receive(stanza);
  }

  takeShown(): readonly Shown[] {
    return this.#screen.take();
  }

  /** It answers at once, within what made it answer. */
  async settle(): Promise<void> {}

  async close(): Promise<void> {
    this.#connection.disconnect();
  }

  async #receive(stanza: Element): Promise<void> {
    const incoming = incomingOf(stanza, { jid: this.owner.jid, deviceId: this.deviceId });
    try {
      const received = await this.#account.receive(incoming?.message ?? stanza);
      if (incoming === undefined) return;
      if (received.type === 'empty') this.#screen.read(incoming, undefined);
      if (received.type === 'envelope') this.#show(incoming, received.envelope);
    } catch (error) {
      if (!(error instanceof InteropError) || incoming === undefined) throw error;
      const causes = [error.details.exception ?? error.code, ...(error.details.causes ?? [])];
      if (causes[0] === 'MessageNotForUs') this.#screen.showClosed(incoming);
      else this.#screen.show(failureOf(causes, incoming.id));
    }
  }

  /** The affixes of an envelope are for the application to compare with the stanza (XEP-0420 4). */
  #show(incoming: Incoming, bytes: Uint8Array): void {
    const envelope = parseEnvelope(bytes);
    const to = incoming.message.attrs['to'];
    const fromSame = envelope.from === undefined || bareJidOf(envelope.from) === incoming.from;
    const toSame = envelope.to === undefined || bareJidOf(envelope.to) === bareJidOf(String(to));
    if (fromSame && toSame) this.#screen.read(incoming, textIn(envelope));
    else this.#screen.show({ type: 'failed', id: incoming.id, reason: 'affixes differ from the stanza' });
  }
}

function exceptionOf(error: unknown): string | undefined {
  return error instanceof InteropError ? error.details.exception : undefined;
}

function failureOf(causes: readonly string[], id: string): Shown {
  if (causes.some((cause) => cause.startsWith('DuplicateMessageException'))) return { type: 'duplicate', id };
  return { type: 'failed', id, reason: causes.join(', ') };
}
