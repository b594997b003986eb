import { fileURLToPath } from 'node:url';
import { type Chromium, launchChromium } from '@omemo-kit/backends/chromium';
import { interleave } from '../measure/interleave.ts';
import { type Spread, spreadOf } from '../measure/statistics.ts';
import type { Watched } from './longest-task.ts';
import { type MadeRoom, makeRoom } from './made-room.ts';
import type { RoomStart } from './room-page.ts';

type RoomPage = typeof import('./room-page.ts');

/** A part of the work in all pages of a way. */
export interface WatchedPages {
  readonly milliseconds: Spread;
  /** The longest of each page, milliseconds; 0 for a page where none took more than 50. */
  readonly longestTasks: readonly number[];
  readonly longestWait: Spread;
}

export interface BrowserWay {
  readonly name: string;
  /** Whether what is asked of the curve is computed ahead: then no task is to be long. */
  readonly ahead: boolean;
  readonly opening: WatchedPages;
  readonly message: WatchedPages;
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
    const pages = ways.map((way) => ({ way, starts: [] as RoomStart[] }));
    const contenders = pages.map(({ way, starts }) => ({
      name: way.name,
      async sample(): Promise<number> {
        const start = await startIn(chromium, way, room);
        starts.push(start);
        return start.message.milliseconds * 1_000;
      },
    }));
    await interleave(contenders, { rounds });
    const measured = pages.map(({ way, starts }) => wayOf(way, starts));
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

function wayOf({ name, ahead }: Way, starts: readonly RoomStart[]): BrowserWay {
  return {
    name,
    ahead: ahead === 'as it is',
    opening: inAllPages(starts.map(({ opening }) => opening)),
    message: inAllPages(starts.map(({ message }) => message)),
  };
}

function inAllPages(watched: readonly Watched[]): WatchedPages {
  return {
    milliseconds: spreadOf(watched.map(({ milliseconds }) => milliseconds)),
    longestTasks: watched.map(({ longestTask }) => longestTask),
    longestWait: spreadOf(watched.map(({ longestWait }) => longestWait)),
  };
}
