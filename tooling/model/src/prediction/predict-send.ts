import { addressOf, type DeviceModel, levelOf, meet } from './device-model.ts';
import { isTrusted } from './trust.ts';

/** A device that an account lists on the server. */
export interface Listed {
  readonly jid: string;
  readonly id: number;
  readonly identity: string;
}

export interface SendPrediction {
  readonly refused: 'undecided-devices' | 'no-devices' | undefined;
  /** Whom it is encrypted to, or who waits for a decision. */
  readonly devices: readonly string[];
}

/**
 * What is to come of a device writing to accounts: every device that the server lists for them and its own is met, all of one
 * account at once; while one of them waits for a decision nobody is written to (XEP-0384 section 8); and else those
 * are that are trusted. In a room it is enough to reach one member, if there are any.
 */
export function predictSend(
  device: DeviceModel,
  to: { readonly jids: readonly string[]; readonly enough: 'each' | 'any' },
  listed: readonly Listed[],
): SendPrediction {
  for (const jid of new Set([...to.jids, device.jid])) {
    meet(
      device,
      jid,
      listed.filter((one) => one.jid === jid).map(({ identity }) => identity),
    );
  }
  const level = ({ jid, identity }: Listed) => levelOf(device, jid, identity) ?? 'undecided';
  const undecided = listed.filter((one) => level(one) === 'undecided');
  if (undecided.length > 0) return { refused: 'undecided-devices', devices: undecided.map(addressOf) };
  const reached = listed.filter((one) => isTrusted(level(one)));
  const has = (one: string) => reached.some(({ jid }) => jid === one);
  const enough = to.enough === 'each' ? to.jids.every(has) : to.jids.length === 0 || to.jids.some(has);
  if (!enough) return { refused: 'no-devices', devices: [] };
  return { refused: undefined, devices: reached.map(addressOf) };
}
