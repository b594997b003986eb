import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Citation, citationsOf } from './document-citations.ts';

/** The documents that list rows, with the letter their rows begin with and the number of the last one. */
export const coverageDocuments = [
  { document: 'SPEC-COVERAGE.md', letter: 'R', last: 139 },
  { document: 'THREAT-MODEL.md', letter: 'S', last: 65 },
] as const;

/** One line of a table: what it is about and what it cites. */
export interface CoverageRow {
  readonly document: string;
  readonly line: number;
  /** `R01`, `S31`: one or several of one line. */
  readonly rows: readonly string[];
  readonly tests: readonly Citation[];
  /** Files cited that are no tests. */
  readonly files: readonly Citation[];
}

/** The rows of both documents. */
export async function readCoverage(root: string): Promise<readonly CoverageRow[]> {
  const read = coverageDocuments.map(async ({ document, letter }) =>
    rowsOf(await readFile(join(root, document), 'utf8').catch(() => ''), { document, letter }),
  );
  return (await Promise.all(read)).flat();
}

function rowsOf(text: string, { document, letter }: { document: string; letter: string }): readonly CoverageRow[] {
  return text.split('\n').flatMap((source, index): CoverageRow[] => {
    const [, first = '', ...cells] = source.split('|');
    const rows = first.match(new RegExp(`\\b${letter}\\d{2,3}\\b`, 'g'));
    if (!source.startsWith('|') || rows === null) return [];
    const citations = citationsOf(cells.join('|'));
    const isTest = ({ path }: Citation) => path.endsWith('.test.ts');
    return [
      {
        document,
        line: index + 1,
        rows,
        tests: citations.filter(isTest),
        files: citations.filter((citation) => !isTest(citation)),
      },
    ];
  });
}

/** What a document that lists rows does not list, lists twice, or lists without a test. */
export function gapsIn(coverage: readonly CoverageRow[]): readonly string[] {
  return coverageDocuments.flatMap(({ document, letter, last }) => {
    const listed = coverage.filter((row) => row.document === document);
    const expected = Array.from({ length: last }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`);
    const missing = expected.filter((row) => !listed.some(({ rows }) => rows.includes(row)));
    const twice = expected.filter((row) => listed.filter(({ rows }) => rows.includes(row)).length > 1);
    return [
      ...missing.map((row) => `${document}: ${row} is not listed`),
      ...twice.map((row) => `${document}: ${row} is listed twice`),
      ...listed
        .filter(({ tests }) => tests.length === 0)
        .map(({ line, rows }) => `${document}:${line}: ${rows.join(', ')} cites no test`),
      ...listed
        .filter(({ files }) => files.length === 0)
        .map(({ line, rows }) => `${document}:${line}: ${rows.join(', ')} cites no source`),
    ];
  });
}
