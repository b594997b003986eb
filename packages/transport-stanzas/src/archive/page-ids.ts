import { TransportError } from '@omemo-kit/omemo-core/ports';

/** Characters of an archive's id. UUIDs and time stamps have some 40; the position is stored, and the ids of a reading are remembered. */
const MAX_ID = 1_024;

/** The ids that pages ended with: an archive that gives one of them again would be read for ever (S60). */
export class PageIds {
  readonly #seen: Set<string>;

  constructor(after: string | undefined) {
    this.#seen = new Set(after === undefined ? [] : [after]);
  }

  /** @throws TransportError `archive-repeats`, `archive-id-too-long` */
  add(last: string): void {
    assertShort(last);
    if (this.#seen.has(last)) {
      throw new TransportError('archive-repeats', { message: 'the archive gave a page again that was read before' });
    }
    this.#seen.add(last);
  }
}

/** @throws TransportError `archive-id-too-long` */
export function assertShort(id: string): void {
  if (id.length <= MAX_ID) return;
  throw new TransportError('archive-id-too-long', {
    message: `an id of the archive has more than ${MAX_ID} characters`,
  });
}
