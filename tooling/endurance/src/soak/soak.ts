import { LoopbackServer } from '@omemo-kit/loopback';
import { SeededRandom } from '../crash/seeded-random.ts';
import { collectGarbage } from './collect-garbage.ts';
import { Network, usualWeather } from './network.ts';
import { rowsOf, type SoakStore } from './soak-store.ts';
import { Talker } from './talker.ts';
import type { Sample } from './verdict.ts';

export interface SoakOptions {
  readonly messages: number;
  /** Samples over the whole run. */
  readonly samples: number;
  readonly seed: number;
  /** Told of each sample as it is taken. */
  onSample(sample: Sample): void;
  /** Keeps every plaintext, to see that the verdict finds it. */
  readonly leak?: 'plaintexts';
}

export interface SoakResult {
  readonly samples: readonly Sample[];
  readonly sent: number;
  readonly read: number;
  readonly lost: number;
  readonly late: number;
  readonly duplicates: number;
  readonly replacements: number;
  readonly rotations: number;
  /** Messages read twice or not at all. */
  readonly problems: readonly string[];
}

/** Most messages that one writes before it is the other's turn. */
const LONGEST_TURN = 12;
/** Messages between two rounds of upkeep, of replaced sessions, of rotated signed pre-keys. */
const SETTLE_EVERY = 50;
const REPLACE_EVERY = 400;
const ROTATE_EVERY = 2_000;

/** Two accounts talk for a long time over one store, through a network that loses, delays and doubles. */
export async function soak({ store, size }: SoakStore, options: SoakOptions): Promise<SoakResult> {
  const random = new SeededRandom(options.seed);
  const server = new LoopbackServer();
  const jids = ['alice@example.org', 'bob@example.net'] as const;
  const networks = [new Network(random, usualWeather), new Network(random, usualWeather)] as const;
  const open = (side: 0 | 1) =>
    Talker.open({ jid: jids[side], to: jids[1 - side]!, server, store, network: networks[side] });
  const talkers = [await open(0), await open(1)] as const;
  const samples: Sample[] = [];
  const leaked: unknown[] = [];
  const counts = { replacements: 0, rotations: 0 };

  const deliver = async (which: 'due' | 'all') => {
    for (const [side, reader] of [talkers[1], talkers[0]].entries()) {
      for (const stanza of networks[side]!.take(which)) {
        const result = await reader.receive(stanza, talkers[side]!);
        if (options.leak !== undefined && result.type === 'message') leaked.push(result.payload);
      }
    }
  };
  const settle = async (which: 'due' | 'all') => {
    for (const talker of talkers) await talker.settle();
    await deliver(which);
    // It has every stanza; nobody here looks at them.
    server.log.length = 0;
  };
  const sample = async (messages: number) => {
    collectGarbage();
    const { heapUsed, external, rss } = process.memoryUsage();
    const taken = {
      messages,
      heap: heapUsed + external,
      resident: rss,
      database: await size(),
      rows: await rowsOf(store),
    };
    samples.push(taken);
    options.onSample(taken);
  };

  let written = 0;
  const every = (interval: number) => written % interval === 0;
  for (let side: 0 | 1 = 0; written < options.messages; side = side === 0 ? 1 : 0) {
    const turn = Math.min(1 + random.below(LONGEST_TURN), options.messages - written);
    for (let n = 0; n < turn; n++) {
      await talkers[side].write();
      written += 1;
      await deliver('due');
      if (every(REPLACE_EVERY)) {
        await talkers[side].omemo.replaceSessions({ jid: jids[1 - side]! });
        counts.replacements += 1;
      }
      if (every(ROTATE_EVERY)) {
        await talkers[side].omemo.rotateSignedPreKey();
        counts.rotations += 1;
      }
      if (every(SETTLE_EVERY)) await settle('due');
      if (every(Math.ceil(options.messages / options.samples))) await sample(written);
    }
  }
  await settle('all');
  await settle('all');
  const unread = talkers.flatMap(({ outstanding, omemo }) => [...outstanding].map((n) => `${omemo.jid}'s ${n} unread`));
  const sum = (count: 'sent' | 'read' | 'duplicates' | 'late') => talkers[0].counts[count] + talkers[1].counts[count];
  return {
    ...counts,
    samples,
    sent: sum('sent'),
    read: sum('read'),
    late: sum('late'),
    duplicates: sum('duplicates'),
    lost: networks[0].counts.lost + networks[1].counts.lost,
    problems: [...talkers.flatMap(({ problems }) => problems), ...unread],
  };
}
