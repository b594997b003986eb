import type { Element } from 'ltx';
import type { Device } from './device.ts';
import { eventually } from './eventually.ts';

/** Presence subscription both ways, as two rosters have it: until each has seen that the other is there. */
export async function befriend(one: Device, other: Device): Promise<void> {
  const [ofOne, ofOther] = [presencesFor(one, other.jid), presencesFor(other, one.jid)];
  await ask(one, other, ofOther);
  await ask(other, one, ofOne);
  await eventually(() => [ofOne, ofOther].map((types) => types().includes('available'))).toEqual([true, true]);
  // ejabberd notes what a contact wants to be pushed with the presence that follows the subscription, and not before.
  const before = [ofOne, ofOther].map((types) => types().length);
  await one.attached.presence();
  await other.attached.presence();
  await eventually(() => [ofOne, ofOther].every((types, index) => types().length > before[index]!)).toBe(true);
}

async function ask(asking: Device, asked: Device, seen: () => string[]): Promise<void> {
  await asking.attached.presence({ to: asked.jid, type: 'subscribe' });
  await eventually(seen).toContain('subscribe');
  await asked.attached.presence({ to: asking.jid, type: 'subscribed' });
}

function presencesFor(device: Device, from: string): () => string[] {
  const seen: string[] = [];
  device.link.channel.onStanza((stanza: Element) => {
    const sender = String(stanza.attrs['from'] ?? '').split('/')[0];
    if (stanza.is('presence') && sender === from) seen.push(String(stanza.attrs['type'] ?? 'available'));
  });
  return () => seen;
}
