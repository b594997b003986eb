import { Secret, x25519KeyPair } from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import {
  type Aead,
  needsSkippedLookup,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  SkippedMessageKeys,
  systemRandomness,
} from '../../src/index.ts';
import { headerAead } from '../header-aead.ts';
import { hex } from '../hex.ts';
import { associatedData, codeOf, createPair, errorOf, parameters } from '../party.ts';
import { plainKey, plainState } from '../plain-state.ts';

function deepFreeze(state: RatchetState): RatchetState {
  for (const value of Object.values(state)) {
    if (typeof value === 'object' && !ArrayBuffer.isView(value)) Object.freeze(value);
  }
  return Object.freeze(state);
}

test('a conversation, and the states that are left unchanged by it', () => {
  const { alice, bob } = createPair();
  const states = [deepFreeze(alice.state), deepFreeze(bob.state)];
  const before = states.map(plainState);
  expect(bob.read(alice.send('Hello'))).toBe('Hello');
  expect(alice.read(bob.send('Hello yourself'))).toBe('Hello yourself');
  expect(bob.read(alice.send(''))).toBe('');
  expect(states.map(plainState)).toEqual(before);
});

test('the recipient cannot send before it has read', () => {
  const { alice, bob } = createPair();
  expect(codeOf(() => bob.send('too early'))).toBe('no-sending-chain');
  bob.read(alice.send('first'));
  expect(() => bob.send('now')).not.toThrow();
});

test('the sending half of a DH step is made on receipt, and no more keys are drawn than that', () => {
  const { alice, bob } = createPair();
  const first = bob.state.ownRatchetKey.publicKey;
  bob.read(alice.send('first'));
  const second = bob.state.ownRatchetKey.publicKey;
  bob.read(alice.send('second'));
  expect(hex(second)).not.toBe(hex(first));
  expect(bob.state.ownRatchetKey.publicKey).toBe(second);
  expect(bob.send('answer').header.ratchetKey).toEqual(second);
});

test('a message is read once: in order, out of order, and from a chain left behind', () => {
  const { alice, bob } = createPair();
  const sent = [alice.send('0'), alice.send('1'), alice.send('2')];
  for (const index of [0, 2, 1]) bob.read(sent[index]!);
  for (const message of sent) expect(codeOf(() => bob.read(message))).toBe('message-key-unavailable');
  alice.read(bob.send('answer'));
  bob.read(alice.send('new chain'));
  for (const message of sent) expect(codeOf(() => bob.read(message))).toBe('not-authentic');
});

test('nothing can be read under the recipient’s first ratchet key', () => {
  const { alice, bob } = createPair();
  const forged = {
    ...alice.send('x'),
    header: { ratchetKey: bob.state.ownRatchetKey.publicKey, previousChainLength: 0, messageNumber: 0 },
  };
  expect(codeOf(() => alice.read(forged))).toBe('not-authentic');
});

test('an own message that comes back is not authentic', () => {
  const { alice, bob } = createPair();
  bob.read(alice.send('first'));
  alice.read(bob.send('answer'));
  expect(codeOf(() => alice.read(alice.send('reflected')))).toBe('not-authentic');
});

test('associated data belongs to the message', () => {
  const { alice, bob } = createPair();
  const { header, message } = alice.send('first');
  const read = () =>
    ratchetDecrypt({
      state: bob.state,
      header,
      message,
      associatedData: new TextEncoder().encode('Bob, Alice'),
      aead: headerAead,
      parameters,
    });
  expect(codeOf(read)).toBe('not-authentic');
});

test('another root key info is another ratchet', () => {
  const rootKeyInfo = new TextEncoder().encode('something else');
  const { alice } = createPair();
  const { bob } = createPair({ rootKeyInfo });
  expect(codeOf(() => bob.read(alice.send('first')))).toBe('not-authentic');
});

test('what the AEAD throws on opening is the cause; what it throws on sealing passes through', () => {
  const failure = new Error('no');
  const failing: Aead = {
    seal: () => {
      throw failure;
    },
    open: () => {
      throw failure;
    },
  };
  const { alice, bob } = createPair();
  const { header, message } = alice.send('first');
  const common = { associatedData, aead: failing, parameters };
  expect(errorOf(() => ratchetDecrypt({ ...common, state: bob.state, header, message })).cause).toBe(failure);
  expect(() => ratchetEncrypt({ ...common, state: alice.state, plaintext: message })).toThrow(failure);
});

test('a header handed out is a copy', () => {
  const { alice } = createPair();
  const before = plainState(alice.state);
  alice.seal('first').header.ratchetKey.fill(0);
  expect(plainState(alice.state)).toEqual(before);
});

test('a chain ends before its numbers leave 32 bits', () => {
  const { alice } = createPair();
  const { sendingChain } = alice.state;
  const at = (messageNumber: number) => {
    alice.state = { ...alice.state, sendingChain: { ...sendingChain!, messageNumber } };
  };
  at(2 ** 32 - 1);
  expect(alice.send('the last').header.messageNumber).toBe(2 ** 32 - 1);
  expect(codeOf(() => alice.send('one more'))).toBe('chain-exhausted');
});

test('a stored key is looked up only where one can matter', () => {
  const { alice, bob } = createPair();
  const late = alice.send('late');
  const first = alice.send('first');
  expect(needsSkippedLookup(bob.state, first.header)).toBe(false);
  bob.read(first);
  const next = alice.send('next');
  expect(bob.state.skippedCount).toBe(1);
  expect(needsSkippedLookup(bob.state, next.header)).toBe(false);
  expect(needsSkippedLookup(bob.state, alice.send('later').header)).toBe(false);
  expect(needsSkippedLookup(bob.state, first.header)).toBe(true);
  expect(needsSkippedLookup(bob.state, late.header)).toBe(true);
  alice.read(bob.send('answer'));
  expect(needsSkippedLookup(bob.state, alice.send('new chain').header)).toBe(true);
  bob.read(late);
  expect(needsSkippedLookup(bob.state, late.header)).toBe(false);
});

test('the key of another message is a mistake of the caller', () => {
  const { alice, bob } = createPair();
  alice.send('late');
  bob.read(alice.send('first'));
  const [skippedMessageKey] = bob.keys;
  const { header, message } = alice.send('next');
  const read = () =>
    ratchetDecrypt({
      state: bob.state,
      header,
      message,
      associatedData,
      aead: headerAead,
      parameters,
      skippedMessageKey,
    });
  expect(errorOf(read).details).toEqual({ argument: 'skippedMessageKey' });
});

test('a step says what is to be stored and deleted', () => {
  const { alice, bob } = createPair();
  const late = alice.send('late');
  const { header, message } = alice.send('first');
  const common = { associatedData, aead: headerAead, parameters };
  const ahead = ratchetDecrypt({ ...common, state: bob.state, header, message });
  expect(ahead.add.map((key) => [hex(key.ratchetKey), key.messageNumber, key.sequence])).toEqual([
    [hex(late.header.ratchetKey), 0, 0],
  ]);
  expect(ahead).toMatchObject({ remove: [], evict: 0 });
  const [skippedMessageKey] = ahead.add;
  const behind = ratchetDecrypt({ ...common, state: ahead.state, ...late, skippedMessageKey });
  expect(behind).toMatchObject({ add: [], evict: 0 });
  expect(behind.remove).toEqual([skippedMessageKey]);
  expect(behind.state.skippedCount).toBe(0);
});

test('the holder finds, removes and evicts, and can be filled from what was stored', () => {
  const messageKey = new Secret(new Uint8Array(32).fill(7));
  const ratchetKey = x25519KeyPair(new Uint8Array(32).fill(3)).publicKey;
  const key = (messageNumber: number) => ({ ratchetKey, messageNumber, messageKey, sequence: messageNumber });
  const keys = new SkippedMessageKeys([key(2), key(0), key(1)]);
  expect(Array.from(keys, ({ sequence }) => sequence)).toEqual([0, 1, 2]);
  expect(keys.find({ ratchetKey, messageNumber: 1, previousChainLength: 9 })).toMatchObject({ sequence: 1 });
  expect(keys.find({ ratchetKey: new Uint8Array(32), messageNumber: 1, previousChainLength: 9 })).toBeUndefined();
  keys.apply({ add: [key(3)], remove: [key(1)], evict: 1 });
  expect(Array.from(keys, ({ sequence }) => sequence)).toEqual([2, 3]);
  expect(keys.size).toBe(2);
  keys.apply({ add: [{ ...key(2), sequence: 4 }], remove: [], evict: 0 });
  expect(Array.from(keys, ({ sequence }) => sequence)).toEqual([3, 4]);
  keys.apply({ add: [], remove: [], evict: 10 });
  expect(keys.size).toBe(0);
});

test('no secret shows when a state is serialised', () => {
  const { alice, bob } = createPair();
  alice.send('lost');
  bob.read(alice.send('first'));
  const text = JSON.stringify([bob.state, ...bob.keys]);
  expect(text).not.toContain(plainKey([...bob.keys][0]!).split(':')[2]);
  expect(text).toContain('[secret]');
  expect(text).not.toContain(hex(bob.state.rootKey.expose()));
});

test('the default randomness draws 32 fresh bytes', () => {
  expect(systemRandomness.ratchetKey()).toHaveLength(32);
  expect(hex(systemRandomness.ratchetKey())).not.toBe(hex(systemRandomness.ratchetKey()));
});
