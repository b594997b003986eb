import { createElement, type Envelope } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
import { OmemoError } from '../errors.ts';

const NS_CLIENT = 'jabber:client';

/** A `<body/>` for the content of a message. @throws OmemoError `invalid-argument` for what is no text. */
export function textBody(text: string): Element {
  if (typeof text !== 'string') throw new OmemoError('invalid-argument', 'the text of a message is to be a string');
  return createElement('body', { xmlns: NS_CLIENT }).t(text);
}

/** The text of a message's first `<body/>`; undefined when its content is something else, such as an opt-out or a receipt. */
export function textOf(envelope: Envelope | undefined): string | undefined {
  return envelope?.content.find((element) => element.is('body', NS_CLIENT))?.getText();
}
