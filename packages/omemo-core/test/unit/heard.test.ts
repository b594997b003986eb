import { Secret } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { withHeard } from '../../src/sessions/heard.ts';
import type { Session, SessionSet } from '../../src/sessions/session.ts';
import { sendingSession } from '../../src/sessions/session-set.ts';
import { filled, session, setOf } from '../samples.ts';

/** A session that we wrote to so often since the device last answered in it. */
function unanswered(messages: number, mark: number, overrides: Partial<Session> = {}): Session {
  const made = session(mark, overrides);
  const sendingChain = { key: new Secret(filled(32, 1)), messageNumber: messages };
  return { ...made, ratchet: { ...made.ratchet, sendingChain } };
}

function hear(set: SessionSet, heard: Session, times: number): SessionSet {
  let now = set;
  for (let time = 0; time < times; time++) now = withHeard(now, { ...heard, received: time }, 'current');
  return now;
}

const sendingIn = (set: SessionSet) => sendingSession(set)?.id[0];

describe('the device is heard over another session than the one we send with', () => {
  test('a live one takes over at once from one that is not proven', () => {
    const set = setOf(session(1), session(2, { proven: true }));
    expect(sendingIn(hear(set, session(2, { proven: true }), 1))).toBe(2);
  });

  test('of two proven live ones the smaller ephemeral key takes over at once, the larger one with the second message', () => {
    const small = session(1, { proven: true });
    const large = session(2, { proven: true });
    expect(sendingIn(hear(setOf(large, small), small, 1))).toBe(1);
    expect(sendingIn(hear(setOf(small, large), large, 1))).toBe(1);
    expect(sendingIn(hear(setOf(small, large), large, 2))).toBe(2);
  });

  test('a replaced one takes over when three of ours were not answered and it is heard three times', () => {
    const replaced = session(2, { standing: 'replaced', proven: true });
    expect(sendingIn(hear(setOf(unanswered(3, 1), replaced), replaced, 2))).toBe(1);
    expect(sendingIn(hear(setOf(unanswered(3, 1), replaced), replaced, 3))).toBe(2);
  });

  test.each(['replaced', 'retired'] as const)(
    'late messages of a %s one change nothing while ours is answered',
    (standing) => {
      const old = session(2, { standing, proven: true });
      const after = hear(setOf(unanswered(2, 1, { role: 'recipient' }), old), old, 5);
      expect(sendingIn(after)).toBe(1);
      expect(after.answerOwed).toBe(false);
    },
  );

  test('a retired one that the device goes on with calls for a new session, and does not send', () => {
    const retired = session(2, { standing: 'retired', proven: true });
    const after = hear(setOf(unanswered(3, 1, { role: 'recipient' }), retired), retired, 3);
    expect(sendingIn(after)).toBeUndefined();
    expect(after.answerOwed).toBe(true);
  });

  test('a new session of ours that is on its way gets twice the time before it is made again', () => {
    const retired = session(2, { standing: 'retired', proven: true });
    const onItsWay = (messages: number) => unanswered(messages, 1, { role: 'initiator', proven: false });
    for (const [messages, times] of [
      [6, 5],
      [5, 9],
    ] as const) {
      const after = hear(setOf(onItsWay(messages), retired), retired, times);
      expect(sendingIn(after)).toBe(1);
      expect(after.answerOwed).toBe(false);
    }
    const after = hear(setOf(onItsWay(6), retired), retired, 6);
    expect(sendingIn(after)).toBeUndefined();
    expect(after.answerOwed).toBe(true);
  });
});
