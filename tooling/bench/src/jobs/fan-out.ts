import { deepEqual, equal } from 'node:assert/strict';
import {
  initiatorState,
  type RatchetEncryption,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  recipientState,
} from '@omemo-kit/double-ratchet';
import { randomBytes, Secret, x25519KeyPair } from '@omemo-kit/primitives';
import type { Job } from './job.ts';
import { keyMaterial, parameters } from './profile.ts';
import { flatSeal as aead } from './seal.ts';

const DEVICES = 1000;

/** (f): one payload key for every device of a room, each over its own session. */
export function fanOutJob(): Job {
  // One ratchet key of theirs does for all: the sessions differ in their secrets.
  const ownRatchetKey = x25519KeyPair(randomBytes(32));
  const sharedSecrets = Array.from({ length: DEVICES }, () => new Secret(randomBytes(32)));
  const first = initiatorOf(sharedSecrets[0] as Secret);
  const states = sharedSecrets.map((sharedSecret, index) =>
    // In pure JavaScript a thousand of them would take seconds: all but one differ from the first in their chain only.
    index === 0 ? first : ({ ...first, sendingChain: { key: sharedSecret, messageNumber: 0 } } satisfies RatchetState),
  );
  const associatedData = randomBytes(64);
  let next = 0;

  function initiatorOf(sharedSecret: Secret): RatchetState {
    return initiatorState({ sharedSecret, otherRatchetKey: ownRatchetKey.publicKey, parameters });
  }

  return {
    id: 'f',
    title: 'fan-out to 1000 devices',
    unit: 'device',
    step: 1,
    prepare(units) {
      const plaintext = keyMaterial();
      const before = states[next] as RatchetState;
      const start = next;
      const sealed: RatchetEncryption[] = [];
      return {
        run() {
          for (let count = 0; count < units; count++) {
            const made = ratchetEncrypt({
              state: states[next] as RatchetState,
              plaintext,
              associatedData,
              aead,
              parameters,
            });
            states[next] = made.state;
            sealed.push(made);
            next = (next + 1) % DEVICES;
          }
        },
        check() {
          equal(sealed.length, units);
          const { header, message } = sealed[0] as RatchetEncryption;
          equal(header.messageNumber, before.sendingChain?.messageNumber);
          if (start === 0) {
            const state = recipientState({ sharedSecret: sharedSecrets[0] as Secret, ownRatchetKey });
            const read = ratchetDecrypt({ state, header, message, associatedData, aead, parameters });
            deepEqual(read.plaintext, plaintext);
          }
        },
      };
    },
  };
}
