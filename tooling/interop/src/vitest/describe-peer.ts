import { afterAll, beforeAll, describe, it } from 'vitest';
import { qxmppAvailability, slixmppAvailability } from '../clients/client-availability.ts';
import { InteropError } from '../interop-error.ts';
import type { PeerAvailability } from '../peer-availability.ts';
import { ejabberdAvailability, prosodyAvailability } from '../servers/server-availability.ts';
import { twomemoAvailability } from '../twomemo-availability.ts';
import { TwomemoPeer, type TwomemoPeerOptions } from '../twomemo-peer.ts';

/** Peers that a block of tests may need. */
export type PeerName = 'twomemo' | 'slixmpp' | 'qxmpp' | 'prosody' | 'ejabberd';

const AVAILABILITY: Readonly<Record<PeerName, () => PeerAvailability>> = {
  twomemo: () => twomemoAvailability(),
  slixmpp: () => slixmppAvailability(),
  qxmpp: () => qxmppAvailability(),
  prosody: () => prosodyAvailability(),
  ejabberd: () => ejabberdAvailability(),
};

// A tree of another Debian is too much to ask of CI.
const NEVER_REQUIRED: readonly PeerName[] = ['qxmpp'];

/**
 * `describe` for tests that need a peer, or several. Where one is missing, the block is reported as skipped, with the reason and
 * the install line in its title; with `OMEMO_REQUIRE_PEERS=1` it fails instead, so that CI cannot lose it unnoticed. QXmpp is
 * never required.
 */
export function describePeer(peers: PeerName | readonly PeerName[], title: string, block: () => void): void {
  const looked = [peers].flat().map((peer) => ({ peer, availability: AVAILABILITY[peer]() }));
  const { peer, availability } = looked.find(({ availability }) => !availability.available) ?? looked[0]!;
  const plan = planBlock({ peer, title, availability, require: requirementOf(peer) });
  if (plan.run === 'failure') {
    describe(plan.title, () => {
      it(`needs ${peer}`, () => {
        throw new InteropError('peer-unavailable', plan.failure);
      });
    });
  } else {
    describe.skipIf(plan.run === 'nothing')(plan.title, block);
  }
}

/** @internal Whether a block fails or is skipped without that peer. */
export function requirementOf(
  peer: PeerName,
  env: Readonly<Record<string, string | undefined>> = process.env,
): 'required' | 'optional' {
  return env['OMEMO_REQUIRE_PEERS'] === '1' && !NEVER_REQUIRED.includes(peer) ? 'required' : 'optional';
}

/** @internal What {@link describePeer} does with a block. */
export type BlockPlan =
  | { readonly run: 'block' | 'nothing'; readonly title: string }
  | { readonly run: 'failure'; readonly title: string; readonly failure: string };

/** @internal */
export function planBlock(options: {
  readonly peer: PeerName;
  readonly title: string;
  readonly availability: PeerAvailability;
  readonly require: 'required' | 'optional';
}): BlockPlan {
  const { peer, title, availability, require } = options;
  if (availability.available) return { run: 'block', title };
  const missing = `${peer} is missing: ${availability.reason}; to install it: ${availability.install}`;
  if (require === 'required') return { run: 'failure', title, failure: missing };
  return { run: 'nothing', title: `${title} [${missing}]` };
}

/** One process for the block it is called in (start about 0.5 s), closed at its end. Returns how a test gets at it. */
export function useTwomemoPeer(options?: TwomemoPeerOptions): () => TwomemoPeer {
  let peer: TwomemoPeer | undefined;
  beforeAll(async () => {
    peer = await TwomemoPeer.start(options);
  });
  afterAll(() => peer?.close());
  return () => peer!;
}
