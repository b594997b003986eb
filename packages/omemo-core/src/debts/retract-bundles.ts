import type { AccountContext } from '../context.ts';
import { isAbsent } from '../devices/fetch-list.ts';
import { TransportError } from '../ports/transport.ts';

/** How servers say that they do not do such a thing at all (XEP-0060 7.2.3, RFC 6120 8.3.3). */
const REFUSALS: readonly string[] = ['feature-not-implemented', 'not-allowed', 'bad-request'];

/** Nobody is to start a session with a device that is no more. @throws TransportError when the server could not be asked. */
export async function retractBundles(
  context: AccountContext,
  deviceIds: readonly number[],
  signal?: AbortSignal,
): Promise<void> {
  for (const id of deviceIds) {
    await context.transport
      .retract({ node: context.profile.bundlesNode, itemId: String(id) }, signal)
      .catch((error) => {
        if (!isAbsent(error) && !isRefused(error)) throw error;
      });
  }
}

/** A server that never retracts: the device is off the list, which is what counts, and asking again is of no use. */
function isRefused(error: unknown): boolean {
  return error instanceof TransportError && REFUSALS.includes(error.condition);
}
