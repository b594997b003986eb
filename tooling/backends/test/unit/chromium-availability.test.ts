import { expect, it } from 'vitest';
import { chromiumAvailability } from '../../src/chromium/index.ts';

it('a Chromium that is named and not there is missing, with the line that installs one', () => {
  expect(chromiumAvailability({ OMEMO_CHROMIUM: '/nowhere/chromium' })).toEqual({
    available: false,
    name: 'chromium',
    reason: 'OMEMO_CHROMIUM names no program: /nowhere/chromium',
    install: 'apt-get install -y --no-install-recommends chromium',
  });
});

it('the one that is named is taken', () => {
  const executable = process.execPath;
  expect(chromiumAvailability({ OMEMO_CHROMIUM: executable })).toEqual({ available: true, executable });
});
