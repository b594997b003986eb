import type { Shown } from './chat-device.ts';
import type { Incoming } from './incoming.ts';
import { MessageGaps } from './message-gaps.ts';

/** Collects what a device shows, and finds out where something is missing in between, for software that does not tell. */
export class ScreenOfDevice {
  readonly #gaps = new Map<string, MessageGaps>();
  readonly #shown: Shown[] = [];

  /** A message that authenticated: one without a text keeps the count right. */
  read(incoming: Incoming, text: string | undefined): void {
    const sender = `${incoming.from} ${incoming.deviceId}`;
    const gaps = this.#gaps.get(sender) ?? new MessageGaps();
    this.#gaps.set(sender, gaps);
    const { missing, order } =
      incoming.place === undefined ? { missing: 0, order: 'in-order' as const } : gaps.note(incoming.place);
    if (text === undefined) return;
    this.#shown.push({ type: 'text', id: incoming.id, from: incoming.from, text, missing, order });
  }

  /** A message that holds no key for this device. */
  showClosed({ id, content }: Incoming): void {
    if (content === 'text') this.#shown.push({ type: 'not-for-this-device', id });
  }

  show(shown: Shown): void {
    this.#shown.push(shown);
  }

  take(): readonly Shown[] {
    return this.#shown.splice(0);
  }
}
