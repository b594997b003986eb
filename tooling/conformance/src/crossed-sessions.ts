import { bareJid, NS_OMEMO } from '@omemo-kit/omemo-wire';
import type { XmlElement } from './encrypted-xml.ts';
import type { Address } from './recorded-device.ts';
import type { ReplayedDevice } from './replayed-device.ts';

export function addressKey({ jid, deviceId }: Address): string {
  return `${jid}/${deviceId}`;
}

/**
 * Takes out of two `<encrypted/>` the keys for devices that both have us in two sessions, since key exchanges crossed, and
 * where we write over the other one. Which of the two goes on is each side's choice, and bytes cannot agree then; every
 * other difference stays in for the comparison.
 *
 * @returns the devices whose keys were taken out.
 */
export async function setCrossedKeysAside(
  device: ReplayedDevice,
  made: XmlElement,
  recorded: XmlElement,
): Promise<readonly Address[]> {
  const aside: Address[] = [];
  const ours = keyElements(made);
  for (const [name, { element, address }] of keyElements(recorded)) {
    const own = ours.get(name)?.element;
    if (own === undefined || own.getText() === element.getText()) continue;
    const sessions = await device.records.sessions(address);
    const crossed = new Set(sessions.map(({ role }) => role)).size === 2;
    if (!crossed) continue;
    for (const key of [own, element]) {
      key.children = [];
      delete key.attrs['kex'];
    }
    aside.push(address);
  }
  return aside;
}

function keyElements(encrypted: XmlElement): Map<string, { element: XmlElement; address: Address }> {
  const found = new Map<string, { element: XmlElement; address: Address }>();
  for (const group of encrypted.getChild('header', NS_OMEMO)?.getChildren('keys') ?? []) {
    for (const element of group.getChildren('key')) {
      const address = { jid: bareJid(String(group.attrs['jid'])), deviceId: Number(element.attrs['rid']) };
      found.set(addressKey(address), { element, address });
    }
  }
  return found;
}
