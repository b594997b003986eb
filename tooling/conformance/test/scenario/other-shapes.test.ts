import { describe, expect, test } from 'vitest';
import { type Json, replay, vectors } from '../vectors-folder.ts';

/** Recordings as another run of the generator might write them. */
describe('nothing depends on the names, the order or the number of things', () => {
  test('devices of other names', async () => {
    const text = JSON.stringify(vectors('transcripts/s14-session-replaced'));
    const renamed = text.replaceAll('"alice"', '"Zoë at home"').replaceAll('"bob"', '"2"');
    const report = await replay(JSON.parse(renamed));
    expect(report.failures).toEqual([]);
    expect(report.passed).toBe(17);
  });

  test('a world with devices of other names', async () => {
    const text = JSON.stringify(vectors('worlds/w2-two-devices-each'));
    const report = await replay(JSON.parse(text.replaceAll('alice1', 'phone with case').replaceAll('bob2', 'x')));
    expect(report.failures).toEqual([]);
  });

  test('members in another order', async () => {
    const reversed = (json: Json): Json => {
      if (Array.isArray(json)) return json.map(reversed);
      if (json === null || typeof json !== 'object') return json;
      return Object.fromEntries(
        Object.entries(json)
          .reverse()
          .map(([name, value]) => [name, reversed(value)]),
      );
    };
    for (const name of ['transcripts/s13-pre-key-used-up', 'refused-messages', 'worlds/w1-one-to-one']) {
      expect((await replay(reversed(vectors(name)))).failures).toEqual([]);
    }
  });

  test('a transcript that ends early, without counts and final states', async () => {
    const json = vectors('transcripts/r2-rough-01');
    json.steps.splice(17);
    delete json.counts;
    delete json.final;
    const report = await replay(json);
    expect(report.failures).toEqual([]);
    expect(report.passed).toBe(19);
  });

  test('a bundle with fewer pre-keys', async () => {
    const json = vectors('transcripts/s01-hello');
    const used = json.steps[0].built.pk_id;
    const { bob } = json.devices;
    bob.pks = bob.pks.filter(({ id }: Json) => id === used);
    const keep = new RegExp(`<pk id="(?!${used}")\\d+">[^<]*</pk>`, 'g');
    bob.bundle_xml = bob.bundle_xml.replace(keep, '');
    expect((await replay(json)).failures).toEqual([]);
  });

  test('cases in another order', async () => {
    const json = vectors('refused-key-exchanges');
    json.cases.reverse();
    expect((await replay(json)).failures).toEqual([]);
  });
});

describe('deviations that are allowed, and only those', () => {
  test('a copy that the recording reads is a duplicate here', async () => {
    const json = vectors('transcripts/s09-duplicates');
    json.steps[2].expect = 'ok';
    delete json.counts;
    const report = await replay(json);
    expect(report.failures).toEqual([]);
    expect(report.deviations.get('read in the recording, a duplicate here of what was read before')).toBe(1);
  });

  test('a kept session may read what the recording refuses, but not when it is called forged', async () => {
    const json = vectors('transcripts/s14-session-replaced');
    expect((await replay(json)).deviations.get('refused in the recording, read here by a kept session')).toBe(1);
    json.steps[7].forged = 'mac';
    const report = await replay(json);
    expect(report.failures.map(({ what }) => what)).toEqual(['message, though forged']);
  });

  test('and not when something else than the recorded plaintext was sent', async () => {
    const json = vectors('transcripts/s14-session-replaced');
    json.steps[4].content.plaintext = `${json.steps[4].content.plaintext}00`;
    const report = await replay(json);
    expect(report.failures.map(({ step }) => step)).toContain('as bob: step 7 (decrypt of message 2)');
  });

  test('either may be either', async () => {
    const json = vectors('refused-payloads');
    for (const one of json.cases) one.expect = 'either';
    const report = await replay(json);
    expect(report.failures).toEqual([]);
    expect(report.deviations.get('either is allowed, accepted here')).toBe(2);
    expect(report.deviations.get('either is allowed, refused here')).toBe(22);
  });
});
