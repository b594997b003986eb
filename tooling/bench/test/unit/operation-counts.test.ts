import { describe, expect, test, vi } from 'vitest';
import { makeJob } from '../../src/jobs/all-jobs.ts';
import { type JobId, jobIds } from '../../src/jobs/job.ts';
import { extras, operationCounts } from '../../src/jobs/operation-counts.ts';
import { hmacsOf } from '../../src/operations.ts';
import { countCompressions } from '../support/compressions.ts';

/** What was really done: by OpenSSL, and by the primitives of this package. */
const counted = vi.hoisted(() => ({
  diffieHellman: 0,
  createPrivateKey: 0,
  importedPublicKeys: 0,
  verify: 0,
  sign: 0,
  hmacs: 0,
  maps: 0,
  encryptions: 0,
  decryptions: 0,
}));

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>();
  return {
    ...real,
    diffieHellman: (...args: Parameters<typeof real.diffieHellman>) => {
      counted.diffieHellman++;
      return real.diffieHellman(...args);
    },
    createPrivateKey: (key: Parameters<typeof real.createPrivateKey>[0]) => {
      counted.createPrivateKey++;
      return real.createPrivateKey(key);
    },
    createPublicKey: (key: Parameters<typeof real.createPublicKey>[0]) => {
      // The public half of a private key object costs next to nothing: it is not counted.
      if (!(key instanceof real.KeyObject)) counted.importedPublicKeys++;
      return real.createPublicKey(key);
    },
    verify: (...args: Parameters<typeof real.verify>) => {
      counted.verify++;
      return real.verify(...args);
    },
    sign: (...args: Parameters<typeof real.sign>) => {
      counted.sign++;
      return real.sign(...args);
    },
  };
});

vi.mock('@omemo-kit/primitives', async (original) => {
  const real = await original<typeof import('@omemo-kit/primitives')>();
  return {
    ...real,
    hmacSha256: (...args: Parameters<typeof real.hmacSha256>) => {
      counted.hmacs++;
      return real.hmacSha256(...args);
    },
    hkdfSha256: (options: Parameters<typeof real.hkdfSha256>[0]) => {
      counted.hmacs += 1 + Math.ceil(options.length / 32);
      return real.hkdfSha256(options);
    },
    hkdfSha256Keys: (options: Parameters<typeof real.hkdfSha256Keys>[0]) => {
      counted.hmacs += 1 + Math.ceil(options.lengths.reduce((sum, length) => sum + length) / 32);
      return real.hkdfSha256Keys(options);
    },
    ed25519ToX25519: (key: Parameters<typeof real.ed25519ToX25519>[0]) => {
      counted.maps++;
      return real.ed25519ToX25519(key);
    },
    aes256CbcEncrypt: (options: Parameters<typeof real.aes256CbcEncrypt>[0]) => {
      counted.encryptions++;
      return real.aes256CbcEncrypt(options);
    },
    aes256CbcDecrypt: (options: Parameters<typeof real.aes256CbcDecrypt>[0]) => {
      counted.decryptions++;
      return real.aes256CbcDecrypt(options);
    },
  };
});

/** Units of each job; (g) has 1000 messages or none. */
const units = (id: JobId) => (id === 'g' ? 1000 : 3);

describe.each(jobIds)('job (%s)', (id) => {
  const job = makeJob[id]();
  // What is found out once in a lifetime (the own keys made ready) is no part of a job.
  job.prepare(job.step).run();

  test('does what OMEMO 2 needs and nothing more', () => {
    const count = units(id);
    const batch = job.prepare(count);
    for (const name of Object.keys(counted) as (keyof typeof counted)[]) counted[name] = 0;
    batch.run();
    const done = { ...counted };
    batch.check();

    const needed = operationCounts[id];
    expect(done).toEqual({
      diffieHellman: count * ((needed.dh ?? 0) + (needed.primeOrder ?? 0)),
      createPrivateKey: count * (needed.privateKey ?? 0),
      importedPublicKeys: count * (needed.publicImport ?? 0),
      verify: count * (needed.verify ?? 0),
      sign: count * (needed.sign ?? 0),
      hmacs: count * (hmacsOf(needed) + (extras[id]?.hmacs ?? 0)),
      maps: count * (needed.map ?? 0),
      encryptions: count * (needed.encrypt ?? 0),
      decryptions: count * (needed.decrypt ?? 0),
    });
  });
});

describe('the symmetric part', () => {
  test('7 HMACs of a message take 24 compressions: the states of a key are used again', () => {
    const job = makeJob.f();
    job.prepare(1).run();
    const batch = job.prepare(10);
    expect(countCompressions(() => batch.run())).toBe(10 * 24);
  });

  test('a message that is read in a chain takes as many', () => {
    const job = makeJob.c();
    job.prepare(1).run();
    const batch = job.prepare(10);
    expect(countCompressions(() => batch.run())).toBe(10 * 2 * 24);
  });
});
