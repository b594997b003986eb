export { type BareJid, bareJid, bareJidOf } from './address/bare-jid.ts';
export { decodeBase64, encodeBase64 } from './base64.ts';
export { type DeviceId, parseDeviceId, parseId } from './device-id.ts';
export { parseBundle, serializeBundle, type WireBundle, type WirePreKey } from './elements/bundle.ts';
export { type ListedDevice, parseDevices, serializeDevices } from './elements/devices.ts';
export { type DisplayLabel, displayLabel } from './elements/display-label.ts';
export { type Encrypted, findEncrypted, parseEncrypted, type Recipient } from './elements/encrypted.ts';
export { type OptOut, parseOptOut, serializeOptOut } from './elements/opt-out.ts';
export { type AddressedKey, type EncryptedMessage, serializeEncrypted } from './elements/serialize-encrypted.ts';
export { isForbiddenContent } from './envelope/forbidden-content.ts';
export { type Envelope, parseEnvelope } from './envelope/parse-envelope.ts';
export { type EnvelopeToSeal, serializeEnvelope } from './envelope/serialize-envelope.ts';
export { limits, type WireLimits } from './limits.ts';
export { NODE_BUNDLES, NODE_DEVICES, NS_OMEMO, NS_SCE } from './namespaces.ts';
export {
  type AuthenticatedMessage,
  decodeAuthenticatedMessage,
  encodeAuthenticatedMessage,
} from './protobuf/authenticated-message.ts';
export { decodeKeyContent, type KeyContent } from './protobuf/key-content.ts';
export { decodeKeyExchange, encodeKeyExchange, type KeyExchange } from './protobuf/key-exchange.ts';
export { decodeOmemoMessage, encodeOmemoMessage, type OmemoMessage } from './protobuf/omemo-message.ts';
export type { Delay } from './stanza/delay.ts';
export { type EventItem, type PubsubEvent, parsePubsubEvent } from './stanza/pubsub-event.ts';
export {
  parseStanzaError,
  type StanzaError,
  type StanzaErrorCondition,
  type StanzaErrorType,
  serializeStanzaError,
} from './stanza/stanza-error.ts';
export { type ForwardedStanza, type Unwrapped, unwrapForwarded } from './stanza/unwrap-forwarded.ts';
export { WireError, type WireErrorCode, type WireErrorDetails } from './wire-error.ts';
export { type Attributes, createElement } from './xml/element.ts';
export { parseXml } from './xml/parse-xml.ts';
