import { deepEqual, equal } from 'node:assert/strict';
import { recallEd25519PublicKey } from '@omemo-kit/primitives';
import { asReceived, type FirstMessage, readFirst, sendFirst } from './first-message.ts';
import type { Job } from './job.ts';
import { bundleOf, createPeer } from './peer.ts';
import { keyMaterial } from './profile.ts';

/** What bundles hold by recommendation (XEP-0384 5.3.2). */
const PRE_KEYS = 100;
/** More than a provider remembers public keys of, as it is in a room. */
const DEVICES = 8;

/** (a) and (a1): a session begun from a bundle, with the first message for it. */
export function initiateJob(id: 'a' | 'a1'): Job {
  const sender = createPeer(0);
  const devices = Array.from({ length: DEVICES }, () => createPeer(PRE_KEYS));
  let next = 0;
  return {
    id,
    title: id === 'a' ? 'initiate + first message, identity key known' : 'initiate + first message, identity key new',
    unit: 'device',
    step: 1,
    prepare(units) {
      const plaintext = keyMaterial();
      const work = Array.from({ length: units }, () => {
        const device = devices[next++ % DEVICES] as (typeof devices)[number];
        // As it comes out of the store: it was checked once, its other form is not kept.
        const known = id === 'a' ? recallEd25519PublicKey(device.identityKeyPair.publicKey) : undefined;
        return { device, known, bundle: bundleOf(device) };
      });
      const sent: FirstMessage[] = [];
      return {
        run() {
          for (const { bundle, known } of work) sent.push(sendFirst({ sender, bundle, known, plaintext }));
        },
        check() {
          equal(sent.length, units);
          for (const [index, first] of sent.entries()) {
            const recipient = work[index]?.device as (typeof devices)[number];
            const keyExchange = asReceived(first.keyExchange);
            const known = recallEd25519PublicKey(keyExchange.identityKey);
            deepEqual(readFirst({ recipient, first, keyExchange, known }).plaintext, plaintext);
          }
        },
      };
    },
  };
}
