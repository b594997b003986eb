import { OmemoError } from '../errors.ts';
import type { Transport } from './transport.ts';

/**
 * A transport whose calls end when their signal says so, whether or not the adapter looks at it: an application that
 * closes or gives up must not wait for an answer that never comes.
 */
export function abortable(transport: Transport): Transport {
  return {
    publish: (request, signal) => ending(signal, () => transport.publish(request, signal)),
    fetch: (request, signal) => ending(signal, () => transport.fetch(request, signal)),
    configure: (request, signal) => ending(signal, () => transport.configure(request, signal)),
    retract: (request, signal) => ending(signal, () => transport.retract(request, signal)),
    request: (iq, signal) => ending(signal, () => transport.request(iq, signal)),
    send: (stanza, signal) => ending(signal, () => transport.send(stanza, signal)),
  };
}

function ending<T>(signal: AbortSignal | undefined, call: () => Promise<T>): Promise<T> {
  if (signal === undefined) return call();
  return new Promise((resolve, reject) => {
    const abort = () => reject(new OmemoError('aborted', 'the operation was aborted', { cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    call()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}
