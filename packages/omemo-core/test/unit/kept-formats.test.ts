import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Secret } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import type { RecordCodec } from '../../src/records/codec.ts';
import * as records from '../../src/records/index.ts';
import { samples } from '../samples.ts';

/** Every format that a release wrote: once here, never changed, and read for ever. */
const file = fileURLToPath(new URL('../fixtures/record-formats.json', import.meta.url));
type Kept = Record<string, { version: number; value: string; reads: unknown }[]>;
const kept: Kept = JSON.parse(readFileSync(file, 'utf8'));

const { recordKeys: _, ...byName } = records;
const codecs = Object.entries(byName) as unknown as readonly (readonly [keyof typeof samples, RecordCodec<unknown>])[];

/** As JSON shows it: bytes and secrets in hex. */
function plain(value: unknown): unknown {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  if (value instanceof Secret) return { secret: hex(value.expose()) };
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

const asJson = (value: unknown) => JSON.parse(JSON.stringify(plain(value)));

if (process.env['OMEMO_RECORD_SCHEMA'] === '1') {
  for (const [name, codec] of codecs) {
    const formats = kept[name] ?? [];
    kept[name] = formats;
    if (formats.some(({ version }) => version === codec.version)) continue;
    const value = Buffer.from(codec.encode(samples[name])).toString('hex');
    formats.push({ version: codec.version, value, reads: asJson(samples[name]) });
  }
  writeFileSync(file, `${JSON.stringify(kept, undefined, 1)}\n`);
}

describe.each(codecs)('%s', (name, codec) => {
  test('reads every version that was ever written', () => {
    const versions = kept[name]!.map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: codec.version }, (_, index) => index + 1));
    for (const { version, value, reads } of kept[name]!) {
      expect(asJson(codec.decode({ version, value: Buffer.from(value, 'hex') }))).toEqual(reads);
    }
  });
});

test('the version of the identity record is the generation of all of them', () => {
  const { version } = records.identityRecord;
  for (const [, codec] of codecs) expect(codec.version).toBeLessThanOrEqual(version);
});
