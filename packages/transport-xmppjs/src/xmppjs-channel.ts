import { systemRandomness } from '@omemo-kit/omemo-core';
import { TransportError } from '@omemo-kit/omemo-core/ports';
import {
  answerWithin,
  confirmedByServer,
  type ElementLike,
  type StanzaChannel,
  xml,
} from '@omemo-kit/transport-stanzas';
import type { Element } from 'ltx';
import { Acknowledgements } from './acknowledgements.ts';
import type { StreamManagement, XmppClient } from './client.ts';
import { fromXmpp, toXmpp } from './elements.ts';
import { disconnected, toTransportError } from './failures.ts';
import { countReceived } from './received-count.ts';
import { answersRequests } from './requests.ts';
import { SessionEvents } from './session-events.ts';

/** Milliseconds: how long a server may take for an answer, and for an acknowledgement before `handed-over` must do. */
const TIMEOUT = 30_000;

/** A client of `@xmpp/client` 0.14, over TCP or WebSocket, as a channel. It may be online already or be started later. */
export function xmppjsChannel(xmpp: XmppClient): StanzaChannel {
  const management = xmpp.streamManagement as StreamManagement;
  const acknowledgements = new Acknowledgements(management);
  countReceived(xmpp, management);
  const session = new SessionEvents(xmpp, management);
  session.onOffline(() => acknowledgements.interrupted());
  const onRequest = answersRequests(xmpp);

  const assertOnline = (): void => {
    if (!session.online) throw disconnected();
  };

  const jid = (): string => {
    if (xmpp.jid === null) throw new TransportError('disconnected', { message: 'the client has no address yet' });
    return xmpp.jid.toString();
  };

  const request: StanzaChannel['request'] = async (iq, signal) => {
    assertOnline();
    const asked = toXmpp(iq);
    // xmpp.js knows an answer by its id alone, so that one must not be guessed (RFC 6120 8.1.3).
    asked.attrs['id'] = systemRandomness.messageId();
    return answerWithin<Element>({ signal }, (resolve, reject) => {
      const off = session.onOffline(() => reject(disconnected()));
      xmpp.iqCaller.request(asked as never, TIMEOUT).then(
        (answer) => resolve(fromXmpp(answer)),
        (error) => reject(toTransportError(error)),
      );
      return off;
    });
  };

  return {
    get jid() {
      return jid();
    },

    get online() {
      return session.online;
    },

    request,

    async send(stanza, signal) {
      assertOnline();
      const sent = toXmpp(stanza);
      const outcome = await answerWithin<'accepted' | 'untracked' | 'handed-over'>({ signal }, (resolve, reject) => {
        let stop: (() => void) | undefined;
        let timer: ReturnType<typeof setTimeout> | undefined;
        const written = (): void => {
          if (!acknowledgements.isTracked(sent)) {
            resolve('untracked');
            return;
          }
          stop = acknowledgements.await(sent, idOf(stanza), resolve);
          timer = setTimeout(() => resolve('handed-over'), TIMEOUT);
          // xmpp.js would ask a quarter of a second later, and a full outbox is sent one by one.
          xmpp.send(toXmpp(xml('r', { xmlns: 'urn:xmpp:sm:3' })) as never).catch(() => undefined);
        };
        xmpp.send(sent as never).then(written, (error) => reject(toTransportError(error)));
        return () => {
          stop?.();
          clearTimeout(timer);
        };
      });
      if (outcome !== 'untracked') return outcome;
      // Nothing is lost with presence; a message stays in the outbox until somebody knows that the server has it.
      return stanza.is('message') ? confirmedByServer({ jid: jid(), request }, signal) : 'handed-over';
    },

    onStanza(listener) {
      const hand = (stanza: ElementLike): void => {
        if (stanza.name !== 'iq') listener(fromXmpp(stanza));
      };
      xmpp.on('stanza', hand);
      return () => void xmpp.removeListener('stanza', hand);
    },

    onRequest,
    onOnline: (listener) => session.onOnline(listener),
    onOffline: (listener) => session.onOffline(listener),
    onAccepted: (listener) => acknowledgements.onLate(listener),
  };
}

function idOf(stanza: Element): string {
  const id: unknown = stanza.attrs['id'];
  return typeof id === 'string' ? id : '';
}
