import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder of its own inside the checkout, where git does not look and installed packages resolve; gone when `use` is done.
 * Two runs at the same time do not meet.
 */
export async function withScratchFolder<T>(
  root: string,
  name: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(join(root, '.scratch'), { recursive: true });
  const folder = await mkdtemp(join(root, '.scratch', `${name}-`));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
