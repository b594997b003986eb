import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

/** What is needed to run the QXmpp client of a tree that debian13/make-root.sh made. */
export interface Debian13Tree {
  readonly program: string;
  readonly loader: string;
  /** Folders of libraries, that of the architecture first. */
  readonly libraries: readonly string[];
}

/** The tree that `OMEMO_DEBIAN13_ROOT` names, or why there is none. */
export function debian13Tree(env: Readonly<Record<string, string | undefined>> = process.env): Debian13Tree | string {
  const root = env['OMEMO_DEBIAN13_ROOT'];
  if (root === undefined || root === '') return 'OMEMO_DEBIAN13_ROOT names no tree of Debian 13';
  const program = join(root, 'opt/omemo-kit/qxmpp-client');
  if (!existsSync(program)) return `there is no ${program}`;
  const [loader] = globSync(['lib64/ld-linux-*.so.*', 'lib/ld-linux-*.so.*'].map((pattern) => join(root, pattern)));
  const [libraries] = globSync(join(root, 'usr/lib/*-linux-gnu'));
  if (loader === undefined || libraries === undefined) return `${root} has no loader or no libraries`;
  return { program, loader, libraries: [libraries, join(libraries, 'libproxy')] };
}
