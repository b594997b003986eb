declare const process: { umask?(mask: number): number } | undefined;

/**
 * Does it with a file mode mask that leaves everybody but the owner out, so that a file made meanwhile has mode 0600;
 * SQLite gives `-wal` and `-shm` the mode of the database. The mask belongs to the process: for that moment other threads
 * have it too. Worker threads may not set it, and Windows has none.
 */
export function ownerOnly<T>(work: () => T): T {
  let mask: number | undefined;
  try {
    mask = typeof process === 'undefined' ? undefined : process.umask?.(0o077);
  } catch {
    // A worker thread: the file gets the mode that the process gives to files.
  }
  try {
    return work();
  } finally {
    if (mask !== undefined) process?.umask?.(mask);
  }
}
