/** Somebody else's implementation. */
export interface PeerEntry {
  readonly name: string;
  /** From npm, this exact version; installed on request. */
  readonly npm?: {
    readonly package: string;
    readonly version: string;
    readonly module: 'olm.ts' | 'libsignal-client.ts' | 'two-key-ratchet.ts' | 'privacyresearch.ts';
  };
  /** From Debian, through a driver of ours in this language. */
  readonly debian?: 'c' | 'python';
  /** In what it does another job than ours, so that nobody takes the ratio for more than it is. */
  readonly differs: string;
}

export const peers: readonly PeerEntry[] = [
  {
    name: 'libsignal-client',
    npm: { package: '@signalapp/libsignal-client', version: '0.103.0', module: 'libsignal-client.ts' },
    differs:
      'more: ML-KEM-1024 in (a) and (b), a post-quantum ratchet in every message, session records serialised with each',
  },
  {
    name: 'Olm',
    npm: { package: '@matrix-org/olm', version: '3.2.15', module: 'olm.ts' },
    differs: 'less: 3 Diffie-Hellmans and no signed pre-key, so no signature, in (a) and (b). More: Base64 in and out',
  },
  {
    name: '2key-ratchet',
    npm: { package: '2key-ratchet', version: '1.0.18', module: 'two-key-ratchet.ts' },
    differs: 'P-256 and ECDSA by asynchronous Web Cryptography; more: signs pre-keys and each message',
  },
  {
    name: '@privacyresearch',
    npm: {
      package: '@privacyresearch/libsignal-protocol-typescript',
      version: '0.0.16',
      module: 'privacyresearch.ts',
    },
    differs:
      'asm.js and Web Cryptography; a new identity key in (a) and (b); session records as JSON with each message',
  },
  {
    name: 'libomemo-c',
    debian: 'c',
    differs:
      'C with OpenSSL; a new identity key in (a) and (b); XEdDSA signatures, two of them in (e); session records in memory, serialised with each message',
  },
  {
    name: 'twomemo',
    debian: 'python',
    differs: 'Python; a new identity key is checked in (a) and (b); its XML and its session storage are left out',
  },
];
