import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordKeys } from '../../src/records/keys.ts';

/** What the Store port takes for a key. */
const KEY = /^[!-.0-~]+(?:\/[!-.0-~]+)*$/;
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const id = fc.nat(0xffff_ffff);

function everyKey(account: string, jid: string, deviceId: number): string[] {
  const keys = recordKeys(account);
  const address = { jid, deviceId, sessionId: new Uint8Array(32).fill(deviceId) };
  return [
    ...[keys.identity, keys.bundle, keys.inboxState, keys.outboxState, keys.inboxPrefix, keys.outboxPrefix],
    ...[keys.debtPrefix, keys.deviceListPrefix, keys.trustPrefix, keys.sessionPrefix, keys.preKey(deviceId)],
    ...[keys.deviceList(jid), keys.trust(jid), keys.sessionsOf(jid), keys.session(jid, deviceId)],
    ...[keys.skippedPrefix(address), keys.skipped(address, new Uint8Array(32), deviceId), keys.seen(jid, deviceId, 63)],
    ...[keys.inbox(jid), keys.outbox(jid), keys.answerDebt(jid, deviceId), keys.refreshDebt(jid)],
  ];
}

describe('the names of records', () => {
  test('are keys of the Store port, whatever names they are made of', () => {
    fc.assert(
      fc.property(name, name, id, (account, jid, deviceId) => {
        for (const key of everyKey(account, jid, deviceId)) expect(key).toMatch(KEY);
      }),
    );
  });

  test('of one account all begin with its segment, and no other account’s does', () => {
    fc.assert(
      fc.property(name, name, name, id, (one, other, jid, deviceId) => {
        const { account } = recordKeys(one);
        expect(everyKey(one, jid, deviceId).every((key) => key.startsWith(`${account}/`))).toBe(true);
        if (one === other) return;
        expect(everyKey(other, jid, deviceId).some((key) => key.startsWith(`${account}/`))).toBe(false);
      }),
    );
  });

  test('of two things are two', () => {
    fc.assert(
      fc.property(name, name, id, id, (jid, other, deviceId, otherId) => {
        const all = everyKey('me', jid, deviceId);
        expect(new Set(all).size).toBe(all.length);
        if (jid === other && deviceId === otherId) return;
        const keys = recordKeys('me');
        expect(keys.session(jid, deviceId)).not.toBe(keys.session(other, otherId));
        expect(keys.answerDebt(jid, deviceId)).not.toBe(keys.answerDebt(other, otherId));
        if (jid !== other) expect(keys.trust(jid)).not.toBe(keys.trust(other));
      }),
    );
  });

  test('are readable', () => {
    const keys = recordKeys('alice@example.org');
    expect(keys.session('bob@example.net', 7)).toBe('alice%40example.org/session/bob%40example.net/7');
    expect(keys.trust('__proto__')).toBe('alice%40example.org/trust/__proto__');
    expect(keys.inbox('a b/c%')).toBe('alice%40example.org/inbox/a%20b%2Fc%25');
  });
});
