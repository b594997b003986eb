import type { BareJid } from '@omemo-kit/omemo-wire';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import type { DeviceKey } from '../messages/device-key.ts';
import type { Gathered } from '../messages/gathered.ts';
import type { SkippedDevice, UnreachedMember } from '../messages/unreached-devices.ts';
import { deviceListRecord } from '../records/device-list.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';

/**
 * Members without a device that can read the message, and why. One member without OMEMO keeps nobody else from reading
 * (X43).
 *
 * @throws OmemoError `no-devices` when there are members and nobody is reached.
 */
export async function unreachedMembers(
  context: AccountContext,
  unit: UnitOfWork,
  message: {
    readonly to: readonly BareJid[];
    readonly reached: readonly DeviceKey[];
    readonly skipped: readonly SkippedDevice[];
    readonly gathered: Gathered;
  },
): Promise<readonly UnreachedMember[]> {
  const { to, reached, skipped, gathered } = message;
  const readers = new Set<string>(reached.map(({ jid }) => jid));
  const jids = to.filter((jid) => !readers.has(jid));
  if (jids.length === to.length && to.length > 0) {
    const details = { jids, skipped: skipped.filter(({ jid }) => jid !== context.jid) };
    throw new OmemoError('no-devices', 'nobody in the room has a device to encrypt to', { details });
  }
  const lists = await unit.getMany(deviceListRecord, jids.map(context.keys.deviceList));
  return jids.map((jid, index) => {
    const devices = skipped.filter((device) => device.jid === jid);
    const [first] = devices;
    if (first !== undefined) {
      const distrusted = devices.every(({ reason }) => reason === 'distrusted');
      return { jid, reason: distrusted ? 'distrusted' : 'no-bundle', cause: first.cause };
    }
    const cause = gathered.failures.get(jid);
    const asked = lists[index]?.value !== undefined;
    return { jid, reason: asked ? 'no-devices' : 'device-list-unavailable', cause };
  });
}
