import { encryptedIn, incoming } from '@omemo-kit/scenarios/stanzas';
import { ALICE, BOB, conversation, ROOM, type StanzaKind } from '../conversation.ts';
import { cloneOf } from '../mutate/tree.ts';
import type { OpenTarget, Target } from '../target.ts';
import { Victim } from './victim.ts';
import { elementOf, XmlSamples } from './xml-target.ts';

const KINDS: readonly StanzaKind[] = [
  ...(['message', 'key-exchange', 'empty-message', 'device-list-event', 'carbon', 'archived'] as const),
  ...(['room-message', 'room-presence', 'iq', 'bounce'] as const),
];

/** Whole stanzas of each kind, into `receive`. */
export const receiveTargets: readonly Target[] = KINDS.map((kind) => ({
  name: `receive: ${kind}`,
  open: () => open(kind),
}));

async function open(kind: StanzaKind): Promise<OpenTarget> {
  const { server, bob, stanzas } = await conversation();
  if (kind === 'room-presence') {
    server.createRoom(ROOM, { affiliations: { [ALICE]: 'member', [BOB]: 'member' } });
    await bob.omemo.rooms.room(ROOM).refresh();
  }
  const victim = await Victim.of(bob);
  if (kind === 'room-presence') bob.omemo.rooms.room(ROOM);
  const samples = new XmlSamples([stanzas[kind]], Object.values(stanzas));
  // Who wrote it in a room is for the application to say.
  const options = kind === 'room-message' ? { sender: ALICE } : {};
  // What is in a request may come as a message: envelopes do not say what stanza they were in.
  const asMessages = Object.values(stanzas).flatMap((stanza) => encryptedIn(stanza) ?? []);
  const others = asMessages.map((encrypted) => incoming(`${ALICE}/phone`, BOB, encrypted));
  await victim.readsOnly([...Object.values(stanzas).map(cloneOf), ...others], options);
  return {
    generate: (draw) => samples.draw(draw),
    run: (input) => {
      const stanza = elementOf(input);
      return typeof stanza === 'string' ? stanza : victim.take(stanza, options);
    },
  };
}
