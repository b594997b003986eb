import { isItemsOf } from '@omemo-kit/loopback';
import { parseXml } from '@omemo-kit/omemo-wire';
import { storeBytes } from '@omemo-kit/scenarios/store-bytes';
import type { Element } from 'ltx';
import { BOB, conversation } from '../conversation.ts';
import { BrokenPromise } from '../expect-equal.ts';
import { cloneOf } from '../mutate/tree.ts';
import { callRefusal } from '../refusals.ts';
import { ACCEPTED, type OpenTarget, type Target } from '../target.ts';
import { inPlaceOf } from './hostile-answer.ts';
import { wireSamples } from './wire-samples.ts';
import { elementOf, XmlSamples } from './xml-target.ts';

const NODES = { bundle: 'urn:xmpp:omemo:2:bundles', 'device list': 'urn:xmpp:omemo:2:devices' } as const;

/** What a server answers to who is about to send: whole answers to a fetch, hostile from the outermost element on. */
export const answerTargets: readonly Target[] = (['bundle', 'device list'] as const).map((what) => ({
  name: `send, on a hostile ${what}`,
  open: () => open(what),
}));

async function open(what: keyof typeof NODES): Promise<OpenTarget> {
  const { server, alice } = await conversation();
  const { all } = await wireSamples();
  let answer: Element | undefined;
  let caught: Element | undefined;
  server.faults.tamper({ direction: 'to-client', matches: isItemsOf(NODES[what]) }, (stanza) => {
    if (stanza.attrs['from'] !== BOB) return undefined;
    caught ??= cloneOf(stanza);
    return answer === undefined ? undefined : inPlaceOf(stanza, answer);
  });
  // Nothing is cached and no session there: all of it is fetched.
  const start = alice.memory.snapshot().filter(({ key }) => !/\/(session|device-list|trust|debt)\//.test(key));
  alice.memory.restore(start);
  const send = () => alice.omemo.encryptPayload([BOB], new Uint8Array(1));
  await send();
  alice.memory.restore(start);
  if (caught === undefined) throw new TypeError('nothing was fetched');
  const samples = new XmlSamples([parseXml(String(caught))], all);
  const before = storeBytes(alice.memory);
  return {
    generate: (draw) => samples.draw(draw),
    run: async (input) => {
      const element = elementOf(input);
      if (typeof element === 'string') return element;
      answer = element;
      try {
        await send();
        return ACCEPTED;
      } catch (error) {
        const code = callRefusal(error);
        if (code === 'device-list-unavailable' && storeBytes(alice.memory) !== before) {
          // The own list, which is honest, may have been cached.
          const kinds = alice.memory.snapshot().filter(({ key }) => key.includes('/session/'));
          if (kinds.length > 0) throw new BrokenPromise('a session was kept although nothing was sent');
        }
        return code;
      } finally {
        alice.memory.restore(start);
        server.log.length = 0;
      }
    },
  };
}
