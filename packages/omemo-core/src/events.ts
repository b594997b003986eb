import type { NodeConfigurationReport } from './debts/node-configuration-report.ts';
import type { SettleFailure } from './debts/settle-failure.ts';
import type { UnsentEvent } from './delivery/unsent-event.ts';
import type { DeviceListEvent } from './devices/device-list-event.ts';
import type { OptOutEvent } from './opt-out/opt-out-state.ts';
import type { RoomMembersEvent } from './rooms/room-event.ts';
import type { IdentityChange, NewUndecidedDevices } from './trust/trust-events.ts';

/** What an Omemo tells those who asked. Types of events import nothing that works with the store. */
export interface OmemoEvents {
  /** A device list changed or is to be fetched again: show new devices before the next message is written. */
  'device-list': DeviceListEvent;
  /** Somebody asked for plain text in a conversation, or is back with OMEMO: show it (XEP-0384 5.7). */
  'opt-out': OptOutEvent;
  /** A message that waited is not sent: its room has other members than were approved for it (S56). `resend` or `discard` it. */
  unsent: UnsentEvent;
  /** A room has other members than before, or has to be asked: show it before the next message is written (R106, S56). */
  'room-members': RoomMembersEvent;
  /** A device shows another identity key: told once for each, and nothing is encrypted for the account until it is decided (S22). */
  'identity-changed': IdentityChange;
  /** Devices were met for the first time and wait for a decision, those of the own account too (S51). */
  'undecided-devices': NewUndecidedDevices;
  /** A node of the own account was not as OMEMO needs it, or cannot be made so (XEP-0384 5.3, section 7). */
  'node-configuration': NodeConfigurationReport;
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
