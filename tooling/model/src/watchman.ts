import { recordKeys, sessionSetRecord } from '@omemo-kit/omemo-core/records';
import { NODE_BUNDLES } from '@omemo-kit/omemo-wire';
import { hex, SpentKeys } from '@omemo-kit/scenarios/spent-keys';
import { encryptedIn } from '@omemo-kit/scenarios/stanzas';
import type { Element } from 'ltx';
import { type KeyOnWire, type MessageOnWire, messageOnWire } from './key-on-wire.ts';
import { PRE_KEYS } from './prediction/device-model.ts';
import type { Resident } from './resident.ts';

export interface Emission {
  readonly jid: string;
  readonly wire: MessageOnWire;
  /** Names of sessions by the authenticated bytes of keys made with them. */
  readonly sessions: ReadonlyMap<string, string>;
}

/** Sees all that devices send to their server: messages and publications. */
export class Watchman {
  readonly #spent = new SpentKeys();
  readonly #problems: string[] = [];
  readonly #sessions = new Map<string, string>();
  readonly #usedPreKeys = new Map<string, Set<number>>();
  #emissions: Emission[] = [];

  /** What must never be seen, and was. */
  get problems(): readonly string[] {
    return [...this.#problems, ...this.#spent.violations];
  }

  /** @param resident the device that sent it, as far as it is known. */
  watch(jid: string, stanza: Element, resident: Resident | undefined): void {
    const bareJid = jid.replace(/\/.*/, '');
    this.#checkPublication(bareJid, stanza);
    const wire = stanza.getName() === 'message' ? messageOnWire(stanza) : undefined;
    const encrypted = encryptedIn(stanza);
    if (wire === undefined || encrypted === undefined) return;
    this.#spent.note(bareJid, encrypted);
    if (resident === undefined) return;
    const snapshot = resident.memory.snapshot();
    const keys = recordKeys(bareJid);
    const sessions = new Map<string, string>();
    for (const key of wire.keys) {
      const name = keys.session(key.to, key.rid);
      const record = snapshot.find((one) => one.key === name);
      const used =
        record &&
        sessionSetRecord
          .decode(record)
          .sessions.find(({ ratchet }) => hex(ratchet.ownRatchetKey.publicKey) === key.ratchetKey);
      if (used === undefined) this.#problems.push(`${jid} sent over a session that it has not stored`);
      else sessions.set(key.authenticated, hex(used.id));
    }
    for (const [authenticated, session] of sessions) this.#sessions.set(authenticated, session);
    this.#emissions.push({ jid, wire, sessions });
  }

  /** What was sent since the last call. */
  emitted(): readonly Emission[] {
    const emissions = this.#emissions;
    this.#emissions = [];
    return emissions;
  }

  sessionOf(key: KeyOnWire): string | undefined {
    return this.#sessions.get(key.authenticated);
  }

  /** A device has read a key exchange: this pre-key must never be published again. */
  used(resident: Resident, preKeyId: number): void {
    const { jid, deviceId } = resident.omemo;
    const used = this.#usedPreKeys.get(`${jid}/${deviceId}`) ?? new Set();
    this.#usedPreKeys.set(`${jid}/${deviceId}`, used.add(preKeyId));
  }

  /** Its store is an old copy, by which these are used and no others. */
  usedOnly(resident: Resident, preKeyIds: ReadonlySet<number>): void {
    const { jid, deviceId } = resident.omemo;
    this.#usedPreKeys.set(`${jid}/${deviceId}`, new Set(preKeyIds));
  }

  /** No bundle with fewer pre-keys than 25 is published, and none with one that was used. */
  #checkPublication(jid: string, stanza: Element): void {
    const publish = stanza.getChild('pubsub')?.getChild('publish');
    if (publish?.attrs['node'] !== NODE_BUNDLES) return;
    const item = publish.getChild('item');
    const ids = (item?.getChild('bundle')?.getChild('prekeys')?.getChildren('pk') ?? []).map(({ attrs }) =>
      Number(attrs['id']),
    );
    if (new Set(ids).size < PRE_KEYS) this.#problems.push(`${jid} published ${ids.length} pre-keys`);
    const used = this.#usedPreKeys.get(`${jid}/${item?.attrs['id']}`);
    if (ids.some((id) => used?.has(id))) this.#problems.push(`${jid} published a pre-key that was used`);
  }
}
