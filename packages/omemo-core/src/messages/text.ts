import { createElement, type Envelope } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';

const NS_CLIENT = 'jabber:client';

/** A `<body/>` for the content of a message. */
export function textBody(text: string): Element {
  return createElement('body', { xmlns: NS_CLIENT }).t(text);
}

/** The text of a message's first `<body/>`; undefined when its content is something else. */
export function textOf(envelope: Envelope | undefined): string | undefined {
  return envelope?.content.find((element) => element.is('body', NS_CLIENT))?.getText();
}
