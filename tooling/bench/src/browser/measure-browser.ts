import { fileURLToPath } from 'node:url';
import { type Chromium, launchChromium } from '@omemo-kit/backends/chromium';
import { type Spread, spreadOf } from '../measure/statistics.ts';
import { type MadeRoom, makeRoom } from './made-room.ts';
import type { RoomStart } from './room-page.ts';

type RoomPage = typeof import('./room-page.ts');

export interface BrowserWay {
  readonly name: string;
  readonly milliseconds: Spread;
  /** The longest of each page, milliseconds; 0 for a page where none took more than 50. */
  readonly longestTask: Spread;
  readonly longestWait: Spread;
  /** The longest in any page. */
  readonly longestTaskOfAll: number;
}

export interface BrowserResult {
  readonly chromium: string;
  readonly devices: number;
  readonly rounds: number;
  readonly ways: readonly BrowserWay[];
}

interface Way {
  readonly name: string;
  readonly subtle: 'as it is' | 'missing';
  readonly ahead: 'as it is' | 'as in Node';
}

const ways: readonly Way[] = [
  { name: 'ahead, by crypto.subtle', subtle: 'as it is', ahead: 'as it is' },
  { name: 'ahead, by noble in slices', subtle: 'missing', ahead: 'as it is' },
  { name: 'by noble, in the steps', subtle: 'as it is', ahead: 'as in Node' },
];

const entry = new URL('room-page.ts', import.meta.url);
/** Nothing is computed ahead in Node. */
const aheadInNode = {
  '@omemo-kit/primitives/ahead': fileURLToPath(import.meta.resolve('@omemo-kit/primitives/ahead')),
};

/** Every way once a round, each time in a page of its own: the first message to a room is often the first thing that a page does. */
export async function measureBrowser(devices: number, rounds: number): Promise<BrowserResult> {
  const room = makeRoom(devices);
  const chromium = await launchChromium();
  try {
    const starts = ways.map((): RoomStart[] => []);
    for (let round = 0; round < rounds; round++) {
      for (const [index, way] of ways.entries()) starts[index]?.push(await startIn(chromium, way, room));
    }
    const measured = ways.map(({ name }, index) => wayOf(name, starts[index] ?? []));
    return { chromium: chromium.version, devices, rounds, ways: measured };
  } finally {
    await chromium.close();
  }
}

async function startIn(chromium: Chromium, { subtle, ahead }: Way, room: MadeRoom): Promise<RoomStart> {
  const page = await chromium.openPage<RoomPage>({ entry, ...(ahead === 'as in Node' ? { alias: aheadInNode } : {}) });
  try {
    if (subtle === 'missing') await page.call('withoutWebCrypto');
    return await page.call('startRoom', room);
  } finally {
    await page.close();
  }
}

function wayOf(name: string, starts: readonly RoomStart[]): BrowserWay {
  return {
    name,
    milliseconds: spreadOf(starts.map(({ milliseconds }) => milliseconds)),
    longestTask: spreadOf(starts.map(({ longestTask }) => longestTask)),
    longestWait: spreadOf(starts.map(({ longestWait }) => longestWait)),
    longestTaskOfAll: Math.max(...starts.map(({ longestTask }) => longestTask)),
  };
}
