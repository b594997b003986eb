import { spawn } from 'node:child_process';

/**
 * A shell that outlives us: when this process ends, however it does, its end of the pipe closes, and the shell ends the server and
 * removes its folder. Returns how to send it away when that was done in order.
 */
export function guardAgainstOrphans(folder: string): () => void {
  const script = `
    cat >/dev/null
    if [ -f "$1/data/postmaster.pid" ]; then kill -QUIT "$(head -n 1 "$1/data/postmaster.pid")" 2>/dev/null; sleep 1; fi
    rm -rf "$1"
  `;
  const guard = spawn('/bin/sh', ['-c', script, 'orphan-guard', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Neither it nor the pipe keeps the test run from ending.
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return () => guard.stdin.end();
}
