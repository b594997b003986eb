import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { optOutRecord } from '../records/opt-out.ts';
import type { UnitOfWork } from '../storage/unit-of-work.ts';
import { standingOptOut } from './room-standing.ts';

/**
 * "The client MUST block all outgoing message until the user has confirmed the switch to plaintext" (XEP-0384 5.7, R98).
 * Read in the unit that encrypts, so that an opt-out which another process stores at the same moment is not passed by.
 * After the confirmation it blocks as well: the user was told that plain text is sent, which is not done here.
 *
 * @throws OmemoError `opted-out`.
 */
export async function assertNotOptedOut(
  context: AccountContext,
  unit: UnitOfWork,
  conversations: readonly string[],
): Promise<void> {
  const block = await optOutBlock(context, unit, conversations);
  if (block !== undefined) throw block;
}

/** The error that says so; undefined where nothing is blocked. */
export async function optOutBlock(
  context: AccountContext,
  unit: UnitOfWork,
  conversations: readonly string[],
): Promise<OmemoError<'opted-out'> | undefined> {
  const records = await unit.getMany(optOutRecord, conversations.map(context.keys.optOut));
  for (const { value } of records) {
    if (value === undefined) continue;
    const details = await standingOptOut(context, unit, value);
    if (details === undefined) continue;
    const message = details.confirmed
      ? 'this conversation goes on in plain text'
      : 'plain text was asked for; nothing is sent before the user has decided';
    return new OmemoError('opted-out', message, { details });
  }
  return undefined;
}
