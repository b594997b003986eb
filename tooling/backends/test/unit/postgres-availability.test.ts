import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { postgresAvailability } from '../../src/postgres/index.ts';

const root = mkdtempSync(join(tmpdir(), 'omemo-kit-programs-'));
afterAll(() => rmSync(root, { recursive: true }));

function folder(name: string, ...programs: string[]): string {
  const path = join(root, name);
  mkdirSync(path);
  for (const program of programs) {
    writeFileSync(join(path, program), '');
    chmodSync(join(path, program), 0o755);
  }
  return path;
}

it('takes the folder that was chosen, else the first of PATH that has everything', () => {
  const whole = folder('whole', 'initdb', 'pg_ctl', 'postgres');
  const clients = folder('clients', 'psql', 'pg_ctl');
  expect(postgresAvailability({ OMEMO_PG_BIN: whole })).toEqual({ available: true, programs: whole });
  const PATH = [clients, whole].join(delimiter);
  expect(postgresAvailability({ PATH })).toEqual({ available: true, programs: whole });
});

it('says what is missing where the chosen folder has it not', () => {
  const empty = folder('empty');
  expect(postgresAvailability({ OMEMO_PG_BIN: empty })).toEqual({
    available: false,
    name: 'postgres',
    reason: `OMEMO_PG_BIN has no initdb and pg_ctl: ${empty}`,
    install: 'apt-get install -y --no-install-recommends postgresql',
  });
});
