import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly process: ChildProcessWithoutNullStreams;
  /** The next line it prints. @throws when it ends without. */
  line(): Promise<string>;
  /** The lines it still prints, and how it ended. */
  end(): Promise<{ readonly lines: string[]; readonly code: number | null; readonly errors: string }>;
}

/** Starts a script of `test/processes` in a process of its own; `before` goes in front, such as `strace` with its options. */
export function startChild(
  script: URL,
  {
    args,
    before = [],
    options = [],
  }: { args: readonly string[]; before?: readonly string[]; options?: readonly string[] },
): Child {
  const path = fileURLToPath(script);
  const [program, ...rest] = [...before, process.execPath, '--conditions=@omemo-kit/source', ...options, path, ...args];
  const child = spawn(program!, rest, { stdio: 'pipe' });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('close', (code) => resolve(code));
    child.on('error', reject);
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    line: async () => {
      const { value, done } = await lines.next();
      if (done) throw new Error(`${path} ended too early: ${errors}`);
      return value;
    },
    end: async () => {
      const rest: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) rest.push(next.value);
      return { lines: rest, code: await ended, errors };
    },
  };
}
