import { expect, test } from 'vitest';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { Secret } from '../../src/secret.ts';
import { describeCorpus } from '../support/corpus.ts';
import { hex, toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tests: readonly {
      readonly tcId: number;
      readonly public: string;
      readonly private: string;
      readonly shared: string;
      readonly flags: readonly string[];
    }[];
  }[];
}

describeCorpus<Wycheproof>('wycheproof/x25519_test.json', ({ testGroups }) => {
  const tests = testGroups.flatMap((group) => group.tests);

  test.each(providers)('518 results, 31 of them refused as all zero ($name)', ({ primitives }) => {
    const wrong: number[] = [];
    const refused: number[] = [];
    for (const vector of tests) {
      try {
        const shared = primitives.x25519(new Secret(hex(vector.private)), hex(vector.public));
        if (toHex(shared.expose()) !== vector.shared || vector.flags.includes('ZeroSharedSecret'))
          wrong.push(vector.tcId);
      } catch (error) {
        expect(error).toBeInstanceOf(PrimitivesError);
        expect(error).toHaveProperty('code', 'zero-shared-secret');
        if (!/^0+$/.test(vector.shared)) wrong.push(vector.tcId);
        refused.push(vector.tcId);
      }
    }
    expect(tests).toHaveLength(518);
    expect(wrong).toEqual([]);
    expect(refused).toHaveLength(31);
  });
});
