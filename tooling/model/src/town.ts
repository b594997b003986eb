import { LoopbackServer, type Room as ServerRoom } from '@omemo-kit/loopback';
import * as core from '@omemo-kit/omemo-core';
import { Omemo, type RollbackCounter, type TrustPolicy } from '@omemo-kit/omemo-core';
import { NODE_BUNDLES, NODE_DEVICES } from '@omemo-kit/omemo-wire';
import { seededRandomness } from '@omemo-kit/scenarios/seeded-randomness';
import { hex } from '@omemo-kit/scenarios/spent-keys';
import { deviceList, encryptedIn } from '@omemo-kit/scenarios/stanzas';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { type Element, parse } from 'ltx';
import type { SkipLimits } from './prediction/chains.ts';
import { PRE_KEYS } from './prediction/device-model.ts';
import type { Listed } from './prediction/predict-send.ts';
import type { Resident } from './resident.ts';
import type { Sabotage } from './sabotage.ts';
import type { PolicyName, Setup } from './setup.ts';
import { ACCOUNTS, ROOM } from './setup.ts';
import { Watchman } from './watchman.ts';

const POLICIES: Readonly<Record<PolicyName, TrustPolicy>> = {
  manual: core.manualTrust,
  'first-use': core.trustOnFirstUse,
  blind: core.blindTrustBeforeVerification,
};

/** The devices of a schedule, their server, and who watches it. */
export class Town {
  readonly server = new LoopbackServer();
  readonly watchman = new Watchman();
  readonly residents: Resident[] = [];
  readonly skipping: SkipLimits;
  readonly room: ServerRoom;
  /** Who wrote a message to the room, as everybody in it could see when it came. */
  readonly #writers = new WeakMap<Element, string>();
  readonly #setup: Setup;
  readonly #sabotage: Sabotage;
  readonly #identities = new Map<string, string>();
  made = 0;
  /** `off`: devices pick pre-keys as they are to, at random; `on`: in turn, so that many want the same one at once. */
  races: 'on' | 'off' = 'on';
  /** Milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);

  constructor(setup: Setup, sabotage: Sabotage = {}) {
    this.#setup = setup;
    this.#sabotage = sabotage;
    this.skipping = setup.skipping === 'tight' ? { maxSkip: 1, maxStored: 2 } : { maxSkip: 1_000, maxStored: 1_000 };
    const affiliations = this.jids.map((jid, index) => [jid, index === 0 ? 'owner' : 'member'] as const);
    this.room = this.server.createRoom(ROOM, { affiliations: Object.fromEntries(affiliations) });
    this.server.watch(({ direction, jid, stanza }) => {
      if (direction !== 'to-server') return;
      const resident = this.residents.find(({ connection }) => connection.jid === jid);
      this.watchman.watch(jid, stanza, resident);
    });
  }

  get jids(): readonly string[] {
    return ACCOUNTS.slice(0, this.#setup.accounts.length);
  }

  /** A new device of an account, announced. */
  async settleDown(jid: string, policy: PolicyName): Promise<Resident> {
    const name = `device-${++this.made}`;
    for (const other of this.jids) if (other !== jid) this.server.subscribe(jid, other);
    const connection = this.server.connect(`${jid}/${name}`);
    let count = 0;
    const counter: RollbackCounter = {
      read: async () => (count === 0 ? undefined : count),
      raise: async (to) => {
        count = Math.max(count, to);
      },
    };
    const randomness = this.#randomnessOf(name);
    const resident: Resident = {
      ...{ policy, connection, name, memory: new SharedMemory(), omemo: undefined as never, counter, randomness },
      ...{ underWay: [], delivered: [], copy: undefined, backup: undefined, errors: [] },
    };
    connection.onStanza((stanza) => this.#arrive(resident, stanza));
    this.residents.push(resident);
    await this.start(resident);
    return resident;
  }

  /** The process of a device begins, on what its store holds; whatever ran before is gone. */
  async open(resident: Resident): Promise<void> {
    resident.connection.disconnect();
    const store = resident.memory.open();
    resident.omemo = await Omemo.open({
      jid: resident.connection.bareJid,
      store: this.#sabotage.store?.(store) ?? store,
      transport: resident.connection.transport,
      trust: this.#sabotage.policy ?? POLICIES[resident.policy],
      upkeep: 'manual',
      limits: { preKeys: PRE_KEYS, maxSkip: this.skipping.maxSkip, maxStoredSkipped: this.skipping.maxStored },
      randomness: resident.randomness,
      clock: () => this.now,
      rollbackCounter: resident.counter,
    });
    resident.connection.reconnect();
  }

  async start(resident: Resident): Promise<void> {
    await this.open(resident);
    await this.announce(resident);
  }

  async announce(resident: Resident): Promise<void> {
    await resident.omemo.start();
    this.know(resident);
    await this.enterRoom(resident);
    await this.quiet();
  }

  /** Whoever may be in the room is; all devices of an account under one nick. */
  async enterRoom({ omemo, connection }: Resident): Promise<void> {
    if (!this.isMember(omemo.jid)) return;
    omemo.rooms.room(ROOM);
    await connection.send(
      parse(`<presence to="${ROOM}/${omemo.jid}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`),
    );
  }

  isMember(jid: string): boolean {
    return this.room.affiliationOf(jid) !== 'none';
  }

  /** The real JID of who wrote a message to the room; undefined for any other message. */
  writerOf(stanza: Element): string | undefined {
    return this.#writers.get(stanza);
  }

  /** Its identity key goes with its id, for everybody who asks who is listed. */
  know({ omemo }: Resident): void {
    this.#identities.set(`${omemo.jid}/${omemo.deviceId}`, hex(omemo.identityKey));
  }

  /** A device is gone for good. */
  async leave(resident: Resident): Promise<void> {
    await resident.omemo.close();
    resident.connection.disconnect();
    this.residents.splice(this.residents.indexOf(resident), 1);
  }

  /** What the server lists for these accounts, but one device. */
  listed(jids: readonly string[], but: { readonly jid: string; readonly id: number }): readonly Listed[] {
    return [...new Set(jids)].flatMap((jid) =>
      this.listedIds(jid)
        .filter((id) => jid !== but.jid || id !== but.id)
        .map((id) => ({ jid, id, identity: this.#identities.get(`${jid}/${id}`) ?? 'nobody' })),
    );
  }

  listedIds(jid: string): readonly number[] {
    const list = this.server.node(jid, NODE_DEVICES)?.items.get('current');
    return (list?.getChildElements() ?? []).map(({ attrs }) => Number(attrs['id']));
  }

  identityOf(jid: string, id: number): string | undefined {
    return this.#identities.get(`${jid}/${id}`);
  }

  /** Some other client of the account publishes its list. */
  async publishList(by: Resident, ids: readonly number[]): Promise<void> {
    await by.connection.transport.publish({ node: NODE_DEVICES, item: { id: 'current', payload: deviceList(ids) } });
    await this.quiet();
  }

  /** Ids of the keys in the bundle that a device has published. */
  published(
    resident: Resident,
  ): { readonly signedPreKeyId: number; readonly preKeyIds: readonly number[] } | undefined {
    const { jid, deviceId } = resident.omemo;
    const bundle = this.server.node(jid, NODE_BUNDLES)?.items.get(String(deviceId));
    if (bundle === undefined) return undefined;
    const preKeys = bundle.getChild('prekeys')?.getChildren('pk') ?? [];
    return {
      signedPreKeyId: Number(bundle.getChild('spk')?.attrs['id']),
      preKeyIds: preKeys.map(({ attrs }) => Number(attrs['id'])),
    };
  }

  /** Everything that is not a message to be read has arrived. */
  async quiet(): Promise<void> {
    await this.server.settle();
    await this.server.settle();
    this.server.log.length = 0;
  }

  #randomnessOf(name: string): core.Randomness {
    const inTurn = seededRandomness(`${this.#setup.seed} ${name}`);
    const choosePreKey: core.Randomness['choosePreKey'] = (keys) => {
      if (this.races === 'on') return inTurn.choosePreKey(keys);
      return keys[new DataView(inTurn.payloadKey().buffer).getUint32(0) % keys.length]!;
    };
    return { ...inTurn, choosePreKey };
  }

  async #arrive(resident: Resident, stanza: Element): Promise<void> {
    if (stanza.getName() === 'message' && encryptedIn(stanza) !== undefined) {
      const from = String(stanza.attrs['from']);
      // Nicks are JIDs here.
      if (from.startsWith(`${ROOM}/`)) this.#writers.set(stanza, from.slice(ROOM.length + 1));
      resident.underWay.push(stanza);
      return;
    }
    try {
      await resident.omemo.receive(stanza);
    } catch (error) {
      if (!core.isOmemoError(error, 'store-rolled-back')) resident.errors.push(error);
    }
  }
}
