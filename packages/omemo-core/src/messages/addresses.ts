/** One device of one account. */
export interface DeviceAddress {
  /** Bare JID. */
  readonly jid: string;
  readonly deviceId: number;
}

/** A device address as a map key. */
export function addressKey({ jid, deviceId }: DeviceAddress): string {
  return `${jid}/${deviceId}`;
}
