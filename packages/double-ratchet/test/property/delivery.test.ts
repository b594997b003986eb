import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RatchetHeader } from '../../src/index.ts';
import { hex } from '../hex.ts';
import { createPair, errorOf, type Party, type Sent } from '../party.ts';
import { plainState } from '../plain-state.ts';
import { type Event, Network, otherOf, schedule } from '../schedule.ts';

type Name = 'alice' | 'bob';

interface Posted extends Sent {
  readonly text: string;
}

/** Plays a schedule, lets `observe` watch, and gives every number of messages sent, read and dropped. */
function play(
  events: readonly Event[],
  parties: Record<Name, Party>,
  observe: { onSent?: (header: RatchetHeader) => void; onRead?: (to: Name, message: Posted) => void } = {},
) {
  const network = new Network<Posted>();
  const count = { sent: 0, read: 0, repeated: 0, dropped: 0 };
  const read = (to: Name, message: Posted) => {
    expect(parties[to].read(message)).toBe(message.text);
    count.read += 1;
    observe.onRead?.(to, message);
  };
  for (const event of events) {
    if (event.kind === 'send') {
      for (let burst = 0; burst < event.count; burst += 1) {
        if (parties[event.by].state.sendingChain === undefined) continue;
        count.sent += 1;
        const text = `message ${count.sent}`;
        const sent = parties[event.by].send(text);
        observe.onSent?.(sent.header);
        network.post(otherOf(event.by), { ...sent, text });
      }
      continue;
    }
    const message = network[event.kind](event.to, event.pick);
    if (message === undefined) continue;
    if (event.kind === 'deliver') read(event.to, message);
    if (event.kind === 'drop') count.dropped += 1;
    if (event.kind === 'repeat') {
      const before = plainState(parties[event.to].state);
      expect(['message-key-unavailable', 'not-authentic']).toContain(
        errorOf(() => parties[event.to].read(message)).code,
      );
      expect(plainState(parties[event.to].state)).toEqual(before);
      count.repeated += 1;
    }
  }
  for (const to of ['alice', 'bob'] as const) for (const message of network.rest(to)) read(to, message);
  return count;
}

test('every message that arrives is read once, and no more than once', () => {
  const total = { sent: 0, read: 0, repeated: 0, dropped: 0 };
  fc.assert(
    fc.property(schedule, (events) => {
      const count = play(events, createPair());
      expect(count.read).toBe(count.sent - count.dropped);
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += count[key];
    }),
    { numRuns: 80 },
  );
  // The schedules do something: otherwise the property would hold of nothing.
  expect(Math.min(total.sent, total.read, total.repeated, total.dropped)).toBeGreaterThan(50);
});

test('no two messages have the same ratchet key and number', () => {
  fc.assert(
    fc.property(schedule, (events) => {
      const used = new Set<string>();
      const onSent = ({ ratchetKey, messageNumber }: RatchetHeader) => {
        const name = `${hex(ratchetKey)}:${messageNumber}`;
        expect(used.has(name)).toBe(false);
        used.add(name);
      };
      play(events, createPair(), { onSent });
    }),
    { numRuns: 40 },
  );
});

test('the state counts the stored keys, which are numbered in the order in which they came', () => {
  fc.assert(
    fc.property(schedule, (events) => {
      const parties = createPair();
      const onRead = (to: Name) => {
        const { keys, state } = parties[to];
        const sequences = Array.from(keys, ({ sequence }) => sequence);
        expect(state.skippedCount).toBe(keys.size);
        expect(sequences).toEqual([...sequences].sort((one, other) => one - other));
        expect(new Set(sequences).size).toBe(sequences.length);
        expect(sequences.every((sequence) => sequence < state.skippedSequence)).toBe(true);
      };
      play(events, parties, { onRead });
    }),
    { numRuns: 40 },
  );
});

test('within a store of a few keys the newest are kept, first in first out, and everything else is unreadable', () => {
  let evictions = 0;
  fc.assert(
    fc.property(schedule, fc.integer({ min: 0, max: 6 }), (events, maxStoredSkipped) => {
      const { alice, bob } = createPair({ maxStoredSkipped });
      const network = new Network<Posted>();
      /** MKSKIPPED as it has to be, computed from headers alone. */
      let expected: string[] = [];
      let chain: { ratchetKey: string; next: number } | undefined;
      const skip = (ratchetKey: string, from: number, until: number) => {
        for (let number = from; number < until; number += 1) expected.push(`${ratchetKey}:${number}`);
      };
      const receive = (message: Posted) => {
        const { previousChainLength, messageNumber } = message.header;
        const ratchetKey = hex(message.header.ratchetKey);
        const name = `${ratchetKey}:${messageNumber}`;
        const behind = chain?.ratchetKey === ratchetKey && messageNumber < chain.next;
        const known = expected.includes(name);
        try {
          expect(bob.read(message)).toBe(message.text);
        } catch {
          // Only a message whose key is gone may be refused.
          expect(known).toBe(false);
          evictions += 1;
          return;
        }
        if (known) {
          expected = expected.filter((stored) => stored !== name);
          return;
        }
        expect(behind).toBe(false);
        if (chain?.ratchetKey !== ratchetKey) {
          if (chain !== undefined) skip(chain.ratchetKey, chain.next, previousChainLength);
          chain = { ratchetKey, next: 0 };
        }
        skip(ratchetKey, chain.next, messageNumber);
        chain.next = messageNumber + 1;
        expected = expected.slice(Math.max(0, expected.length - maxStoredSkipped));
        expect(Array.from(bob.keys, (key) => `${hex(key.ratchetKey)}:${key.messageNumber}`)).toEqual(expected);
        expect(bob.keys.size).toBe(bob.state.skippedCount);
      };
      for (const event of events) {
        if (event.kind === 'send') {
          const sender = event.by === 'alice' ? alice : bob;
          for (let burst = 0; burst < event.count && sender.state.sendingChain !== undefined; burst += 1) {
            const text = `message ${burst}`;
            const message = { ...sender.send(text), text };
            if (event.by === 'alice') network.post('bob', message);
            else alice.read(message);
          }
        } else if (event.kind === 'deliver') {
          const message = network.deliver('bob', event.pick);
          if (message !== undefined) receive(message);
        }
      }
      for (const message of network.rest('bob')) receive(message);
    }),
    { numRuns: 80 },
  );
  expect(evictions).toBeGreaterThan(50);
});
