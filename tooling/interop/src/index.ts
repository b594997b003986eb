export type { ChatClient, ChatClientOptions, ChatDevice, Sent } from './clients/chat-client.ts';
export type { ChatEvents } from './clients/chat-events.ts';
export { qxmppAvailability, slixmppAvailability } from './clients/client-availability.ts';
export { QxmppClient } from './clients/qxmpp-client.ts';
export { SlixmppClient } from './clients/slixmpp-client.ts';
export type {
  PublishBundleEffect,
  PublishDevicesEffect,
  Reply,
  RetractBundleEffect,
  SendEffect,
  TwomemoEffect,
} from './effects.ts';
export { sendsAmong } from './effects.ts';
export { InteropError, type InteropErrorCode, type InteropErrorDetails } from './interop-error.ts';
export type { PeerAvailability } from './peer-availability.ts';
export { type PublicationSource, Publications } from './publications.ts';
export { Ejabberd } from './servers/ejabberd.ts';
export { Prosody } from './servers/prosody.ts';
export { ejabberdAvailability, prosodyAvailability } from './servers/server-availability.ts';
export type { XmppAccount, XmppServer, XmppServerOptions } from './servers/xmpp-server.ts';
export { messageStanza, sourceFrom, writeEffect } from './transport-glue.ts';
export { type OpenAccountOptions, type OutgoingEnvelope, type Received, TwomemoAccount } from './twomemo-account.ts';
export { SYSTEM_PYTHON, twomemoAvailability } from './twomemo-availability.ts';
export { type PeerAddress, TwomemoDevice } from './twomemo-device.ts';
export {
  type CreateDeviceOptions,
  TwomemoPeer,
  type TwomemoPeerOptions,
  type TwomemoVersions,
} from './twomemo-peer.ts';
export type {
  DecryptedMessage,
  EncryptedMessage,
  KnownDevice,
  TwomemoSession,
  TwomemoStorage,
  TwomemoTrust,
} from './twomemo-results.ts';
