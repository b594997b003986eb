import { type BareJid, unwrapForwarded, WireError } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

/** A message of an archive. */
export interface ArchivedStanza {
  /** Its id in the archive. */
  readonly id: string;
  /** The result as it came: to be handed to `Omemo.receive`, which unwraps it itself. */
  readonly stanza: Element;
  /** The message inside. */
  readonly message: Element;
  /** When the archive got it, as the server says. */
  readonly stamp: Date | undefined;
}

/** Reads a result of a query to an archive; undefined for what is none, or comes from anybody else (S50). */
export function archivedStanza(
  stanza: Element,
  { own, asked }: { readonly own: BareJid; readonly asked: BareJid },
): ArchivedStanza | undefined {
  try {
    const unwrapped = unwrapForwarded({ stanza, ownBareJid: own, archives: [asked] });
    if (unwrapped.kind !== 'archived' || unwrapped.archive !== asked) return undefined;
    return { id: unwrapped.archiveId, stanza, message: unwrapped.message, stamp: unwrapped.delay?.stamp };
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}
