import type { Connection } from '@omemo-kit/loopback';
import type { Transport } from '@omemo-kit/omemo-core';
import { type Element, parse } from 'ltx';

/** A message on its way. */
export interface Letter {
  /** Bare JID. */
  readonly from: string;
  readonly to: string;
  /** As the recipient gets it. */
  readonly stanza: Element;
}

/**
 * Messages go through the hands of the test, which decides when they come and whether they do. Lists and bundles go to
 * the server.
 */
export class Post {
  readonly #collect: (letter: Letter) => void;

  /** `collect` is called with each message that is sent. */
  constructor(collect: (letter: Letter) => void) {
    this.#collect = collect;
  }

  transportOf({ bareJid, jid, transport }: Connection): Transport {
    return {
      publish: (request, signal) => transport.publish(request, signal),
      fetch: (request, signal) => transport.fetch(request, signal),
      configure: (request, signal) => transport.configure(request, signal),
      request: (iq, signal) => transport.request(iq, signal),
      retract: (request, signal) => transport.retract(request, signal),
      send: async (stanza) => {
        const copy = parse(stanza.toString());
        copy.attr('from', jid);
        this.#collect({ from: bareJid, to: String(stanza.attrs['to']), stanza: copy });
        return 'accepted';
      },
    };
  }
}
