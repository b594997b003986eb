import type { Transport } from '@omemo-kit/omemo-core/ports';
import { TransportError } from '@omemo-kit/omemo-core/ports';
import { parseXml } from '@omemo-kit/omemo-wire';
import type { ServerAnswer, ServerCall } from './server-call.ts';

/** In the parent: does what is asked of the server. */
export async function askServer(transport: Transport, call: ServerCall): Promise<ServerAnswer> {
  try {
    if (call.call === 'fetch') {
      const items = await transport.fetch(call);
      return { items: items.map(({ id, payload }) => ({ id, payload: payload.toString() })) };
    }
    if (call.call === 'request') return { result: (await transport.request(parseXml(call.iq))).toString() };
    if (call.call === 'send') return { delivery: await transport.send(parseXml(call.stanza)) };
    if (call.call === 'publish') {
      await transport.publish({ ...call, item: { id: call.item.id, payload: parseXml(call.item.payload) } });
    } else if (call.call === 'configure') await transport.configure(call);
    else await transport.retract(call);
    return { done: true };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const { condition: failed, applicationCondition: application } = error;
    return application === undefined ? { failed } : { failed, application };
  }
}
