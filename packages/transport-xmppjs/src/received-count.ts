import type { ElementLike } from '@omemo-kit/transport-stanzas';
import type { StreamManagement, XmppClient } from './client.ts';

const NS_STREAM_MANAGEMENT = 'urn:xmpp:sm:3';
const STANZAS: readonly string[] = ['iq', 'message', 'presence'];

/**
 * Keeps how many stanzas have come since stream management was enabled, which acknowledgements and resumptions tell the server
 * (XEP-0198 4), in the place of `@xmpp/client` 0.14. That one leaves out every answer to a request, so that the server keeps them
 * and sends them again after a resumption, or has none to resume once there are too many; and it begins anew some time after
 * `<enabled/>`, so that a server which asked meanwhile is told less than before and ends the stream.
 */
export function countReceived(xmpp: XmppClient, management: StreamManagement): void {
  let received = management.inbound ?? 0;
  Object.defineProperty(management, 'inbound', {
    configurable: true,
    enumerable: true,
    get: () => received,
    // What it counts itself.
    set: () => undefined,
  });
  xmpp.on('element', (element: ElementLike) => {
    if (STANZAS.includes(element.name)) received += 1;
    else if (enables(element)) received = 0;
  });
}

/** `<enabled/>` alone, or with the answer to a bind 2 inside that of SASL 2 (XEP-0386, XEP-0388). */
function enables(element: ElementLike): boolean {
  if (element.name === 'enabled') return element.attrs['xmlns'] === NS_STREAM_MANAGEMENT;
  if (element.name !== 'success' && element.name !== 'bound') return false;
  return element.children.some((child) => typeof child === 'object' && enables(child as ElementLike));
}
