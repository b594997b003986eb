import { isOmemoError } from '@omemo-kit/omemo-core';
import { exportBackup, restoreBackup } from '@omemo-kit/omemo-core/backup';
import { SharedMemory } from '@omemo-kit/storage-memory';
import { expectSame, type Model } from '../model.ts';
import { addressOf, type DeviceModel, type Knowledge, nothing, PRE_KEYS } from '../prediction/device-model.ts';
import type { Resident } from '../resident.ts';
import type { Town } from '../town.ts';
import { compareInbox } from './receive.ts';

const PROTECTION = { key: new Uint8Array(32).fill(7) };

/** The process dies and starts again on what its store holds. */
export async function crash(model: Model, town: Town, by: number): Promise<void> {
  await town.start(town.residents[by]!);
  await compareInbox(model.devices[by]!, town.residents[by]!);
}

export function copyStore(model: Model, town: Town, by: number): void {
  const resident = town.residents[by]!;
  const device = model.devices[by]!;
  resident.copy = resident.memory.snapshot();
  device.copy = device.know;
}

/**
 * An old copy of the store is put back. It is refused when something was encrypted since, which the counter tells, or when
 * the published bundle shows keys that the copy never made (S28); then the device starts over under another id.
 */
export async function putCopyBack(model: Model, town: Town, by: number): Promise<void> {
  const resident = town.residents[by]!;
  const device = model.devices[by]!;
  const copy = device.copy!;
  const refused = isOutdated(town, resident, { copy, now: device.know });
  resident.memory.restore(resident.copy!);
  if (!refused) town.watchman.usedOnly(resident, copy.usedPreKeys);
  await town.open(resident);
  const error = await town.announce(resident).then(
    () => undefined,
    (cause) => cause,
  );
  if (error !== undefined && !isOmemoError(error, 'store-rolled-back')) throw error;
  expectSame('an old copy of the store is refused', error !== undefined, refused);
  const { spent } = device.know;
  device.know = copy;
  if (!refused) {
    model.tally.result('old copy that nothing was sent since');
    return;
  }
  model.tally.refusal('store-rolled-back');
  await resident.omemo.heal();
  await town.announce(resident);
  const { trust, inbox } = copy;
  startOver(town, resident, { device, know: { ...nothing, trust, inbox, spent } });
}

function isOutdated(
  town: Town,
  resident: Resident,
  { copy, now }: { readonly copy: Knowledge; readonly now: Knowledge },
): boolean {
  const published = town.published(resident);
  const newest = Math.max(0, ...(published?.preKeyIds ?? []));
  return (
    now.spent > copy.spent || newest > copy.lastPreKeyId || (published?.signedPreKeyId ?? 0) > copy.lastSignedPreKeyId
  );
}

export async function backUp(model: Model, town: Town, by: number): Promise<void> {
  const resident = town.residents[by]!;
  const device = model.devices[by]!;
  resident.backup = await exportBackup({ store: resident.memory.open(), jid: device.jid, protection: PROTECTION });
  device.backup = { trust: device.know.trust, id: device.id };
}

/** The device is lost; its backup becomes a new one with the same identity key and the same decisions. */
export async function restore(model: Model, town: Town, by: number): Promise<void> {
  const resident = town.residents[by]!;
  const device = model.devices[by]!;
  await resident.omemo.close();
  resident.memory = new SharedMemory();
  await restoreBackup({
    ...{ store: resident.memory.open(), backup: resident.backup!, protection: PROTECTION, oldDevice: 'gone' },
    ...{ clock: () => town.now, randomness: resident.randomness, limits: { preKeys: PRE_KEYS } },
  });
  await town.start(resident);
  model.tally.result('backup restored');
  const { trust, id } = device.backup!;
  // A backup of an earlier device knows nothing of the one that is lost: that one stays on the list.
  if (device.id !== id && town.listedIds(device.jid).includes(device.id)) model.ghosts.add(addressOf(device));
  model.ghosts.delete(addressOf({ jid: device.jid, id }));
  startOver(town, resident, { device, know: { ...nothing, trust, spent: device.know.spent } });
}

/** What the device knows under its new id; the ids of its keys go on from where they were. */
function startOver(
  town: Town,
  resident: Resident,
  { device, know }: { readonly device: DeviceModel; readonly know: Knowledge },
): void {
  const published = town.published(resident);
  device.id = resident.omemo.deviceId;
  device.know = {
    ...know,
    lastPreKeyId: Math.max(...(published?.preKeyIds ?? [])),
    lastSignedPreKeyId: published?.signedPreKeyId ?? 0,
  };
  resident.copy = undefined;
  device.copy = undefined;
}
