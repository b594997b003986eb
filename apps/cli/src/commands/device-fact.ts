import type { DeviceInfo } from '@omemo-kit/omemo-core';
import type { DeviceFact } from '../facts/facts.ts';

export function deviceFact(device: DeviceInfo): DeviceFact {
  const { jid, deviceId, fingerprint, trust, changed, current, listed, label } = device;
  return { type: 'device', jid, deviceId, fingerprint, trust, changed, current, listed, label };
}
