import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withHeard } from '../../src/sessions/heard.ts';
import type { SessionSet } from '../../src/sessions/session.ts';
import { noSessions } from '../../src/sessions/session.ts';
import {
  evictedSessions,
  findSession,
  retireAll,
  sendingSession,
  sessionWith,
  withAccepted,
  withInitiated,
  withStep,
} from '../../src/sessions/session-set.ts';
import { filled, identity, session, setOf } from '../samples.ts';

const first = (set: SessionSet) => sendingSession(set)?.id[0];

describe('the sessions of a device', () => {
  test('none: nothing to send with', () => {
    expect(sendingSession(noSessions)).toBeUndefined();
    expect(sessionWith(noSessions, identity.publicKey)).toBeUndefined();
  });

  test('one that we start takes the place of all others, which only read from then on', () => {
    const set = withInitiated(setOf(session(1), session(2, { standing: 'replaced' })), session(3));
    expect(first(set)).toBe(3);
    expect(set.sessions.map(({ standing }) => standing)).toEqual(['live', 'retired', 'retired']);
    expect(set.answerOwed).toBe(false);
  });

  test('one that the device starts takes over sending, and an answer is owed (5.6, section 6)', () => {
    const set = withAccepted(setOf(session(1, { proven: true })), session(2, { role: 'recipient' }));
    expect(first(set)).toBe(2);
    expect(set.answerOwed).toBe(true);
    expect(findSession(set, filled(32, 1))?.standing).not.toBe('live');
  });

  test('one that the device starts retires its own earlier ones, and replaces one of ours that it had answered (R91)', () => {
    const before = setOf(session(1, { role: 'recipient', proven: true }), session(2, { proven: true }));
    const set = withAccepted(before, session(3, { role: 'recipient' }));
    expect(set.sessions.map(({ id, standing }) => [id[0], standing])).toEqual([
      [3, 'live'],
      [1, 'retired'],
      [2, 'replaced'],
    ]);
  });

  test('one of ours that is not answered stays beside the one that crossed it', () => {
    const set = withAccepted(setOf(session(1)), session(2, { role: 'recipient' }));
    expect(findSession(set, filled(32, 1))?.standing).toBe('live');
    expect(first(set)).toBe(2);
  });

  test('replaced by hand: none sends, all read, the device is to hear of it', () => {
    const set = retireAll(setOf(session(1), session(2)));
    expect(sendingSession(set)).toBeUndefined();
    expect(set.sessions).toHaveLength(2);
    expect(set.answerOwed).toBe(true);
  });

  test('one made with another identity key is not sent with', () => {
    const set = setOf(session(1));
    expect(sessionWith(set, identity.publicKey)).toBeUndefined();
    expect(sessionWith(set, session(1).identityKey)?.id[0]).toBe(1);
    expect(sessionWith(set, undefined)).toBeUndefined();
  });

  test('one that was retired never sends again, however often it is heard', () => {
    let set = retireAll(setOf(session(1)));
    set = withInitiated(set, session(2));
    for (let round = 0; round < 10; round++) {
      set = withHeard(set, { ...findSession(set, filled(32, 1))!, proven: true }, 'current');
    }
    expect(first(set)).toBe(2);
  });

  test('a late message changes nothing but its own session', () => {
    const set = setOf(session(2), session(1));
    const heard = withHeard(set, { ...session(1), received: 9, proven: true }, 'late');
    expect(first(heard)).toBe(2);
    expect(findSession(heard, filled(32, 1))).toMatchObject({ received: 9, proven: true });
  });

  test('a step replaces that session and no other', () => {
    const set = setOf(session(1), session(2));
    const stepped = withStep(set, { ...session(2), received: 5 });
    expect(stepped.sessions.map(({ received }) => received)).toEqual([0, 5]);
    expect(set.sessions.map(({ received }) => received)).toEqual([0, 0]);
  });
});

type Event = readonly ['initiate' | 'accept' | 'retire' | 'hear', number];
const events = fc.array(
  fc.tuple(fc.constantFrom('initiate' as const, 'accept' as const, 'retire' as const, 'hear' as const), fc.nat(4)),
  { maxLength: 40 },
);

function applied(schedule: readonly Event[], check: (before: SessionSet, after: SessionSet) => void): SessionSet {
  let set: SessionSet = noSessions;
  let next = 1;
  for (const [event, pick] of schedule) {
    const before = set;
    if (event === 'initiate') set = withInitiated(set, session(next++));
    else if (event === 'accept') set = withAccepted(set, session(next++, { role: 'recipient' }));
    else if (event === 'retire') set = retireAll(set);
    else {
      const heard = set.sessions[pick % Math.max(1, set.sessions.length)];
      if (heard !== undefined) set = withHeard(set, { ...heard, proven: true, confirmed: true }, 'current');
    }
    check(before, set);
  }
  return set;
}

describe('whatever happens to them', () => {
  test('at most five are kept, each once, and the newest always', () => {
    fc.assert(
      fc.property(events, (schedule) => {
        applied(schedule, (before, after) => {
          expect(after.sessions.length).toBeLessThanOrEqual(5);
          expect(new Set(after.sessions.map(({ id }) => id[0])).size).toBe(after.sessions.length);
          const added = after.sessions.find(({ id }) => findSession(before, id) === undefined);
          if (added !== undefined) expect(sendingSession(after)).toBe(added);
        });
      }),
    );
  });

  test('the newest proven one is not the one that makes room', () => {
    fc.assert(
      fc.property(events, (schedule) => {
        applied(schedule, (before, after) => {
          const evicted = evictedSessions(before, after);
          const proven = before.sessions.find((one) => one.proven);
          if (proven !== undefined) expect(evicted).not.toContain(proven);
          expect(evicted).toHaveLength(before.sessions.filter(({ id }) => findSession(after, id) === undefined).length);
        });
      }),
    );
  });

  test('one that was replaced by hand does not send again', () => {
    fc.assert(
      fc.property(events, (schedule) => {
        applied(schedule, (before, after) => {
          for (const { id, standing } of before.sessions) {
            if (standing === 'retired') expect(findSession(after, id)?.standing ?? 'retired').toBe('retired');
          }
        });
      }),
    );
  });
});
