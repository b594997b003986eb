import { describe, expect, test } from 'vitest';
import { createPair, errorOf, type Party, type Sent } from '../party.ts';

/** What pn this peer sends after k messages. */
type Count = (sent: number) => number;
const paper: Count = (sent) => sent;
const oneTooFew: Count = (sent) => Math.max(0, sent - 1);

/** A message of a new chain, with pn as this peer counts. */
function turn(sender: Party, reader: Party, count: Count): Sent {
  sender.read(reader.send('answer'));
  sender.state = { ...sender.state, previousChainLength: count(sender.state.previousChainLength) };
  return sender.send('new chain');
}

describe.each([
  { name: 'k after k messages', count: paper },
  { name: 'k-1 after k messages', count: oneTooFew },
])('a peer that sends pn = $name', ({ count }) => {
  test.each([1, 2, 3, 7])('loses nothing when the last %d of a chain arrive after the next chain began', (late) => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    const overtaken = Array.from({ length: late }, (_, index) => alice.send(`late ${index}`));
    expect(bob.read(turn(alice, bob, count))).toBe('new chain');
    expect(overtaken.map((sent) => bob.read(sent))).toEqual(overtaken.map((_, index) => `late ${index}`));
    expect(bob.keys.size).toBe(0);
    for (const sent of overtaken) expect(() => bob.read(sent)).toThrow(errorOf(() => bob.read(sent)).message);
  });

  test('loses nothing when nothing of a chain was late', () => {
    const { alice, bob } = createPair();
    bob.read(alice.send('first'));
    bob.read(alice.send('second'));
    expect(bob.read(turn(alice, bob, count))).toBe('new chain');
    expect(bob.state.skippedCount).toBe(0);
  });
});

test('the held key is no skipped key: it is not stored, not counted, and used once', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  const late = alice.send('late');
  bob.read(turn(alice, bob, oneTooFew));
  expect(bob.state).toMatchObject({ skippedCount: 0, skippedSequence: 0 });
  expect(bob.state.heldMessageKey).toMatchObject({ messageNumber: 1, ratchetKey: late.header.ratchetKey });
  expect(bob.read(late)).toBe('late');
  expect(bob.state.heldMessageKey).toBeUndefined();
  expect(errorOf(() => bob.read(late)).code).toBe('not-authentic');
});

test('the held key survives messages of the new chain and goes with the next DH step', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  const late = alice.send('late');
  bob.read(turn(alice, bob, oneTooFew));
  bob.read(alice.send('another'));
  expect(bob.state.heldMessageKey).toBeDefined();
  const stateBefore = bob.state;
  bob.read(turn(alice, bob, paper));
  expect(errorOf(() => bob.read(late)).code).toBe('not-authentic');
  bob.state = stateBefore;
  expect(bob.read(late)).toBe('late');
});

test('the held key goes even when the chain left next leaves none', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  alice.send('lost');
  bob.read(turn(alice, bob, oneTooFew));
  expect(bob.state.heldMessageKey).toBeDefined();
  bob.read(turn(alice, bob, () => 0));
  expect(bob.state.heldMessageKey).toBeUndefined();
});

test('a pn below what was read already leaves and holds nothing', () => {
  const { alice, bob } = createPair();
  for (let read = 0; read < 4; read += 1) bob.read(alice.send('read'));
  bob.read(turn(alice, bob, () => 2));
  expect(bob.state.heldMessageKey).toBeUndefined();
  expect(bob.keys.size).toBe(0);
});

test('the first chain of a peer leaves nothing, whatever its pn', () => {
  const { alice, bob } = createPair();
  alice.state = { ...alice.state, previousChainLength: 2 ** 32 - 1 };
  expect(bob.read(alice.send('first'))).toBe('first');
  expect(bob.state.heldMessageKey).toBeUndefined();
  expect(bob.keys.size).toBe(0);
});

test('we send k after k messages, 0 before the first', () => {
  const { alice, bob } = createPair();
  expect(alice.send('first').header.previousChainLength).toBe(0);
  bob.read(alice.send('second'));
  const answer = bob.send('answer');
  expect(answer.header.previousChainLength).toBe(0);
  alice.read(answer);
  expect(alice.send('third').header.previousChainLength).toBe(2);
});
