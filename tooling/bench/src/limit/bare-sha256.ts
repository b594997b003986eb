import { _SHA256 } from '@noble/hashes/sha2.js';

/*
 * HMAC and HKDF of the sizes that OMEMO 2 has, with nothing around the compression function of noble: no checks, no wiping, no
 * allocation, padding laid out beforehand. It is no code to use, but what code can get close to.
 */

const BLOCK = 64;
const IPAD = 0x36;
const OPAD = 0x5c;

class Compression extends _SHA256 {
  load(s: Int32Array): void {
    this.set(
      s[0] as number,
      s[1] as number,
      s[2] as number,
      s[3] as number,
      s[4] as number,
      s[5] as number,
      s[6] as number,
      s[7] as number,
    );
  }

  save(s: Int32Array): void {
    s[0] = this.A;
    s[1] = this.B;
    s[2] = this.C;
    s[3] = this.D;
    s[4] = this.E;
    s[5] = this.F;
    s[6] = this.G;
    s[7] = this.H;
  }

  compress(view: DataView, at: number): void {
    this.process(view, at);
  }

  write(view: DataView, at: number): void {
    view.setInt32(at, this.A);
    view.setInt32(at + 4, this.B);
    view.setInt32(at + 8, this.C);
    view.setInt32(at + 12, this.D);
    view.setInt32(at + 16, this.E);
    view.setInt32(at + 20, this.F);
    view.setInt32(at + 24, this.G);
    view.setInt32(at + 28, this.H);
  }
}

const compression = new Compression();
const initial = new Int32Array(8);
compression.save(initial);

/** The states of an HMAC key (RFC 2104). */
class KeyStates {
  readonly inner = new Int32Array(8);
  readonly outer = new Int32Array(8);
}

const padded = new Uint8Array(BLOCK);
const paddedView = new DataView(padded.buffer);

/** @param key 32 bytes */
function loadKey(states: KeyStates, key: Uint8Array): void {
  for (let i = 0; i < BLOCK; i++) padded[i] = (i < 32 ? (key[i] as number) : 0) ^ IPAD;
  compression.load(initial);
  compression.compress(paddedView, 0);
  compression.save(states.inner);
  for (let i = 0; i < BLOCK; i++) padded[i] = (padded[i] as number) ^ IPAD ^ OPAD;
  compression.load(initial);
  compression.compress(paddedView, 0);
  compression.save(states.outer);
}

/** Data of a fixed length, laid out as the blocks that follow the key's. */
class PaddedData {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(length: number) {
    this.bytes = new Uint8Array(Math.ceil((length + 9) / BLOCK) * BLOCK);
    this.view = new DataView(this.bytes.buffer);
    this.bytes[length] = 0x80;
    this.view.setUint32(this.bytes.length - 4, (BLOCK + length) * 8);
  }
}

const outerData = new PaddedData(32);

/** The 32 bytes of the HMAC go where the caller says. */
function hmac(states: KeyStates, data: PaddedData, target: DataView, at: number): void {
  compression.load(states.inner);
  for (let block = 0; block < data.bytes.length; block += BLOCK) compression.compress(data.view, block);
  compression.write(outerData.view, 0);
  compression.load(states.outer);
  compression.compress(outerData.view, 0);
  compression.write(target, at);
}

const key = new KeyStates();
const zeroKey = new KeyStates();
loadKey(zeroKey, new Uint8Array(32));

const one = new PaddedData(1);
one.bytes[0] = 1;
const two = new PaddedData(1);
two.bytes[0] = 2;

/** KDF_CK: message key, then the next chain key, into 64 bytes. */
export function bareChainKeys(chainKey: Uint8Array, target: DataView): void {
  loadKey(key, chainKey);
  hmac(key, one, target, 0);
  hmac(key, two, target, 32);
}

/** HKDF whose salt and info are known beforehand. @returns a function of the input key material and its length */
export function bareHkdf(options: { inputLength: number; info: Uint8Array; length: number }) {
  const { inputLength, info, length } = options;
  const input = new PaddedData(inputLength);
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, index) => {
    const before = index === 0 ? 0 : 32;
    const data = new PaddedData(before + info.length + 1);
    data.bytes.set(info, before);
    data.bytes[before + info.length] = index + 1;
    return data;
  });
  const output = new Uint8Array(blocks.length * 32);
  const outputView = new DataView(output.buffer);
  const extracted = new Uint8Array(32);
  const extractedView = new DataView(extracted.buffer);
  return (inputKeyMaterial: Uint8Array, salt?: Uint8Array): Uint8Array => {
    input.bytes.set(inputKeyMaterial);
    if (salt !== undefined) loadKey(key, salt);
    hmac(salt === undefined ? zeroKey : key, input, extractedView, 0);
    loadKey(key, extracted);
    for (let index = 0; index < blocks.length; index++) {
      const block = blocks[index] as PaddedData;
      hmac(key, block, outputView, index * 32);
      const following = blocks[index + 1];
      if (following !== undefined) for (let i = 0; i < 32; i++) following.bytes[i] = output[index * 32 + i] as number;
    }
    return output;
  };
}

/** HMAC over two parts of fixed lengths. */
export function bareTag(firstLength: number, secondLength: number) {
  const data = new PaddedData(firstLength + secondLength);
  return (tagKey: Uint8Array, first: Uint8Array, second: Uint8Array, target: DataView): void => {
    loadKey(key, tagKey);
    data.bytes.set(first);
    data.bytes.set(second, firstLength);
    hmac(key, data, target, 0);
  };
}
