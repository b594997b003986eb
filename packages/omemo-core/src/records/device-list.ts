import { bytes, flag, list, optional, recordCodec, struct, text, u32, u53 } from './codec.ts';

export interface ListedDeviceRecord {
  readonly id: number;
  /** As received; not to be shown before its signature verified (XEP-0384 5.3.1). */
  readonly label: string | undefined;
  readonly labelSignature: Uint8Array | undefined;
}

/** The newest known device list of one account, the own one included (XEP-0384 5.2). */
export interface DeviceListRecord {
  readonly devices: readonly ListedDeviceRecord[];
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  /** An event hinted at another list; the node is to be fetched. */
  readonly stale: boolean;
}

export const deviceListRecord = recordCodec<DeviceListRecord>(
  1,
  struct<DeviceListRecord>({
    devices: list(struct<ListedDeviceRecord>({ id: u32, label: optional(text), labelSignature: optional(bytes) })),
    updatedAt: u53,
    stale: flag,
  }),
  { keep: true },
);
