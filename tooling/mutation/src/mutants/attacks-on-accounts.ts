import type { Mutant } from '../mutant.ts';

/** Defences of THREAT-MODEL.md in what an account keeps: pre-keys, sessions, lists, nodes, stores. */
export const attacksOnAccounts: readonly Mutant[] = [
  {
    row: 'S11',
    breaks: 'a pre-key that is gone is not missed',
    file: 'packages/omemo-core/src/messages/key-exchange.ts',
    find: "if (preKey === undefined) return { kind: 'refused', code: 'unknown-pre-key' };",
    replace:
      "if (preKey === undefined && bundle.preKeys.length === 0) return { kind: 'refused', code: 'unknown-pre-key' };",
  },
  {
    row: 'S14',
    breaks: 'the first sender’s use takes the pre-key away from the second',
    file: 'packages/omemo-core/src/bundles/own-bundle.ts',
    find: 'removed: !retain,',
    replace: 'removed: true,',
  },
  {
    row: 'S16',
    breaks: 'a key exchange uses its pre-key up before its message authenticated',
    file: 'packages/omemo-core/src/messages/decrypt.ts',
    find: 'if (!(error instanceof UnreadableKey)) throw error;',
    replace:
      "if (!(error instanceof UnreadableKey)) throw error;\n    if (exchange?.kind === 'built') unit.remove(keys.preKey(exchange.session.preKeyId));",
  },
  {
    row: 'S20',
    breaks: 'the first of those who are owed an answer gets none',
    file: 'packages/omemo-core/src/debts/answer.ts',
    find: 'for (const device of devices) {',
    replace: 'for (const device of devices.slice(1)) {',
  },
  {
    row: 'S26',
    breaks: 'nobody looks for keys that are too old',
    file: 'packages/omemo-core/src/messages/skipped-keys.ts',
    find: 'session.received % SWEEP_INTERVAL === 0;',
    replace: 'session.received % SWEEP_INTERVAL === -1;',
  },
  {
    row: 'S28',
    breaks: 'an old copy of the store is not compared with the published bundle',
    file: 'packages/omemo-core/src/rollback/compare.ts',
    find: 'await checkPublishedBundle(context, signal);',
    replace: '',
  },
  {
    row: 'S29',
    breaks: 'a ratchet key gets a heartbeat for each of its messages',
    file: 'packages/omemo-core/src/sessions/heartbeat.ts',
    find: 'return heartbeatFor === undefined || !sameBytes(heartbeatFor, otherRatchetKey);',
    replace: 'return heartbeatFor === undefined || sameBytes(otherRatchetKey, otherRatchetKey);',
  },
  {
    row: 'S49',
    breaks: 'any list is taken for our own',
    file: 'packages/omemo-core/src/messages/receive.ts',
    find: 'const jid = event.from ?? context.jid;',
    replace: 'const jid = context.jid;',
  },
  {
    row: 'S53',
    breaks: 'there is no pause between announcements',
    file: 'packages/omemo-core/src/debts/announcement-pauses.ts',
    find: 'if (until !== undefined) {',
    replace: 'if (until !== undefined && until < 0) {',
  },
  {
    row: 'S54',
    breaks: 'a node that only some may read is taken for open',
    file: 'packages/omemo-core/src/debts/node-options.ts',
    find: "return got === asked || (asked === 'true' && got === '1');",
    replace: 'return got.length > 0;',
  },
  {
    row: 'S55',
    breaks: 'bundles that disappear are not missed',
    file: 'packages/omemo-core/src/debts/publish-bundle.ts',
    find: 'if (before.some(({ id }) => !kept.some((one) => one.id === id))) {',
    replace: 'if (before.some(({ id }) => id === undefined)) {',
  },
  {
    row: 'S57',
    breaks: 'every room is taken for members-only',
    file: 'packages/omemo-core/src/rooms/configuration.ts',
    find: "access: has('muc_membersonly') ? 'members-only' : 'open',",
    replace: "access: 'members-only',",
  },
  {
    row: 'S60',
    breaks: 'an account may show ever new devices',
    file: 'packages/omemo-core/src/devices/make-room.ts',
    find: 'const over = trust.devices.length + fresh.length - 2 * limits.maxDevices;',
    replace: 'const over = trust.devices.length + fresh.length - 100 * limits.maxDevices;',
  },
  {
    row: 'S63',
    breaks: 'what was deleted stays in the file',
    file: 'packages/storage-sqlite/src/open-database.ts',
    find: "'secure_delete = ON',",
    replace: "'secure_delete = OFF',",
  },
];
