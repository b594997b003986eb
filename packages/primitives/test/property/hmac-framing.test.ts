import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hkdfSha256, hkdfSha256Keys } from '../../src/hkdf-sha256.ts';
import { hmacSha256 } from '../../src/hmac-sha256.ts';
import { Secret } from '../../src/secret.ts';

/** The plain form: noble's public HMAC and HKDF. */
function plainHmac(key: Uint8Array, ...data: Uint8Array[]): Uint8Array {
  const mac = hmac.create(sha256, key);
  for (const part of data) mac.update(part);
  return mac.digest();
}

const parts = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 });
/** Around the block of 64 bytes, where keys begin to be hashed. */
const key = fc.oneof(fc.uint8Array({ maxLength: 140 }), fc.uint8Array({ minLength: 63, maxLength: 66 }));
const salt = fc.oneof(
  key,
  fc.integer({ min: 0, max: 70 }).map((length) => new Uint8Array(length)),
);

describe('HMAC and HKDF framed by hand equal the plain ones of noble', () => {
  test('HMAC of any key over any parts', () => {
    fc.assert(
      fc.property(key, parts, (k, data) => {
        expect(hmacSha256(k, ...data)).toEqual(plainHmac(k, ...data));
      }),
      { numRuns: 1000 },
    );
  });

  test('HMAC of every length from 0 to 300, and of 70,000 bytes at odd offsets', () => {
    const k = new Uint8Array(32).fill(7);
    const long = Uint8Array.from({ length: 70_003 }, (_, i) => i * 7);
    for (let length = 0; length <= 300; length++) {
      expect(hmacSha256(k, long.subarray(3, 3 + length))).toEqual(plainHmac(k, long.subarray(3, 3 + length)));
    }
    expect(hmacSha256(k, long.subarray(1, 5), long.subarray(3))).toEqual(
      plainHmac(k, long.subarray(1, 5), long.subarray(3)),
    );
  });

  test('HKDF of any length, with salts that are empty and zero among them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        salt,
        fc.uint8Array({ maxLength: 130 }),
        fc.integer({ min: 1, max: 300 }),
        (inputKeyMaterial, s, info, length) => {
          expect(hkdfSha256({ inputKeyMaterial, salt: s, info, length })).toEqual(
            hkdf(sha256, inputKeyMaterial, s, info, length),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('keys cut out of HKDF, within the scratch of 96 bytes and beyond', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), salt, lengths, (inputKeyMaterial, s, cut) => {
        const info = Uint8Array.of(1, 2);
        const keys = hkdfSha256Keys({ inputKeyMaterial, salt: s, info, lengths: cut });
        // A second call must not reach what the first gave.
        hkdfSha256Keys({ inputKeyMaterial: info, salt: info, info, lengths: cut });
        const whole = hkdf(
          sha256,
          inputKeyMaterial,
          s,
          info,
          cut.reduce((sum, length) => sum + length),
        );
        expect(keys.map((key) => key.length)).toEqual(cut);
        expect(Uint8Array.from(keys.flatMap((key) => [...key]))).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });

  test('HKDF of the longest output', () => {
    const input = { inputKeyMaterial: new Uint8Array(32), salt: new Uint8Array(32), info: new Uint8Array(3) };
    expect(hkdfSha256({ ...input, length: 8160 })).toEqual(
      hkdf(sha256, input.inputKeyMaterial, input.salt, input.info, 8160),
    );
  });

  test('the remembered key is never taken for another: any sequence of calls', () => {
    const secrets = [1, 2, 3].map((byte) => new Secret(new Uint8Array(32).fill(byte)));
    const call = fc.record({
      kind: fc.constantFrom('secret', 'bytes', 'salt', 'input', 'zero salt'),
      which: fc.constantFrom(...secrets),
      data: fc.uint8Array({ maxLength: 80 }),
    });
    fc.assert(
      fc.property(fc.array(call, { minLength: 2, maxLength: 12 }), (calls) => {
        for (const { kind, which, data } of calls) {
          const bytes = which.expose();
          if (kind === 'secret') expect(hmacSha256(which, data)).toEqual(plainHmac(bytes, data));
          else if (kind === 'bytes') expect(hmacSha256(bytes, data)).toEqual(plainHmac(bytes, data));
          else if (kind === 'salt') {
            expect(hkdfSha256({ inputKeyMaterial: data, salt: which, info: data, length: 64 })).toEqual(
              hkdf(sha256, data, bytes, data, 64),
            );
          } else {
            const s = kind === 'input' ? data : new Uint8Array(32);
            expect(hkdfSha256({ inputKeyMaterial: which, salt: s, info: data, length: 80 })).toEqual(
              hkdf(sha256, bytes, s, data, 80),
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a byte key that is changed between two calls counts as changed', () => {
    const k = new Uint8Array(32);
    const before = hmacSha256(k, k);
    k[0] = 1;
    expect(hmacSha256(k)).toEqual(plainHmac(k));
    expect(hmacSha256(k)).not.toEqual(before);
  });

  test('results are arrays of their own', () => {
    const k = new Secret(new Uint8Array(32));
    const first = hmacSha256(k, Uint8Array.of(1));
    const copy = new Uint8Array(first);
    hmacSha256(k, Uint8Array.of(2));
    expect(first).toEqual(copy);
    expect(first.buffer.byteLength).toBe(32);
  });
});
