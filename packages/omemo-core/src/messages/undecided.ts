import { OmemoError } from '../errors.ts';
import { fingerprint } from '../trust/fingerprint.ts';
import type { Recipient } from './recipients.ts';
import type { UndecidedDevice } from './unreached-devices.ts';

/**
 * Nothing is sent to anybody while a device waits for a decision (XEP-0384 section 8). A device whose identity key is
 * not known has none to decide on; it gets no key either.
 *
 * @throws OmemoError `undecided-devices` with all of them in `details.devices`.
 */
export function assertDecided(recipients: readonly Recipient[]): void {
  const devices = recipients.flatMap(({ jid, deviceId, identityKey, changedTo, trust }): UndecidedDevice[] => {
    const key = changedTo ?? identityKey;
    if (trust !== 'undecided' || key === undefined) return [];
    return [{ jid, deviceId, identityKey: key, fingerprint: fingerprint(key), changed: changedTo !== undefined }];
  });
  if (devices.length === 0) return;
  const message =
    devices.length === 1
      ? 'a device waits for a trust decision'
      : `${devices.length} devices wait for a trust decision`;
  throw new OmemoError('undecided-devices', message, { details: { devices } });
}
