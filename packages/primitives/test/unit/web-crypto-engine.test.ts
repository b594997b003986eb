import { afterEach, describe, expect, test, vi } from 'vitest';
import { Secret } from '../../src/secret.ts';
import { findWebCryptoEngine } from '../../src/web-crypto-engine.ts';
import { webCryptoEngine } from '../support/ahead.ts';
import { fromLittleEndian, hex, littleEndian, toHex } from '../support/hex.ts';
import { L } from '../support/points.ts';
import { rfcVectors } from '../support/vector-file.ts';

const { rfc7748, rfc8032 } = rfcVectors();
const { subtle } = crypto;

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('crypto.subtle', () => {
  test.each(rfc7748.x25519)('RFC 7748 5.2: $out', async ({ scalar, u, out }) => {
    expect(toHex((await webCryptoEngine.x25519(new Secret(hex(scalar)), hex(u)))!)).toBe(out);
  });

  test.each(rfc8032)('RFC 8032 7.1: $pk', async ({ pk, msg, sig }) => {
    const input = { publicKey: hex(pk), message: hex(msg) };
    const signature = hex(sig);
    expect(await webCryptoEngine.ed25519Verify({ ...input, signature })).toBe(true);
    // S + L is the same number mod L.
    const large = new Uint8Array(signature);
    large.set(littleEndian(fromLittleEndian(signature.subarray(32)) + L), 32);
    expect(await webCryptoEngine.ed25519Verify({ ...input, signature: large })).toBe(false);
  });
});

describe('there is no engine', () => {
  test.each([
    ['no crypto', undefined],
    ['no crypto.subtle, as on a page without TLS', {}],
    ['no X25519', { subtle: { importKey: () => Promise.reject(new DOMException('', 'NotSupportedError')) } }],
    ['an X25519 that rejects', { subtle: failing(() => Promise.reject(new DOMException('', 'OperationError'))) }],
    ['an X25519 with other results', { subtle: failing(async () => new ArrayBuffer(32)) }],
  ])('where there is %s', async (_, value) => {
    vi.stubGlobal('crypto', value);
    expect(await findWebCryptoEngine()).toBeUndefined();
  });
});

function failing(deriveBits: () => Promise<ArrayBuffer>) {
  return { importKey: subtle.importKey.bind(subtle), deriveBits };
}
