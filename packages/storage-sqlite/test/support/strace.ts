import { execFileSync } from 'node:child_process';
import { describeBackend } from '@omemo-kit/backends/vitest';

/** The program, found on the PATH. */
export const strace = 'strace';

function straceAvailability(): Parameters<typeof describeBackend>[0] {
  try {
    execFileSync(strace, ['-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return { available: true };
  } catch (error) {
    const isThere = (error as { code?: string }).code !== 'ENOENT';
    const reason = isThere ? 'it may not trace processes here' : 'no such program';
    return { available: false, name: 'strace', reason, install: 'apt-get install -y strace' };
  }
}

/** `describe` for tests that watch the system calls of a child, or make them fail. */
export function describeStrace(title: string, block: () => void): void {
  describeBackend(straceAvailability(), title, block);
}
