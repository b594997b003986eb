import { NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { expect } from './expect.ts';
import { oddityIn } from './message-shape.ts';
import { holds, needlesFor, readableOf } from './plaintext-search.ts';
import { sizeOf } from './stanza-view.ts';
import type { Story } from './story.ts';

/** Chapter 8: every stanza that crossed the server, searched for everything that was said. */
export async function search({ world, said, tell }: Story): Promise<void> {
  await tell({
    type: 'chapter',
    number: 8,
    title: 'What the server knows',
    about: 'Who writes to whom, when, from which device, and how much. Not what.',
  });
  const { log } = world.server;
  const messages = log.filter(({ stanza }) => isEncrypted(stanza));
  for (const { sequence, stanza } of messages) {
    const oddity = oddityIn(stanza);
    expect(oddity === undefined, `stanza ${sequence} to hold addresses, ids and sealed bytes only, not ${oddity}`);
  }
  const stanzas = log.map(({ sequence, stanza }) => ({ sequence, ...readableOf(stanza) }));
  const first = messages[0]?.sequence ?? 0;
  const before = stanzas.filter(({ sequence }) => sequence < first);
  const texts = [...new Set(said)].map((text) => needlesFor(text, before));
  for (const needle of texts.flat()) {
    const leak = stanzas.find((stanza) => holds(stanza, needle));
    expect(leak === undefined, `the server not to see what was said, but stanza ${leak?.sequence} holds it`);
  }
  const lookedFor = texts.filter((needles) => needles.length > 0).length;
  await tell({
    type: 'search',
    stanzas: log.length,
    bytes: log.reduce((sum, entry) => sum + sizeOf(entry), 0),
    lookedFor,
    tooCommon: texts.length - lookedFor,
    messagesOfKnownShape: messages.length,
  });
}

function isEncrypted(stanza: Element): boolean {
  if (!stanza.is('message')) return false;
  const forwarded = stanza.getChildElements().map((child) => child.getChild('forwarded')?.getChild('message'));
  return [stanza, ...forwarded].some((message) => message?.getChild('encrypted', NS_OMEMO) !== undefined);
}
