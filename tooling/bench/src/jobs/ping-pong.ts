import { deepEqual, equal } from 'node:assert/strict';
import { type RatchetState, ratchetDecrypt, ratchetEncrypt } from '@omemo-kit/double-ratchet';
import { sessionPair } from './first-message.ts';
import type { Job } from './job.ts';
import { bundleOf, createPeer } from './peer.ts';
import { keyMaterial, parameters } from './profile.ts';
import { flatSeal as aead } from './seal.ts';

/** (d): each message answers the one before, so that each turns the Diffie-Hellman ratchet. */
export function pingPongJob(): Job {
  const recipient = createPeer(1);
  const plaintext = keyMaterial();
  const pair = sessionPair(createPeer(0), recipient, bundleOf(recipient), plaintext);
  const { associatedData } = pair;
  let [writer, reader]: [RatchetState, RatchetState] = [pair.recipient, pair.initiator];
  return {
    id: 'd',
    title: 'ping-pong: encrypt, decrypt, turn the ratchet',
    unit: 'message',
    step: 1,
    prepare(units) {
      const opened: Uint8Array[] = [];
      return {
        run() {
          for (let count = 0; count < units; count++) {
            const { state, header, message } = ratchetEncrypt({
              state: writer,
              plaintext,
              associatedData,
              aead,
              parameters,
            });
            const read = ratchetDecrypt({ state: reader, header, message, associatedData, aead, parameters });
            opened.push(read.plaintext);
            [writer, reader] = [read.state, state];
          }
        },
        check() {
          equal(opened.length, units);
          for (const bytes of opened) deepEqual(bytes, plaintext);
        },
      };
    },
  };
}
