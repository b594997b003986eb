import { inspect } from 'node:util';
import { systemRandomness } from '@omemo-kit/omemo-core';
import {
  bundleRecord,
  identityRecord,
  preKeyRecord,
  recordKeys,
  sessionSetRecord,
} from '@omemo-kit/omemo-core/records';
import { expect, test } from 'vitest';
import { Client } from '../../src/client.ts';
import { withRatchetMessage } from '../../src/rewrite-key.ts';
import { body, encryptedIn } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

/** Every form in which 32 bytes could show in a log. */
function forms(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const numbers = [...bytes.subarray(0, 8)];
  return [
    buffer.toString('hex').slice(0, 24),
    buffer.toString('base64').slice(0, 20),
    numbers.join(','),
    numbers.join(', '),
    numbers.map((byte, index) => `"${index}":${byte}`).join(','),
    numbers.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  ];
}

/** Elements of ltx know their parents: those are left out. */
function json(value: unknown): string {
  return JSON.stringify(value, (name, inner) => (name === 'parent' ? undefined : inner)) ?? '';
}

test('inspect, JSON and String of what omemo-core hands out show no secret (S62)', async () => {
  const secrets: Uint8Array[] = [];
  const drawn =
    <Args extends unknown[]>(draw: (...args: Args) => Uint8Array) =>
    (...args: Args) => {
      const bytes = draw(...args);
      secrets.push(Uint8Array.from(bytes));
      return bytes;
    };
  const randomness = {
    ...systemRandomness,
    identitySeed: drawn(systemRandomness.identitySeed),
    payloadKey: drawn(systemRandomness.payloadKey),
    ratchetKey: drawn(systemRandomness.ratchetKey),
    ephemeralKey: drawn(systemRandomness.ephemeralKey),
    preKey: drawn(systemRandomness.preKey),
    signedPreKey: drawn(systemRandomness.signedPreKey),
  };
  const world = new World();
  const alice = await world.client('alice@example.org/phone', { randomness });
  const bob = await world.client('bob@example.net/desk', { randomness });
  for (const client of [alice, bob]) await client.omemo.start();
  await world.calm();
  const secretText = 'the plaintext nobody may log';
  const shown: unknown[] = [alice.omemo, bob.omemo];
  shown.push(await alice.omemo.encrypt({ to: bob.jid, content: [body(secretText)] }));
  await alice.omemo.flush();
  shown.push(await alice.say(bob.jid, secretText));
  await world.calm();
  bob.deaf();
  await alice.say(bob.jid, secretText);
  await world.quiet();
  const stanza = bob.received.filter((one) => encryptedIn(one)).at(-1)!;
  const forged = withRatchetMessage(stanza, bob.omemo.deviceId, { ciphertext: new Uint8Array(64) });
  const failure = await bob.omemo.receive(forged);
  shown.push(failure, await alice.omemo.devices(bob.jid), await alice.omemo.outbox());
  const errors = [
    await alice.say('nobody@example.org', 'x').catch((error) => error),
    await Client.omemoOn(bob.connection, bob.memory, { account: alice.jid }).catch((error) => error),
    (failure as { cause?: unknown }).cause,
  ];
  shown.push(...errors);
  const decoded = (client: Client) => {
    const find = (key: string) => client.memory.snapshot().find((record) => record.key === key)!;
    const keys = recordKeys(client.jid);
    const other = client === alice ? bob : alice;
    const preKey = client.memory.snapshot().find(({ key }) => key.includes('/pre-key/'))!;
    return [
      identityRecord.decode(find(keys.identity)),
      bundleRecord.decode(find(keys.bundle)),
      preKeyRecord.decode(preKey),
      sessionSetRecord.decode(find(keys.session(other.jid, other.omemo.deviceId))),
    ];
  };
  shown.push(...decoded(alice), ...decoded(bob));
  for (const session of sessionSetRecord.decode(alice.memory.snapshot().find(({ key }) => key.includes('/session/'))!)
    .sessions) {
    secrets.push(session.ratchet.rootKey.expose());
    for (const chain of [session.ratchet.sendingChain, session.ratchet.receivingChain]) {
      if (chain !== undefined) secrets.push(chain.key.expose());
    }
  }
  expect(secrets.length).toBeGreaterThan(55);
  const texts = shown.flatMap((value) => [
    inspect(value, { depth: 20, showHidden: true, maxArrayLength: null, maxStringLength: null }),
    json(value),
    String(value),
  ]);
  const all = texts.join('\n');
  for (const secret of secrets) for (const form of forms(secret)) expect(all.includes(form), form).toBe(false);
  // Plaintext is in the results an application asked for, and nowhere else: not in errors, not in what is sent.
  for (const error of errors) expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(secretText);
  expect(json(shown.slice(2, 4))).not.toContain(secretText);
});

test('the oracle sees a key that is spent twice', async () => {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const before = alice.memory.snapshot();
  await alice.say(bob.jid, 'one');
  // A backup comes back: the only way left to use a key twice (S28).
  alice.memory.restore(before);
  await alice.crash();
  await alice.say(bob.jid, 'two');
  await world.quiet();
  expect(world.spent.violations).toHaveLength(1);
  world.spent.violations.length = 0;
});
