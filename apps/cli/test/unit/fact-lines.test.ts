import { describe, expect, test } from 'vitest';
import { factLines } from '../../src/facts/fact-lines.ts';
import type { Fact, MessageFact } from '../../src/facts/facts.ts';
import { createInk } from '../../src/terminal/ink.ts';

const plain = createInk(1);
const lines = (fact: Fact) => factLines(fact, plain);

const message: MessageFact = {
  type: 'message',
  id: 'm1',
  from: 'bob@example.net',
  deviceId: 7,
  trust: 'verified',
  room: undefined,
  to: 'alice@example.org',
  at: '2026-01-01T00:00:00.000Z',
  via: 'direct',
  missing: 0,
  text: 'hello',
};

describe('a message for a person', () => {
  test('says when, who and what', () => {
    expect(lines(message)).toEqual(['2026-01-01T00:00:00.000Z bob@example.net: hello']);
  });

  test('says what its device is worth unless it is verified (R126)', () => {
    expect(lines({ ...message, trust: 'undecided' })[0]).toContain('[undecided]');
    expect(lines({ ...message, trust: 'distrusted' })[0]).toContain('[distrusted]');
  });

  test('says where it was, and what is missing before it', () => {
    expect(lines({ ...message, room: 'friends@rooms.example.org', missing: 2 })).toEqual([
      '2 earlier messages have not come',
      '2026-01-01T00:00:00.000Z bob@example.net in friends@rooms.example.org: hello',
    ]);
    expect(lines({ ...message, via: 'carbon', to: 'carol@example.org' })[0]).toContain('to carol@example.org');
  });

  test('does nothing to the terminal, and cannot look like another line', () => {
    const [first, second] = lines({ ...message, text: '\u001b[2Jone\n2026 bob: two' });
    expect(first).toMatch(/: ␛\[2Jone$/);
    expect(second).toBe('  | 2026 bob: two');
  });
});

test('labels, reasons and notices of others are shown as text', () => {
  const device = { type: 'device', jid: 'a@b.c', deviceId: 1, fingerprint: [], trust: 'undecided' } as const;
  const rest = { changed: true, current: false, listed: false, label: '\u202eenohp' };
  expect(lines({ ...device, ...rest })).toEqual([
    'a@b.c device 1 “<U+202E>enohp”: undecided, not on the list, its identity key changed',
  ]);
  expect(lines({ type: 'notice', about: 'opt-out', jid: 'a@b.c', text: '\u0007' })).toEqual(['opt-out (a@b.c): ␇']);
});

test('who does not read a message is said with the reason', () => {
  const reader = { type: 'reader', jid: 'a@b.c', deviceId: 1, fingerprint: [], trust: 'trusted' } as const;
  expect(lines({ ...reader, access: 'reads', keyExchange: true })[0]).toContain('a key exchange comes along');
  expect(lines({ ...reader, access: 'distrusted', keyExchange: true })).toEqual([
    'a@b.c device 1: does not, by your decision',
  ]);
});
