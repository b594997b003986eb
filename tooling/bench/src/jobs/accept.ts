import { deepEqual, equal, notEqual } from 'node:assert/strict';
import { recallEd25519PublicKey } from '@omemo-kit/primitives';
import { asReceived, readFirst, sendFirst } from './first-message.ts';
import type { Job } from './job.ts';
import { bundleOf, createPeer } from './peer.ts';
import { keyMaterial } from './profile.ts';

/** Read again and again: reading one changes nothing but what it returns. They are more than a provider remembers public keys of. */
const MESSAGES = 8;

/** (b): a first message read, with the sending chain for the answer. */
export function acceptJob(): Job {
  const recipient = createPeer(MESSAGES);
  const plaintext = keyMaterial();
  const received = Array.from({ length: MESSAGES }, () =>
    sendFirst({ sender: createPeer(0), bundle: bundleOf(recipient), known: undefined, plaintext }),
  );
  let next = 0;
  return {
    id: 'b',
    title: 'accept the first message, ready to answer',
    unit: 'message',
    step: 1,
    prepare(units) {
      const work = Array.from({ length: units }, () => {
        const first = received[next++ % MESSAGES] as (typeof received)[number];
        const header = { ...first.header, ratchetKey: new Uint8Array(first.header.ratchetKey) };
        return {
          keyExchange: asReceived(first.keyExchange),
          first: { header, message: first.message },
          known: recallEd25519PublicKey(first.keyExchange.identityKey),
        };
      });
      const read: ReturnType<typeof readFirst>[] = [];
      return {
        run() {
          for (const item of work) read.push(readFirst({ recipient, ...item }));
        },
        check() {
          equal(read.length, units);
          for (const { plaintext: opened, state } of read) {
            deepEqual(opened, plaintext);
            notEqual(state.sendingChain, undefined);
          }
        },
      };
    },
  };
}
