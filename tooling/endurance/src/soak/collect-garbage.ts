import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Else code that has not run for some rounds is thrown away in one of them, and 4 MiB less in the middle of a run hide a leak.
setFlagsFromString('--no-flush-bytecode');

/** Twice: what the first round finalizes is freed by the second. */
export function collectGarbage(): void {
  // As `--expose-gc` does, for those who were started without it.
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  gc();
  gc();
}
