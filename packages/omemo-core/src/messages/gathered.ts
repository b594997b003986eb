import type { VerifiedBundle } from '@omemo-kit/x3dh';
import type { AccountContext } from '../context.ts';
import { addressKey, type DeviceAddress } from './addresses.ts';

/** What had to be fetched before a message can be encrypted. Kept for one send only: bundles age (X12). */
export class Gathered {
  /** Accounts whose device lists were asked for where they were not cached. */
  readonly lists = new Set<string>();
  readonly bundles = new Map<string, VerifiedBundle>();
  /** Why a bundle or a device list could not be had, by device address or JID. */
  readonly failures = new Map<string, unknown>();
  /** What could not be had a moment ago is not asked for again, so that a room does not wait for one of its members. */
  readonly many: boolean;
  readonly #context: Pick<AccountContext, 'recentFailures' | 'now'>;
  readonly #only: number | undefined;

  /** @param options.only the one device that is written to, of all that are listed. */
  constructor(
    context: Pick<AccountContext, 'recentFailures' | 'now'>,
    options: { readonly only?: number | undefined; readonly many?: boolean } = {},
  ) {
    this.#context = context;
    this.#only = options.only;
    this.many = options.many ?? false;
  }

  readonly wants = ({ deviceId }: Pick<DeviceAddress, 'deviceId'>): boolean =>
    this.#only === undefined || this.#only === deviceId;

  /** Whether the bundle of a device is still to be asked for. */
  lacks(device: DeviceAddress): boolean {
    const address = addressKey(device);
    if (this.bundles.has(address) || this.failures.has(address)) return false;
    const failure = this.many ? this.#context.recentFailures.of(address, this.#context.now()) : undefined;
    if (failure !== undefined) this.failures.set(address, failure.cause);
    return failure === undefined;
  }
}
