import { LoopbackServer } from '@omemo-kit/loopback';
import { omemo2 } from '@omemo-kit/omemo-core';
import { bareJidOf, parseXml } from '@omemo-kit/omemo-wire';
import { SpentKeys } from '@omemo-kit/scenarios/spent-keys';
import { Correspondent } from './correspondent.ts';
import { Crew } from './crew.ts';
import type { WriterHost } from './writer-host.ts';

const ACCOUNT = 'bots@example.net';
const OTHER = 'alice@example.org';

/** Stanzas that are told to be at the server together. */
const SENT_BATCH = 50;

export interface RoundOptions {
  readonly host: WriterHost;
  readonly writers: number;
  /** Messages of each writer. */
  readonly messages: number;
  /** Devices of the account that they write to. */
  readonly devices: number;
  /** A device writes back once for so many messages. */
  readonly answersEvery: number;
}

export interface RoundResult {
  readonly host: string;
  readonly writers: number;
  /** Of all writers together. */
  readonly messages: number;
  readonly answers: number;
  /** From the first order to write to the last commit. */
  readonly seconds: number;
  readonly commits: number;
  readonly conflicts: number;
  /** Milliseconds a message waited for its commit. */
  readonly medianWait: number;
  readonly longestWait: number;
  /** A ratchet key and number that was used for two messages. */
  readonly reusedSlots: readonly string[];
  /** Messages that a device did not read, or an answer that no writer read. */
  readonly lost: readonly string[];
  /** Read more than once. */
  readonly doubled: readonly string[];
  /** Calls that rejected and messages that could not be read, in any writer or device. */
  readonly troubles: readonly string[];
  /** Entries left in the account's inbox and outbox. */
  readonly leftOver: number;
}

/** Many writers of one account write at once; everything they write is read on the other side, and counted. */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  const { host, writers, messages, devices, answersEvery } = options;
  const server = new LoopbackServer();
  const spent = new SpentKeys();
  server.watch(({ direction, jid, stanza }) => {
    const encrypted = direction === 'to-server' ? omemo2.elements.findEncrypted(stanza) : undefined;
    if (encrypted !== undefined) spent.note(bareJidOf(jid), encrypted);
  });
  const connection = server.connect(`${ACCOUNT}/fleet`, { carbons: 'off' });
  const others: Correspondent[] = [];
  for (let n = 0; n < devices; n++) {
    const fullJid = `${OTHER}/device-${n}`;
    others.push(await Correspondent.open({ server, fullJid, to: ACCOUNT, answersEvery }));
  }
  await using crew = await Crew.start({
    host,
    writers,
    jid: ACCOUNT,
    connection,
    onOut: (stanza) => connection.transport.send(parseXml(stanza)),
    sentBatch: SENT_BATCH,
  });
  const quiet = async () => {
    for (let round = 0; round < 3; round++) {
      await server.settle();
      for (const other of others) await other.idle();
      server.log.length = 0;
    }
  };

  // Both sides have answered each other's key exchange before the clock starts.
  for (const other of others) await other.write(`${other.omemo.deviceId} says hello`);
  await quiet();
  await crew.settle();
  await quiet();
  const started = performance.now();
  await crew.write(OTHER, messages);
  const seconds = (performance.now() - started) / 1_000;
  await quiet();
  // Whatever upkeep still has under way goes out now, or it would be found in the outbox.
  await crew.settle();
  await quiet();
  await crew.tellSent();
  await quiet();
  const counts = await crew.finish();

  const texts = Array.from({ length: writers }, (_, w) =>
    Array.from({ length: messages }, (_, n) => `writer-${w}-${n}`),
  );
  const expected = texts.flat();
  const lost = others.flatMap(({ read }) => expected.filter((text) => !read.has(text)));
  const doubled = others.flatMap(({ read }) => [...read].filter(([, times]) => times > 1).map(([text]) => text));
  const answers = others.flatMap(({ written }) => written);
  lost.push(...answers.filter((text) => !crew.read.has(text)));
  doubled.push(...[...crew.read].filter(([, times]) => times > 1).map(([text]) => text));
  const waits = counts.flatMap((one) => one.waits).sort((a, b) => a - b);
  return {
    host: host.name,
    writers,
    messages: expected.length,
    answers: answers.length,
    seconds,
    commits: counts.reduce((sum, one) => sum + one.commits, 0),
    conflicts: counts.reduce((sum, one) => sum + one.conflicts, 0),
    medianWait: waits[waits.length >> 1] ?? 0,
    longestWait: waits.at(-1) ?? 0,
    reusedSlots: spent.violations,
    lost,
    doubled,
    troubles: [...crew.troubles, ...others.flatMap(({ troubles }) => troubles)],
    leftOver: (counts.at(-1)?.inbox ?? 0) + (counts.at(-1)?.outbox ?? 0),
  };
}
