import { chromiumAvailability } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';
import { measureBrowser } from '../../src/browser/measure-browser.ts';

describeBackend(chromiumAvailability(), 'the first message to a room, in a browser', () => {
  it('reaches every device, whichever way the curve is computed', async () => {
    // It throws when a device is not reached.
    const { devices, ways } = await measureBrowser(12, 1);
    expect({ devices, names: ways.map(({ name }) => name) }).toEqual({
      devices: 12,
      names: ['ahead, by crypto.subtle', 'ahead, by noble in slices', 'by noble, in the steps'],
    });
  });
});
