import { omemo2 } from '@omemo-kit/omemo-core';
import { incoming } from '@omemo-kit/scenarios/stanzas';
import { BOB, conversation, sealingAs } from '../conversation.ts';
import type { Draw } from '../draw.ts';
import { expectThat } from '../expect-equal.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { ACCEPTED, type Input, type OpenTarget, type Target } from '../target.ts';
import { envelopeTarget } from './elements.ts';
import { Victim } from './victim.ts';
import { wireSamples } from './wire-samples.ts';

/**
 * Hostile content that authenticates: sealed by a device that has a session, as only a peer can. It gets past every tag, to
 * the parser of envelopes and to what compares their affixes with the stanza.
 */
export const sealedTargets: readonly Target[] = [
  { name: 'receive: sealed envelope', open: sealedEnvelope },
  { name: 'receive: sealed key material', open: sealedKeyMaterial },
];

async function sealedEnvelope(): Promise<OpenTarget> {
  const { alice, bob } = await conversation();
  const victim = await Victim.of(bob);
  const start = alice.memory.snapshot();
  const { generate } = envelopeTarget(await wireSamples());
  return {
    generate,
    run: async (input) => {
      alice.memory.restore(start);
      const { encrypted } = await alice.omemo.encryptPayload([BOB], input as Uint8Array);
      return victim.take(incoming(alice.connection.jid, BOB, encrypted));
    },
  };
}

/** What the ratchet carries: of any length, zeros beside a payload, a wrong tag, the key of another payload. */
async function sealedKeyMaterial(): Promise<OpenTarget> {
  const { envelope } = await wireSamples();
  let hostile: Uint8Array = new Uint8Array();
  const sealed = omemo2.sealPayload({ key: new Uint8Array(32).fill(1), plaintext: envelope });
  const profile = sealingAs(() => ({ ...sealed, keyMaterial: hostile }));
  const { alice, bob } = await conversation({ profile });
  const victim = await Victim.of(bob);
  const start = alice.memory.snapshot();
  const samples = [sealed.keyMaterial, new Uint8Array(32), new Uint8Array(48)];
  return {
    generate: (draw: Draw): Input => mutateBytes(draw, draw.pick(samples), samples),
    run: async (input) => {
      alice.memory.restore(start);
      hostile = input as Uint8Array;
      const { encrypted } = await alice.omemo.encryptPayload([BOB], envelope);
      const outcome = await victim.take(incoming(alice.connection.jid, BOB, encrypted));
      const right = Buffer.compare(hostile, sealed.keyMaterial) === 0;
      expectThat(outcome.startsWith(ACCEPTED) === right, 'a payload is opened by exactly its own key and tag');
      return outcome;
    },
  };
}
