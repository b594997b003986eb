import type { Ed25519PublicKey } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';
import { fingerprint } from '../trust/fingerprint.ts';
import type { DeviceAddress } from './addresses.ts';
import type { Recipient } from './recipients.ts';

/** A device that a person has to decide on before anything is sent to it. */
export interface UndecidedDevice extends DeviceAddress {
  readonly identityKey: Ed25519PublicKey;
  readonly fingerprint: readonly string[];
  /** The device was known with another identity key before. */
  readonly changed: boolean;
}

export function undecidedError(recipients: readonly Recipient[]): OmemoError<{ devices: readonly UndecidedDevice[] }> {
  const devices = recipients.flatMap(({ jid, deviceId, identityKey, changedTo }) => {
    const key = changedTo ?? identityKey;
    if (key === undefined) return [];
    return [{ jid, deviceId, identityKey: key, fingerprint: fingerprint(key), changed: changedTo !== undefined }];
  });
  return new OmemoError('undecided-devices', `${devices.length} devices wait for a trust decision`, {
    details: { devices },
  });
}
