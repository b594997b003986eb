import { type Life, LifeEnded } from './life.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world/world.ts';

/** What one life is given to do at most; it is killed in the middle of it. */
const MOST_ACTIONS = 60;
/** Messages under way in both directions; more would be waiting only. */
const MOST_UNDER_WAY = 4;

/** Unique texts for everybody. */
export class Texts {
  #count = 0;

  next(from: string): string {
    return `${from} ${++this.#count}`;
  }
}

/**
 * Keeps a life busy in rough weather, until it has ended or had enough: both sides write, new sessions are started now
 * and then, on either side or on both at once.
 */
export async function traffic(life: Life, world: World, tools: { random: SeededRandom; texts: Texts }): Promise<void> {
  const { random, texts } = tools;
  const { victimJid, mailbox } = world;
  try {
    await renewSessions(life, world, random);
    world.weather('rough');
    // Where the last life may have left something half done, this one goes on.
    let peer = world.peers.find(({ jid }) => jid === world.network.lastAddressed) ?? random.pick(world.peers);
    let speaker: 'victim' | 'peer' = 'victim';
    for (let action = 0; action < MOST_ACTIONS && !life.struck; action++) {
      if (life.outstanding + mailbox.underWay >= MOST_UNDER_WAY) {
        await life.until(({ type }) => type === 'said' || type === 'done');
      }
      if (speaker === 'victim') life.post({ type: 'say', to: peer.jid, text: texts.next('victim') });
      else await peer.say(victimJid, texts.next(peer.jid.replace(/@.*/, '')));
      await world.server.settle();
      // A few in a row from one side, for with every change of sides the ratchet turns and old keys are out of use.
      if (random.chance(0.5)) continue;
      speaker = random.pick(['victim', 'peer']);
      peer = random.pick(world.peers);
    }
    while (!life.struck && life.outstanding + mailbox.underWay > 0) await life.next('done');
  } catch (error) {
    if (!(error instanceof LifeEnded)) throw error;
  }
}

/** While all is at rest: later there may be a key exchange under way whose pre-key a second one would take. */
async function renewSessions(life: Life, world: World, random: SeededRandom): Promise<void> {
  if (world.peers.length < 2 || random.chance(0.15)) await world.join();
  if (random.chance(0.35)) await random.pick(world.peers).replaceSessions(world.victimJid);
  if (random.chance(0.25)) life.post({ type: 'replace-sessions', jid: random.pick(world.peers).jid });
  if (random.chance(0.1)) life.post({ type: 'rotate' });
}
