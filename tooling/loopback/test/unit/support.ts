import type { Connection } from '@omemo-kit/loopback';
import type { TransportError } from '@omemo-kit/omemo-core/ports';
import { type Element, parse } from 'ltx';

/** Everything that a connection is handed from now on, as XML. */
export function inboxOf(connection: Connection): Element[] {
  const inbox: Element[] = [];
  connection.onStanza((stanza) => void inbox.push(stanza));
  return inbox;
}

export function bodiesOf(inbox: readonly Element[]): (string | null)[] {
  return inbox.map((stanza) => stanza.getChildText('body'));
}

export function message(to: string, body: string, type = 'chat', extra = ''): Element {
  return parse(`<message to="${to}" type="${type}" id="id-${body}"><body>${body}</body>${extra}</message>`);
}

/** How a call failed: the stanza error's condition, with the application's behind a plus. */
export function conditionOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'ok',
    (error: TransportError) =>
      error.applicationCondition === undefined ? error.condition : `${error.condition}+${error.applicationCondition}`,
  );
}

export const DEVICES = 'urn:xmpp:omemo:2:devices';
export const BUNDLES = 'urn:xmpp:omemo:2:bundles';

export function item(id: string, content = id): { id: string; payload: Element } {
  return { id, payload: parse(`<devices xmlns="urn:xmpp:omemo:2"><device id="${content}"/></devices>`) };
}
