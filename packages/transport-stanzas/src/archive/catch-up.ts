import { type Omemo, TransportError } from '@omemo-kit/omemo-core';
import { newestInArchive, type ReadArchive, type ReadResult, readArchive } from './read-archive.ts';

export interface CatchUp extends Omit<ReadArchive, 'after' | 'onPosition'> {
  /** Keeps how far the archive was read. */
  readonly positions: Pick<Omemo['positions'], 'get' | 'set'>;
  /** Bare JID of the archive: the own account's or a room's. */
  readonly archive: string;
  /** Where to begin in an archive that was never read. By default at its end: older messages were not for this device. */
  readonly since?: Date;
}

/**
 * Reads an archive on from where it was left, and remembers each page once its messages are taken in: after a crash a page is
 * read again, and nothing is left out. Call `Omemo.finishCatchUp` after all archives.
 */
export async function catchUp({ positions, since, ...options }: CatchUp): Promise<ReadResult> {
  const { archive, signal } = options;
  const onPosition: ReadArchive['onPosition'] = (position) => positions.set(archive, position, signal);
  const known = await positions.get(archive, signal);
  if (known === undefined && since === undefined) {
    await onPosition((await newestInArchive(options)) ?? { id: '', stamp: 0 });
    return { messages: 0, refused: 0, complete: true };
  }
  if (known === undefined) return readArchive({ ...options, since: since as Date, onPosition });
  // It was empty then: all that it holds came later.
  if (known.id === '') return readArchive({ ...options, onPosition });
  try {
    return await readArchive({ ...options, after: known.id, onPosition });
  } catch (error) {
    if (!(error instanceof TransportError) || error.condition !== 'item-not-found') throw error;
    // The archive dropped that message (XEP-0313 4.3.3); its time is known still.
    return readArchive({ ...options, since: new Date(known.stamp), onPosition });
  }
}
