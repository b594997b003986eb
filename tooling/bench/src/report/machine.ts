import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { cpus, loadavg, release, type } from 'node:os';

export interface Machine {
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

function versionOf(name: string): string {
  const path = findPackageJSON(name, import.meta.url);
  const manifest: unknown = JSON.parse(path === undefined ? '{}' : readFileSync(path, 'utf8'));
  return String((manifest as { version?: unknown }).version);
}
