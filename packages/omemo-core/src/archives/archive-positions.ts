import { ownIdentity } from '../account/identity.ts';
import { jidArgument } from '../arguments.ts';
import type { AccountContext } from '../context.ts';
import { OmemoError } from '../errors.ts';
import { type ArchivePosition, positionRecord } from '../records/position.ts';

/** Archive ids are short; a server that sends longer ones is not remembered (XEP-0359 5: ids have no length limit). */
const MAX_ID_LENGTH = 1_024;

/** How far the archives of the account and its rooms were read, kept in the store beside what was read. */
export class ArchivePositions {
  readonly #context: AccountContext;

  constructor(context: AccountContext) {
    this.#context = context;
  }

  /** Where to go on in the archive at this bare JID; undefined when it was never read. */
  async get(archive: string, signal?: AbortSignal): Promise<ArchivePosition | undefined> {
    const key = this.#context.keys.position(jidArgument(archive));
    return this.#context.transact(async (unit) => {
      await ownIdentity(this.#context, unit);
      return unit.get(positionRecord, key);
    }, signal);
  }

  /** To be called after everything up to there was handed to `receive`. @throws OmemoError `invalid-argument`. */
  async set(archive: string, position: ArchivePosition, signal?: AbortSignal): Promise<void> {
    const { id, stamp } = position;
    if (id.length > MAX_ID_LENGTH || !Number.isSafeInteger(stamp) || stamp < 0) {
      throw new OmemoError('invalid-argument', 'a position is an id of up to 1024 characters and a time');
    }
    const key = this.#context.keys.position(jidArgument(archive));
    await this.#context.transact(async (unit) => {
      await ownIdentity(this.#context, unit);
      await unit.get(positionRecord, key);
      unit.put(positionRecord, key, { id, stamp });
    }, signal);
  }
}
