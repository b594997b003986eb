import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, loadavg, release, type } from 'node:os';

/** Goals are for the version that most users will have; others are measured for comparison. */
const NODE_OF_GOALS = '26';

export interface Machine {
  /** When the run began, ISO 8601. */
  readonly date: string;
  readonly node: string;
  readonly openssl: string;
  readonly cpu: string;
  readonly cores: number;
  readonly system: string;
  /** Processes that wanted to run in the minute before. Above the number of cores the microseconds mean little. */
  readonly load: number;
  readonly packages: Readonly<Record<string, string>>;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    date: new Date().toISOString(),
    node: process.versions.node,
    openssl: process.versions.openssl,
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? 0,
    packages: Object.fromEntries(
      ['@noble/curves', '@noble/hashes', '@noble/ciphers'].map((name) => [name, versionOf(name)]),
    ),
  };
}

export function machineLines({ node, openssl, cpu, cores, system, load, packages }: Machine): readonly string[] {
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  return [
    `Node ${node} (OpenSSL ${openssl}), ${cores} x ${cpu}, ${system}, load ${load.toFixed(1)}`,
    versions.join(', '),
    ...(node.split('.')[0] === NODE_OF_GOALS ? [] : [`Goals are for Node ${NODE_OF_GOALS}.`]),
    ...(load > cores ? ['Others are at work on this machine: trust the ratios, not the microseconds.'] : []),
  ];
}

function versionOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  const manifest: unknown = JSON.parse(path === undefined ? '{}' : readFileSync(path, 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
