import type { KeyOnWire, MessageOnWire } from '../key-on-wire.ts';
import { noChains, readIn, type SkipLimits } from './chains.ts';
import { type DeviceModel, type Knowledge, withSession } from './device-model.ts';

/** What `receive` is to say, with the code of a failure, and what the device knows afterwards when something was read. */
export interface ReceivePrediction {
  readonly result: string;
  readonly know?: Knowledge;
  /** The name of what is read. */
  readonly name?: string;
}

export interface Incoming {
  /** Bare JID of the sender. */
  readonly from: string;
  readonly inRoom: boolean;
  readonly wire: MessageOnWire;
  /** The name of the session that a key was made with. */
  readonly sessionOf: (key: KeyOnWire) => string | undefined;
  readonly delivery: 'live' | 'catch-up';
}

/** Sessions kept for a device (XEP-0384 says nothing; the project keeps five): which of more went first is not predicted. */
const MAX_SESSIONS = 5;

/**
 * What a device is to make of a message, by what went over the wire and what it has read before: no key for it, a copy of
 * what it has read, a key exchange with a pre-key that is used up, more skipped messages than it takes; or it reads it.
 */
export function predictReceive(device: DeviceModel, incoming: Incoming, limits: SkipLimits): ReceivePrediction {
  const { from, inRoom, wire, delivery } = incoming;
  const { know } = device;
  // The room gives everybody's messages back to them too.
  if (inRoom && from === device.jid && wire.sid === device.id) return { result: 'reflection' };
  const key = wire.keys.find(({ to, rid }) => to === device.jid && rid === device.id);
  if (key === undefined) return { result: wire.content ? 'not-for-this-device' : 'ignored' };
  const sender = `${from}/${wire.sid}`;
  const name = `${sender} ${key.authenticated}`;
  if (know.read.has(name)) return { result: 'duplicate: same-bytes' };

  const session = incoming.sessionOf(key);
  if (session === undefined) return { result: 'failed: nobody made it' };
  const known = know.sessions.get(sender)?.get(session);
  const { exchange } = key;
  if (known === undefined && exchange === undefined) return { result: 'failed: no-session' };
  const built = known === undefined ? exchange : undefined;
  if (built !== undefined && know.usedPreKeys.has(built.preKeyId) && !know.retained.has(built.preKeyId)) {
    return { result: 'failed: unknown-pre-key' };
  }
  const reading = readIn(known ?? noChains, key, limits);
  if (reading === 'key-used') return { result: 'duplicate: key-used' };
  if (typeof reading === 'string') return { result: `failed: ${reading}` };

  const after = withSession({ ...know, read: new Set(know.read).add(name) }, sender, session, reading.chains);
  const result = wire.content ? 'message' : 'empty';
  return { result, name, know: built === undefined ? after : withUsed(after, built.preKeyId, delivery) };
}

/** A used pre-key is gone, during catch-up only at its end (XEP-0384 section 6); a fresh one takes its place. */
function withUsed(know: Knowledge, preKeyId: number, delivery: Incoming['delivery']): Knowledge {
  if (know.usedPreKeys.has(preKeyId)) return know;
  return {
    ...know,
    usedPreKeys: new Set(know.usedPreKeys).add(preKeyId),
    retained: delivery === 'catch-up' ? new Set(know.retained).add(preKeyId) : know.retained,
    lastPreKeyId: know.lastPreKeyId + 1,
  };
}

/** Whether a sender has made so many sessions with a device that some of them are gone there. */
export function isCrowded({ know }: DeviceModel, sender: string): boolean {
  return (know.sessions.get(sender)?.size ?? 0) > MAX_SESSIONS;
}
