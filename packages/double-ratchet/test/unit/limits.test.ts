import { describe, expect, test, vi } from 'vitest';

const work = vi.hoisted(() => ({ derivations: 0, agreements: 0, draws: 0 }));

/** Counts the work, so that a limit is tested by what was computed, not by how long it took. */
vi.mock('@omemo-kit/primitives', async (importOriginal) => {
  const original = await importOriginal<typeof import('@omemo-kit/primitives')>();
  const counted: Partial<typeof original> = {
    hmacSha256: (...input) => {
      work.derivations += 1;
      return original.hmacSha256(...input);
    },
    hkdfSha256: (...input) => {
      work.derivations += 1;
      return original.hkdfSha256(...input);
    },
    hkdfSha256Keys: (...input) => {
      work.derivations += 1;
      return original.hkdfSha256Keys(...input);
    },
    x25519: (...input) => {
      work.agreements += 1;
      return original.x25519(...input);
    },
    randomBytes: (...input) => {
      work.draws += 1;
      return original.randomBytes(...input);
    },
  };
  return { ...original, ...counted };
});

const { createPair, errorOf } = await import('../party.ts');
const { plainKey, plainState } = await import('../plain-state.ts');

function count<Result>(step: () => Result): { result: Result } & typeof work {
  Object.assign(work, { derivations: 0, agreements: 0, draws: 0 });
  const result = step();
  return { result, ...work };
}

describe.each([1001, 5000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('a number %d ahead', (gap) => {
  test('is refused in the current chain before anything is derived', () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    const sent = alice.send('second');
    const messageNumber = Math.min(sent.header.messageNumber + gap, 2 ** 32 - 1);
    const before = plainState(bob.state);
    const { result, ...done } = count(() =>
      errorOf(() => bob.read({ ...sent, header: { ...sent.header, messageNumber } })),
    );
    expect(result.code).toBe('too-many-skipped');
    expect(result.details).toEqual({ gap: messageNumber - 1, maxSkip: 1000 });
    expect(done).toEqual({ derivations: 0, agreements: 0, draws: 0 });
    expect(plainState(bob.state)).toEqual(before);
    expect(bob.keys.size).toBe(0);
  });

  test('is refused in a new chain before any Diffie-Hellman', () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    alice.read(bob.send('answer'));
    const sent = alice.send('new chain');
    const { result, ...done } = count(() =>
      errorOf(() => bob.read({ ...sent, header: { ...sent.header, messageNumber: gap } })),
    );
    expect(result.code).toBe('too-many-skipped');
    expect(done).toEqual({ derivations: 0, agreements: 0, draws: 0 });
  });

  test('claimed as the length of the old chain costs nothing, stores nothing and does not hinder', () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    alice.send('lost');
    alice.read(bob.send('answer'));
    alice.state = { ...alice.state, previousChainLength: Math.min(gap + 1, 2 ** 32 - 1) };
    const sent = alice.send('new chain');
    const honest = count(() => bob.read(sent));
    expect(honest.result).toBe('new chain');
    expect(honest.agreements).toBe(2);
    expect(bob.keys.size).toBe(0);
    expect(bob.state.skippedCount).toBe(0);
    expect(bob.state.heldMessageKey).toBeUndefined();
  });
});

test('a gap of exactly the limit is bridged, in both chains at once, and one more is not', () => {
  const { alice, bob } = createPair({ maxSkip: 20, maxStoredSkipped: 1000 });
  bob.read(alice.send('first'));
  const late = Array.from({ length: 20 }, (_, index) => alice.send(`old ${index}`));
  alice.read(bob.send('answer'));
  late.push(...Array.from({ length: 20 }, (_, index) => alice.send(`new ${index}`)));
  const bridge = alice.send('bridge');
  const beyond = alice.send('beyond');
  expect(errorOf(() => bob.read(beyond)).code).toBe('too-many-skipped');
  expect(bob.read(bridge)).toBe('bridge');
  expect(bob.state.skippedCount).toBe(40);
  expect(late.map((sent) => bob.read(sent)).slice(18, 22)).toEqual(['old 18', 'old 19', 'new 0', 'new 1']);
  expect(bob.keys.size).toBe(0);
});

test('a thousand skipped messages are a thousand keys, and all of them are read', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  const late = Array.from({ length: 1000 }, (_, index) => alice.send(`${index}`));
  const last = alice.send('last');
  const jump = count(() => bob.read(last));
  // Two derivations for each message and chain key, and one for the message keys of the AEAD with its MAC.
  expect(jump.derivations).toBe(2 * 1001 + 2);
  expect(bob.state.skippedCount).toBe(1000);
  const read = late.map((sent) => bob.read(sent));
  expect(read).toEqual(late.map((_, index) => `${index}`));
  expect(bob.state.skippedCount).toBe(0);
});

test('a step that skips more than may be stored hands out only what stays', () => {
  const { alice, bob } = createPair({ maxSkip: 100, maxStoredSkipped: 5 });
  bob.read(alice.send('first'));
  alice.send('lost');
  bob.read(alice.send('third'));
  expect(bob.state).toMatchObject({ skippedCount: 1, skippedSequence: 1 });
  const sent = Array.from({ length: 30 }, (_, index) => alice.send(`${index}`));
  bob.read(sent[29]!);
  expect(Array.from(bob.keys, (key) => key.messageNumber)).toEqual([27, 28, 29, 30, 31]);
  expect(bob.state).toMatchObject({ skippedCount: 5, skippedSequence: 30 });
  expect(errorOf(() => bob.read(sent[10]!)).code).toBe('message-key-unavailable');
  expect(bob.read(sent[28]!)).toBe('28');
});

test('with no room at all nothing is kept, and later messages are still read', () => {
  const { alice, bob } = createPair({ maxStoredSkipped: 0 });
  const late = alice.send('late');
  expect(bob.read(alice.send('early'))).toBe('early');
  expect([...bob.keys].map(plainKey)).toEqual([]);
  expect(bob.state.skippedCount).toBe(0);
  expect(errorOf(() => bob.read(late)).code).toBe('message-key-unavailable');
});

test('a limit that was lowered takes effect with the next message', () => {
  const { alice, bob } = createPair();
  for (let lost = 0; lost < 8; lost += 1) alice.send('lost');
  bob.read(alice.send('ninth'));
  expect(bob.keys.size).toBe(8);
  bob.parameters = { ...bob.parameters, maxStoredSkipped: 3 };
  bob.read(alice.send('tenth'));
  expect(Array.from(bob.keys, (key) => key.messageNumber)).toEqual([5, 6, 7]);
  expect(bob.state.skippedCount).toBe(3);
});

test.each(['maxSkip', 'maxStoredSkipped'])('%s has to be a number of keys', (limit) => {
  for (const value of [Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY, undefined as unknown as number]) {
    const { alice, bob } = createPair({ [limit]: value });
    const error = errorOf(() => bob.read(alice.send('first')));
    expect(error.code).toBe('invalid-argument');
    expect(error.details).toEqual({ argument: limit });
  }
});

test('a forger of ratchet keys costs one Diffie-Hellman, and no key of ours is drawn', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  alice.send('lost');
  alice.read(bob.send('answer'));
  const { header, message } = alice.send('new chain');
  const forged = message.map((byte) => byte ^ 1);
  const { result, ...done } = count(() => errorOf(() => bob.read({ header, message: forged })));
  expect(result.code).toBe('not-authentic');
  // KDF_RK, KDF_CK (two), and message keys and MAC in the AEAD.
  expect(done).toEqual({ derivations: 5, agreements: 1, draws: 0 });
});
