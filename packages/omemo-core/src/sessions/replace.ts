import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import type { DeviceAddress } from '../messages/addresses.ts';
import { sessionSetRecord } from '../records/session.ts';
import { retireAll } from './session-set.ts';
import { putSessions } from './store-sessions.ts';

export interface SessionsToReplace {
  /** Bare JID; every account by default. */
  readonly jid?: string | undefined;
  /** One device of it; all of them by default. */
  readonly deviceId?: number | undefined;
}

/** Devices in one commit. */
const CHUNK = 100;

/**
 * Replaces sessions by hand: with one device, with all of an account, or with everybody (XEP-0384 section 6; R114, R115, R116).
 * The old ones go on reading, and a new one is started with the next message, or with the empty message that is owed from
 * now on. Many are replaced in several commits: after a crash between them the call is to be made again.
 *
 * @returns the devices concerned: those that there is a session with.
 * @throws OmemoError `invalid-argument` for a device of no account.
 */
export async function replaceSessions(
  context: AccountContext,
  which: SessionsToReplace,
  signal?: AbortSignal,
): Promise<readonly DeviceAddress[]> {
  const devices = await devicesWith(context, which);
  const replaced: DeviceAddress[] = [];
  for (let start = 0; start < devices.length; start += CHUNK) {
    const chunk = devices.slice(start, start + CHUNK);
    replaced.push(...(await context.transact((unit) => replaceIn(unit, chunk), signal)));
  }
  return replaced;

  async function replaceIn(unit: Parameters<typeof putSessions>[1], chunk: readonly DeviceAddress[]) {
    const keys = chunk.map(({ jid, deviceId }) => context.keys.session(jid, deviceId));
    const concerned: DeviceAddress[] = [];
    for (const [index, { value: before }] of (await unit.getMany(sessionSetRecord, keys)).entries()) {
      const device = chunk[index];
      if (device === undefined || before === undefined || before.sessions.length === 0) continue;
      await putSessions(context, unit, device, { before, after: retireAll(before) });
      concerned.push(device);
    }
    return concerned;
  }
}

/** Devices that something is kept of, as the names of the records tell. */
async function devicesWith({ keys, store }: AccountContext, { jid, deviceId }: SessionsToReplace) {
  if (jid === undefined && deviceId !== undefined) {
    throw new OmemoError('invalid-argument', 'a device is one of an account: its JID is to be given');
  }
  if (jid !== undefined && deviceId !== undefined) return [{ jid, deviceId }];
  const devices: DeviceAddress[] = [];
  for await (const { key } of store.list(jid === undefined ? keys.sessionPrefix : keys.sessionsOf(jid))) {
    const [account = '', id] = key.slice(keys.sessionPrefix.length + 1).split('/');
    devices.push({ jid: decodeURIComponent(account), deviceId: Number(id) });
  }
  return devices;
}
