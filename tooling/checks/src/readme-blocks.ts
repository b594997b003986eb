/** A fenced block of code in a document. */
export interface CodeBlock {
  /** Relative to the root. */
  readonly document: string;
  /** Line of the first line of code, counted from 1. */
  readonly line: number;
  /** The words after the fence: `ts no-run` is `['ts', 'no-run']`. */
  readonly info: readonly string[];
  readonly code: string;
}

/** Every fenced block of a Markdown text, in order. */
export function codeBlocks(document: string, text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; info: readonly string[]; line: number; code: string[] } | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fence = /^ {0,3}(`{3,}|~{3,})\s*(.*)$/.exec(line);
    if (open === undefined) {
      if (fence?.[1]) open = { fence: fence[1], info: words(fence[2] ?? ''), line: index + 2, code: [] };
    } else if (fence?.[1]?.startsWith(open.fence) && fence[2] === '') {
      blocks.push({ document, line: open.line, info: open.info, code: open.code.join('\n') });
      open = undefined;
    } else {
      open.code.push(line);
    }
  }
  return blocks;
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
