import { bareJid, bareJidOf, decodeBase64, encodeBase64, parseId } from '@omemo-kit/omemo-wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalDomain } from '../../src/address/domain-part.ts';
import { canonicalLocal } from '../../src/address/local-part.ts';
import { displayLabel } from '../../src/elements/display-label.ts';
import { formatDateTime, parseDateTime } from '../../src/envelope/date-time.ts';
import { outcomeOf } from '../outcome.ts';
import { runs } from './runs.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 20 }));

describe('hostile values', () => {
  test('base64: whatever is read is what would be written', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'AZaz09+/=', ' ', '\n', '-', '@', 'é'), maxLength: 24 });
    let accepted = 0;
    fc.assert(
      fc.property(fc.oneof(digits, anyText), (text) => {
        const outcome = outcomeOf(() => decodeBase64(text));
        if (!('value' in outcome)) return;
        accepted += 1;
        expect(encodeBase64(outcome.value)).toBe(text.replace(/[ \t\r\n]/g, ''));
      }),
      runs(6_000),
    );
    expect(accepted).toBeGreaterThan(200);
  });

  test('base64: everything that is written is read, as a Buffer reads it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(encodeBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
        expect(decodeBase64(encodeBase64(bytes))).toEqual(bytes);
      }),
      runs(1_000),
    );
  });

  test('ids: whatever is read is a uint32 of the same digits', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText, fc.string({ unit: fc.constantFrom(...'0123456789eExX+-. _'), maxLength: 12 })),
        (text) => {
          const outcome = outcomeOf(() => parseId(text));
          if ('value' in outcome) expect(String(outcome.value)).toBe(text.replace(/^0+(?=.)/, ''));
        },
      ),
      runs(5_000),
    );
  });

  test('times: whatever is read is written as the same instant', () => {
    const stamp = fc
      .tuple(
        fc.date({ noInvalidDate: true, min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z') }),
        fc.nat(30),
        fc.string({ maxLength: 2 }),
      )
      .map(([date, at, inserted]) => date.toISOString().slice(0, at) + inserted + date.toISOString().slice(at));
    fc.assert(
      fc.property(fc.oneof(stamp, anyText), (text) => {
        const outcome = outcomeOf(() => parseDateTime(text));
        if (!('value' in outcome)) return;
        const rewritten = outcomeOf(() => formatDateTime(outcome.value));
        if ('value' in rewritten) expect(parseDateTime(rewritten.value)).toEqual(outcome.value);
      }),
      runs(3_000),
    );
  });

  test('labels: what is shown needs no second look', () => {
    fc.assert(
      fc.property(anyText, (label) => {
        const { text, altered } = displayLabel(label);
        expect(altered).toBe(text !== label);
        expect(displayLabel(text)).toEqual({ text, altered: false });
      }),
      runs(5_000),
    );
  });
});

describe('JIDs', () => {
  const letter = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...'abzAZ09.-_') },
    {
      weight: 2,
      arbitrary: fc.constantFrom(...'éÉßẞſİıΣσςǅＡａ１．。カﾞｶÅÅΩK①ﬁ', '\u0301', '\u0345', '\u200d', '\u3000'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  );
  const part = fc.string({ unit: letter, maxLength: 12 });
  const label = fc.oneof(
    part,
    fc.string({ unit: fc.constantFrom(...'abk019-'), maxLength: 10 }).map((text) => `xn--${text}`),
  );
  const domain = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.'));
  const jid = fc.oneof(
    { weight: 3, arbitrary: fc.tuple(part, domain).map(([local, host]) => `${local}@${host}`) },
    { weight: 1, arbitrary: domain },
    { weight: 1, arbitrary: anyText },
  );

  test('a canonical form is its own canonical form', () => {
    let accepted = 0;
    fc.assert(
      fc.property(jid, (text) => {
        const outcome = outcomeOf(() => bareJid(text));
        if (!('value' in outcome)) return;
        accepted += 1;
        const canonical: string = outcome.value;
        expect(bareJid(canonical)).toBe(canonical);
        expect(canonical).toBe(canonical.normalize('NFKC'));
        expect(canonical).toBe(canonical.toLowerCase());
        expect(canonical).not.toMatch(/[\s/]|^@|@$|@.*@|\.$/u);
        expect(bareJidOf(`${text}/resource`)).toBe(canonical);
      }),
      runs(6_000),
    );
    expect(accepted).toBeGreaterThan(500);
  });

  test('the short way for plain addresses leads where the long one does', () => {
    const local = fc.string({ unit: fc.constantFrom(...'az09._-+=~!#$%*?^`{|}()[];,\\"&\':<> A'), maxLength: 8 });
    const host = fc.string({ unit: fc.constantFrom(...'axn09.--__ :[]'), maxLength: 12 });
    fc.assert(
      fc.property(local, host, (local, host) => {
        const short = outcomeOf(() => bareJid(`${local}@${host}`));
        const long = outcomeOf(() => `${canonicalLocal(local)}@${canonicalDomain(host)}`);
        expect('value' in short && short.value).toBe('value' in long && long.value);
      }),
      runs(5_000),
    );
  });

  test('case, width, normalization and a final dot make no difference', () => {
    const wide = (text: string) =>
      text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));
    const ascii = fc
      .string({ unit: fc.constantFrom(...'abcxyz019-_'), minLength: 1, maxLength: 10 })
      .filter((text) => !text.startsWith('xn--'));
    fc.assert(
      fc.property(ascii, ascii, (local, host) => {
        const canonical = bareJid(`${local}@${host}.example`);
        for (const spelling of [
          `${local.toUpperCase()}@${host}.EXAMPLE`,
          `${wide(local)}@${wide(host)}.example.`,
          `${local}@${host}。example`,
        ]) {
          expect(bareJid(spelling)).toBe(canonical);
        }
      }),
      runs(1_000),
    );
  });
});
