/**
 * Upper bounds for what peers and servers send. OMEMO names none of these, so each is this project's choice, far above
 * what real clients send and far below what hurts. Every parser takes overrides; a caller may lower or raise them.
 */
export interface WireLimits {
  /** Devices in one list. Real accounts have under ten. */
  readonly devicesPerList: number;
  /** Unicode code points of a device label; a longer one is dropped. XEP-0384 5.3.1 recommends at most about 53. */
  readonly labelCodePoints: number;
  /** Pre-keys in one bundle. XEP-0384 4.2 recommends around 100. */
  readonly preKeysPerBundle: number;
  /** `<key>` elements in one stanza, over all recipients: a room of 200 members with ten devices each. */
  readonly keysPerStanza: number;
  /** Bytes inside one `<key>`. A key exchange with content takes about 200. */
  readonly keyContentBytes: number;
  /** Bytes of one payload: what fits base64-encoded into a stanza of 256 KiB, a common limit of servers. */
  readonly payloadBytes: number;
  /** UTF-16 code units of an XML text. */
  readonly xmlLength: number;
  /** Elements inside elements. Deep trees exhaust the stack of every recursive walk over them. */
  readonly xmlDepth: number;
  /** Attributes of one element. */
  readonly attributesPerElement: number;
  /** UTF-16 code units of one attribute value as written. */
  readonly attributeLength: number;
}

export const limits: WireLimits = Object.freeze({
  devicesPerList: 128,
  labelCodePoints: 53,
  preKeysPerBundle: 200,
  keysPerStanza: 2_000,
  keyContentBytes: 1_024,
  payloadBytes: 196_608,
  xmlLength: 262_144,
  xmlDepth: 64,
  attributesPerElement: 64,
  attributeLength: 65_536,
});

/** The limit of this name: the caller's, or the default. */
export function limitOf(name: keyof WireLimits, overrides: Partial<WireLimits> | undefined): number {
  return overrides?.[name] ?? limits[name];
}
