import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { fingerprint } from '../trust/fingerprint.ts';
import { keyCopy } from '../trust/key-copy.ts';
import { sharedKeys } from '../trust/shared-keys.ts';
import type { Recipient } from './recipients.ts';
import type { UndecidedDevice } from './unreached-devices.ts';

/**
 * Nothing is sent to anybody while a device waits for a decision (XEP-0384 section 8, R124). A device whose identity key is
 * not known has none to decide on; it gets no key either.
 *
 * @throws OmemoError `undecided-devices` with all of them in `details.devices`.
 */
export async function assertDecided(
  context: AccountContext,
  unit: UnitOfWork,
  recipients: readonly Recipient[],
): Promise<void> {
  const undecided = recipients.filter(({ identityKey, trust }) => trust === 'undecided' && identityKey !== undefined);
  if (undecided.length === 0) return;
  const alsoOf = await sharedKeys(context, unit);
  const devices = undecided.flatMap(({ jid, deviceId, identityKey, changedTo }): UndecidedDevice[] => {
    const key = changedTo ?? identityKey;
    if (key === undefined) return [];
    const changed = changedTo !== undefined;
    const shown = { identityKey: keyCopy(key), fingerprint: fingerprint(key), changed, alsoOf: alsoOf(jid, key) };
    return [{ jid, deviceId, ...shown }];
  });
  const message =
    devices.length === 1
      ? 'a device waits for a trust decision'
      : `${devices.length} devices wait for a trust decision`;
  throw new OmemoError('undecided-devices', message, { details: { devices } });
}
