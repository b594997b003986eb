import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import { CliError } from '../cli-error.ts';
import { OTHER_STORES } from './store-choice.ts';

/** What decides where a program keeps its data. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** The home directory; undefined when there is none. */
  readonly home: string | undefined;
}

const NAME = 'omemo-kit';

/**
 * The directory of this program's data, where the system wants it: by the XDG base directories on Linux and the like, in
 * Application Support on macOS, in the local (not the roaming) application data on Windows. Makes nothing.
 *
 * @throws CliError `store-unavailable` when nothing says where the user's data is.
 */
export function dataDirectory({ platform, env, home }: Surroundings): string {
  if (platform === 'win32') {
    const base = absolute(win32, env['LOCALAPPDATA']) ?? below(win32, home, 'AppData', 'Local');
    return win32.join(base ?? homeless(), NAME);
  }
  if (platform === 'darwin')
    return posix.join(below(posix, home, 'Library', 'Application Support') ?? homeless(), NAME);
  // A relative path is to be ignored (XDG Base Directory Specification).
  return posix.join(absolute(posix, env['XDG_DATA_HOME']) ?? below(posix, home, '.local', 'share') ?? homeless(), NAME);
}

/** The surroundings of this process. A home directory that does not exist is none, for nobody wants one to be made. */
export async function ownSurroundings(env: NodeJS.ProcessEnv = process.env): Promise<Surroundings> {
  return { platform: process.platform, env, home: await existingHome() };
}

async function existingHome(): Promise<string | undefined> {
  try {
    const home = homedir();
    return (await stat(home)).isDirectory() ? home : undefined;
  } catch {
    // `homedir` throws for a user who is in no password file, `stat` for a directory that is not there.
    return undefined;
  }
}

function absolute(path: typeof posix, directory: string | undefined): string | undefined {
  return directory !== undefined && path.isAbsolute(directory) ? directory : undefined;
}

function below(path: typeof posix, home: string | undefined, ...segments: readonly string[]): string | undefined {
  const base = absolute(path, home);
  return base === undefined ? undefined : path.join(base, ...segments);
}

function homeless(): never {
  const message = 'records cannot be kept: there is no home directory';
  throw new CliError('store-unavailable', message, { hint: OTHER_STORES });
}
