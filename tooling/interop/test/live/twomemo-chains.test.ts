import { expect, it } from 'vitest';
import { describePeer, useTwomemoPeer } from '../../src/vitest/index.ts';
import { isEmpty } from './support/letters.ts';
import { type PairOptions, World } from './support/pair.ts';

const MONOLOGUE = 120;
const LIMIT = 1000;

describePeer('twomemo', 'long chains between omemo-kit and python-omemo', () => {
  const peer = useTwomemoPeer();
  const open = (options: PairOptions = {}) => new World(peer()).pair(options);

  it('a monologue of ours with their heartbeats on time', async () => {
    const pair = await open();
    await pair.talk('before');
    const beats: number[] = [];
    for (let number = 1; number <= MONOLOGUE; number += 1) {
      const outcomes = await pair.say(pair.ours, `message ${number}`);
      if (outcomes.some(({ type }) => type === 'empty')) beats.push(number);
    }
    expect(beats).toEqual([54, 108]);
    await pair.talk('after');
  });

  it('a monologue of ours with their heartbeats late: many empty messages at once are answered by one, when they are a long chain themselves', async () => {
    const pair = await open();
    await pair.talk('before');
    for (let number = 1; number <= MONOLOGUE; number += 1) {
      await pair.ours.say(pair.theirs.jid, `message ${number}`);
      for (const letter of pair.mailTo(pair.theirs)) expect(await pair.hand(letter)).toMatchObject({ type: 'read' });
    }
    const beats = pair.mailTo(pair.ours);
    expect(beats).toHaveLength(MONOLOGUE - 53);
    expect(beats.every(isEmpty)).toBe(true);
    for (const beat of beats) expect(await pair.hand(beat)).toEqual({ type: 'empty' });
    const answers = pair.mailTo(pair.theirs);
    expect(answers.map(isEmpty)).toEqual([true]);
    expect(await pair.hand(answers[0]!)).toEqual({ type: 'empty' });
    expect(pair.world.mail).toEqual([]);
    await pair.talk('after');
  });

  it('a monologue of theirs is read', async () => {
    const pair = await open();
    await pair.talk('before');
    for (let number = 1; number <= MONOLOGUE; number += 1) await pair.say(pair.theirs, `message ${number}`);
    await pair.talk('after');
  });

  // XEP-0384 section 6: after the first message of a chain whose number is 53 or more.
  it('a monologue of theirs is answered by our heartbeats', async () => {
    const pair = await open();
    await pair.talk('before');
    const beats: number[] = [];
    for (let number = 1; number <= MONOLOGUE; number += 1) {
      const outcomes = await pair.say(pair.theirs, `message ${number}`);
      if (outcomes.some(({ type }) => type === 'empty')) beats.push(number);
    }
    // Two messages of theirs stand before the first of these in its chain: their answer to our key exchange, and a text. So the
    // 52nd has the number 53; their ratchet turns with our beat, and 54 messages later the next chain is there.
    expect(beats).toEqual([52, 106]);
  });

  it(`they skip ${LIMIT} messages of ours and no more`, async () => {
    const pair = await open();
    await pair.talk('before');
    for (let number = 0; number <= LIMIT; number += 1) await pair.ours.say(pair.theirs.jid, `${number}`);
    const letters = pair.mailTo(pair.theirs);
    expect(await pair.hand(letters.at(-1)!)).toMatchObject({ type: 'read', text: `${LIMIT}` });
    for (const number of [0, 500, LIMIT - 1]) {
      expect(await pair.hand(letters[number]!)).toMatchObject({ type: 'read', text: `${number}` });
    }
    for (let number = 0; number <= LIMIT; number += 1) await pair.ours.say(pair.theirs.jid, 'too far');
    await pair.ours.say(pair.theirs.jid, 'too far');
    expect(await pair.hand(pair.mailTo(pair.theirs).at(-1)!)).toMatchObject({
      type: 'unread',
      why: 'DecryptionFailed',
    });
    await pair.ours.omemo.replaceSessions({ jid: pair.theirs.jid });
    await pair.talk('after');
  });

  it(`we skip ${LIMIT} messages of theirs and no more`, async () => {
    const pair = await open();
    await pair.talk('before');
    for (let number = 0; number <= LIMIT; number += 1) await pair.theirs.say(pair.ours.jid, `${number}`);
    const letters = pair.mailTo(pair.ours);
    await pair.theirs.say(pair.ours.jid, 'too far');
    expect(await pair.hand(pair.mailTo(pair.ours)[0]!)).toEqual({ type: 'unread', why: 'too-many-skipped' });
    expect(await pair.hand(letters.at(-1)!)).toMatchObject({ type: 'read', text: `${LIMIT}` });
    for (const number of [0, 500, LIMIT - 1]) {
      expect(await pair.hand(letters[number]!)).toMatchObject({ type: 'read', text: `${number}` });
    }
    await pair.talk('after');
  });
});
