/** OMEMO 2 (XEP-0384 10.1). */
export const NS_OMEMO = 'urn:xmpp:omemo:2';
/** The pubsub node with the device list (5.3.1). */
export const NODE_DEVICES = 'urn:xmpp:omemo:2:devices';
/** The pubsub node with one bundle an item (5.3.2). */
export const NODE_BUNDLES = 'urn:xmpp:omemo:2:bundles';
/** Stanza Content Encryption (XEP-0420). */
export const NS_SCE = 'urn:xmpp:sce:1';
