import type { LoopbackServer } from '@omemo-kit/loopback';
import type { ChatDevice, Shown } from './chat-device.ts';
import { expectEqual } from './expect.ts';
import type { Fate } from './scenes.ts';

/** Sets the network to do it to these messages on the way to these devices; the function returned checks that it did. */
export function setFate(
  server: LoopbackServer,
  messages: { readonly fate: Fate; readonly ids: readonly string[]; readonly devices: readonly ChatDevice[] },
): () => void {
  const { fate, ids, devices } = messages;
  if (fate === 'carried') return () => {};
  const faults = devices.map(({ fullJid }) => {
    const filter = {
      direction: 'to-client' as const,
      jid: fullJid,
      matches: ({ attrs }: { attrs: Record<string, unknown> }) => ids.includes(String(attrs['id'])),
      times: ids.length,
    };
    if (fate === 'lost') return server.faults.drop(filter);
    return fate === 'swapped' ? server.faults.swap(filter) : server.faults.duplicate(filter);
  });
  return () => {
    for (const fault of faults) {
      expectEqual(fault.hits, ids.length, `the messages to be ${fate} on the way to every device`);
      fault.stop();
    }
  };
}

/** What a screen has to show of these texts, given what happened to them on the way. */
export function expectedOnScreen(
  texts: readonly { readonly id: string; readonly from: string; readonly text: string }[],
  { fate, missing }: { readonly fate: Fate; readonly missing: number },
): readonly Shown[] {
  const shown = texts.map((text, index) => ({
    type: 'text' as const,
    ...text,
    missing: index === 0 ? missing : 0,
    order: 'in-order' as 'in-order' | 'late',
  }));
  switch (fate) {
    case 'carried':
      return shown;
    case 'lost':
      return [];
    case 'doubled':
      return shown.flatMap((one): Shown[] => [one, { type: 'duplicate', id: one.id }]);
    case 'swapped': {
      const [first, second] = shown;
      if (first === undefined || second === undefined) return shown;
      return [
        { ...second, missing: missing + 1 },
        { ...first, missing: 0, order: 'late' },
      ];
    }
  }
}
