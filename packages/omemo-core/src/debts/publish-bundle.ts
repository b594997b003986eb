import type { Bundle } from '@omemo-kit/x3dh';
import { activeIdentity } from '../account/identity.ts';
import { type Allowance, nextAt, taken } from '../allowance.ts';
import { publicBundle } from '../bundles/own-bundle.ts';
import { bundleIn, publishedItems } from '../bundles/published-bundle.ts';
import { withReplacedSince } from '../bundles/signed-pre-keys.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { HOUR, MIN_PRE_KEYS } from '../limits.ts';
import type { PubsubItem } from '../ports/transport.ts';
import { type BundleRecord, bundleRecord } from '../records/bundle.ts';
import { sameBytes } from '../records/bytes.ts';
import { publish } from './publish.ts';
import { notingRefusals, publicationDelayed, refusedUntil } from './refusals.ts';

/** Rounds of publishing while the bundle changes under it. */
const MAX_ROUNDS = 3;

/**
 * Publishes the own bundle if it changed since: rendered from the store when it is sent, so that a used pre-key is never
 * published again, and read back after, because a node may quietly keep fewer items than there are devices (S55).
 *
 * @param look `at-mark`: when it changed, and the allowance for publications lasts (S17). `at-server`: also one that did not
 * change and is not there any more. `if-absent`: only where there is none at all.
 * @returns when one that has to wait for its turn may be published.
 * @throws OmemoError `publication-failed` when the server has another bundle afterwards, `publication-delayed` with `at-mark` after it was
 * refused, `deactivated`; TransportError.
 */
export async function publishBundle(
  context: AccountContext,
  look: 'at-mark' | 'at-server' | 'if-absent',
  signal?: AbortSignal,
): Promise<number | undefined> {
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const rendering = await render(context, signal);
    if (look === 'if-absent' && (await hasBundle(context, rendering, signal))) return undefined;
    if (!rendering.dirty && (look === 'at-mark' || (await isPublished(context, rendering, signal)))) return undefined;
    if (look === 'at-mark' && rendering.refusedUntil !== undefined) throw publicationDelayed(rendering.refusedUntil);
    if (look === 'at-mark' && rendering.waitsUntil !== undefined) return rendering.waitsUntil;
    await notingRefusals(context, 'refusedBundle', () => publishRendering(context, rendering, signal));
    if (await settleMark(context, rendering, signal)) return undefined;
  }
  // It is marked still: the next upkeep goes on.
  return undefined;
}

interface Rendering {
  readonly bundle: Bundle;
  readonly itemId: string;
  readonly dirty: boolean;
  /** Set when it was published too often lately: when it may be again. */
  readonly waitsUntil: number | undefined;
  /** Set when the server refused it lately: when it may be tried again. */
  readonly refusedUntil: number | undefined;
  /** Of the record it was rendered from. */
  readonly revision: Uint8Array;
}

async function render(context: AccountContext, signal: AbortSignal | undefined): Promise<Rendering> {
  const { keys } = context;
  return context.transact(async (unit) => {
    await unit.load([keys.identity, keys.bundle, keys.announcements]);
    const identity = await activeIdentity(context, unit);
    const [loaded] = await unit.getMany(bundleRecord, [keys.bundle]);
    if (loaded?.value === undefined || loaded.revision === null) {
      throw new OmemoError('corrupt-record', 'the device has no bundle');
    }
    const { value, revision } = loaded;
    // Each bundle is an item of its own under its device id (XEP-0384 5.3.2, R60-R62).
    const bundle = publicBundle(identity, value);
    const waitsUntil = publishableAt(context, value);
    const refused = await refusedUntil(context, unit, 'refusedBundle');
    const itemId = String(identity.deviceId);
    return { bundle, itemId, dirty: value.dirty, waitsUntil, refusedUntil: refused, revision };
  }, signal);
}

/**
 * Key exchanges by the hundred must not make as many publications of a whole bundle (S17); but "the bundle MUST always
 * contain at least 25 PreKeys" (XEP-0384 4.2), so that it does not wait where no more than that are still to be used.
 */
function publishableAt(context: AccountContext, bundle: BundleRecord): number | undefined {
  if (bundle.preKeys.length - bundle.usedSincePublished <= MIN_PRE_KEYS) return undefined;
  const allowance = publications(context);
  if (taken(bundle.publicationsWholeAt, allowance, context.now()) !== undefined) return undefined;
  return nextAt(bundle.publicationsWholeAt, allowance);
}

function publications({ limits }: AccountContext): Allowance {
  return { count: limits.bundlePublications, period: HOUR };
}

async function publishRendering(context: AccountContext, rendering: Rendering, signal: AbortSignal | undefined) {
  const node = context.profile.bundlesNode;
  // Bundles of our other devices must survive; once it is seen that they do, it is enough to look at our own.
  const first = !context.preparedNodes.has(node);
  const before = first ? await publishedItems(context, undefined, signal) : [];
  const item = { id: rendering.itemId, payload: context.profile.elements.writeBundle(rendering.bundle) };
  await publish(context, { node, item, items: 'many' }, signal);
  const kept = await publishedItems(context, first ? undefined : [item.id], signal);
  if (before.some(({ id }) => !kept.some((one) => one.id === id))) {
    throw new OmemoError('publication-failed', 'the server does not keep the bundles of several devices');
  }
  if (holds(context, kept, rendering)) return;
  throw new OmemoError('publication-failed', 'the server does not have the bundle that was published');
}

/**
 * Takes the mark off if the record is still what was published. If it changed meanwhile, perhaps by another process that
 * published the newer one before ours overwrote it, the mark is set again.
 */
function settleMark(context: AccountContext, { revision }: Rendering, signal: AbortSignal | undefined) {
  const key = context.keys.bundle;
  return context.transact(async (unit) => {
    const [now] = await unit.getMany(bundleRecord, [key]);
    if (now?.value === undefined || now.revision === null) return true;
    const current = sameBytes(now.revision, revision);
    if (now.value.dirty !== current) return current;
    const time = context.now();
    const publicationsWholeAt =
      taken(now.value.publicationsWholeAt, publications(context), time) ?? now.value.publicationsWholeAt;
    const shown = current ? { ...withReplacedSince(now.value, time), usedSincePublished: 0 } : now.value;
    unit.put(bundleRecord, key, { ...shown, dirty: !current, publicationsWholeAt });
    return current;
  }, signal);
}

async function hasBundle(context: AccountContext, { itemId }: Rendering, signal: AbortSignal | undefined) {
  return bundleIn(context, await publishedItems(context, [itemId], signal), itemId) !== undefined;
}

async function isPublished(context: AccountContext, rendering: Rendering, signal: AbortSignal | undefined) {
  return holds(context, await publishedItems(context, [rendering.itemId], signal), rendering);
}

function holds(context: AccountContext, items: readonly PubsubItem[], { itemId, bundle }: Rendering): boolean {
  const kept = bundleIn(context, items, itemId);
  return kept !== undefined && sameBundle(kept, bundle);
}

function sameBundle(a: Bundle, b: Bundle): boolean {
  return (
    a.signedPreKey.id === b.signedPreKey.id &&
    sameBytes(a.signedPreKey.publicKey, b.signedPreKey.publicKey) &&
    sameBytes(a.signedPreKey.signature, b.signedPreKey.signature) &&
    sameBytes(a.identityKey, b.identityKey) &&
    a.preKeys.length === b.preKeys.length &&
    a.preKeys.every((key) =>
      b.preKeys.some((other) => other.id === key.id && sameBytes(other.publicKey, key.publicKey)),
    )
  );
}
