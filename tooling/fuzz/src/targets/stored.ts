import { systemRandomness } from '@omemo-kit/omemo-core';
import { exportBackup, restoreBackup } from '@omemo-kit/omemo-core/backup';
import {
  bundleRecord,
  deviceListRecord,
  identityRecord,
  inboxRecord,
  outboxRecord,
  preKeyRecord,
  seenRecord,
  sessionSetRecord,
  skippedRecord,
  trustRecord,
} from '@omemo-kit/omemo-core/records';
import { MemoryStore } from '@omemo-kit/storage-memory';
import { ALICE, conversation } from '../conversation.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { cloneOf } from '../mutate/tree.ts';
import { callRefusal } from '../refusals.ts';
import { ACCEPTED, type OpenTarget, type Target } from '../target.ts';

/** What is read back from disk, where it may have been damaged: records, and backups from anywhere. */
export const storedTargets: readonly Target[] = [
  { name: 'stored record', open: openRecords },
  { name: 'backup', open: openBackup },
];

const CODECS = {
  identity: identityRecord,
  bundle: bundleRecord,
  'pre-key': preKeyRecord,
  'device-list': deviceListRecord,
  trust: trustRecord,
  session: sessionSetRecord,
  skipped: skippedRecord,
  seen: seenRecord,
  inbox: inboxRecord,
  outbox: outboxRecord,
} as const;
const KINDS = Object.keys(CODECS) as readonly (keyof typeof CODECS)[];

/** The first byte of an input says which kind of record it is. */
async function openRecords(): Promise<OpenTarget> {
  const { alice, bob, stanzas } = await conversation();
  for (const stanza of [stanzas.archived, stanzas.message]) await bob.omemo.receive(cloneOf(stanza));
  await alice.omemo.encrypt({ to: 'bob@example.net', content: [] });
  const records = [alice, bob].flatMap(({ memory }) => memory.snapshot());
  const samples = records.flatMap(({ key, value, version }) => {
    const kind = KINDS.indexOf(key.split('/')[1] as keyof typeof CODECS);
    return kind < 0 ? [] : [{ kind, value, version }];
  });
  const versions = new Map(samples.map(({ kind, version }) => [kind, version]));
  const values = samples.map(({ value }) => value);
  return {
    generate: (draw) => {
      const { kind, value } = draw.pick(samples);
      return Uint8Array.of(kind, ...mutateBytes(draw, value, values));
    },
    run: (input) => {
      const kind = (input[0] as number) % KINDS.length;
      const codec = CODECS[KINDS[kind]!];
      try {
        codec.decode({ version: versions.get(kind) ?? codec.version, value: (input as Uint8Array).slice(1) });
        return ACCEPTED;
      } catch (error) {
        return callRefusal(error);
      }
    },
  };
}

async function openBackup(): Promise<OpenTarget> {
  const { alice } = await conversation();
  const protection = { key: new Uint8Array(32).fill(7) };
  const store = alice.memory.open();
  const sealed = await exportBackup({ store, jid: ALICE, protection });
  const open = await exportBackup({ store, jid: ALICE, protection: 'none-i-protect-the-bytes-myself' });
  const samples = [sealed, open];
  // Making the new device is no part of reading the file.
  const randomness = { ...systemRandomness };
  return {
    // One that is not protected is read to its end, whatever is in it.
    generate: (draw) => mutateBytes(draw, draw.once(4) ? sealed : open, samples),
    run: async (input) => {
      const backup = input as Uint8Array;
      const given = backup.length > 0 && draws(backup) ? protection : 'none-i-protect-the-bytes-myself';
      try {
        const options = { backup, protection: given, oldDevice: 'gone', randomness, limits: { preKeys: 25 } } as const;
        await restoreBackup({ store: new MemoryStore(), ...options });
        return ACCEPTED;
      } catch (error) {
        return callRefusal(error);
      }
    },
  };

  /** The longer ones are those that were sealed; which key is offered depends on the input alone. */
  function draws(backup: Uint8Array): boolean {
    return Math.abs(backup.length - sealed.length) < Math.abs(backup.length - open.length);
  }
}
