export type { AttachedEvents, AttachedOmemo, AttachOptions } from '@omemo-kit/transport-stanzas';
export { attachOmemo } from './attach-omemo.ts';
export type { XmppClient } from './client.ts';
export { xmppjsChannel } from './xmppjs-channel.ts';
