import { type ElementLike, errorOf, type RequestAnswer, type RequestListener } from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import type { XmppClient } from './client.ts';
import { fromXmpp, toXmpp } from './elements.ts';

/** Lets listeners answer what comes in, before xmpp.js says that nobody does. What it answers itself stays its own. */
export function answersRequests(xmpp: XmppClient): (listener: RequestListener) => () => void {
  const listeners = new Set<RequestListener>();
  xmpp.middleware.use(async ({ stanza }: { readonly stanza: ElementLike }, next) => {
    const type = stanza.attrs['type'];
    if (stanza.name !== 'iq' || (type !== 'get' && type !== 'set')) return next();
    const iq = fromXmpp(stanza);
    for (const listener of [...listeners]) {
      const answer = await answerOf(listener, iq);
      if (answer === 'answered') return leftUnanswered();
      if (answer !== undefined) return replyOf(answer);
    }
    return next();
  });
  return (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}

/**
 * xmpp.js answers whatever a middleware comes to an end with: this one never does. Each request waits for a promise of its own,
 * which goes with it; one for all would keep what waits for it, and with that every request, for as long as the process runs.
 */
const leftUnanswered = () => new Promise<never>(() => undefined);

async function answerOf(listener: RequestListener, iq: Element): Promise<RequestAnswer> {
  try {
    return await listener(iq);
  } catch {
    // Whoever asked is not to wait for it, and not to learn why.
    return errorOf(iq, 'internal-server-error');
  }
}

/** xmpp.js makes the IQ around it: the child of a result, `{}` for an empty one, or the error. */
function replyOf(answer: Element): unknown {
  const child = answer.attrs['type'] === 'error' ? answer.getChild('error') : answer.getChildElements()[0];
  return child === undefined ? {} : toXmpp(child);
}
