import type { SettleFailure } from './debts/settle-failure.ts';
import type { DeviceListEvent } from './devices/device-list-event.ts';
import type { OptOutEvent } from './opt-out/opt-out-state.ts';
import type { RoomMembersEvent } from './rooms/room-event.ts';

/** What an Omemo tells those who asked. Types of events import nothing that works with the store. */
export interface OmemoEvents {
  /** A device list changed or is to be fetched again: show new devices before the next message is written. */
  'device-list': DeviceListEvent;
  /** Somebody asked for plain text in a conversation, or is back with OMEMO: show it (XEP-0384 5.7). */
  'opt-out': OptOutEvent;
  /** A room has other members than before, or has to be asked: show it before the next message is written (R106, S56). */
  'room-members': RoomMembersEvent;
  /** Upkeep in the background failed; it is tried again with the next message, event or `settle`. */
  'settle-failed': readonly SettleFailure[];
}

type Listener<T> = (event: T) => void;

/** Listeners by event name. A listener's exception is the listener's own: it reaches nobody else. */
export class EventSource {
  readonly #listeners = new Map<keyof OmemoEvents, Set<Listener<never>>>();

  on<Name extends keyof OmemoEvents>(name: Name, listener: Listener<OmemoEvents[Name]>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener as Listener<never>);
    return () => listeners.delete(listener as Listener<never>);
  }

  emit<Name extends keyof OmemoEvents>(name: Name, event: OmemoEvents[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      // In a task of its own, so that neither a slow nor a throwing listener disturbs an operation under way.
      queueMicrotask(() => (listener as Listener<OmemoEvents[Name]>)(event));
    }
  }
}
