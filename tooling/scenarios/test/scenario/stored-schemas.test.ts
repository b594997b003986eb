import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Omemo, trustOnFirstUse } from '@omemo-kit/omemo-core';
import { exportBackup, restoreBackup } from '@omemo-kit/omemo-core/backup';
import { identityRecord } from '@omemo-kit/omemo-core/records';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { parse } from 'ltx';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/client.ts';
import { fromBase64, type KeptAccount, keptRecords, memoryOf, toBase64 } from '../../src/kept-account.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const key = { protection: { key: new Uint8Array(32).fill(7) } };
const passphrase = { protection: { passphrase: 'passphrase' } };

const file = (generation: number) =>
  fileURLToPath(new URL(`../fixtures/account-schema-${generation}.json`, import.meta.url));
const generations = Array.from({ length: identityRecord.version }, (_, index) => index + 1);
const kept = (generation: number): KeptAccount => JSON.parse(readFileSync(file(generation), 'utf8'));

/** A server that knows nobody, for an account whose world is gone. It is still the moment of the recording: much ends with time. */
async function opened(memory: SharedMemory, { jid, recordedAt }: KeptAccount): Promise<Omemo> {
  const { transport } = new World().server.connect(`${jid}/again`);
  const clock = () => recordedAt;
  return Omemo.open({ jid, store: memory.open(), transport, trust: trustOnFirstUse, upkeep: 'manual', clock });
}

// Made once for each generation, by the release that wrote it first, and never again.
const current = file(identityRecord.version);
if (process.env['OMEMO_RECORD_SCHEMA'] === '1' && !existsSync(current)) {
  test('records an account', async () => {
    writeFileSync(current, `${JSON.stringify(await recordAccount(), undefined, 1)}\n`);
  });
}

describe.each(generations)('an account stored in schema %i', (generation) => {
  test('opens, shows what waited, reads what was on its way and goes on', async () => {
    const account = kept(generation);
    const omemo = await opened(memoryOf(account), account);
    expect(omemo.deviceId).toBe(account.deviceId);
    expect((await omemo.inbox()).map(({ id }) => id)).toEqual(account.inbox);
    expect((await omemo.outbox()).map(({ id }) => id)).toEqual(account.outbox);
    for (const { stanza, text } of account.undelivered) expect(textOf(await omemo.receive(parse(stanza)))).toBe(text);
    const sent = await omemo.encrypt({ to: 'bob@example.net', content: [body('still myself')] });
    expect(sent.devices).toHaveLength(1);
    await omemo.ack(account.inbox);
    await omemo.sent(account.outbox);
    await omemo.finishCatchUp();
  });

  test.each([
    ['key', key],
    ['passphrase', passphrase],
  ] as const)('is restored from its backup under a %s', async (name, protection) => {
    const account = kept(generation);
    const memory = new SharedMemory();
    const backup = fromBase64(account.backups[name]);
    await restoreBackup({ store: memory.open(), backup, ...protection, oldDevice: 'gone' });
    const before = await opened(memoryOf(account), account);
    const after = await opened(memory, account);
    expect(after.identityKey).toEqual(before.identityKey);
    const trust = async (omemo: Omemo) =>
      (await omemo.devices('bob@example.net').catch(() => [])).map((device) => [device.fingerprint, device.trust]);
    expect(await trust(before)).toEqual([[expect.any(Array), 'verified']]);
    expect(await trust(after)).toEqual(await trust(before));
  });

  test('whose identity a newer release wrote is refused, and nothing is written', async () => {
    const account = kept(generation);
    const memory = memoryOf(account, (name) => (name.endsWith('/identity') ? 100 : 0));
    const before = memory.snapshot();
    await expect(opened(memory, account)).rejects.toMatchObject({ code: 'newer-schema' });
    const backup = exportBackup({ store: memory.open(), jid: account.jid, ...key });
    await expect(backup).rejects.toMatchObject({ code: 'newer-schema' });
    expect(memory.snapshot()).toEqual(before);
  });

  test('that a newer release takes over under a running process is refused from then on', async () => {
    const account = kept(generation);
    const memory = memoryOf(account);
    const omemo = await opened(memory, account);
    memory.restore(
      memoryOf(account, (name) => (name.endsWith('/identity') ? 100 : 0))
        .snapshot()
        .map((record) => ({ ...record, revision: new Uint8Array(16).fill(1) })),
    );
    const before = memory.snapshot();
    const refused = (call: Promise<unknown>) => expect(call).rejects.toMatchObject({ code: 'newer-schema' });
    await refused(omemo.encrypt({ to: 'bob@example.net', content: [body('no')] }));
    for (const { stanza } of account.undelivered) await refused(omemo.receive(parse(stanza)));
    await refused(omemo.start());
    await refused(omemo.settle());
    await refused(omemo.flush());
    expect(memory.snapshot()).toEqual(before);
  });

  test('with any one record of a newer release is refused where that record is met, and nothing is written', async () => {
    const account = kept(generation);
    const kinds = new Set(account.records.map(({ key: name }) => name.split('/')[1]!));
    let met = 0;
    for (const kind of kinds) {
      const memory = memoryOf(account, (name) => (name.split('/')[1] === kind ? 1 : 0));
      const before = memory.snapshot();
      const codes: unknown[] = [];
      try {
        const omemo = await opened(memory, account);
        for (const call of [() => omemo.inbox(), () => omemo.outbox(), () => omemo.start()]) {
          await call().catch((error) => codes.push(error.code));
        }
        const read = account.undelivered.map(
          ({ stanza }) =>
            () =>
              omemo.receive(parse(stanza)),
        );
        for (const call of read) await call().catch((error) => codes.push(error.code));
      } catch (error) {
        codes.push((error as { code?: unknown }).code);
      }
      if (!codes.includes('newer-schema')) continue;
      met += 1;
      const newer = before.filter((record) => record.key.split('/')[1] === kind);
      const after = new Map(memory.snapshot().map((record) => [record.key, record]));
      for (const record of newer) expect(after.get(record.key)).toEqual(record);
    }
    expect(met).toBeGreaterThan(7);
  });
});

/** Alice in the middle of things: sessions, skipped keys, both boxes filled, debts, a retained pre-key. */
async function recordAccount(): Promise<KeptAccount> {
  const world = new World();
  const [alice, bob] = await world.acquainted();
  const carol = await world.client('carol@example.com/desk');
  await carol.omemo.start();
  await alice.omemo.setTrust({ jid: bob.jid, identityKey: bob.omemo.identityKey, level: 'verified' });
  await bob.say(alice.jid, 'waits to be acknowledged');
  await world.calm();
  alice.deaf();
  const stanzas: { stanza: string; text: string }[] = [];
  for (const text of ['late', 'skips one', 'next']) {
    await bob.say(alice.jid, text);
    await world.quiet();
    stanzas.push({ stanza: alice.received.at(-1)!.toString(), text });
  }
  await alice.omemo.receive(parse(stanzas[1]!.stanza));
  await carol.say(alice.jid, 'a key exchange in the archive');
  await world.quiet();
  await alice.omemo.receive(alice.received.at(-1)!, { delivery: 'catch-up' });
  const dave = await world.client('dave@example.com/desk');
  await dave.omemo.start();
  await dave.say(alice.jid, 'a new session');
  await world.quiet();
  stanzas.push({ stanza: alice.received.at(-1)!.toString(), text: 'a new session' });
  await alice.omemo.rotateSignedPreKey();
  await alice.omemo.encrypt({ to: bob.jid, content: [body('waits to be sent')], id: 'waiting' });
  const store = alice.memory.open();
  return {
    jid: alice.jid,
    deviceId: alice.omemo.deviceId,
    recordedAt: Date.now(),
    records: keptRecords(alice.memory.snapshot()),
    undelivered: [stanzas[0]!, stanzas[2]!, stanzas[3]!],
    inbox: (await alice.omemo.inbox()).map(({ id }) => id),
    outbox: (await alice.omemo.outbox()).map(({ id }) => id),
    backups: {
      key: toBase64(await exportBackup({ store, jid: alice.jid, ...key })),
      passphrase: toBase64(await exportBackup({ store, jid: alice.jid, ...passphrase })),
    },
  };
}
