import { cbc } from '@noble/ciphers/aes.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptBlocks, encryptBlocks } from '../../src/noble-cbc.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** In blocks; four have arrays that live on. */
const size = fc.constantFrom(1, 3, 4, 5, 40);
const input = size.chain((blocks) => fc.record({ key: bytes(32), iv: bytes(16), blocks: bytes(blocks * 16) }));

test('AES-CBC over arrays that live on equals the plain one of noble, and gives arrays of its own', () => {
  fc.assert(
    fc.property(input, input, (one, other) => {
      const plain = ({ key, iv, blocks }: typeof one) => cbc(key, iv, { disablePadding: true }).encrypt(blocks);
      const given = structuredClone(one);
      const encrypted = encryptBlocks(one);
      const otherEncrypted = encryptBlocks(other);
      expect(encrypted).toEqual(plain(one));
      expect(otherEncrypted).toEqual(plain(other));
      const decrypted = decryptBlocks({ ...one, blocks: encrypted });
      decryptBlocks({ ...other, blocks: otherEncrypted });
      expect(decrypted).toEqual(given.blocks);
      expect(one).toEqual(given);
    }),
    { numRuns: 300 },
  );
});
