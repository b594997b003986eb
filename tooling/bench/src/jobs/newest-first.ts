import { deepEqual, equal } from 'node:assert/strict';
import {
  needsSkippedLookup,
  type RatchetEncryption,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  SkippedMessageKeys,
} from '@omemo-kit/double-ratchet';
import { sessionPair } from './first-message.ts';
import type { Job } from './job.ts';
import { bundleOf, createPeer } from './peer.ts';
import { keyMaterial, parameters } from './profile.ts';
import { flatSeal as aead } from './seal.ts';

const MESSAGES = 1000;

/** (g): of 1000 messages the newest comes first, then the others, as an archive may deliver them. */
export function newestFirstJob(): Job {
  const recipient = createPeer(1);
  const plaintext = keyMaterial();
  const { associatedData, ...pair } = sessionPair(createPeer(0), recipient, bundleOf(recipient), plaintext);
  const sent = seal(pair.initiator);

  function seal(from: RatchetState): readonly RatchetEncryption[] {
    let state = from;
    return Array.from({ length: MESSAGES }, () => {
      const sealed = ratchetEncrypt({ state, plaintext, associatedData, aead, parameters });
      state = sealed.state;
      return sealed;
    });
  }

  function read(messages: readonly RatchetEncryption[]) {
    let state = pair.recipient;
    const keys = new SkippedMessageKeys();
    const opened: Uint8Array[] = [];
    for (const { header, message } of messages) {
      const skippedMessageKey = needsSkippedLookup(state, header) ? keys.find(header) : undefined;
      const step = ratchetDecrypt({
        state,
        header,
        message,
        associatedData,
        aead,
        parameters,
        skippedMessageKey,
      });
      state = step.state;
      keys.apply(step);
      opened.push(step.plaintext);
    }
    return { opened, left: keys.size };
  }

  const newestFirst = [...sent.slice(-1), ...sent.slice(0, -1)];
  return {
    id: 'g',
    title: 'newest of 1000 first, then the others',
    unit: 'message',
    step: MESSAGES,
    prepare(units) {
      const results: ReturnType<typeof read>[] = [];
      return {
        run() {
          for (let count = 0; count < units; count += MESSAGES) results.push(read(newestFirst));
        },
        inOrder() {
          for (let count = 0; count < units; count += MESSAGES) read(sent);
        },
        check() {
          equal(results.length * MESSAGES, units);
          for (const { opened, left } of results) {
            equal(left, 0);
            equal(opened.length, MESSAGES);
            for (const bytes of opened) deepEqual(bytes, plaintext);
          }
        },
      };
    },
  };
}
