import { type Omemo, TransportError } from '@omemo-kit/omemo-core';
import { bareJidOf } from '@omemo-kit/omemo-wire';
import type { StanzaChannel } from '../channel.ts';
import { subscribeToDevices, unsubscribeFromDevices } from './subscribe.ts';

/** How the device list of somebody without presence subscription is kept up to date. */
export type WatchMode = 'subscribed' | 'fetched';

export interface DeviceWatchOptions {
  readonly channel: StanzaChannel;
  readonly omemo: Pick<Omemo, 'devices'>;
  /** Milliseconds for which a list that was fetched is not fetched again; 60,000 by default. */
  readonly freshFor?: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

/**
 * The strategy for accounts that share no presence with us, so that their servers push nothing (XEP-0384 5.2, R49): subscribe
 * to the list where that is allowed; and fetch it whenever the user turns to the chat.
 */
export class DeviceWatch {
  readonly #options: DeviceWatchOptions;
  readonly #watched = new Map<string, { mode: WatchMode; fetchedAt: number | undefined }>();

  constructor(options: DeviceWatchOptions) {
    this.#options = options;
  }

  /**
   * Begins to watch an account, with each new session anew: what changed before is fetched. Resolves to how it is watched
   * from now on. Rejects with TransportError `disconnected`, `timeout` or `aborted`.
   */
  async watch(jid: string, signal?: AbortSignal): Promise<WatchMode> {
    const bareJid = bareJidOf(jid);
    const mode = await this.#subscribe(bareJid, signal);
    this.#watched.set(bareJid, { mode, fetchedAt: undefined });
    await this.#fetch(bareJid, signal);
    return mode;
  }

  /** The user opens the chat or begins to type: a list that nobody pushes is fetched, so that it is there before the message. */
  async focus(jid: string, signal?: AbortSignal): Promise<void> {
    const bareJid = bareJidOf(jid);
    const { clock = Date.now, freshFor = 60_000 } = this.#options;
    const watched = this.#watched.get(bareJid);
    if (watched?.mode === 'subscribed') return;
    if (watched?.fetchedAt !== undefined && clock() - watched.fetchedAt < freshFor) return;
    await this.#fetch(bareJid, signal);
  }

  /** Ends the subscription, if there is one. */
  async unwatch(jid: string, signal?: AbortSignal): Promise<void> {
    const bareJid = bareJidOf(jid);
    const watched = this.#watched.get(bareJid);
    this.#watched.delete(bareJid);
    if (watched?.mode === 'subscribed') await unsubscribeFromDevices(this.#options.channel, bareJid, signal);
  }

  async #subscribe(jid: string, signal: AbortSignal | undefined): Promise<WatchMode> {
    try {
      await subscribeToDevices(this.#options.channel, jid, signal);
      return 'subscribed';
    } catch (error) {
      if (!(error instanceof TransportError) || unanswered.has(error.condition)) throw error;
      // Refused, or there is no list yet: its server says nothing by itself.
      return 'fetched';
    }
  }

  async #fetch(jid: string, signal: AbortSignal | undefined): Promise<void> {
    await this.#options.omemo.devices(jid, { refresh: 'always', ...(signal === undefined ? {} : { signal }) });
    const watched = this.#watched.get(jid) ?? { mode: 'fetched' as const, fetchedAt: undefined };
    this.#watched.set(jid, { ...watched, fetchedAt: (this.#options.clock ?? Date.now)() });
  }
}

/** Conditions of a TransportError that no server answered. */
const unanswered: ReadonlySet<string> = new Set(['timeout', 'disconnected', 'aborted']);
