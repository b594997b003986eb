import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Argon2idOptions, createArgon2id } from '../../src/argon2id.ts';
import { findNativeArgon2id } from '../../src/node-argon2id.ts';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { argon2idProviders } from '../support/argon2id-providers.ts';
import { toHex, utf8 } from '../support/hex.ts';

const cheap: Argon2idOptions = {
  passphrase: 'correct horse',
  salt: new Uint8Array(16).fill(1),
  memoryKiB: 8,
  iterations: 1,
  parallelism: 1,
  length: 32,
};

describe.each(argon2idProviders)('argon2id ($name)', ({ argon2id }) => {
  const derive = async (options: Partial<Argon2idOptions>): Promise<string> => {
    return toHex(await argon2id({ ...cheap, ...options }));
  };
  const codeOf = async (options: Partial<Record<keyof Argon2idOptions, unknown>>): Promise<string> => {
    try {
      await argon2id({ ...cheap, ...options } as Argon2idOptions);
    } catch (error) {
      if (error instanceof PrimitivesError) return error.code;
      throw error;
    }
    return 'returned';
  };

  test('one text is one passphrase, however it was typed', async () => {
    expect(await derive({ passphrase: 'caf\u00e9 \u212b' })).toBe(await derive({ passphrase: 'cafe\u0301 \u00c5' }));
    expect(await derive({ passphrase: '\ufb01\uff11' })).toBe(await derive({ passphrase: 'fi1' }));
    expect(await derive({ passphrase: 'caf\u00e9' })).toBe(await derive({ passphrase: utf8('caf\u00e9') }));
  });

  test('but not however it is written: case and spaces count, and bytes are taken as they are', async () => {
    const texts = ['a b', 'A b', 'ab', 'a b ', ''];
    expect(new Set(await Promise.all(texts.map((passphrase) => derive({ passphrase }))))).toHaveLength(texts.length);
    expect(await derive({ passphrase: 'cafe\u0301' })).not.toBe(await derive({ passphrase: utf8('cafe\u0301') }));
  });

  test('every parameter changes the result', async () => {
    const others: readonly Partial<Argon2idOptions>[] = [
      {},
      { salt: new Uint8Array(17).fill(1) },
      { memoryKiB: 16 },
      { iterations: 2 },
      { parallelism: 2, memoryKiB: 16 },
      { length: 33 },
      { secret: utf8('s') },
      { associatedData: utf8('s') },
    ];
    const starts = (await Promise.all(others.map(derive))).map((derived) => derived.slice(0, 64));
    expect(new Set(starts)).toHaveLength(others.length);
  });

  test('bytes of a passphrase are left alone, and the answer is a plain array of its own', async () => {
    const passphrase = utf8('as bytes');
    const derived = await argon2id({ ...cheap, passphrase, length: 100 });
    expect(passphrase).toEqual(utf8('as bytes'));
    expect(Object.getPrototypeOf(derived)).toBe(Uint8Array.prototype);
    expect(derived.buffer.byteLength).toBe(100);
  });

  test('parameters out of range are a mistake of the caller', async () => {
    const wrong: readonly Partial<Record<keyof Argon2idOptions, unknown>>[] = [
      { passphrase: undefined },
      { passphrase: 'half a \ud83d' },
      { salt: new Uint8Array(7) },
      { salt: 'somesalt' },
      { memoryKiB: 7 },
      { memoryKiB: 15, parallelism: 2 },
      { memoryKiB: 2 ** 21 + 1 },
      { memoryKiB: 8.5 },
      { iterations: 0 },
      { iterations: 2 ** 32 },
      { parallelism: 0 },
      { parallelism: 2 ** 24, memoryKiB: 2 ** 21 },
      { parallelism: Number.NaN },
      { length: 3 },
      { length: 1025 },
      { secret: 'pepper' },
      { associatedData: 'context' },
    ];
    for (const options of wrong) expect([options, await codeOf(options)]).toEqual([options, 'invalid-argument']);
    expect(await codeOf({ length: 4 })).toBe('returned');
    expect(await codeOf({ length: 1024 })).toBe('returned');
  });

  test('the event loop goes on meanwhile', async () => {
    let done = false;
    let turns = 0;
    const derived = argon2id({ ...cheap, memoryKiB: 32 * 1024, iterations: 2 }).finally(() => {
      done = true;
    });
    for (; !done; turns++) await setImmediate();
    await derived;
    expect(turns).toBeGreaterThan(2);
  });
});

test('an engine without the memory is unavailable, and says how much was asked for', async () => {
  const cause = new RangeError('Array buffer allocation failed');
  const argon2id = createArgon2id(() => Promise.reject(cause));
  const error: unknown = await argon2id(cheap).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'PrimitivesError', code: 'unavailable', details: { memoryKiB: 8 }, cause });
  expect(String(error)).not.toContain('horse');
});

test('a node:crypto without Argon2id, or with a wrong one, is not used', () => {
  const argon2 = () => expect.fail('not to be called');
  expect(findNativeArgon2id({})).toBeUndefined();
  expect(findNativeArgon2id({ argon2, argon2Sync: () => expect.fail('no Argon2 in this OpenSSL') })).toBeUndefined();
  expect(findNativeArgon2id({ argon2, argon2Sync: () => Buffer.alloc(32) })).toBeUndefined();
});
