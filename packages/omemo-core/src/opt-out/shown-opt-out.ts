import type { OptOutRecord } from '../records/opt-out.ts';
import type { OptOutState } from './opt-out-state.ts';

/** What an application is shown of a record. */
export function optOutState(record: OptOutRecord): OptOutState {
  const requests = record.requests.map(({ from, deviceId, reason, receivedAt }) => ({
    jid: from,
    deviceId,
    reason,
    receivedAt,
  }));
  return { jid: record.jid, requests, confirmed: record.confirmed };
}
