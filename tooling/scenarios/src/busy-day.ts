import { LoopbackServer } from '@omemo-kit/loopback';
import { decodeBase64, decodeKeyContent } from '@omemo-kit/omemo-wire';
import { SharedMemory } from '@omemo-kit/storage-memory';
import type { Element } from 'ltx';
import { Client } from './client.ts';
import { SaneApplication } from './sane-application.ts';
import { seededRandomness } from './seeded-randomness.ts';
import { SpentKeys } from './spent-keys.ts';
import { copyOf, encryptedIn, keyElements } from './stanzas.ts';
import type { StoreFault, StoreOperation } from './store-faults.ts';

const ALICE = 'alice@example.org';
const BOB = 'bob@example.net';

/** A call of the story to Bob's store. */
export interface CallSite {
  readonly operation: StoreOperation;
  readonly call: number;
  /** What the story was at, and the kinds of records. */
  readonly place: string;
}

/** How the day ended, for the test to judge. */
export interface BusyDay {
  readonly fired: boolean;
  readonly sites: readonly CallSite[];
  /** What Bob's user sees, sorted, and what he is to see. */
  readonly shown: readonly string[];
  readonly sentToBob: readonly string[];
  /** What each of Alice's devices read, sorted, and was to read. */
  readonly phone: readonly string[];
  readonly tablet: readonly string[];
  readonly sentToPhone: readonly string[];
  readonly sentToTablet: readonly string[];
  /** Whatever failed to be read, on any side. */
  readonly unread: readonly unknown[];
  readonly reusedKeys: readonly string[];
  /** Ids of pre-keys that were used and are published all the same. */
  readonly republished: readonly number[];
  readonly inbox: number;
  readonly outbox: number;
  readonly debts: readonly string[];
  /** What Bob's calls rejected with. */
  readonly told: readonly unknown[];
}

/**
 * A day of Bob's client, whose store fails once: it is opened and announced, exchanges keys in both directions, answers,
 * reads late, lost and doubled messages, owes a heartbeat, rotates its signed pre-key, meets a new device and decides on
 * it, replaces sessions, reads an archive, writes without a connection, dies before it stored a message, closes, and
 * starts again. Everything is drawn from one seed: the calls before the fault are the same in every run.
 */
export async function busyDay(fault?: StoreFault): Promise<BusyDay> {
  const server = new LoopbackServer();
  const spent = new SpentKeys();
  const usedPreKeys = new Set<number>();
  let now = Date.UTC(2026, 0, 1);
  const clock = () => now;
  const bobConnection = server.connect(`${BOB}/desk`, { carbons: 'off' });
  const memory = new SharedMemory();
  const bob = new SaneApplication({ connection: bobConnection, memory, randomness: seededRandomness('bob'), clock });
  bob.store.fault = fault;
  const sites: CallSite[] = [];
  let place = '';
  bob.store.onCall = (operation, keys) => {
    const kinds = [...new Set(keys.map((key) => key.split('/')[1]))].join(' ');
    sites.push({ operation, call: bob.store.calls[operation] - 1, place: `${place}: ${operation} ${kinds}` });
  };
  server.watch(({ direction, jid, stanza }) => {
    const encrypted = direction === 'to-server' ? encryptedIn(stanza) : undefined;
    if (encrypted === undefined) return;
    spent.note(jid.replace(/\/.*/, ''), encrypted);
    if (!jid.startsWith(BOB)) for (const id of preKeysIn(encrypted, bob.omemo.deviceId)) usedPreKeys.add(id);
  });
  const peer = async (resource: string) => {
    const options = { randomness: seededRandomness(resource), clock };
    const client = await Client.open(
      server.connect(`${ALICE}/${resource}`, { carbons: 'off' }),
      new SharedMemory(),
      options,
    );
    server.subscribe(BOB, ALICE);
    await client.omemo.start();
    return client;
  };
  const quiet = async (...clients: Client[]) => {
    for (let round = 0; round < 2; round++) {
      await server.settle();
      for (const client of clients) await client.idle();
    }
  };
  const sentToBob: string[] = [];
  const sentToPhone: string[] = [];
  const sentToTablet: string[] = [];
  const toBob = async (client: Client, text: string) => {
    sentToBob.push(text);
    await client.say(BOB, text);
    await server.settle();
  };
  const fromBob = async (text: string, readers: readonly string[][]) => {
    for (const reader of readers) reader.push(text);
    await bob.send(ALICE, text);
  };

  const phone = await peer('phone');

  place = 'open';
  await bob.open();
  place = 'start';
  await bob.again(() => bob.omemo.start());
  await quiet(phone);

  place = 'first message';
  await toBob(phone, 'a1');
  await bob.takeAll();
  place = 'answer';
  await bob.settle();
  await quiet(phone);
  place = 'first send';
  await fromBob('b1', [sentToPhone]);
  await quiet(phone);

  place = 'late, skipped and doubled messages';
  for (const text of ['a2', 'a3', 'a4']) await toBob(phone, text);
  const [a2, a3, a4] = bob.arrived().filter((stanza) => encryptedIn(stanza)) as [Element, Element, Element];
  for (const stanza of [a4, a2, a4]) await bob.take(copyOf(stanza));

  place = 'heartbeat';
  // They are lost on the way: the next one is far ahead on its chain.
  for (let n = 0; n < 54; n++) {
    spent.note(ALICE, await phone.omemo.encryptEmpty({ jid: BOB, deviceId: bob.omemo.deviceId }));
  }
  await toBob(phone, 'a5');
  await bob.takeAll();
  await bob.settle();
  await quiet(phone);
  place = 'a late message';
  await bob.take(copyOf(a3));

  place = 'rotation';
  await bob.again(() => bob.omemo.rotateSignedPreKey());
  await bob.settle();

  place = 'a new device';
  const tablet = await peer('tablet');
  await quiet(phone, tablet);
  await bob.takeAll();
  await bob.settle();
  place = 'trust';
  await fromBob('b2', [sentToPhone, sentToTablet]);
  await quiet(phone, tablet);
  await toBob(tablet, 'a6');
  await bob.takeAll();
  await bob.settle();
  await quiet(phone, tablet);

  place = 'replaceSessions';
  await bob.again(() => bob.omemo.replaceSessions({ jid: ALICE }));
  await bob.settle();
  await quiet(phone, tablet);
  for (const client of [phone, tablet]) await client.omemo.settle();
  await server.settle();
  await toBob(phone, 'a7');
  await bob.takeAll();

  place = 'catch-up';
  await tablet.omemo.replaceSessions({ jid: BOB });
  bobConnection.disconnect();
  for (const text of ['a8', 'a9']) await toBob(tablet, text);
  bobConnection.reconnect();
  await server.settle();
  await bob.takeArchive();
  await bob.again(() => bob.omemo.finishCatchUp());
  await bob.settle();
  await quiet(phone, tablet);

  place = 'outbox';
  bobConnection.disconnect();
  for (const text of ['b3', 'b4']) await fromBob(text, [sentToPhone, sentToTablet]);
  bobConnection.reconnect();
  await bob.again(() => bob.omemo.flush());
  await bob.again(() => bob.omemo.start());
  await quiet(phone, tablet);

  place = 'distrust';
  const theTablet = { jid: ALICE, identityKey: tablet.omemo.identityKey };
  await bob.again(() => bob.omemo.setTrust({ ...theTablet, level: 'distrusted' }));
  await fromBob('b5', [sentToPhone]);
  await bob.again(() => bob.omemo.setTrust({ ...theTablet, level: 'verified' }));
  await bob.again(() => bob.omemo.devices(ALICE, { refresh: 'always' }));

  place = 'inbox after a restart';
  await toBob(phone, 'a10');
  const [a10] = bob.arrived().filter((stanza) => encryptedIn(stanza)) as [Element];
  // It dies before it stored the message.
  await bob.again(() => bob.omemo.receive(copyOf(a10)));
  place = 'close and reopen';
  await bob.reopen();
  await bob.readInbox();
  await bob.take(copyOf(a10));
  await bob.again(() => bob.omemo.start());
  await fromBob('b6', [sentToPhone, sentToTablet]);
  await quiet(phone, tablet);
  const { fired } = bob.store;

  // The day after: nothing fails, and a claim of what failed in the middle has run out.
  bob.store.fault = undefined;
  bob.store.onCall = undefined;
  now += 60_000;
  await bob.reopen();
  await bob.omemo.start();
  await bob.readInbox();
  const debts: string[] = [];
  for (let round = 0; round < 3; round++) {
    await quiet(phone, tablet);
    await bob.takeAll();
    for (const { omemo } of [bob, phone, tablet]) {
      const failures = await omemo.settle();
      if (round === 2) debts.push(...failures.map(({ debt }) => debt));
    }
  }
  await fromBob('b7', [sentToPhone, sentToTablet]);
  for (const client of [phone, tablet]) await toBob(client, `good night from ${client.connection.jid}`);
  await quiet(phone, tablet);
  await bob.takeAll();
  const published = server.node(BOB, 'urn:xmpp:omemo:2:bundles')?.items.get(String(bob.omemo.deviceId));
  const offered = published?.getChild('prekeys')?.getChildren('pk') ?? [];
  return {
    fired,
    sites,
    shown: [...bob.shown.values()].sort(),
    sentToBob: sentToBob.sort(),
    phone: [...phone.texts].sort(),
    tablet: [...tablet.texts].sort(),
    sentToPhone: sentToPhone.sort(),
    sentToTablet: sentToTablet.sort(),
    unread: [...bob.failed, ...[phone, tablet].flatMap(({ results, errors }) => [...errors, ...results.filter(lost)])],
    reusedKeys: spent.violations,
    republished: offered.map(({ attrs }) => Number(attrs['id'])).filter((id) => usedPreKeys.has(id)),
    inbox: (await bob.omemo.inbox()).length,
    outbox: (await bob.omemo.outbox()).length,
    debts: [...debts, ...memory.snapshot().flatMap(({ key }) => (key.includes('/debt/') ? [key] : []))],
    told: bob.told,
  };
}

function lost({ type }: { readonly type: string }): boolean {
  return type === 'failed' || type === 'rejected' || type === 'invalid';
}

/** Ids of the pre-keys that key exchanges for a device use. */
function preKeysIn(encrypted: Element, rid: number): number[] {
  return keyElements(encrypted, rid).flatMap((key) => {
    const content = decodeKeyContent(decodeBase64(key.text()));
    return content.type === 'key-exchange' ? [content.pkId] : [];
  });
}
