import type { OmemoOptions } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import type { CapabilitiesOptions } from '../capabilities/capabilities.ts';

/** How Omemo is opened, and what is done with each new session. The account and the transport are the channel's. */
export interface AttachOptions extends Omit<OmemoOptions, 'jid' | 'transport'> {
  /** Copies of what other clients of the account send and receive (XEP-0280); `on` by default. */
  readonly carbons?: 'on' | 'off';
  /**
   * Reading what came while this device was away from the archives of the account and of joined rooms (XEP-0313); on by
   * default. With `off` the application hands archived stanzas to `omemo.receive` itself.
   */
  readonly catchUp?: 'off' | CatchUpOptions;
  /** What the client is and can do, besides OMEMO. */
  readonly capabilities?: CapabilitiesOptions;
  /**
   * The presence to send to the server with each new session; capabilities are put into it. A plain `<presence/>` when left
   * out. `application`: it sends its own, with `attached.capabilities.element()` in it, or device lists are not pushed.
   */
  readonly presence?: (() => Element) | 'application';
  /** Stanzas of the stream that wait at most while an archive is read; 1,000 by default. */
  readonly maxWaiting?: number;
}

export interface CatchUpOptions {
  /** Where to begin in an archive that was never read; at its end by default. */
  readonly since?: Date;
  /** Messages asked for at once; 100 by default. */
  readonly pageSize?: number;
  /** Messages read of one archive in one session at most; 100,000 by default. The next session goes on there. */
  readonly maxMessages?: number;
  /** Pages of one archive in one session at most; 2,000 by default. The next session goes on there too. */
  readonly maxPages?: number;
}
