import type { AccountContext } from '../context.ts';
import { editDeviceList } from './edit-device-list.ts';
import { retractBundles } from './retract-bundles.ts';

/**
 * Takes own devices off the device list, then removes their bundles: in this order, for nobody is to see a device without
 * a bundle (X49).
 *
 * @throws OmemoError `publication-failed`; TransportError.
 */
export async function takeOffList(
  context: AccountContext,
  deviceIds: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  const edit: Parameters<typeof editDeviceList>[1]['edit'] = (listed) => {
    const left = listed.filter(({ id }) => !deviceIds.includes(id));
    return left.length === listed.length ? listed : left;
  };
  await editDeviceList(context, { edit }, signal);
  await retractBundles(context, deviceIds, signal);
}
