import { describe, expect, test } from 'vitest';
import { above, beside, block, cell } from '../../src/terminal/block.ts';
import { card, insideOf } from '../../src/terminal/card.ts';
import { widthOf } from '../../src/terminal/width.ts';

describe('cell', () => {
  test('is filled up with space', () => {
    expect(cell('漢字', 6)).toBe('漢字  ');
    expect(cell('full', 4)).toBe('full');
  });

  test('moves the cursor where terminals differ about the width of the text', () => {
    expect(cell('नि', 6)).toBe('\u001b7नि\u001b8\u001b[6C');
  });
});

describe('blocks', () => {
  test('stand beside each other, short ones filled up', () => {
    expect(beside(block(['a', 'b'], 3), block(['c'], 2)).lines).toEqual(['a  c ', 'b    ']);
  });

  test('stand above each other', () => {
    expect(above(block(['a'], 2), block(['b'], 2))).toEqual({ width: 2, lines: ['a ', 'b '] });
  });
});

describe('card', () => {
  test('has a title in its frame', () => {
    expect(card({ title: 'Bob', lines: ['hello', ''], width: 13 }).lines).toEqual([
      '╭─ Bob ─────╮',
      '│ hello     │',
      '│           │',
      '╰───────────╯',
    ]);
  });

  test('has straight edges around wide text', () => {
    const { lines } = card({ title: '漢', lines: ['漢字', '🍜'], width: 14 });
    expect(lines.map(widthOf)).toEqual([14, 14, 14, 14]);
    expect(insideOf(14)).toBe(10);
  });
});
