import { expect, test } from 'vitest';
import type { Primitives } from '../../src/primitives.ts';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { describeCorpus } from '../support/corpus.ts';
import { hex, utf8 } from '../support/hex.ts';
import { providers } from '../support/providers.ts';

/** The way every signature of a peer goes: the key is imported, then the signature verified. */
function accepts(
  primitives: Primitives,
  { key, message, signature }: { key: Uint8Array; message: Uint8Array; signature: Uint8Array },
): boolean {
  try {
    return primitives.verify({ publicKey: primitives.importEd25519PublicKey(key), message, signature });
  } catch (error) {
    if (error instanceof PrimitivesError) return false;
    throw error;
  }
}

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly pk: string };
    readonly tests: readonly {
      readonly tcId: number;
      readonly msg: string;
      readonly sig: string;
      readonly result: string;
    }[];
  }[];
}

describeCorpus<Wycheproof>('wycheproof/ed25519_test.json', ({ testGroups }) => {
  const tests = testGroups.flatMap((group) => group.tests.map((t) => ({ ...t, pk: group.publicKey.pk })));

  test.each(providers)('151 of 151 ($name)', ({ primitives }) => {
    const wrong = tests.filter(
      ({ pk, msg, sig, result }) =>
        accepts(primitives, { key: hex(pk), message: hex(msg), signature: hex(sig) }) !== (result === 'valid'),
    );
    expect(tests).toHaveLength(151);
    expect(wrong.map((t) => t.tcId)).toEqual([]);
  });
});

interface Speccheck {
  readonly message: string;
  readonly pub_key: string;
  readonly signature: string;
}

for (const file of ['speccheck/cases.json', 'noble/edge-cases.json']) {
  describeCorpus<readonly Speccheck[]>(file, (cases) => {
    test.each(providers)('0 of 12 accepted ($name)', ({ primitives }) => {
      const accepted = cases.filter((c) =>
        accepts(primitives, { key: hex(c.pub_key), message: hex(c.message), signature: hex(c.signature) }),
      );
      expect(cases).toHaveLength(12);
      expect(accepted).toEqual([]);
    });
  });
}

interface Cctv {
  readonly number: number;
  readonly key: string;
  readonly sig: string;
  readonly msg: string;
  readonly flags: readonly string[] | null;
}

/** An honest key, and an R that only the owner of the key can have made odd: RFC 8032 5.1.7 with its factor 8 says yes. */
const CCTV_ACCEPTED = [266, 267, 285, 286, 304, 305, 335, 336, 348, 349, 361, 362, 374, 375, 387, 388];

describeCorpus<readonly Cctv[]>('cctv-ed25519/ed25519vectors.json', (cases) => {
  test.each(providers)('these 16 of 914 accepted ($name)', ({ primitives }) => {
    const accepted = cases.filter(({ key, msg, sig }) =>
      accepts(primitives, { key: hex(key), message: utf8(msg), signature: hex(sig) }),
    );
    expect(cases).toHaveLength(914);
    expect(accepted.map((c) => c.number)).toEqual(CCTV_ACCEPTED);
  });

  test.each(providers)('no low-order or mixed key is imported ($name)', ({ primitives }) => {
    const odd = new Set(
      cases
        .filter((c) => c.flags?.some((flag) => /^low_order(_component)?_A$|^non_canonical_A$/.test(flag)))
        .map((c) => c.key),
    );
    const imported = [...odd].filter((key) => {
      try {
        return primitives.importEd25519PublicKey(hex(key)).length === 32;
      } catch {
        return false;
      }
    });
    expect(odd.size).toBe(21);
    expect(imported).toEqual([]);
  });
});

interface Zip215 {
  readonly vk_bytes: string;
  readonly sig_bytes: string;
  readonly valid_zip215: boolean;
}

describeCorpus<readonly Zip215[]>('noble/zip215.json', (cases) => {
  test.each(providers)('of 196 that ZIP-215 takes, none is accepted ($name)', ({ primitives }) => {
    const accepted = cases.filter((c) =>
      accepts(primitives, { key: hex(c.vk_bytes), message: utf8('Zcash'), signature: hex(c.sig_bytes) }),
    );
    expect(cases.filter((c) => c.valid_zip215)).toHaveLength(196);
    expect(accepted).toEqual([]);
  });
});
