/** The primitives that OMEMO 2 is made of, as the limit counts them. */
export const operationNames = [
  'dh',
  'publicImport',
  'privateKey',
  'primeOrder',
  'verify',
  'sign',
  'map',
  'chainKeys',
  'messageKeys',
  'rootKeys',
  'agreedKey',
  'tag',
  'encrypt',
  'decrypt',
] as const;
export type OperationName = (typeof operationNames)[number];

/** How often a job needs each, for one unit (a device, a message, a set of pre-keys). */
export type Operations = Readonly<Partial<Record<OperationName, number>>>;

/** What each stands for. */
export const operationTitles: Readonly<Record<OperationName, string>> = {
  dh: 'X25519, both keys ready',
  publicImport: 'public key made ready from 32 bytes',
  privateKey: 'X25519 key pair from fresh random bytes',
  primeOrder: 'is this identity key of prime order (S09)',
  verify: 'Ed25519 signature verified, key ready',
  sign: 'Ed25519 signature made, key ready',
  map: 'Ed25519 public key to X25519',
  chainKeys: 'KDF_CK: 2 HMACs with one key',
  messageKeys: 'HKDF to 80 bytes, zero salt: 4 HMACs',
  rootKeys: 'KDF_RK, HKDF to 64 bytes: 3 HMACs',
  agreedKey: 'HKDF of X3DH, 160 bytes to 32: 2 HMACs',
  tag: 'HMAC over 172 bytes',
  encrypt: 'AES-256-CBC, 48 to 64 bytes',
  decrypt: 'AES-256-CBC, 64 to 48 bytes',
};

/** HMAC-SHA-256 computations in each operation (RFC 5869: one to extract, one for each 32 bytes). */
const hmacsIn: Readonly<Partial<Record<OperationName, number>>> = {
  chainKeys: 2,
  messageKeys: 4,
  rootKeys: 3,
  agreedKey: 2,
  tag: 1,
};

export function hmacsOf(operations: Operations): number {
  return operationNames.reduce((sum, name) => sum + (operations[name] ?? 0) * (hmacsIn[name] ?? 0), 0);
}
