import { parseBundle, serializeBundle } from '@omemo-kit/omemo-wire';
import { ownIdentity } from '../account/identity.ts';
import { wireBundle } from '../bundles/own-bundle.ts';
import type { AccountContext } from '../context.ts';
import { isAbsent } from '../devices/fetch-list.ts';
import { OmemoError } from '../errors.ts';
import { bundleRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import { publish } from './publish.ts';

/**
 * Publishes the own bundle if it changed since: rendered from the store when it is sent, so that a used pre-key is never
 * published again, and read back after, because a node may quietly keep fewer items than there are devices (S55).
 *
 * @throws OmemoError `publication-failed` when the server has another bundle afterwards; TransportError.
 */
export async function publishBundle(context: AccountContext, signal?: AbortSignal): Promise<'published' | 'current'> {
  const { keys, profile, transport } = context;
  const pending = await context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle]);
    const identity = await ownIdentity(context, unit);
    const [loaded] = await unit.getMany(bundleRecord, [keys.bundle]);
    if (loaded?.value === undefined || !loaded.value.dirty) return undefined;
    const rendered = wireBundle(identity, loaded.value);
    return { rendered, deviceId: identity.deviceId, revision: loaded.revision };
  }, signal);
  if (pending === undefined) return 'current';
  const { rendered, deviceId, revision } = pending;
  const item = { id: String(deviceId), payload: serializeBundle(rendered) };
  const node = profile.bundlesNode;
  // Bundles of our other devices must survive; once it is seen that they do, it is enough to look at our own.
  const first = !context.preparedNodes.has(node);
  const before = first ? await publishedItems(context, signal) : [];
  await publish(context, { node, item, items: 'many' }, signal);
  const kept = first
    ? await publishedItems(context, signal)
    : await transport.fetch({ jid: context.jid, node, itemIds: [item.id] }, signal);
  if (before.some(({ id }) => !kept.some((one) => one.id === id))) {
    throw new OmemoError('publication-failed', 'the server does not keep the bundles of several devices');
  }
  const readBack = kept.find(({ id }) => id === item.id);
  const same = readBack !== undefined && sameBundle(parseBundle(readBack.payload), rendered);
  await context.transact(async (unit) => {
    const [now] = await unit.getMany(bundleRecord, [keys.bundle]);
    // A pre-key used meanwhile, or another process's publication under way: the mark stays for the next round.
    if (now?.value === undefined || now.revision === null || revision === null) return;
    if (same && sameBytes(now.revision, revision)) unit.put(bundleRecord, keys.bundle, { ...now.value, dirty: false });
  }, signal);
  if (!same) throw new OmemoError('publication-failed', 'the server does not have the bundle that was published');
  return 'published';
}

async function publishedItems(context: AccountContext, signal: AbortSignal | undefined) {
  try {
    return await context.transport.fetch({ jid: context.jid, node: context.profile.bundlesNode }, signal);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function sameBundle(a: ReturnType<typeof parseBundle>, b: ReturnType<typeof parseBundle>): boolean {
  return (
    a.spkId === b.spkId &&
    sameBytes(a.spk, b.spk) &&
    sameBytes(a.spks, b.spks) &&
    sameBytes(a.ik, b.ik) &&
    a.preKeys.length === b.preKeys.length &&
    a.preKeys.every((key) =>
      b.preKeys.some((other) => other.id === key.id && sameBytes(other.publicKey, key.publicKey)),
    )
  );
}
