/** A device list was announced. `stale`: it differs from the cached one, which is fetched before it is used again. */
export interface DeviceListEvent {
  readonly type: 'device-list';
  readonly jid: string;
  readonly change: 'unchanged' | 'cached' | 'stale';
}
