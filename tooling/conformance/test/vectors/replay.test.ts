import { expect, test } from 'vitest';
import { replayDirectory } from '../../src/replay-directory.ts';
import { vectorsFolder } from '../vectors-folder.ts';

test('every recording of the reference implementation is met, in every role', async () => {
  const report = await replayDirectory(vectorsFolder);
  expect(report.failures).toEqual([]);
  expect(report.lines().filter((line) => !line.startsWith('deviation'))).toEqual([
    'encodings: 1 file, 46 passed, 0 failed',
    'identities: 1 file, 24 passed, 0 failed',
    'kdf: 1 file, 12 passed, 0 failed',
    'labels: 1 file, 8 passed, 0 failed',
    'payloads: 1 file, 19 passed, 0 failed',
    'points: 1 file, 110 passed, 0 failed',
    'refused-bundles: 1 file, 23 passed, 0 failed',
    'refused-key-exchanges: 1 file, 35 passed, 0 failed',
    'refused-messages: 1 file, 54 passed, 0 failed',
    'refused-payloads: 1 file, 24 passed, 0 failed',
    'sealed: 1 file, 16 passed, 0 failed',
    'signatures: 1 file, 16 passed, 0 failed',
    'transcripts: 35 files, 3009 passed, 0 failed',
    'worlds: 4 files, 598 passed, 0 failed',
    'x3dh: 1 file, 8 passed, 0 failed',
    'xml: 1 file, 58 passed, 0 failed',
    'index: 1 file, 53 passed, 0 failed',
    '4113 passed, 0 failed',
  ]);
  // A change here is a change of behaviour towards peers: look at it before the number is adapted.
  expect(Object.fromEntries(report.deviations)).toEqual({
    'either is allowed, accepted here': 24,
    'either is allowed, refused here': 12,
    'refused in the recording, a duplicate here': 67,
    'refused in the recording, read here by a kept session': 3,
  });
});
