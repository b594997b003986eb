import { decodeAuthenticatedMessage, decodeKeyContent, decodeOmemoMessage } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { unhex } from '../hex.ts';
import { outcomeOf } from '../outcome.ts';
import { type Expectation, readCases } from './vector-file.ts';

interface EncodingCase {
  readonly what: string;
  readonly wire: string;
  readonly kex: boolean;
  readonly expect: Expectation;
}

/** What this package does where the specification is silent. */
const CHOICES: Readonly<Record<string, 'accept' | 'refuse'>> = {
  'message: n written twice, the last one right': 'refuse',
  'message: n as a longer varint than needed': 'accept',
  'message: n with bits above 32': 'refuse',
  'message: n missing (a proto3 encoder drops zeros)': 'refuse',
  'message: pn missing (a proto3 encoder drops zeros)': 'refuse',
  'message: mac twice, the last one right': 'refuse',
  'kex: pk_id twice, the last one right': 'refuse',
  'kex: message split into two occurrences (protobuf merges them)': 'refuse',
};

/** Well-formed messages that only decryption or the store of pre-keys can refuse. */
const BEYOND_THE_WIRE = ['message: bad PKCS#7 padding under a good seal', 'kex: pk_id 0'];

const cases = readCases<EncodingCase>('encodings');

function decodeAll(bytes: Uint8Array) {
  const content = decodeKeyContent(bytes);
  const { mac, message } = decodeAuthenticatedMessage(content.message);
  return { content, mac, message, inner: decodeOmemoMessage(message) };
}

describe('encodings.json', () => {
  test.each(cases.map((one) => [one.what, one] as const))('%s', (what, one) => {
    const outcome = outcomeOf(() => decodeAll(unhex(one.wire)));
    const wanted = BEYOND_THE_WIRE.includes(what) ? 'accept' : one.expect === 'either' ? CHOICES[what] : one.expect;
    expect('value' in outcome ? 'accept' : 'refuse').toBe(wanted);
    if (!('value' in outcome)) return;
    expect(outcome.value.content.type).toBe(one.kex ? 'key-exchange' : 'authenticated-message');
    expect(outcome.value.inner).toMatchObject({ n: expect.any(Number), pn: expect.any(Number) });
  });

  test('lists every choice that a case leaves open, and no other', () => {
    const open = cases.filter((one) => one.expect === 'either').map((one) => one.what);
    expect(open.sort()).toEqual(Object.keys(CHOICES).sort());
  });
});
