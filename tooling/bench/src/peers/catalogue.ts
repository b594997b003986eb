/** Somebody else's implementation. */
export interface PeerEntry {
  readonly name: string;
  /** From npm, this exact version; installed on request. */
  readonly npm?: {
    readonly package: string;
    readonly version: string;
    readonly module: 'libsignal-client.ts' | 'olm.ts' | 'two-key-ratchet.ts' | 'privacyresearch-libsignal.ts';
  };
  /** From Debian: what has to be installed, and the language of our program that drives it. */
  readonly debian?: {
    readonly packages: readonly string[];
    readonly driver: 'c' | 'python';
  };
  /** In what it does another job than ours, so that nobody takes the ratio for more than it is. */
  readonly differs: string;
}

/** Whom somebody may look for, and why there are no figures. */
export const notMeasured: readonly string[] = ['libomemo.js: on npm only as a part of Converse.js'];

/** What installs them, for people. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
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
    differs:
      'P-256 and ECDSA by Web Crypto, so all of it waits. More: protobuf, an identity of two keys that is signed and checked in (a) and checked in (b). Less: one key pair in (a), no chain for the answer in (b); message keys stay when used',
  },
  {
    name: 'libsignal-protocol-typescript',
    npm: {
      package: '@privacyresearch/libsignal-protocol-typescript',
      version: '0.0.16',
      module: 'privacyresearch-libsignal.ts',
    },
    differs:
      'the curve is C compiled to JavaScript, the rest Web Crypto. More: protobuf, session records as JSON with each message',
  },
  {
    name: 'twomemo',
    debian: { packages: ['python3-twomemo'], driver: 'python' },
    differs: 'Python; a new identity key is checked in (a) and (b); its XML and its session storage are left out',
  },
  {
    name: 'libomemo-c',
    debian: { packages: ['libomemo-c-dev', 'libssl-dev', 'pkg-config', 'gcc', 'libc6-dev'], driver: 'c' },
    differs:
      'C, its own portable code for the curve, OpenSSL for the rest. More: protobuf, session records read and written with each message, a second signature in (e), for clients of the OMEMO before',
  },
];
