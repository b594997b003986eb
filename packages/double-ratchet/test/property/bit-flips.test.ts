import { describe, expect, test } from 'vitest';
import type { RatchetErrorCode } from '../../src/index.ts';
import { createPair, errorOf, type Party, type Sent } from '../party.ts';
import { plainKey, plainState } from '../plain-state.ts';

interface Situation {
  readonly reader: Party;
  readonly sent: Sent;
}

/** Every way in which a message can reach its key. */
const situations: Readonly<Record<string, () => Situation>> = {
  'the first message': () => {
    const { alice, bob } = createPair();
    return { reader: bob, sent: alice.send('first') };
  },
  'the next message of a chain': () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    return { reader: bob, sent: alice.send('next') };
  },
  'a message that skips three': () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    for (let skipped = 0; skipped < 3; skipped += 1) alice.send('lost');
    return { reader: bob, sent: alice.send('fifth') };
  },
  'a message of a new chain that leaves two behind': () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    alice.send('lost');
    alice.send('lost');
    alice.read(bob.send('answer'));
    return { reader: bob, sent: alice.send('new chain') };
  },
  'a message with a stored key': () => {
    const { alice, bob } = createPair();
    const late = alice.send('late');
    bob.read(alice.send('early'));
    return { reader: bob, sent: late };
  },
  'a message with the held key': () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    const late = alice.send('last of its chain');
    alice.read(bob.send('answer'));
    // A peer that counts one too few: of its two messages it announces one.
    alice.state = { ...alice.state, previousChainLength: 1 };
    bob.read(alice.send('new chain'));
    return { reader: bob, sent: late };
  },
};

function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

function* damaged({ header, message }: Sent): Generator<Sent> {
  for (let bit = 0; bit < message.length * 8; bit += 1) yield { header, message: flip(message, bit) };
  for (let bit = 0; bit < header.ratchetKey.length * 8; bit += 1) {
    yield { message, header: { ...header, ratchetKey: flip(header.ratchetKey, bit) } };
  }
  for (const field of ['previousChainLength', 'messageNumber'] as const) {
    for (let bit = 0; bit < 32; bit += 1) {
      yield { message, header: { ...header, [field]: (header[field] ^ (1 << bit)) >>> 0 } };
    }
  }
}

describe.each(Object.entries(situations))('%s', (_, create) => {
  test('no bit of it can change, and whoever tries changes nothing', () => {
    const { reader, sent } = create();
    const everything = () => ({ state: plainState(reader.state), keys: Array.from(reader.keys, plainKey) });
    const before = everything();
    const state = reader.state;
    const codes = new Set<RatchetErrorCode>();
    let flips = 0;
    for (const message of damaged(sent)) {
      codes.add(errorOf(() => reader.read(message)).code);
      expect(reader.state).toBe(state);
      flips += 1;
    }
    expect(flips).toBe(sent.message.length * 8 + 256 + 64);
    expect(everything()).toEqual(before);
    const allowed = new Set(['not-authentic', 'invalid-ratchet-key', 'too-many-skipped', 'message-key-unavailable']);
    expect([...codes].filter((code) => !allowed.has(code))).toEqual([]);
    expect(codes).toContain('not-authentic');
    expect(() => reader.read(sent)).not.toThrow();
  });
});

test('every unauthentic message gets one and the same answer, wherever it was damaged', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  const { header, message } = alice.send('second');
  const answers = new Set<string>();
  const damages = [
    message.subarray(0, 0),
    message.subarray(1),
    flip(message, 0),
    flip(message, message.length * 8 - 1),
  ];
  for (const damage of damages) {
    const error = errorOf(() => bob.read({ header, message: damage }));
    answers.add(JSON.stringify([error.name, error.code, error.message, error.details]));
    expect(error.cause).toBeInstanceOf(Error);
  }
  expect(answers.size).toBe(1);
});
