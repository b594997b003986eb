import type { Element } from 'ltx';
import { decodeBase64, encodeBase64 } from '../base64.ts';
import { writeForeignId } from '../device-id.ts';
import { limitOf, type WireLimits } from '../limits.ts';
import { NS_OMEMO } from '../namespaces.ts';
import { WireError } from '../wire-error.ts';
import { isXmlText } from '../xml/characters.ts';
import { appendElement, createElement } from '../xml/element.ts';
import { attributeOf, childrenNamed, expectElement } from '../xml/read-element.ts';
import { idAttribute } from '../xml/read-values.ts';

const SIGNATURE_LENGTH = 64;

/** One `<device/>` of a device list (XEP-0384 5.3.1). */
export interface ListedDevice {
  readonly id: number;
  /**
   * The label as published, by nobody authenticated: it MUST be ignored until `labelSignature` was verified, and shown
   * only through `displayLabel`.
   */
  readonly label?: string | undefined;
  /** `labelsig`, 64 bytes. */
  readonly labelSignature?: Uint8Array | undefined;
}

/**
 * Reads a `<devices/>` element. An empty list is valid (schema of XEP-0384 0.9.0, section 11, R59). A device listed
 * twice counts once. A label above the limit and a signature that is no 64 bytes of base64 are dropped, because a bad
 * label must not cost the devices; anything else that is wrong refuses the list. Throws a `WireError`.
 */
export function parseDevices(element: Element, overrides?: Partial<WireLimits>): ListedDevice[] {
  expectElement(element, { name: 'devices', namespace: NS_OMEMO });
  const children = childrenNamed(element, { name: 'device', namespace: NS_OMEMO });
  const limit = limitOf('devicesPerList', overrides);
  if (children.length > limit) {
    throw new WireError('too-many', `the list has more than ${limit} devices`, {
      details: { in: 'devices', limit, actual: children.length },
    });
  }
  const labelLimit = limitOf('labelCodePoints', overrides);
  const devices = new Map<number, ListedDevice>();
  for (const child of children) {
    const id = idAttribute(child, 'id');
    if (!devices.has(id)) devices.set(id, { id, ...readLabel(child, labelLimit) });
  }
  return [...devices.values()];
}

/**
 * Writes a `<devices/>` element. Ids, labels and signatures are written as given, so that the entries of other devices
 * can be republished: a device of another client with an id of 0, or above 2^31-1, must not fall off the list (X02). Give
 * the own device an id in range, and sign its label. Throws `invalid-id` outside 0..2^32-1, `repeated-element`, `too-large` for a
 * label above the limit, `wrong-length` for a signature.
 */
export function serializeDevices(devices: readonly ListedDevice[], overrides?: Partial<WireLimits>): Element {
  const element = createElement('devices', { xmlns: NS_OMEMO });
  const labelLimit = limitOf('labelCodePoints', overrides);
  const seen = new Set<number>();
  for (const { id, label, labelSignature } of devices) {
    if (seen.has(id)) {
      throw new WireError('repeated-element', 'a device is listed twice', {
        details: { in: 'devices', part: 'device' },
      });
    }
    seen.add(id);
    if (label !== undefined) checkLabel(label, labelLimit);
    if (labelSignature !== undefined && labelSignature.length !== SIGNATURE_LENGTH) {
      throw new WireError('wrong-length', `labelsig must have ${SIGNATURE_LENGTH} bytes`, {
        details: { in: 'device', part: 'labelsig', limit: SIGNATURE_LENGTH, actual: labelSignature.length },
      });
    }
    appendElement(element, 'device', {
      id: writeForeignId(id, 'device id'),
      label,
      labelsig: labelSignature && encodeBase64(labelSignature),
    });
  }
  return element;
}

function readLabel(device: Element, limit: number): Omit<ListedDevice, 'id'> {
  const label = attributeOf(device, 'label');
  if (label === undefined || !fits(label, limit) || !isXmlText(label)) return {};
  const labelSignature = readSignature(device);
  return labelSignature === undefined ? { label } : { label, labelSignature };
}

function readSignature(device: Element): Uint8Array | undefined {
  const text = attributeOf(device, 'labelsig');
  if (text === undefined || text.length > 4 * SIGNATURE_LENGTH) return undefined;
  try {
    const signature = decodeBase64(text);
    return signature.length === SIGNATURE_LENGTH ? signature : undefined;
  } catch (error) {
    if (error instanceof WireError) return undefined;
    throw error;
  }
}

function checkLabel(label: string, limit: number): void {
  if (!fits(label, limit)) {
    throw new WireError('too-large', `a label has more than ${limit} code points`, {
      details: { in: 'device', part: 'label', limit },
    });
  }
  if (!isXmlText(label)) {
    throw new WireError('invalid-character', 'a label holds a character that XML cannot carry', {
      details: { in: 'device', part: 'label' },
    });
  }
}

function fits(label: string, limit: number): boolean {
  // A code point is one or two code units, so a long label need not be walked.
  return label.length <= limit || (label.length <= 2 * limit && [...label].length <= limit);
}
