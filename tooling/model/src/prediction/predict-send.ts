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
 * What is to come of a device writing to an account: every device that the server lists for the two accounts is met, all
 * of one account at once; while one of them waits for a decision nobody is written to (XEP-0384 section 8); and else those
 * are that are trusted.
 */
export function predictSend(device: DeviceModel, to: string, listed: readonly Listed[]): SendPrediction {
  for (const jid of [to, device.jid]) {
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
  if (!reached.some(({ jid }) => jid === to)) return { refused: 'no-devices', devices: [] };
  return { refused: undefined, devices: reached.map(addressOf) };
}
