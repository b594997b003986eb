import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { Summary } from './scenes.ts';
import { sizeOf } from './stanza-view.ts';
import type { Story } from './story.ts';
import type { World } from './world.ts';

export function summarize({ world, tally }: Story): Summary {
  const { log } = world.server;
  return {
    type: 'summary',
    ...tally,
    sessions: sessionsIn(world),
    devices: world.devices.length,
    stanzas: log.length,
    bytes: log.reduce((sum, entry) => sum + sizeOf(entry), 0),
    records: world.storage.place,
  };
}

/** Pairs of devices between which a key was wrapped: each has a session. */
function sessionsIn(world: World): number {
  const pairs = world.messages().flatMap(({ stanza }) => {
    const header = stanza.getChild('encrypted', NS_OMEMO)?.getChild('header');
    const keys = header?.getChildren('keys').flatMap((group) => group.getChildren('key')) ?? [];
    return keys.map((key) => [Number(header?.attrs['sid']), Number(key.attrs['rid'])].sort((a, b) => a - b).join(' '));
  });
  return new Set(pairs).size;
}
