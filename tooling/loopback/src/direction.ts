/** Which way a stanza crosses the border between a client and the server. */
export type Direction = 'to-server' | 'to-client';
