import { codeBlocks } from './readme-blocks.ts';

export interface Citation {
  /** A file or folder: as the document writes it. */
  readonly path: string;
  /** Titles of tests of that file; each may be several, joined by ` > `. */
  readonly titles: readonly string[];
  readonly line: number;
}

const PATH = /^[\w.@-]+(?:\/[\w.@-]+)+\.(?:ts|mts|js|mjs|json|md|py|proto|yaml|sh)$/;
const TITLE = /^\s*([›>:—–,])\s*(?:`([^`]+)`|"([^"]+)"|“([^”]+)”|\*([^*]+)\*)/;

/**
 * What a document names of the repository: links to files, paths in code spans, and the titles that follow the path of a test,
 * as in: `packages/x3dh/test/unit/bundle.test.ts` › `refuses a bundle without pre-keys`.
 */
export function citationsOf(text: string): readonly Citation[] {
  return proseLines(text).flatMap(({ line, prose }) => [...linksOf(line, prose), ...spansOf(line, prose)]);
}

function linksOf(line: number, prose: string): readonly Citation[] {
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((path) => ({ path, titles: [], line }));
}

function spansOf(line: number, prose: string): readonly Citation[] {
  return [...prose.matchAll(/`([^`]+)`/g)].flatMap((match) => {
    const [path = '', ...inside] = (match[1] ?? '').split(/\s+[›>]\s+/);
    if (!PATH.test(path)) return [];
    const after = path.endsWith('.test.ts') ? titlesAfter(prose.slice(match.index + match[0].length)) : [];
    return [{ path, titles: inside.length > 0 ? [inside.join(' > '), ...after] : after, line }];
  });
}

/** The first title stands after an arrow or the like; further ones also after a comma. */
function titlesAfter(text: string, further = false): readonly string[] {
  const match = TITLE.exec(text);
  const title = match?.slice(2).find((group) => group !== undefined);
  if (
    match === null ||
    (match[1] === ',' && !further) ||
    title === undefined ||
    PATH.test(title.split(/\s+[›>]\s+/)[0] ?? '')
  )
    return [];
  return [title, ...titlesAfter(text.slice(match[0].length), true)];
}

/** The lines outside fenced code. */
function proseLines(text: string): readonly { line: number; prose: string }[] {
  const fenced = new Set(
    codeBlocks('', text).flatMap((block) => block.code.split('\n').map((_, index) => block.line + index)),
  );
  return text
    .split('\n')
    .map((prose, index) => ({ line: index + 1, prose }))
    .filter(({ line }) => !fenced.has(line));
}
