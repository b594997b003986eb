import { type Chromium, type ChromiumPage, chromiumAvailability, launchChromium } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hex, toHex } from '../support/hex.ts';
import { lowOrderU, smallOrderPoints } from '../support/points.ts';
import { noble } from '../support/providers.ts';
import { rfcVectors } from '../support/vector-file.ts';

type AheadEntry = typeof import('../browser/ahead-entry.ts');

const { rfc7748, rfc8032 } = rfcVectors();

describeBackend(chromiumAvailability(), 'crypto.subtle of a browser, computing ahead', () => {
  let chromium: Chromium;
  let page: ChromiumPage<AheadEntry>;
  beforeAll(async () => {
    chromium = await launchChromium();
    page = await chromium.openPage<AheadEntry>({ entry: new URL('../browser/ahead-entry.ts', import.meta.url) });
  });
  afterAll(() => chromium?.close());

  test('knows the curve', async () => {
    expect(await page.call('hasEngine')).toBe(true);
  });

  test.each(rfc7748.x25519)('RFC 7748 5.2: $out', async ({ scalar, u, out }) => {
    expect(await page.call('agree', hex(scalar), hex(u))).toEqual(hex(out));
    expect(await page.call('publicKeyOf', hex(scalar))).toEqual(noble.x25519KeyPair(hex(scalar)).publicKey);
  });

  test.each(rfc8032)('RFC 8032 7.1: $pk', async ({ pk, msg, sig }) => {
    expect(await page.call('importIdentityKey', hex(pk))).toEqual(hex(pk));
    const signed = { publicKey: hex(pk), message: hex(msg), signature: hex(sig) };
    expect(await page.call('verify', signed)).toBe(true);
    const damaged = { ...signed, message: hex(`${msg}00`) };
    expect(await page.call('verify', damaged)).toBe('not computed ahead');
  });

  test('affirms nothing of keys of low order: they are left to be refused', async () => {
    const own = new Uint8Array(32).fill(7);
    for (const u of lowOrderU) expect(await page.call('agree', own, u), toHex(u)).toBe('not computed ahead');
    for (const bytes of smallOrderPoints) {
      const outcome = await page.call('importIdentityKey', bytes);
      expect(['not computed ahead', 'small-order-key'], toHex(bytes)).toContain(outcome);
    }
  });

  test('is not there on a page without it', async () => {
    await page.call('withoutWebCrypto');
    expect(await page.call('hasEngine')).toBe(false);
  });
});
