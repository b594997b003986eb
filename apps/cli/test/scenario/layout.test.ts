import { stripVTControlCharacters } from 'node:util';
import { LoopbackServer } from '@omemo-kit/loopback';
import { beforeAll, describe, expect, test } from 'vitest';
import { openDemoStorage } from '../../src/demo/demo-storage.ts';
import { runDemo } from '../../src/demo/run-demo.ts';
import type { Scene } from '../../src/demo/scenes.ts';
import { tellInLines } from '../../src/telling/in-lines.ts';
import { tellOnScreen } from '../../src/telling/on-screen.ts';
import { createInk } from '../../src/terminal/ink.ts';
import { widthOf } from '../../src/terminal/width.ts';

const WORDS = '家族 Noodles on Sunday? 🍜\nहिन्दी 👨‍👩‍👧‍👦 by the river, in a street with a very, very long name';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const MOVING_CELL = /\u001b7.*?\u001b8\u001b\[(\d+)C/gu;

describe('a whole demo', () => {
  const scenes: Scene[] = [];

  beforeAll(async () => {
    const tell = async (scene: Scene) => void scenes.push(scene);
    const storage = await openDemoStorage({ kind: 'memory' }, { platform: 'linux', env: {}, home: undefined });
    await runDemo({ words: WORDS, server: new LoopbackServer(), storage, tell });
  });

  function onScreen(width: number, depth: 1 | 24 = 1): string[] {
    const look = { ink: createInk(depth), width };
    return scenes.flatMap((scene, index) => [...tellOnScreen(scene, look, scenes[index - 1])]);
  }

  test.each([60, 61, 75, 76, 80, 99, 100, 104, 120, 143, 160])('fits into %i columns', (width) => {
    for (const line of onScreen(width)) {
      // A cell that moves the cursor is as wide as it says.
      const placed = line.replaceAll(MOVING_CELL, (_, columns) => ' '.repeat(Number(columns)));
      expect(widthOf(placed.trimEnd()), line).toBeLessThanOrEqual(width);
    }
  });

  test('shows three cards side by side where there is room, else two, else one', () => {
    const cards = (width: number) => Math.max(...onScreen(width).map((line) => line.split('╭').length - 1));
    expect([60, 80, 120].map(cards)).toEqual([1, 2, 3]);
  });

  test('looks the same with colours', () => {
    expect(onScreen(120, 24).map((line) => stripVTControlCharacters(line))).toEqual(
      onScreen(120).map((line) => stripVTControlCharacters(line)),
    );
    expect(onScreen(120, 24).join()).toContain('\u001b[38;2;');
  });

  test('in lines: no frames, no escapes, the words as they are', () => {
    const lines = scenes.flatMap((scene) => [...tellInLines(scene, createInk(1))]);
    expect(lines.join('')).not.toMatch(/[\p{Cc}╭│╰─]/u);
    const [first, second] = WORDS.split('\n');
    expect(lines).toContain(`Bob’s phone shows: ${first}`);
    expect(lines.filter((line) => line === `  | ${second}`)).toHaveLength(5);
  });
});
