import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type InboxRecord, inboxRecord } from '../records/delivery.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { type Box, boxState } from './box.ts';

/** What was read and is not acknowledged by the application. */
export function inboxOf({ keys, limits }: Pick<AccountContext, 'keys' | 'limits'>): Box<InboxRecord> {
  return {
    codec: inboxRecord,
    stateKey: keys.inboxState,
    prefix: keys.inboxPrefix,
    entryKey: keys.inbox,
    limit: limits.maxInbox,
  };
}

/** @throws OmemoError `inbox-full`: to be asked before anything of a message is consumed. */
export async function assertRoomInInbox(context: AccountContext, unit: UnitOfWork): Promise<void> {
  const box = inboxOf(context);
  const { count } = await boxState(box, unit);
  if (count >= box.limit) throw new OmemoError('inbox-full', `${count} messages wait to be acknowledged`);
}
