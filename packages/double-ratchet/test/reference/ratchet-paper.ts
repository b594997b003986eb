/**
 * The pseudo-code of the Double Ratchet paper, sections 3.3 to 3.5, line by line and with its names: one mutable state,
 * MKSKIPPED inside it, no limit on what is stored. The functions of section 3.1 are on node:crypto as section 5.2
 * recommends, so that nothing of the library under test is in here.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
} from 'node:crypto';

export interface DhPair {
  readonly d: Uint8Array;
  readonly u: Uint8Array;
}

export interface PaperHeader {
  readonly dh: Uint8Array;
  readonly pn: number;
  readonly n: number;
}

export interface PaperState {
  DHs: DhPair;
  DHr: Uint8Array | null;
  RK: Uint8Array;
  CKs: Uint8Array | null;
  CKr: Uint8Array | null;
  Ns: number;
  Nr: number;
  PN: number;
  MKSKIPPED: Map<string, Uint8Array>;
}

/** What the paper leaves to the application. */
export interface PaperSetting {
  GENERATE_DH: () => Uint8Array;
  readonly MAX_SKIP: number;
  readonly rootKeyInfo: Uint8Array;
  readonly messageKeyInfo: Uint8Array;
}

class PaperError extends Error {}

export function RatchetInitAlice(setting: PaperSetting, SK: Uint8Array, bob_dh_public_key: Uint8Array): PaperState {
  const DHs = keyPair(setting.GENERATE_DH());
  const DHr = bob_dh_public_key;
  const [RK, CKs] = KDF_RK(setting, SK, DH(DHs, DHr));
  return { DHs, DHr, RK, CKs, CKr: null, Ns: 0, Nr: 0, PN: 0, MKSKIPPED: new Map() };
}

export function RatchetInitBob(SK: Uint8Array, bob_dh_key_pair: DhPair): PaperState {
  const DHs = bob_dh_key_pair;
  return { DHs, DHr: null, RK: SK, CKs: null, CKr: null, Ns: 0, Nr: 0, PN: 0, MKSKIPPED: new Map() };
}

export function RatchetEncrypt(
  setting: PaperSetting,
  state: PaperState,
  plaintext: Uint8Array,
  AD: Uint8Array,
): [PaperHeader, Uint8Array] {
  let mk: Uint8Array;
  [state.CKs, mk] = KDF_CK(state.CKs);
  const header = HEADER(state.DHs, state.PN, state.Ns);
  state.Ns += 1;
  return [header, ENCRYPT(setting, mk, plaintext, CONCAT(AD, header))];
}

export function RatchetDecrypt(
  setting: PaperSetting,
  state: PaperState,
  header: PaperHeader,
  ciphertext: Uint8Array,
  AD: Uint8Array,
): Uint8Array {
  const plaintext = TrySkippedMessageKeys(setting, state, header, ciphertext, AD);
  if (plaintext !== null) return plaintext;
  if (state.DHr === null || Buffer.compare(header.dh, state.DHr) !== 0) {
    SkipMessageKeys(setting, state, header.pn);
    DHRatchet(setting, state, header);
  }
  SkipMessageKeys(setting, state, header.n);
  let mk: Uint8Array;
  [state.CKr, mk] = KDF_CK(state.CKr);
  state.Nr += 1;
  return DECRYPT(setting, mk, ciphertext, CONCAT(AD, header));
}

function TrySkippedMessageKeys(
  setting: PaperSetting,
  state: PaperState,
  header: PaperHeader,
  ciphertext: Uint8Array,
  AD: Uint8Array,
): Uint8Array | null {
  const mk = state.MKSKIPPED.get(skippedName(header.dh, header.n));
  if (mk === undefined) return null;
  state.MKSKIPPED.delete(skippedName(header.dh, header.n));
  return DECRYPT(setting, mk, ciphertext, CONCAT(AD, header));
}

function SkipMessageKeys(setting: PaperSetting, state: PaperState, until: number): void {
  if (state.Nr + setting.MAX_SKIP < until) throw new PaperError('MAX_SKIP');
  if (state.CKr === null) return;
  while (state.Nr < until) {
    let mk: Uint8Array;
    [state.CKr, mk] = KDF_CK(state.CKr);
    state.MKSKIPPED.set(skippedName(state.DHr, state.Nr), mk);
    state.Nr += 1;
  }
}

function DHRatchet(setting: PaperSetting, state: PaperState, header: PaperHeader): void {
  state.PN = state.Ns;
  state.Ns = 0;
  state.Nr = 0;
  state.DHr = header.dh;
  [state.RK, state.CKr] = KDF_RK(setting, state.RK, DH(state.DHs, state.DHr));
  state.DHs = keyPair(setting.GENERATE_DH());
  [state.RK, state.CKs] = KDF_RK(setting, state.RK, DH(state.DHs, state.DHr));
}

/** MKSKIPPED is a dictionary by ratchet key and number. */
function skippedName(dh: Uint8Array | null, n: number): string {
  return `${Buffer.from(dh ?? []).toString('hex')}:${n}`;
}

function HEADER(dh_pair: DhPair, pn: number, n: number): PaperHeader {
  return { dh: dh_pair.u, pn, n };
}

function CONCAT(AD: Uint8Array, { dh, pn, n }: PaperHeader): Uint8Array {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(pn, 0);
  numbers.writeUInt32BE(n, 4);
  return Buffer.concat([AD, dh, numbers]);
}

function KDF_RK({ rootKeyInfo }: PaperSetting, rk: Uint8Array, dh_out: Uint8Array): [Uint8Array, Uint8Array] {
  const output = new Uint8Array(hkdfSync('sha256', dh_out, rk, rootKeyInfo, 64));
  return [output.slice(0, 32), output.slice(32)];
}

function KDF_CK(ck: Uint8Array | null): [Uint8Array, Uint8Array] {
  if (ck === null) throw new PaperError('no chain');
  return [hmac(ck, Buffer.of(2)), hmac(ck, Buffer.of(1))];
}

function ENCRYPT(setting: PaperSetting, mk: Uint8Array, plaintext: Uint8Array, ad: Uint8Array): Uint8Array {
  const { key, authenticationKey, iv } = messageKeys(setting, mk);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return new Uint8Array(Buffer.concat([ciphertext, hmac(authenticationKey, Buffer.concat([ad, ciphertext]))]));
}

function DECRYPT(setting: PaperSetting, mk: Uint8Array, message: Uint8Array, ad: Uint8Array): Uint8Array {
  const { key, authenticationKey, iv } = messageKeys(setting, mk);
  const ciphertext = message.subarray(0, -32);
  const tag = hmac(authenticationKey, Buffer.concat([ad, ciphertext]));
  if (Buffer.compare(tag, message.subarray(-32)) !== 0) throw new PaperError('not authentic');
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return new Uint8Array(Buffer.concat([decipher.update(ciphertext), decipher.final()]));
}

function messageKeys({ messageKeyInfo }: PaperSetting, mk: Uint8Array) {
  const material = new Uint8Array(hkdfSync('sha256', mk, new Uint8Array(32), messageKeyInfo, 80));
  return { key: material.slice(0, 32), authenticationKey: material.slice(32, 64), iv: material.slice(64) };
}

function hmac(key: Uint8Array, data: Uint8Array): Uint8Array {
  return new Uint8Array(createHmac('sha256', key).update(data).digest());
}

export function keyPair(d: Uint8Array): DhPair {
  const publicKey = createPublicKey(privateKeyOf(d));
  const { x } = publicKey.export({ format: 'jwk' });
  return { d, u: new Uint8Array(Buffer.from(x ?? '', 'base64url')) };
}

function DH(dh_pair: DhPair, dh_pub: Uint8Array): Uint8Array {
  const x = Buffer.from(dh_pub).toString('base64url');
  const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'X25519', x } });
  return new Uint8Array(diffieHellman({ privateKey: privateKeyOf(dh_pair.d), publicKey }));
}

/** RFC 8410 wraps the 32 bytes in a fixed prefix. */
function privateKeyOf(d: Uint8Array) {
  const prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
  return createPrivateKey({ format: 'der', type: 'pkcs8', key: Buffer.concat([prefix, d]) });
}
