import { describe, expect, test } from 'vitest';
import { colourDepth } from '../../src/terminal/colour-depth.ts';
import { createInk } from '../../src/terminal/ink.ts';
import { nearestOf256 } from '../../src/terminal/palette-256.ts';

describe('how many colours', () => {
  const terminal = { isTerminal: true };
  const pipe = { isTerminal: false };

  test('a terminal gets what it promises', () => {
    expect(colourDepth({ TERM: 'xterm', COLORTERM: 'truecolor' }, terminal)).toBe(24);
    expect(colourDepth({ TERM: 'xterm-256color' }, terminal)).toBe(8);
    expect(colourDepth({ TERM: 'linux' }, terminal)).toBe(4);
    expect(colourDepth({ TERM: 'dumb' }, terminal)).toBe(1);
  });

  test('NO_COLOR takes them away, when it says anything', () => {
    expect(colourDepth({ TERM: 'xterm-256color', NO_COLOR: '1' }, terminal)).toBe(1);
    expect(colourDepth({ TERM: 'xterm-256color', NO_COLOR: '' }, terminal)).toBe(8);
  });

  test('a pipe gets none but by FORCE_COLOR', () => {
    expect(colourDepth({ TERM: 'xterm', COLORTERM: 'truecolor' }, pipe)).toBe(1);
    expect(colourDepth({ FORCE_COLOR: '3' }, pipe)).toBe(24);
    expect(colourDepth({ FORCE_COLOR: '2' }, pipe)).toBe(8);
    expect(colourDepth({ FORCE_COLOR: '1' }, pipe)).toBe(4);
    expect(colourDepth({ FORCE_COLOR: '0', COLORTERM: 'truecolor' }, terminal)).toBe(1);
  });
});

describe('ink', () => {
  test('24 bits: the colour of XEP-0392 at a lightness that reads on black and white', () => {
    // Hue of "Romeo" by XEP-0392, at lightness 60.
    expect(createInk(24).consistent('Romeo')).toBe('\u001b[38;2;255;52;205mRomeo\u001b[39m');
  });

  test('256 colours: the nearest one', () => {
    expect(createInk(8).consistent('Romeo')).toBe('\u001b[38;5;206mRomeo\u001b[39m');
  });

  test('16 colours and none: no hue, for the theme decides what a number looks like', () => {
    expect(createInk(4).consistent('Romeo')).toBe('Romeo');
    expect(createInk(1).consistent('Romeo')).toBe('Romeo');
  });

  test('a text may take the colour of another', () => {
    const ink = createInk(24);
    expect(ink.consistent('x', 'Romeo')).toBe(ink.consistent('Romeo').replace('Romeo', 'x'));
  });

  test('none: everything is clear', () => {
    const { bold, faint, good, bad, warn } = createInk(1);
    for (const dress of [bold, faint, good, bad, warn]) expect(dress('x')).toBe('x');
  });

  test('each ink ends itself only', () => {
    const { bold, good } = createInk(4);
    expect(bold(`a${good('b')}c`)).toBe('\u001b[1ma\u001b[32mb\u001b[39mc\u001b[22m');
  });
});

test('the palette of 256: corners of the cube, and greys', () => {
  expect(nearestOf256([0, 0, 0])).toBe(16);
  expect(nearestOf256([1, 1, 1])).toBe(231);
  expect(nearestOf256([1, 0, 0])).toBe(196);
  expect(nearestOf256([0, 0, 1])).toBe(21);
  expect(nearestOf256([0x76 / 255, 0x76 / 255, 0x76 / 255])).toBe(243);
});
