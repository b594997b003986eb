import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { replayVectors } from '../src/replay-directory.ts';
import { Report } from '../src/report.ts';

/** The vectors that this package carries. */
export const vectorsFolder = fileURLToPath(new URL('../vectors', import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: tests change recordings at will
export type Json = any;

/** One of them, fresh, to be changed and replayed. */
export function vectors(name: string): Json {
  return JSON.parse(new TextDecoder().decode(gunzipSync(readFileSync(`${vectorsFolder}/omemo2/${name}.json.gz`))));
}

export async function replay(json: Json): Promise<Report> {
  const report = new Report();
  await replayVectors({ name: 'changed.json', bytes: new TextEncoder().encode(JSON.stringify(json)), report });
  return report;
}

/** Another digit in the middle of a text. */
export function damaged(text: string): string {
  const middle = Math.floor(text.length / 2);
  return `${text.slice(0, middle)}${text[middle] === '0' ? '1' : '0'}${text.slice(middle + 1)}`;
}
