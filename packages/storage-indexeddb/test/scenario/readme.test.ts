import { readFileSync } from 'node:fs';
import { chromiumAvailability, launchChromium } from '@omemo-kit/backends/chromium';
import { describeBackend } from '@omemo-kit/backends/vitest';
import { expect, it } from 'vitest';

const example = new URL('../browser/readme-example.ts', import.meta.url);
const readme = new URL('../../README.md', import.meta.url);

describeBackend(chromiumAvailability(), 'the example in the README', () => {
  it('is this one, and runs in a page', async () => {
    expect(readFileSync(readme, 'utf8')).toContain(`\`\`\`ts no-run\n${readFileSync(example, 'utf8')}\`\`\``);
    const chromium = await launchChromium();
    try {
      await chromium.openPage({ entry: example });
    } finally {
      await chromium.close();
    }
  });
});
