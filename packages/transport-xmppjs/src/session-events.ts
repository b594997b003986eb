import type { StreamManagement, XmppClient } from './client.ts';

type OnlineListener = (session: 'new' | 'resumed') => unknown;

/** When there is a session and when it is gone, over reconnections. */
export class SessionEvents {
  readonly #xmpp: XmppClient;
  readonly #online = new Set<OnlineListener>();
  readonly #offline = new Set<() => unknown>();
  #isOnline: boolean;

  constructor(xmpp: XmppClient, management: StreamManagement) {
    this.#xmpp = xmpp;
    this.#isOnline = xmpp.status === 'online';
    xmpp.on('online', () => this.#begin('new'));
    // xmpp.js tells of a resumed session here only; it is usable once this event is through.
    management.on('resumed', () => queueMicrotask(() => this.#xmpp.status === 'online' && this.#begin('resumed')));
    // The stream's end, the socket's, and that of all attempts: whichever comes first.
    for (const event of ['closing', 'close', 'disconnect', 'offline']) xmpp.on(event, () => this.#end());
  }

  get online(): boolean {
    return this.#isOnline;
  }

  onOnline(listener: OnlineListener): () => void {
    this.#online.add(listener);
    return () => void this.#online.delete(listener);
  }

  onOffline(listener: () => unknown): () => void {
    this.#offline.add(listener);
    return () => void this.#offline.delete(listener);
  }

  #begin(session: 'new' | 'resumed'): void {
    this.#isOnline = true;
    for (const listener of [...this.#online]) listener(session);
  }

  #end(): void {
    if (!this.#isOnline) return;
    this.#isOnline = false;
    for (const listener of [...this.#offline]) listener();
  }
}
