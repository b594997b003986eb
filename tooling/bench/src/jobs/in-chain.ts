import { deepEqual, equal } from 'node:assert/strict';
import { type Aead, ratchetDecrypt, ratchetEncrypt } from '@omemo-kit/double-ratchet';
import { sessionPair } from './first-message.ts';
import type { Job } from './job.ts';
import { bundleOf, createPeer } from './peer.ts';
import { keyMaterial, parameters } from './profile.ts';
import { flatSeal, wireSeal } from './seal.ts';

/** (c) and (cw): a message sealed and opened, in a chain of both halves. */
export function inChainJob(id: 'c' | 'cw'): Job {
  const aead: Aead = id === 'c' ? flatSeal : wireSeal;
  const recipient = createPeer(1);
  const plaintext = keyMaterial();
  const pair = sessionPair(createPeer(0), recipient, bundleOf(recipient), plaintext);
  const { associatedData } = pair;
  let { initiator, recipient: reader } = pair;
  return {
    id,
    title: id === 'c' ? 'encrypt + decrypt in a chain' : 'the same with the strict protobuf of omemo-wire',
    unit: 'pair of messages',
    step: 1,
    prepare(units) {
      const opened: Uint8Array[] = [];
      return {
        run() {
          for (let count = 0; count < units; count++) {
            const sealed = ratchetEncrypt({ state: initiator, plaintext, associatedData, aead, parameters });
            initiator = sealed.state;
            const { header, message } = sealed;
            const read = ratchetDecrypt({ state: reader, header, message, associatedData, aead, parameters });
            reader = read.state;
            opened.push(read.plaintext);
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
