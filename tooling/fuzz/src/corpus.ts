import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Input } from './target.ts';

const FOLDER = join(import.meta.dirname, '..', 'corpus');

/** An input that a target failed on once. */
export interface KeptInput {
  readonly target: string;
  readonly input: Input;
}

/** Writes an input where the tests replay it; the same one has the same name. */
export async function keepInput({ target, input }: KeptInput): Promise<string> {
  const text = typeof input === 'string';
  const kept = JSON.stringify(
    text ? { target, text: input } : { target, base64: Buffer.from(input).toString('base64') },
    null,
    2,
  );
  const name = `${createHash('sha256').update(kept).digest('hex').slice(0, 16)}.json`;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, name), `${kept}\n`);
  return name;
}

export async function keptInputs(): Promise<readonly KeptInput[]> {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => {
      const kept = JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as {
        target: string;
        text?: string;
        base64?: string;
      };
      return { target: kept.target, input: kept.text ?? new Uint8Array(Buffer.from(kept.base64 ?? '', 'base64')) };
    }),
  );
}
