import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { type Mutant, mutated } from './mutant.ts';

/** A copy of the checkout to break things in. What is installed is shared; links between packages lead inside the copy. */
export class TreeCopy implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async of(root: string): Promise<TreeCopy> {
    const path = await mkdtemp(join(tmpdir(), 'omemo-kit-mutation-'));
    await cp(root, path, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !isLeftOut(relative(root, source)),
    });
    await symlink(join(root, 'node_modules'), join(path, 'node_modules'));
    return new TreeCopy(path);
  }

  /** Runs `work` while a rule is taken out. @throws TypeError as `mutated`. */
  async without<T>(mutant: Mutant, work: () => Promise<T>): Promise<T> {
    const file = join(this.path, mutant.file);
    const text = await readFile(file, 'utf8');
    await writeFile(file, mutated(text, mutant));
    try {
      return await work();
    } finally {
      await writeFile(file, text);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

function isLeftOut(path: string): boolean {
  const [top] = path.split(sep);
  return (
    top === '.git' || path === 'node_modules' || path.split(sep).some((part) => part === 'dist' || part === '.turbo')
  );
}
