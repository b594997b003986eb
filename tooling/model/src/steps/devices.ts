import { hex } from '@omemo-kit/scenarios/spent-keys';
import type { Model } from '../model.ts';
import { type DeviceModel, nothing } from '../prediction/device-model.ts';
import type { Resident } from '../resident.ts';
import type { PolicyName } from '../setup.ts';
import type { Town } from '../town.ts';

export async function addDevice(model: Model, town: Town, jid: string, policy: PolicyName): Promise<void> {
  const resident = await town.settleDown(jid, policy);
  model.devices.push(deviceOf(resident));
}

function deviceOf({ omemo, policy }: Resident): DeviceModel {
  const { jid, deviceId: id } = omemo;
  const fresh = { know: nothing, shown: new Map(), copy: undefined, backup: undefined };
  return { jid, policy, id, identity: hex(omemo.identityKey), ...fresh };
}

/** The device is gone, and another of the account takes it off the list; the last one does so itself before it goes. */
export async function removeDevice(model: Model, town: Town, by: number): Promise<void> {
  const resident = town.residents[by]!;
  const { jid, id } = model.devices[by]!;
  const sibling = town.residents.find(({ omemo }) => omemo !== resident.omemo && omemo.jid === jid);
  const left = town.listedIds(jid).filter((one) => one !== id);
  if (sibling === undefined) await town.publishList(resident, left);
  await town.leave(resident);
  model.devices.splice(by, 1);
  if (sibling !== undefined) await town.publishList(sibling, left);
}

/** The owner gives or takes a membership; who becomes a member enters. */
export async function changeMembership(_: Model, town: Town, jid: string): Promise<void> {
  const member = !town.isMember(jid);
  town.room.affiliate(jid, member ? 'member' : 'none');
  await town.quiet();
  for (const resident of town.residents) if (member && resident.omemo.jid === jid) await town.enterRoom(resident);
  await town.quiet();
}

/** Somebody takes a device off the list that goes on living: it is not written to before it has announced itself again. */
export async function takeOffList(model: Model, town: Town, by: number): Promise<void> {
  const { jid, id } = model.devices[by]!;
  const left = town.listedIds(jid).filter((one) => one !== id);
  await town.publishList(town.residents[by]!, left);
}
