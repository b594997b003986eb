import { expect, test } from 'vitest';
import { describeCorpus } from '../support/corpus.ts';
import { codeOf } from '../support/errors.ts';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';

interface Wycheproof<T> {
  readonly testGroups: readonly { readonly keySize: number; readonly tagSize?: number; readonly tests: readonly T[] }[];
}

interface Hmac {
  readonly tcId: number;
  readonly key: string;
  readonly msg: string;
  readonly tag: string;
  readonly result: string;
}

describeCorpus<Wycheproof<Hmac>>('wycheproof/hmac_sha256_test.json', ({ testGroups }) => {
  const tests = testGroups.flatMap((group) => group.tests);

  test.each(providers)('174 of 174 ($name)', ({ primitives }) => {
    const wrong = tests.filter(({ key, msg, tag, result }) => {
      const mac = toHex(primitives.hmacSha256(hex(key), hex(msg))).slice(0, tag.length);
      return (mac === tag) !== (result === 'valid');
    });
    expect(tests).toHaveLength(174);
    expect(wrong.map((t) => t.tcId)).toEqual([]);
  });
});

interface Hkdf {
  readonly tcId: number;
  readonly ikm: string;
  readonly salt: string;
  readonly info: string;
  readonly size: number;
  readonly okm: string;
  readonly result: string;
}

describeCorpus<Wycheproof<Hkdf>>('wycheproof/hkdf_sha256_test.json', ({ testGroups }) => {
  const tests = testGroups.flatMap((group) => group.tests);

  test.each(providers)('86 of 86 ($name)', ({ primitives }) => {
    const wrong = tests.filter(({ ikm, salt, info, size, okm, result }) => {
      const derive = () =>
        primitives.hkdfSha256({ inputKeyMaterial: hex(ikm), salt: hex(salt), info: hex(info), length: size });
      return result === 'valid' ? toHex(derive()) !== okm : codeOf(derive) !== 'invalid-argument';
    });
    expect(tests).toHaveLength(86);
    expect(wrong.map((t) => t.tcId)).toEqual([]);
  });
});

interface Cbc {
  readonly tcId: number;
  readonly key: string;
  readonly iv: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: string;
}

describeCorpus<Wycheproof<Cbc>>('wycheproof/aes_cbc_pkcs5_test.json', ({ testGroups }) => {
  const tests = testGroups.filter((group) => group.keySize === 256).flatMap((group) => group.tests);

  test.each(providers)('the 72 with a 256-bit key ($name)', ({ primitives }) => {
    const wrong = tests.filter((vector) => {
      const key = hex(vector.key);
      const iv = hex(vector.iv);
      const decrypt = () => primitives.aes256CbcDecrypt({ key, iv, ciphertext: hex(vector.ct) });
      if (vector.result !== 'valid') return codeOf(decrypt) !== 'invalid-padding';
      const encrypted = primitives.aes256CbcEncrypt({ key, iv, plaintext: hex(vector.msg) });
      return toHex(encrypted) !== vector.ct || toHex(decrypt()) !== vector.msg;
    });
    expect(tests).toHaveLength(72);
    expect(wrong.map((t) => t.tcId)).toEqual([]);
  });
});

interface Nist {
  readonly name: string;
  readonly cipher: string;
  readonly key: string;
  readonly iv?: string;
  readonly blocks: readonly { readonly plaintext: string; readonly ciphertext: string }[];
}

describeCorpus<readonly Nist[]>('noble/nist_800_38a.json', (cases) => {
  const cbc256 = cases.filter((c) => c.cipher === 'cbc' && c.key.length === 64);

  test.each(providers)('NIST SP 800-38A F.2.5 and F.2.6 ($name)', ({ primitives }) => {
    expect(cbc256.map((c) => c.name)).toHaveLength(2);
    for (const vector of cbc256) {
      const encrypted = primitives.aes256CbcEncrypt({
        key: hex(vector.key),
        iv: hex(vector.iv ?? ''),
        plaintext: hex(vector.blocks.map((block) => block.plaintext).join('')),
      });
      // One more block than NIST has: the padding.
      expect(toHex(encrypted.subarray(0, 64))).toBe(vector.blocks.map((block) => block.ciphertext).join(''));
      expect(encrypted).toHaveLength(80);
    }
  });
});
