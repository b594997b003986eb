import type { Connection } from '@omemo-kit/loopback';
import { TransportError } from '@omemo-kit/omemo-core/ports';
import { parseXml } from '@omemo-kit/omemo-wire';
import type { ServerAnswer, ServerCall } from './messages.ts';

/** Does what a writer asks of the server, over the account's connection. */
export async function askServer({ transport }: Connection, call: ServerCall): Promise<ServerAnswer> {
  try {
    if (call.call === 'fetch') {
      const items = await transport.fetch(call);
      return { items: items.map(({ id, payload }) => ({ id, payload: payload.toString() })) };
    }
    if (call.call === 'publish') {
      await transport.publish({ ...call, item: { id: call.item.id, payload: parseXml(call.item.payload) } });
    } else if (call.call === 'configure') await transport.configure(call);
    else if (call.call === 'retract') await transport.retract(call);
    else await transport.send(parseXml(call.stanza));
    return { done: true };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    const { condition: failed, applicationCondition: application } = error;
    return application === undefined ? { failed } : { failed, application };
  }
}
