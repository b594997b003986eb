import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { twomemoAvailability } from '../../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'omemo-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

function interpreter(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('twomemoAvailability', () => {
  it('takes an interpreter that misses nothing', () => {
    expect(twomemoAvailability(interpreter('complete', 'echo'))).toEqual({ available: true });
  });

  it.each([
    ['that is not there', () => '/nowhere/python3', '/nowhere/python3 cannot be run'],
    ['that fails', () => interpreter('failing', 'echo broken >&2; exit 1'), 'failed: broken'],
    ['without the packages', () => interpreter('bare', 'echo twomemo xmlschema'), 'has no module twomemo, xmlschema'],
  ])('tells of an interpreter %s, and what to install', (_, make, reason) => {
    expect(twomemoAvailability(make())).toEqual({
      available: false,
      reason: expect.stringContaining(reason),
      install: expect.stringMatching(/^apt-get install .*python3-twomemo python3-xmlschema$/),
    });
  });
});
