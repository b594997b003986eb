import type { NewDevice } from './account/create-device.ts';
import type { ContextOptions } from './open-context.ts';

export interface OmemoOptions extends ContextOptions {
  /** How a device is made when the store holds none yet. */
  readonly device?: NewDevice;
  /** `manual`: nothing is published or answered but by `settle`. Default `automatic`: after `start` and each `receive`. */
  readonly upkeep?: 'automatic' | 'manual';
}

export interface AudienceOptions {
  /** Length of the content as it will be sealed. Default 0. */
  readonly payloadBytes?: number;
  readonly signal?: AbortSignal;
}

export interface DevicesOptions {
  /** `always` asks the server also when the list is cached and current. Default `stale-only`. */
  readonly refresh?: 'stale-only' | 'always';
  readonly signal?: AbortSignal;
}
