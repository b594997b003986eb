import { systemRandomness } from '@omemo-kit/omemo-core';
import { type Envelope, serializeEnvelope, WireError } from '@omemo-kit/omemo-wire';
import { Element } from 'ltx';
import { CliError } from '../cli-error.ts';
import { alice, bob } from './cast.ts';

const NS_CLIENT = 'jabber:client';

/** What is sealed for a text: the `<body/>` that would stand in the stanza without encryption. */
export function textContent(text: string): readonly Element[] {
  return [new Element('body', { xmlns: NS_CLIENT }).t(text)];
}

/** The text in an envelope; undefined when it holds none. */
export function textIn(envelope: Envelope): string | undefined {
  return envelope.content.find((element) => element.is('body', NS_CLIENT))?.getText();
}

/** Whether XMPP can carry the text at all, to be asked before anything is shown. */
export function checkSendable(text: string): void {
  const longest = ' '.repeat(200);
  try {
    serializeEnvelope({ content: textContent(text), from: alice.jid, to: bob.jid, time: new Date(), padding: longest });
  } catch (cause) {
    if (!(cause instanceof WireError)) throw cause;
    const hint = cause.code === 'invalid-character' ? `the first one is ${firstUnsendable(text)}` : 'try a shorter one';
    throw new CliError('text-not-sendable', `this text cannot be sent: ${cause.message}`, { cause, hint });
  }
}

function firstUnsendable(text: string): string {
  const found = text.match(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u)?.[0] ?? '';
  return `U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** An envelope of its own making, for software that knows no SCE (XEP-0420). */
export function sealText({ from, to, text }: { readonly from: string; readonly to: string; readonly text: string }) {
  const padding = systemRandomness.padding();
  return serializeEnvelope({ content: textContent(text), from, to, time: new Date(), padding });
}
