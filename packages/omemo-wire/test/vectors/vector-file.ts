import { readFileSync } from 'node:fs';

export type Expectation = 'accept' | 'refuse' | 'either';

/** The cases of `data/<name>.json`, recorded with python-omemo. */
export function readCases<Case>(name: string): readonly Case[] {
  const text = readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly cases: readonly Case[] }).cases;
}
