import type { AccountContext } from '../context.ts';
import { sessionSetRecord } from '../records/session.ts';
import { retireAll } from './session-set.ts';
import { putSessions } from './store-sessions.ts';

/**
 * Replaces the sessions with an account's devices, or with one of them, by hand (XEP-0384 section 6): the old ones go on
 * reading, and a new one is started with the next message, or with the empty message that is owed from now on.
 *
 * @returns the devices concerned.
 */
export async function replaceSessions(
  context: AccountContext,
  which: { readonly jid: string; readonly deviceId?: number | undefined },
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const { keys } = context;
  return context.transact(async (unit) => {
    const prefix = which.deviceId === undefined ? keys.sessionsOf(which.jid) : keys.session(which.jid, which.deviceId);
    const found = await unit.list(sessionSetRecord, prefix);
    const deviceIds = found.map(({ key }) => Number(key.slice(key.lastIndexOf('/') + 1)));
    for (const [index, { value }] of found.entries()) {
      const device = { jid: which.jid, deviceId: deviceIds[index] as number };
      await putSessions(context, unit, device, { before: value, after: retireAll(value) });
    }
    return deviceIds;
  }, signal);
}
