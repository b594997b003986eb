import { TransportError } from '@omemo-kit/omemo-core/ports';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { joinRoom, leaveRoom } from '../../src/index.ts';
import { FakeChannel } from '../fake-channel.ts';

const room = 'tea@rooms.example.org';
const user = 'http://jabber.org/protocol/muc#user';
const presence = (nick: string, inside: string, type = '') =>
  `<presence from="${room}/${nick}"${type && ` type="${type}"`}>${inside}</presence>`;
const status = (...codes: number[]) =>
  `<x xmlns="${user}">${codes.map((code) => `<status code="${code}"/>`).join('')}</x>`;

afterEach(() => void vi.useRealTimers());

describe('joinRoom', () => {
  test('is through with the own presence, after which nobody else is to come', async () => {
    const channel = new FakeChannel();
    const joining = joinRoom({ channel, room, nick: 'alice', password: 'open', history: 0 });
    expect(channel.sent.map(String)).toEqual([
      `<presence to="${room}/alice"><x xmlns="http://jabber.org/protocol/muc"><history maxstanzas="0"/><password>open</password></x></presence>`,
    ]);
    channel.arrive(presence('bob', status()));
    channel.arrive(presence('alice', status(110), 'unavailable'));
    channel.arrive(`<presence from="other@rooms.example.org/alice">${status(110)}</presence>`);
    expect(channel.listening).toBe(1);
    channel.arrive(presence('Alice', status(110, 210, 201)));
    expect(await joining).toEqual({ room, nick: 'Alice', codes: [110, 210, 201] });
    expect(channel.listening).toBe(0);
  });

  test('a refusal keeps its condition', async () => {
    const channel = new FakeChannel();
    const joining = joinRoom({ channel, room, nick: 'alice' });
    const error = '<registration-required xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>';
    channel.arrive(presence('alice', `<error type="auth">${error}</error>`, 'error'));
    await expect(joining).rejects.toMatchObject({ condition: 'registration-required' });
    expect(channel.listening).toBe(0);
  });

  test.each([
    ['an empty nick', { room, nick: '' }],
    ['a nick of spaces', { room, nick: ' \u3000 ' }],
    ['a nick with a line break', { room, nick: 'al\nice' }],
    ['a nick of more than 1023 bytes', { room, nick: 'é'.repeat(512) }],
    ['a service', { room: 'rooms.example.org', nick: 'alice' }],
    ['a domain that is none', { room: 'tea@rooms..example', nick: 'alice' }],
    ['a local part that is none', { room: 't ea@rooms.example.org', nick: 'alice' }],
    ['nothing', { room: '', nick: 'alice' }],
  ])('%s is refused at once, and nothing is sent (RFC 7622, XEP-0045 7.2)', async (_, wrong) => {
    const channel = new FakeChannel();
    const error = await joinRoom({ channel, ...wrong, timeout: 1 }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({ condition: 'jid-malformed' });
    expect([channel.sent, channel.listening]).toEqual([[], 0]);
  });

  test('a room that says nothing is not waited for for ever', async () => {
    vi.useFakeTimers();
    const channel = new FakeChannel();
    const joining = joinRoom({ channel, room, nick: 'alice', timeout: 1_000 });
    const failed = expect(joining).rejects.toMatchObject({ condition: 'timeout' });
    await vi.advanceTimersByTimeAsync(1_000);
    await failed;
    expect(channel.listening).toBe(0);
  });

  test('it can be aborted, before and after', async () => {
    const abort = new AbortController();
    const channel = new FakeChannel();
    const joining = joinRoom({ channel, room, nick: 'alice', signal: abort.signal });
    abort.abort();
    await expect(joining).rejects.toMatchObject({ condition: 'aborted' });
    const late = joinRoom({ channel, room, nick: 'alice', signal: abort.signal });
    await expect(late).rejects.toMatchObject({ condition: 'aborted' });
    expect(channel.listening).toBe(0);
  });

  test('leaving is an unavailable presence', async () => {
    const channel = new FakeChannel();
    await leaveRoom(channel, { room, nick: 'alice' });
    expect(channel.sent.map(String)).toEqual([`<presence to="${room}/alice" type="unavailable"/>`]);
  });
});
