import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { nobleHook } from '../measure-in-process.ts';
import { installCommand, notMeasured, type PeerEntry, peers } from './catalogue.ts';
import { compileC } from './compile-c.ts';
import { MeasuringProcess } from './process.ts';

const OUR_WORKER = fileURLToPath(new URL('our-worker.ts', import.meta.url));
const NPM_WORKER = fileURLToPath(new URL('npm-worker.ts', import.meta.url));
const PYTHON_WORKER = fileURLToPath(new URL('../../python/twomemo_bench.py', import.meta.url));
const C_SOURCES = fileURLToPath(new URL('../../c', import.meta.url));
/** Ignored by Git and by whoever installs this repository: one of them has 151 MB, and other licences than ours. */
const FOLDER = fileURLToPath(new URL('../../node_modules/.cache/peers', import.meta.url));
/** The collector's threads would take the second processor of two; as in the other parts. */
const NODE = ['--single-threaded-gc', '--conditions=@omemo-kit/source'];

/** Ours in three forms, and all peers that can be had. @returns also why the others cannot */
export async function startAll(): Promise<{ running: MeasuringProcess[]; missing: string[] }> {
  const running: MeasuringProcess[] = [];
  const missing: string[] = [...notMeasured];
  const node = (name: string, differs: string, args: readonly string[]) =>
    MeasuringProcess.start({ name, differs, command: process.execPath, args: [...NODE, ...args] });
  running.push(await node('omemo-kit', 'node:crypto, fields at fixed places', [OUR_WORKER]));
  running.push(
    await node('omemo-kit, protobuf', 'the strict one of omemo-wire, in (c), (d), (f) and (g)', [
      OUR_WORKER,
      'protobuf',
    ]),
  );
  running.push(await node('omemo-kit, noble', 'as in a browser', ['--import', nobleHook, OUR_WORKER]));
  for (const peer of peers) {
    try {
      running.push(await startPeer(peer));
    } catch (error) {
      missing.push(`${peer.name}: ${error instanceof Error ? error.message.trim() : error}${installLine(peer)}`);
    }
  }
  return { running, missing };
}

/** @throws where it cannot be had on this machine */
export async function startPeer({ name, differs, npm, debian }: PeerEntry): Promise<MeasuringProcess> {
  if (npm !== undefined) {
    await install(`${npm.package}@${npm.version}`, npm.package);
    const args = [...NODE, NPM_WORKER, npm.module, npm.package, FOLDER];
    return MeasuringProcess.start({ name: `${name} ${npm.version}`, differs, command: process.execPath, args });
  }
  if (debian?.driver === 'c') {
    const { program: command, version } = await compileLibomemoDriver();
    return MeasuringProcess.start({ name: `${name} ${version}`, differs, command, args: [] });
  }
  // The Python of the system: others do not see packages of Debian.
  return MeasuringProcess.start({ name, differs, command: '/usr/bin/python3', args: [PYTHON_WORKER] });
}

function compileLibomemoDriver() {
  const libraries = ['libomemo-c', 'libcrypto'] as const;
  return compileC({ sources: C_SOURCES, program: 'libomemo-c-bench', libraries, folder: FOLDER });
}

function installLine({ debian }: PeerEntry): string {
  if (debian === undefined) return '';
  return `; to install it: ${installCommand(debian.packages)}`;
}

/** Once, into the folder of the cache; scripts of the package do not run. */
async function install(specifier: string, name: string): Promise<void> {
  if (existsSync(join(FOLDER, 'node_modules', name))) return;
  await mkdir(FOLDER, { recursive: true });
  const manifest = join(FOLDER, 'package.json');
  if (!existsSync(manifest)) await writeFile(manifest, '{ "private": true }\n');
  const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', specifier];
  await promisify(execFile)('npm', npm, { cwd: FOLDER });
}
